// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/claudepassage.h"

#include "core/base/text.h"
#include "core/dialect/anthropic/anthropiccodec.h"
#include "core/dialect/anthropic/chunkevents.h"
#include "core/dialect/anthropic/errors.h"
#include "core/dialect/anthropic/platform.h"
#include "core/dialect/anthropic/tokenestimate.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/sse.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace portolan::gateway {
namespace {

namespace anthropic = dialect::anthropic;

bool isAnthropicsError(const JsonValue &answer)
{
    return answer["type"].equals("error") && answer["error"].isObject();
}

/// Reads along; what it cannot pass on as it is, it says in Anthropic's words.
class ClaudePassage final : public Translation
{
public:
    ClaudePassage(dialect::Platform platform, dialect::WireRequest request, bool streams, std::string notes,
                  dialect::ReplyReader &replies)
        : m_provider(anthropic::providerCodec(platform))
        , m_request(std::move(request))
        , m_streams(streams)
        , m_notes(std::move(notes))
        , m_replies(replies)
    {
        if (platform == dialect::Platform::BedrockInvoke)
            m_chunks.emplace();
    }

    [[nodiscard]] const dialect::WireRequest &request() const noexcept override { return m_request; }
    [[nodiscard]] bool streams() const noexcept override { return m_streams; }
    [[nodiscard]] std::string notes() const override { return m_notes; }

    Answer answer(int status, const http::Fields &fields, std::string body) override
    {
        dialect::WireReply reply = wireReply(status, fields, std::move(body));
        if (status >= 400)
            return refused(std::move(reply));
        m_facts = m_replies.body(reply.body, dialect::UsageStyle::Anthropic);
        if (m_facts.malformed)
            return failure(dialect::invalidAnswer("it is no JSON"));
        return {.status = status, .body = std::move(reply.body)};
    }

    Answer failure(const dialect::ApiError &error) override
    {
        m_failure = error;
        return {.status = anthropic::errorStatus(error),
                .body = anthropic::errorBody(error),
                .retry_after_ms = error.retry_after_ms,
                .failed = true};
    }

    Answer answerAsStream(int status, const http::Fields &fields, std::string body) override
    {
        if (status >= 400)
            return answer(status, fields, std::move(body));
        return failure(dialect::invalidAnswer("it came in one piece where a stream was asked for"));
    }

    void feed(std::string_view piece, std::string &out) override
    {
        if (m_chunks)
            feedChunks(piece, out);
        else
            feedEvents(piece, out);
    }

    void end(std::string &out) override
    {
        // The last event may lack its blank line; what broke off inside of one is none.
        dialect::SseSplitter::Event event;
        if (!m_ended && !m_events.pending().empty() && m_events.feed("\n\n\n") && m_events.next(event)
            && event.has_data && validateJson(event.data))
            pass(event, out);
        breakOff(dialect::incompleteStream(), out);
    }

    void breakOff(const dialect::ApiError &error, std::string &out) override
    {
        if (std::exchange(m_ended, true))
            return;
        m_failure = error;
        append("error", anthropic::errorBody(error), out);
    }

    [[nodiscard]] bool streamEnded() const noexcept override { return m_ended; }
    [[nodiscard]] bool sawContent() const noexcept override { return m_facts.has_content; }
    [[nodiscard]] const std::optional<dialect::ApiError> &streamFailure() const override { return m_failure; }

    [[nodiscard]] dialect::ReplyFacts facts() const override
    {
        dialect::ReplyFacts facts = m_facts;
        if (m_failure) {
            facts.has_error = true;
            facts.error_message = m_failure->message;
            facts.error_code = m_failure->code;
        }
        return facts;
    }

private:
    Answer refused(dialect::WireReply reply)
    {
        const auto body = JsonDocument::parse(reply.body);
        Answer answer = failure(m_provider.decodeError(reply));
        if (body && isAnthropicsError(JsonValue(*body))) {
            answer.status = reply.status;
            answer.body = std::move(reply.body);
        }
        return answer;
    }

    void feedChunks(std::string_view piece, std::string &out)
    {
        m_chunks->feed(piece);
        while (!m_ended) {
            const auto event = m_chunks->next();
            if (!event)
                break;
            append(event->name, event->data, out);
            note(event->name, event->data);
        }
        if (!m_ended && m_chunks->failure())
            breakOff(*m_chunks->failure(), out);
    }

    void feedEvents(std::string_view piece, std::string &out)
    {
        if (!m_events.feed(piece)) {
            breakOff(dialect::invalidAnswer("an event of its stream is too large"), out);
            return;
        }
        dialect::SseSplitter::Event event;
        while (!m_ended && m_events.next(event))
            pass(event, out);
    }

    void pass(const dialect::SseSplitter::Event &event, std::string &out)
    {
        const std::size_t before = out.size();
        out += event.raw;
        if (event.has_data && !note(event.name, event.data)) {
            out.resize(before);
            breakOff(dialect::invalidAnswer("an event of its stream is no JSON"), out);
        }
    }

    /// False when the event is none.
    bool note(std::string_view name, std::string_view data)
    {
        const auto facts = m_replies.event(data, dialect::UsageStyle::Anthropic);
        if (!data.starts_with('{') || facts.malformed)
            return false;
        mergeFacts(m_facts, facts);
        if (name == "error") {
            const auto document = JsonDocument::parse(std::string(data));
            m_failure
                = document ? anthropic::errorIn(JsonValue(*document), 200) : dialect::incompleteStream();
        }
        m_ended = name == "message_stop" || name == "error";
        return true;
    }

    static void append(std::string_view name, std::string_view data, std::string &out)
    {
        out.append("event: ").append(name).append("\ndata: ").append(data).append("\n\n");
    }

    const dialect::ProviderCodec &m_provider;
    const dialect::WireRequest m_request;
    const bool m_streams;
    const std::string m_notes;
    dialect::ReplyReader &m_replies;
    std::optional<anthropic::ChunkEvents> m_chunks{}; // of Bedrock; Vertex sends Anthropic's events
    dialect::SseSplitter m_events{};
    dialect::ReplyFacts m_facts{};
    std::optional<dialect::ApiError> m_failure{};
    bool m_ended = false;
};

/// Bedrock's CountTokens, or Vertex's.
class ClaudeCount final : public WholeCalls
{
public:
    ClaudeCount(dialect::Platform platform, dialect::WireRequest request,
                std::optional<std::int64_t> estimate)
        : m_provider(anthropic::providerCodec(platform))
        , m_request(std::move(request))
        , m_estimate(estimate)
    { }

    [[nodiscard]] std::size_t size() const noexcept override { return 1; }
    [[nodiscard]] const dialect::WireRequest &request(std::size_t /*index*/) const override
    {
        return m_request;
    }

    std::optional<dialect::ApiError> take(std::size_t /*index*/, dialect::WireReply reply) override
    {
        const auto answer = JsonDocument::parse(reply.body);
        if (reply.status < 300 && answer)
            m_tokens = anthropic::countedTokens(JsonValue(*answer));
        if (m_tokens)
            return std::nullopt;
        dialect::ApiError error = reply.status < 300 ? dialect::invalidAnswer("it counts no tokens")
                                                     : m_provider.decodeError(reply);
        if (!m_estimate)
            return error;
        m_tokens = m_estimate;
        m_notes = fmt::format("tokens estimated here, the provider would not count ({})", error.message);
        return std::nullopt;
    }

    std::expected<std::string, dialect::ApiError> body() override
    {
        return anthropic::countReply(m_tokens.value_or(0));
    }

    [[nodiscard]] dialect::ReplyFacts facts() const override { return {}; }
    [[nodiscard]] std::string notes() const override { return m_notes; }

private:
    const dialect::ProviderCodec &m_provider;
    const dialect::WireRequest m_request;
    const std::optional<std::int64_t> m_estimate; // nothing for a body that only its provider understands
    std::optional<std::int64_t> m_tokens{};
    std::string m_notes{};
};

void splitInto(std::vector<std::string> &words, std::string_view list)
{
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        if (const auto word = trimmed(list.substr(0, comma)); !word.empty())
            words.emplace_back(word);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
}

} // namespace

ClaudeHead claudeHead(const http::Fields &fields)
{
    ClaudeHead head;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (equalsIgnoringCase(fields[i].name, "anthropic-beta"))
            splitInto(head.betas, fields[i].value);
        else if (equalsIgnoringCase(fields[i].name, "anthropic-version"))
            head.version = std::string(trimmed(fields[i].value));
    }
    return head;
}

Result<std::unique_ptr<Translation>> claudePassage(std::string body, dialect::Target target,
                                                   const ClaudeHead &head, dialect::ReplyReader &replies)
{
    const auto document = JsonDocument::parse(std::move(body));
    if (!document)
        return std::unexpected(document.error());
    target.api_version = head.version;
    auto native = anthropic::nativeRequest(*document, target, head.betas);
    if (!native)
        return std::unexpected(std::move(native).error());
    dialect::WireRequest request{.path = std::move(native->path), .headers = std::move(native->headers)};
    for (const std::string_view piece : dialect::applyEdits(document->text(), native->edits))
        request.body += piece;
    const bool streams = JsonValue(*document)["stream"].boolean().value_or(false);
    return std::make_unique<ClaudePassage>(target.platform, std::move(request), streams,
                                           inWords(native->notes), replies);
}

Result<std::unique_ptr<WholeCalls>> claudeCount(std::string body, dialect::Target target,
                                                const ClaudeHead &head)
{
    const auto document = JsonDocument::parse(body);
    if (!document)
        return std::unexpected(document.error());
    target.api_version = head.version;
    auto request = anthropic::countRequest(*document, target, head.betas);
    if (!request)
        return std::unexpected(std::move(request).error());
    std::optional<std::int64_t> estimate;
    if (const auto client = ClientRequest::read(dialect::Dialect::Anthropic, std::move(body)))
        estimate = anthropic::estimateTokens((*client)->request());
    return std::make_unique<ClaudeCount>(target.platform, *std::move(request), estimate);
}

} // namespace portolan::gateway
