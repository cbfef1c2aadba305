// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/chatclient.h"

#include "core/dialect/openai/chatreply.h"
#include "core/dialect/openai/chatrequest.h"
#include "core/dialect/openai/chatstream.h"
#include "core/dialect/openaierrors.h"

namespace portolan::dialect::openai {
namespace {

class ChatClient final : public ClientCodec
{
public:
    [[nodiscard]] Result<Request> decodeRequest(const JsonDocument &body) const override
    {
        return decodeChatRequest(body);
    }

    /// The reply needs to know when the client speaks the deprecated functions.
    [[nodiscard]] Extras echo(const JsonDocument &body) const override
    {
        const JsonValue functions = JsonValue(body)["functions"];
        return functions.isArray() && !functions.empty() ? Extras{{"functions", RawJson{"true"}}} : Extras{};
    }

    [[nodiscard]] std::string encodeReply(const Reply &reply, Exchange &exchange) const override
    {
        return encodeChatReply(reply, exchange);
    }

    [[nodiscard]] std::unique_ptr<StreamEncoder> streamEncoder(Exchange &exchange) const override
    {
        return chatStreamEncoder(exchange);
    }

    [[nodiscard]] std::string encodeError(const ApiError &error) const override
    {
        return openAiErrorBody(error);
    }

    [[nodiscard]] int statusFor(const ApiError &error) const override
    {
        // 529 is Anthropic's own; the SDKs of OpenAI know 503.
        return error.status == 529 ? 503 : error.status;
    }
};

} // namespace

const ClientCodec &chatClientCodec()
{
    static const ChatClient kCodec;
    return kCodec;
}

} // namespace portolan::dialect::openai
