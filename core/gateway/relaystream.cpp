// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/pipeline.h"

#include "core/base/text.h"
#include "core/dialect/sse.h"
#include "core/gateway/headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace portolan::gateway {

namespace {

using namespace std::chrono_literals;

// A stream whose first token takes longer begins without it.
constexpr auto kHoldTime = 10s;

/// Of a chat, a message or a response; an error is the end as well.
bool isEndMark(const dialect::SseSplitter::Event &event)
{
    return event.data == "[DONE]" || event.name == "message_stop" || event.name == "response.completed"
        || event.name == "response.incomplete" || event.name == "response.failed" || event.name == "error";
}

Error truncatedStream()
{
    return {.origin = Origin::Upstream,
            .code = "upstream.truncated",
            .message = "The provider ended the stream before the answer was complete.",
            .retryable = true};
}

} // namespace

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

} // namespace portolan::gateway
