// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openaierrors.h"
#include "core/dialect/responses/codecs.h"
#include "core/dialect/responses/replyencoder.h"
#include "core/dialect/responses/request.h"
#include "core/dialect/responses/responseobject.h"
#include "core/dialect/responses/streamencoder.h"

namespace portolan::dialect::responses {
namespace {

class Client : public ClientCodec
{
public:
    Result<Request> decodeRequest(const JsonDocument &body) const override
    {
        return responses::decodeRequest(body);
    }
    Extras echo(const JsonDocument &body) const override { return echoOf(body); }
    std::string encodeReply(const Reply &reply, Exchange &exchange) const override
    {
        return responses::encodeReply(reply, exchange);
    }
    std::unique_ptr<StreamEncoder> streamEncoder(Exchange &exchange) const override
    {
        return std::make_unique<ResponseStreamEncoder>(exchange);
    }
    std::string encodeError(const ApiError &error) const override { return openAiErrorBody(error); }
    int statusFor(const ApiError &error) const override { return error.status; }
};

} // namespace

const ClientCodec &clientCodec()
{
    static const Client kCodec;
    return kCodec;
}

} // namespace portolan::dialect::responses
