// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/chatprovider.h"

#include "core/dialect/openai/chatanswer.h"
#include "core/dialect/openai/chatbody.h"
#include "core/dialect/openai/chunkdecoder.h"
#include "core/dialect/openai/relativeerrors.h"

namespace portolan::dialect::openai {
namespace {

class ChatProvider final : public ProviderCodec
{
public:
    [[nodiscard]] Result<WireRequest> encodeRequest(const Request &request, Exchange &exchange) const override
    {
        return encodeChatRequest(request, exchange);
    }

    [[nodiscard]] std::expected<Reply, ApiError> decodeReply(const WireReply &reply,
                                                             Exchange &exchange) const override
    {
        return decodeChatAnswer(reply, exchange);
    }

    [[nodiscard]] ApiError decodeError(const WireReply &reply) const override
    {
        return readRelativeError(reply);
    }

    [[nodiscard]] FrameFormat streamFormat() const override { return FrameFormat::Sse; }

    [[nodiscard]] std::unique_ptr<StreamDecoder> streamDecoder(Exchange &exchange) const override
    {
        return chunkDecoder(exchange);
    }
};

} // namespace

const ProviderCodec &chatProviderCodec()
{
    static const ChatProvider kCodec;
    return kCodec;
}

} // namespace portolan::dialect::openai
