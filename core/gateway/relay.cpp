// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/pipeline.h"

#include "core/base/text.h"
#include "core/gateway/headers.h"
#include "core/gateway/keyrules.h"
#include "core/gateway/recorder.h"
#include "core/gateway/refusals.h"

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
    putRateLimits(m_standing, fields);
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
