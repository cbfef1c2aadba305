// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/pipeline.h"

#include "core/base/text.h"
#include "core/dialect/sse.h"
#include "core/gateway/headers.h"
#include "core/gateway/recorder.h"
#include "core/gateway/refusals.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace portolan::gateway {

namespace {

using namespace std::chrono_literals;

// A JSON answer is held until it is whole, so that a broken one can still become an error; a long or slow one
// starts to flow instead.
constexpr std::size_t kHoldBytes = 4U << 20;
constexpr auto kHoldTime = 10s;
constexpr std::size_t kKeptReplyBytes = 8U << 20;
constexpr std::size_t kKeptStreamBytes = 1U << 20;

bool contentTypeIs(const http::Fields &fields, std::string_view type)
{
    const auto value = fields.find("content-type");
    return value && startsWithIgnoringCase(trimmed(*value), type);
}

/// Of a chat, a message or a response; an error is the end as well.
bool isEndMark(const dialect::SseSplitter::Event &event)
{
    return event.data == "[DONE]" || event.name == "message_stop" || event.name == "response.completed"
        || event.name == "response.incomplete" || event.name == "response.failed" || event.name == "error";
}

Error notJson()
{
    return {.origin = Origin::Upstream,
            .code = "upstream.bad_json",
            .message
            = "The provider answered with text that is not the JSON it announced. Try again; if it stays, "
              "look at the answer in Logs.",
            .retryable = true};
}

/// Of an error that is told by its number.
std::optional<int> statusOf(std::string_view code)
{
    int status = 0;
    const auto read = std::from_chars(code.data(), code.data() + code.size(), status);
    const bool whole = !code.empty() && read.ec == std::errc{} && read.ptr == code.data() + code.size();
    return whole && status >= 400 && status <= 599 ? std::optional(status) : std::nullopt;
}

Error truncatedStream()
{
    return {.origin = Origin::Upstream,
            .code = "upstream.truncated",
            .message = "The provider ended the stream before the answer was complete.",
            .retryable = true};
}

} // namespace

http::ResponseHead Pipeline::replyHead(const http::UpstreamReply &reply) const
{
    http::ResponseHead answer;
    answer.status = reply.status;
    answer.fields.reserve(reply.fields.size() + 6, 512);
    copyToClient(reply.fields, answer.fields);
    addGatewayHeaders(answer.fields);
    return answer;
}

void Pipeline::addGatewayHeaders(http::Fields &fields) const
{
    // An SDK of Portkey's repeats a failed call by itself unless the trace id is there
    // (gateway-protocol 2.9).
    if (!m_record.trace_id.empty())
        fields.add("x-portkey-trace-id", m_record.trace_id);
    fields.add("x-portolan-request-id", std::to_string(m_record.id.value));
    if (m_record.attempts.empty())
        return;
    fields.add("x-portkey-provider", m_record.provider);
    fields.add("x-portkey-last-used-option-index", routing::optionIndex(m_record.attempts.back().pointer));
    fields.add("x-portkey-retry-attempt-count", std::to_string(m_retry_count));
    fields.add("x-portkey-cache-status", "DISABLED");
}

http::Task<Pipeline::Stage> Pipeline::relay(http::UpstreamReply reply)
{
    const bool good = reply.status < 400;
    if (good && contentTypeIs(reply.fields, "text/event-stream"))
        co_return co_await relayEvents(std::move(reply));
    if (good && m_endpoint.bills_tokens && contentTypeIs(reply.fields, "text/html")) {
        // A page of something on the way: never an answer of a model.
        const Error error = notJson();
        settleUsage(0);
        endAttempt(&error);
        co_return std::unexpected(failedCall(error));
    }
    const bool encoded = reply.fields.find("content-encoding").has_value();
    if (!encoded && (!good || contentTypeIs(reply.fields, "application/json")))
        co_return co_await relayWhole(std::move(reply));
    co_return co_await relayBytes(std::move(reply));
}

http::Task<Pipeline::Stage> Pipeline::relayWhole(http::UpstreamReply reply)
{
    const auto &limits = m_snapshot->limits;
    const auto began = std::chrono::steady_clock::now();
    std::string body;
    body.reserve(reply.content_length.value_or(4096) > kHoldBytes
                     ? 4096
                     : reply.content_length.value_or(4096) + kJsonPadding);
    while (true) {
        const auto piece = co_await m_call->read();
        if (!piece) {
            const Error error = piece.error();
            settleUsage(0);
            endAttempt(&error);
            co_return std::unexpected(failedCall(error));
        }
        if (piece->empty())
            co_return co_await answerWhole(std::move(reply), std::move(body));
        noteFirstToken();
        body.append(*piece);
        if (body.size() > limits.reply_json_bytes) {
            const Error error{.origin = Origin::Upstream,
                              .code = "upstream.too_large",
                              .message = "The provider's answer is larger than Portolan accepts."};
            endAttempt(&error);
            co_return std::unexpected(failedCall(error));
        }
        if (body.size() > kHoldBytes || std::chrono::steady_clock::now() - began > kHoldTime)
            break;
    }
    m_early = std::move(body);
    co_return co_await relayBytes(std::move(reply));
}

http::Task<Pipeline::Stage> Pipeline::answerWhole(http::UpstreamReply reply, std::string body)
{
    const bool announced_json = contentTypeIs(reply.fields, "application/json");
    noteFacts(m_thread.replies.body(body, m_route.target->usage_style));
    if (reply.status < 300 && announced_json && m_facts.malformed && head().method != http::Method::Head) {
        const Error error = notJson();
        keepReply(body);
        m_record.first_token_us = -1; // bytes came, but no token
        settleUsage(0);
        endAttempt(&error);
        co_return std::unexpected(failedCall(error));
    }
    // Some say 200 over an error; what the error says of itself counts (mapping.md 8).
    const bool is_none = reply.status < 300 && m_facts.has_error && m_facts.model.empty() && !m_facts.usage;
    if (is_none)
        reply.status = statusOf(m_facts.error_code).value_or(502);
    // A provider may quote the key it was sent (threat-model C5).
    if (reply.status >= 400)
        m_snapshot->redactor->redactInPlace(body);
    settleUsage(reply.status);
    const Error told{.code = m_facts.error_code, .message = m_facts.error_message};
    endAttempt(is_none ? &told : nullptr);
    auto outcome = outcomeOf(reply.status, reply.fields);
    outcome.repairable = reply.status == 400 && findRepair(reply.status);
    if (movesOn(outcome))
        co_return Stage{};

    auto answer = replyHead(reply);
    if (m_record.capture >= trace::CaptureLevel::Metadata)
        m_record.response_headers = loggable(answer.fields);
    m_reply.content_type = std::string(reply.fields.find("content-type").value_or(""));
    const auto sent = co_await m_exchange.respond(std::move(answer), body);
    keepReply(body);
    if (!sent)
        end(trace::Outcome::Cancelled, 499, sent.error().code, sent.error().message);
    else if (reply.status >= 400)
        end(trace::Outcome::Error, reply.status, m_record.attempts.back().error_code, m_facts.error_message);
    else
        end(trace::Outcome::Ok, reply.status);
    co_return Stage{};
}

http::Task<Pipeline::Stage> Pipeline::relayBytes(http::UpstreamReply reply)
{
    if (movesOn(outcomeOf(reply.status, reply.fields))) {
        settleUsage(reply.status);
        endAttempt(nullptr);
        co_return Stage{};
    }
    auto answer = replyHead(reply);
    answer.content_length = reply.content_length;
    if (m_record.capture >= trace::CaptureLevel::Metadata)
        m_record.response_headers = loggable(answer.fields);
    m_reply.content_type = std::string(reply.fields.find("content-type").value_or(""));
    m_exchange.begin(std::move(answer));
    Result<> sent;
    if (!m_early.empty()) {
        keepReply(m_early);
        sent = co_await m_exchange.write(m_early);
        m_early = std::string();
    }
    while (sent) {
        const auto piece = co_await m_call->read();
        if (!piece) {
            const Error error = piece.error();
            co_await breakOff(error);
            co_return Stage{};
        }
        if (piece->empty())
            break;
        noteFirstToken();
        keepReply(*piece);
        sent = co_await m_exchange.write(*piece);
    }
    if (sent)
        sent = co_await m_exchange.finish();
    if (m_reply.full_size <= m_reply.text.size() && contentTypeIs(reply.fields, "application/json"))
        noteFacts(m_thread.replies.body(m_reply.text, m_route.target->usage_style));
    settleUsage(reply.status);
    endAttempt(nullptr);
    if (!sent)
        end(trace::Outcome::Cancelled, 499, sent.error().code, sent.error().message);
    else
        end(reply.status >= 400 ? trace::Outcome::Error : trace::Outcome::Ok, reply.status);
    co_return Stage{};
}

/// Keeps a stream's head and first events back until one has content, so that a failure before it can still
/// become another attempt (architecture 9.20); not at all when none is left.
void Pipeline::holdStream(http::UpstreamReply reply)
{
    m_record.stream = true;
    m_reply.content_type = "text/event-stream";
    m_stream_reply = std::move(reply);
    m_committed = false;
    m_early.clear();
    const auto first_token_ms = m_step.target->settings.first_token_timeout_ms.value_or(0);
    if (first_token_ms > 0) {
        const auto spent_ms = (sinceStart() - m_record.attempts.back().start_us) / 1000;
        armClock(std::max<std::int64_t>(first_token_ms - spent_ms, 1), noTokenWithin(first_token_ms));
    } else if (!m_step.last) {
        m_hold.arm(kHoldTime);
    }
}

std::string Pipeline::noTokenWithin(std::int64_t ms)
{
    return fmt::format("No token came within the first_token_timeout of {} ms", ms);
}

/// The head leaves with the next bytes. False: another attempt follows instead.
bool Pipeline::commitStream()
{
    m_hold.disarm();
    if (!m_decided && movesOn(outcomeOf(m_stream_reply.status, m_stream_reply.fields)))
        return false;
    m_committed = true;
    auto head = m_translation ? translatedHead(m_stream_reply, 200, true) : replyHead(m_stream_reply);
    if (m_record.capture >= trace::CaptureLevel::Metadata)
        m_record.response_headers = loggable(head.fields);
    m_exchange.begin(std::move(head));
    return true;
}

/// Nothing with content came for a while: the client hears that an answer is on its way. Runs beside the
/// coroutine that waits for the provider.
void Pipeline::releaseHeld()
{
    if (!commitStream()) {
        m_call->cancel();
        return;
    }
    m_exchange.tryWrite(m_early.empty() ? std::string_view(": keep-alive\n\n") : std::string_view(m_early));
    m_early.clear();
    m_silence.arm(m_snapshot->limits.keep_alive_comment);
}

http::Task<Pipeline::Stage> Pipeline::relayEvents(http::UpstreamReply reply)
{
    const int status = reply.status;
    holdStream(std::move(reply));
    Result<> sent;
    if (m_step.last) {
        (void)commitStream(); // nothing can follow the last attempt
        // A first event that is there already leaves together with the head.
        if (!m_call->ready())
            sent = co_await m_exchange.flushHead();
    }

    dialect::SseSplitter splitter(m_snapshot->limits.sse_event_bytes);
    dialect::SseSplitter::Event event;
    std::string joined; // when what goes on is not one run of the piece
    while (sent) {
        if (m_committed)
            m_silence.arm(m_snapshot->limits.keep_alive_comment);
        const auto piece = co_await m_call->read();
        m_silence.disarm();
        if (!piece) {
            const Error error = piece.error();
            co_return co_await failStream(error);
        }
        if (piece->empty())
            break;
        if (auto fed = splitter.feed(*piece); !fed) {
            m_call->cancel();
            co_return co_await failStream(fed.error());
        }
        std::string_view run; // complete events that lie side by side
        joined.clear();
        while (splitter.next(event)) {
            const bool hidden = event.has_data && !noteEvent(event);
            keepReply(event.raw);
            if (hidden)
                continue;
            if (joined.empty() && (run.empty() || run.data() + run.size() == event.raw.data())) {
                run = run.empty() ? event.raw : std::string_view(run.data(), run.size() + event.raw.size());
                if (run.data() < piece->data() || run.data() >= piece->data() + piece->size()) {
                    joined.assign(
                        run); // it began in an earlier piece: the splitter's copy is gone with next()
                    run = {};
                }
                continue;
            }
            if (joined.empty())
                joined.assign(run);
            joined.append(event.raw);
        }
        std::string_view forward = joined.empty() ? run : std::string_view(joined);
        if (!m_committed) {
            m_early.append(forward);
            const bool has_begun = m_record.first_token_us >= 0;
            if (!has_begun && m_facts.has_error && movesOn(outcomeOfEventError()))
                co_return dropStream();
            if (!has_begun && !m_facts.has_error && !m_saw_done && m_facts.finish_reason.empty())
                continue;
            if (!commitStream())
                co_return dropStream();
            joined = std::exchange(m_early, {});
            forward = joined;
        }
        if (!forward.empty())
            sent = co_await m_exchange.write(forward);
    }
    if (sent && !m_committed) {
        const Error error = truncatedStream();
        co_return co_await failStream(error);
    }
    joined.assign(splitter.pending());
    if (sent && !joined.empty()) {
        // The last event may lack its blank line: what was sent is sent on. Half an event is none, and what
        // follows it would become a part of it.
        const bool whole = splitter.feed("\n\n\n") && splitter.next(event) && event.has_data
            && (event.data == "[DONE]" || validateJson(event.data));
        if (whole)
            (void)noteEvent(event);
        keepReply(joined);
        if (whole || !tellsItsEnd())
            sent = co_await m_exchange.write(joined);
    }
    const bool finished
        = m_saw_done || m_facts.has_error || (!m_events_named && !m_facts.finish_reason.empty());
    if (sent && !finished && tellsItsEnd()) {
        const Error error = truncatedStream();
        co_await breakOff(error);
        co_return Stage{};
    }
    if (sent)
        sent = co_await m_exchange.finish();
    settleUsage(status);
    endAttempt(nullptr);
    if (!sent)
        end(trace::Outcome::Cancelled, 499, sent.error().code, sent.error().message);
    else if (m_facts.has_error)
        end(trace::Outcome::Error, status, m_facts.error_code, m_facts.error_message);
    else
        end(trace::Outcome::Ok, status);
    co_return Stage{};
}

/// False for the chunk of usage that we asked for and the client did not.
bool Pipeline::noteEvent(const dialect::SseSplitter::Event &event)
{
    const auto facts = m_thread.replies.event(event.data, m_route.target->usage_style);
    m_saw_done = m_saw_done || isEndMark(event);
    m_events_named = m_events_named || !event.name.empty();
    noteFacts(facts);
    if (facts.has_content)
        noteFirstToken();
    return !(m_hides_usage && facts.usage_only);
}

/// Chats, messages and responses end with a mark, other streams with their bytes.
bool Pipeline::tellsItsEnd() const
{
    return m_endpoint.may_stream && m_endpoint.bills_tokens;
}

/// A stream that failed: an error of ours while nothing of it was sent, else it breaks off.
http::Task<Pipeline::Stage> Pipeline::failStream(const Error &error)
{
    m_hold.disarm();
    if (m_next)
        co_return dropStream(); // the walk has moved on already; the error is only that it was cancelled
    if (m_committed) {
        co_await breakOff(error);
        co_return Stage{};
    }
    settleUsage(0);
    endAttempt(&error);
    co_return std::unexpected(failedCall(error));
}

/// Another attempt follows: nothing of this stream may reach the client.
Pipeline::Stage Pipeline::dropStream()
{
    m_call->cancel();
    settleUsage(m_facts.has_error ? 502 : 0);
    endAttempt(nullptr);
    trace::Attempt &attempt = m_record.attempts.back();
    if (m_facts.has_error && attempt.error_code.empty()) {
        attempt.error_code = m_facts.error_code.empty() ? "upstream.error_event" : m_facts.error_code;
        attempt.error_message = m_facts.error_message;
    }
    return {};
}

void Pipeline::breakSilence()
{
    // Only whole events are passed on, so this is always between two of them (architecture 3; what-users-ask
    // 15).
    m_exchange.tryWrite(": keep-alive\n\n");
    m_silence.arm(m_snapshot->limits.keep_alive_comment);
}

http::Task<> Pipeline::breakOff(const Error &error)
{
    settleUsage(0);
    endAttempt(&error);
    const bool gone = m_client_gone || m_exchange.clientGone();
    if (gone) {
        end(trace::Outcome::Cancelled, m_exchange.headSent() ? m_record.attempts.back().status : 499,
            "client.gone", "The client left before the end of the answer.");
        co_return;
    }
    const auto refusal = failedCall(error);
    end(refusal.type == "timeout_error" ? trace::Outcome::TimedOut : trace::Outcome::Truncated,
        m_record.attempts.back().status, refusal.code, refusal.message);
    if (m_reply.content_type != "text/event-stream") {
        m_exchange.abort();
        co_return;
    }
    // An error event in the client's own dialect, and no [DONE]: the stream must not look complete.
    const bool named = m_endpoint.word == "messages" || m_endpoint.word == "responses";
    std::string frame = named ? "event: error\ndata: " : "data: ";
    frame += http::refusalBody(refusal, head().path);
    frame += "\n\n";
    const auto sent = co_await m_exchange.write(frame);
    if (sent)
        co_await m_exchange.finish();
}

void Pipeline::keepReply(std::string_view bytes)
{
    m_reply.full_size += bytes.size();
    // Usage is read from a JSON answer even when its body is not kept.
    const bool event_stream = m_reply.content_type == "text/event-stream";
    if (event_stream && !keepsBodies())
        return;
    const auto most = event_stream ? kKeptStreamBytes : kKeptReplyBytes;
    if (m_reply.text.size() < most)
        m_reply.text.append(bytes.substr(0, most - m_reply.text.size()));
}

void Pipeline::noteFacts(const dialect::ReplyFacts &facts)
{
    dialect::mergeFacts(m_facts, facts);
}

void Pipeline::noteFirstToken()
{
    // An answer that is an error has a first byte, but no token.
    if (m_record.first_token_us >= 0 || m_record.attempts.back().status >= 400)
        return;
    m_record.first_token_us = sinceStart();
    m_clock.disarm(); // it waited for this
    if (m_thread.services.observer && m_announced)
        m_thread.services.observer->changed(m_record);
}

void Pipeline::settleUsage(int status)
{
    if (!m_facts.model.empty())
        m_record.model_served = m_facts.model;
    m_record.finish_reason = m_facts.finish_reason;
    m_service_tier = m_facts.service_tier;
    const trace::Attempt &attempt = m_record.attempts.back();
    if (isCount()) {
        m_record.cost_state = trace::CostState::Free; // what it counts was not used
        return;
    }
    if (m_facts.usage) {
        m_record.usage = *m_facts.usage;
        // What was counted before a stream broke leaves out what came after; the last count comes with the
        // reason of the end or behind it.
        const bool broken
            = (status == 0 || (m_record.stream && m_facts.has_error)) && m_facts.finish_reason.empty();
        if (broken)
            m_record.usage.output
                = std::max(m_record.usage.output, dialect::estimatedTokens(m_facts.content_bytes));
        m_record.usage_state = m_facts.suspect || broken ? UsageState::Estimated : UsageState::Reported;
    } else if (status >= 400 || attempt.status >= 400 || attempt.sent_us < 0) {
        m_record.cost_state = trace::CostState::Free; // an error is not billed, nor what was never sent
        return;
    } else if (m_has_peek && m_endpoint.bills_tokens) {
        m_record.usage.input = dialect::estimatedTokens(m_peek.prompt_bytes);
        m_record.usage.output = dialect::estimatedTokens(m_facts.content_bytes);
        m_record.usage_state = UsageState::Estimated;
    }
    if (m_facts.cost_nano_usd) {
        m_record.cost = NanoUsd{*m_facts.cost_nano_usd};
        m_record.cost_state = trace::CostState::Exact;
        m_record.price_version = "the provider's own figure";
        return;
    }
    priceRecord(*m_snapshot, m_thread.tariffs, *m_route.target, m_service_tier, m_record);
}

} // namespace portolan::gateway
