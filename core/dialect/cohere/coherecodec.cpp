// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/cohere/coherecodec.h"

#include "core/dialect/cohere/answer.h"
#include "core/dialect/cohere/chatrequest.h"
#include "core/dialect/cohere/streamdecoder.h"

namespace portolan::dialect::cohere {
namespace {

class CohereCodec final : public ProviderCodec
{
public:
    [[nodiscard]] Result<WireRequest> encodeRequest(const Request &request, Exchange &exchange) const override
    {
        return writeChatRequest(request, exchange);
    }

    [[nodiscard]] std::expected<Reply, ApiError> decodeReply(const WireReply &reply,
                                                             Exchange &exchange) const override
    {
        return readReply(reply, exchange);
    }

    [[nodiscard]] ApiError decodeError(const WireReply &reply) const override { return readError(reply); }
    [[nodiscard]] FrameFormat streamFormat() const override { return FrameFormat::Sse; }

    [[nodiscard]] std::unique_ptr<StreamDecoder> streamDecoder(Exchange &exchange) const override
    {
        return std::make_unique<CohereStreamDecoder>(exchange);
    }
};

} // namespace

const ProviderCodec &providerCodec()
{
    static const CohereCodec codec;
    return codec;
}

} // namespace portolan::dialect::cohere
