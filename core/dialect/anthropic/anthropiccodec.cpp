// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/anthropiccodec.h"

#include "core/dialect/anthropic/clientreply.h"
#include "core/dialect/anthropic/clientrequest.h"
#include "core/dialect/anthropic/clientstream.h"
#include "core/dialect/anthropic/errors.h"
#include "core/dialect/anthropic/messagereply.h"
#include "core/dialect/anthropic/messagesrequest.h"
#include "core/dialect/anthropic/messagestream.h"

namespace portolan::dialect::anthropic {
namespace {

class MessagesClient final : public ClientCodec
{
public:
    [[nodiscard]] Result<Request> decodeRequest(const JsonDocument &body) const override
    {
        return anthropic::decodeRequest(JsonValue(body));
    }
    [[nodiscard]] std::string encodeReply(const Reply &reply, Exchange &exchange) const override
    {
        return encodeMessage(reply, exchange);
    }
    [[nodiscard]] std::unique_ptr<StreamEncoder> streamEncoder(Exchange &exchange) const override
    {
        return messageEncoder(exchange);
    }
    [[nodiscard]] std::string encodeError(const ApiError &error) const override { return errorBody(error); }
    [[nodiscard]] int statusFor(const ApiError &error) const override { return errorStatus(error); }
};

class MessagesProvider final : public ProviderCodec
{
public:
    explicit MessagesProvider(Platform platform)
        : m_platform(platform)
    { }

    [[nodiscard]] Result<WireRequest> encodeRequest(const Request &request, Exchange &exchange) const override
    {
        return encodeMessages(request, exchange);
    }
    [[nodiscard]] std::expected<Reply, ApiError> decodeReply(const WireReply &reply,
                                                             Exchange &exchange) const override
    {
        return decodeMessage(reply, exchange);
    }
    [[nodiscard]] ApiError decodeError(const WireReply &reply) const override
    {
        return readError(reply, m_platform);
    }
    [[nodiscard]] FrameFormat streamFormat() const override
    {
        return m_platform == Platform::BedrockInvoke ? FrameFormat::EventStream : FrameFormat::Sse;
    }
    [[nodiscard]] std::unique_ptr<StreamDecoder> streamDecoder(Exchange &exchange) const override
    {
        return messageDecoder(m_platform, exchange);
    }

private:
    const Platform m_platform;
};

} // namespace

const ClientCodec &clientCodec()
{
    static const MessagesClient codec;
    return codec;
}

const ProviderCodec &providerCodec(Platform platform)
{
    static const MessagesProvider own(Platform::Own);
    static const MessagesProvider bedrock(Platform::BedrockInvoke);
    static const MessagesProvider vertex(Platform::Vertex);
    switch (platform) {
    case Platform::BedrockInvoke: return bedrock;
    case Platform::Vertex: return vertex;
    case Platform::Own:
    case Platform::Azure: break;
    }
    return own;
}

} // namespace portolan::dialect::anthropic
