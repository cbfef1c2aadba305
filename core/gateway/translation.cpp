// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/translation.h"

#include "core/base/text.h"
#include "core/dialect/anthropic/tokenestimate.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/repairs.h"
#include "core/dialect/replyevents.h"
#include "core/dialect/streamtranslator.h"

#include <fmt/format.h>

#include <utility>

namespace portolan::gateway {
namespace {

/// OpenAI's word, which lists and charts group by.
std::string_view finishWord(const dialect::Finish &finish)
{
    using enum dialect::FinishReason;
    switch (finish.reason) {
    case Stop:
    case StopSequence:
    case Pause: return "stop";
    case Length:
    case ContextWindow: return "length";
    case ToolCalls: return "tool_calls";
    case ContentFilter:
    case Refusal: return "content_filter";
    }
    return "stop";
}

std::string_view kindWord(dialect::Note::Kind kind)
{
    switch (kind) {
    case dialect::Note::Kind::Dropped: return "left out";
    case dialect::Note::Kind::Changed: return "changed";
    case dialect::Note::Kind::Emulated: return "emulated";
    }
    return "left out";
}

/// From one dialect to another, through the conversation in the middle.
class DialectTranslation final : public Translation
{
public:
    DialectTranslation(const dialect::ClientCodec &client, const dialect::ProviderCodec &provider,
                       dialect::Exchange exchange)
        : m_client(client)
        , m_provider(provider)
        , m_exchange(std::move(exchange))
    { }

    Result<> encode(const dialect::Request &request);

    [[nodiscard]] const dialect::WireRequest &request() const noexcept override { return m_request; }
    [[nodiscard]] bool streams() const noexcept override { return m_exchange.stream; }
    [[nodiscard]] std::string notes() const override { return inWords(m_exchange.notes); }
    Answer answer(int status, const http::Fields &fields, std::string body) override;
    Answer failure(const dialect::ApiError &error) override;
    void feed(std::string_view piece, std::string &out) override { stream().feed(piece, out); }
    void end(std::string &out) override { stream().end(out); }
    void breakOff(const dialect::ApiError &error, std::string &out) override { stream().fail(error, out); }
    Answer answerAsStream(int status, const http::Fields &fields, std::string body) override;
    [[nodiscard]] bool streamEnded() const noexcept override { return m_stream && m_stream->ended(); }
    [[nodiscard]] bool sawContent() const noexcept override { return m_stream && m_stream->sawContent(); }
    [[nodiscard]] const std::optional<dialect::ApiError> &streamFailure() const override;
    [[nodiscard]] dialect::ReplyFacts facts() const override;

private:
    dialect::StreamTranslator &stream();

    const dialect::ClientCodec &m_client;
    const dialect::ProviderCodec &m_provider;
    dialect::Exchange m_exchange;
    dialect::WireRequest m_request{};
    std::unique_ptr<dialect::StreamTranslator> m_stream{};
    std::optional<dialect::Reply> m_reply{};
    std::optional<dialect::ApiError> m_error{};
};

} // namespace

dialect::WireReply wireReply(int status, const http::Fields &fields, std::string body)
{
    dialect::WireReply reply{.status = status, .body = std::move(body)};
    for (std::size_t i = 0; i < fields.size(); ++i)
        reply.headers.emplace_back(toLowerAscii(fields[i].name), std::string(fields[i].value));
    return reply;
}

Result<std::unique_ptr<ClientRequest>> ClientRequest::read(dialect::Dialect dialect, std::string body)
{
    std::unique_ptr<ClientRequest> read(new ClientRequest);
    read->m_codec = dialect::clientCodec(dialect);
    if (!read->m_codec)
        return fail({.code = "dialect.no_client_codec", .message = "This build cannot read that dialect."});
    const auto document = JsonDocument::parse(std::move(body));
    if (!document)
        return std::unexpected(document.error());
    auto request = read->m_codec->decodeRequest(*document);
    if (!request)
        return std::unexpected(std::move(request).error());
    read->m_request = *std::move(request);
    read->m_echo = read->m_codec->echo(*document);
    return read;
}

void ClientRequest::removeReasoning()
{
    dialect::removeReasoning(m_request);
}

Result<std::unique_ptr<Translation>> Translation::begin(const ClientRequest &client, dialect::Target target,
                                                        std::string_view requested_model, const Clock &clock)
{
    const auto *provider = dialect::providerCodec(target.dialect, target.platform);
    if (!provider)
        return fail(
            {.code = "dialect.no_provider_codec", .message = "This build cannot write that dialect."});
    dialect::Exchange exchange(clock.seed);
    exchange.target = std::move(target);
    exchange.requested_model = std::string(requested_model);
    exchange.created_s = clock.now_s;
    exchange.stream = client.request().stream;
    exchange.include_usage = client.request().include_usage;
    exchange.echo = client.echo();
    if (client.request().from == dialect::Dialect::Anthropic)
        exchange.input_estimate = dialect::anthropic::estimateTokens(client.request());
    auto translation = std::make_unique<DialectTranslation>(client.codec(), *provider, std::move(exchange));
    if (auto encoded = translation->encode(client.request()); !encoded)
        return std::unexpected(std::move(encoded).error());
    return translation;
}

std::string inWords(const dialect::Notes &notes)
{
    std::string text;
    for (const dialect::Note &note : notes) {
        if (!text.empty())
            text += "; ";
        text += fmt::format("{} {}", note.what, kindWord(note.kind));
        if (!note.why.empty())
            text += fmt::format(" ({})", note.why);
    }
    return text;
}

Result<> DialectTranslation::encode(const dialect::Request &request)
{
    auto encoded = m_provider.encodeRequest(request, m_exchange);
    if (!encoded)
        return std::unexpected(std::move(encoded).error());
    m_request = *std::move(encoded);
    return {};
}

Translation::Answer DialectTranslation::answer(int status, const http::Fields &fields, std::string body)
{
    const dialect::WireReply wire = wireReply(status, fields, std::move(body));
    if (status >= 400)
        return failure(m_provider.decodeError(wire));
    auto reply = m_provider.decodeReply(wire, m_exchange);
    if (!reply)
        return failure(reply.error());
    m_reply = *std::move(reply);
    return {.status = 200, .body = m_client.encodeReply(*m_reply, m_exchange)};
}

Translation::Answer DialectTranslation::answerAsStream(int status, const http::Fields &fields,
                                                       std::string body)
{
    const dialect::WireReply wire = wireReply(status, fields, std::move(body));
    auto reply = m_provider.decodeReply(wire, m_exchange);
    if (!reply)
        return failure(reply.error());
    Answer answer;
    stream().give(dialect::eventsOf(*std::move(reply)), answer.body);
    return answer;
}

Translation::Answer DialectTranslation::failure(const dialect::ApiError &error)
{
    m_error = error;
    return {.status = m_client.statusFor(error),
            .body = m_client.encodeError(error),
            .retry_after_ms = error.retry_after_ms,
            .failed = true};
}

dialect::StreamTranslator &DialectTranslation::stream()
{
    if (!m_stream)
        m_stream = std::make_unique<dialect::StreamTranslator>(m_provider, m_client, m_exchange);
    return *m_stream;
}

const std::optional<dialect::ApiError> &DialectTranslation::streamFailure() const
{
    static const std::optional<dialect::ApiError> kNone;
    return m_stream ? m_stream->failure() : kNone;
}

dialect::ReplyFacts DialectTranslation::facts() const
{
    dialect::ReplyFacts facts;
    const std::optional<dialect::ApiError> &error
        = m_stream && m_stream->failure() ? m_stream->failure() : m_error;
    if (m_stream) {
        facts.usage = m_stream->usage();
        facts.model = m_stream->model();
        facts.content_bytes = m_stream->contentBytes();
        facts.has_content = m_stream->sawContent();
        if (m_stream->finish())
            facts.finish_reason = finishWord(*m_stream->finish());
    } else if (m_reply) {
        facts.usage = m_reply->billed ? m_reply->billed : m_reply->usage;
        facts.model = m_reply->model;
        facts.service_tier = m_reply->service_tier;
        facts.has_content = true;
        if (!m_reply->choices.empty())
            facts.finish_reason = finishWord(m_reply->choices.front().finish);
    }
    if (error) {
        facts.has_error = true;
        facts.error_message = error->message;
        facts.error_code = error->code;
    }
    if (facts.usage && !dialect::isConsistent(*facts.usage))
        facts.suspect = true;
    return facts;
}

} // namespace portolan::gateway
