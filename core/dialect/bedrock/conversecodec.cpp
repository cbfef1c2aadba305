// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/conversecodec.h"

#include "core/dialect/bedrock/conversereply.h"
#include "core/dialect/bedrock/converserequest.h"
#include "core/dialect/bedrock/errors.h"

namespace portolan::dialect::bedrock {
namespace {

class ConverseCodec final : public ProviderCodec
{
public:
    Result<WireRequest> encodeRequest(const Request &request, Exchange &exchange) const override
    {
        return converseRequest(request, exchange);
    }
    std::expected<Reply, ApiError> decodeReply(const WireReply &reply, Exchange &exchange) const override
    {
        return converseReply(reply, exchange);
    }
    ApiError decodeError(const WireReply &reply) const override { return readError(reply); }
    FrameFormat streamFormat() const override { return FrameFormat::EventStream; }
    std::unique_ptr<StreamDecoder> streamDecoder(Exchange &exchange) const override
    {
        return converseStream(exchange);
    }
};

} // namespace

const ProviderCodec &providerCodec()
{
    static const ConverseCodec kCodec;
    return kCodec;
}

} // namespace portolan::dialect::bedrock
