// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/relativeerrors.h"
#include "core/dialect/responses/codecs.h"
#include "core/dialect/responses/providerreply.h"
#include "core/dialect/responses/providerrequest.h"
#include "core/dialect/responses/streamdecoder.h"

namespace portolan::dialect::responses {
namespace {

class Provider : public ProviderCodec
{
public:
    Result<WireRequest> encodeRequest(const Request &request, Exchange &exchange) const override
    {
        return responses::encodeRequest(request, exchange);
    }
    std::expected<Reply, ApiError> decodeReply(const WireReply &reply, Exchange &exchange) const override
    {
        return responses::decodeReply(reply, exchange);
    }
    ApiError decodeError(const WireReply &reply) const override { return openai::readRelativeError(reply); }
    FrameFormat streamFormat() const override { return FrameFormat::Sse; }
    std::unique_ptr<StreamDecoder> streamDecoder(Exchange &exchange) const override
    {
        return std::make_unique<ResponseStreamDecoder>(exchange);
    }
};

} // namespace

const ProviderCodec &providerCodec()
{
    static const Provider kCodec;
    return kCodec;
}

} // namespace portolan::dialect::responses
