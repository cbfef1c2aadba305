// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/pipeline.h"

#include "core/base/text.h"
#include "core/dialect/foreignreasoning.h"
#include "core/dialect/openai/relativeedits.h"
#include "core/dialect/openai/relatives.h"
#include "core/dialect/requestedits.h"
#include "core/gateway/authorize.h"
#include "core/gateway/azurepath.h"
#include "core/gateway/headers.h"
#include "core/gateway/recorder.h"
#include "core/gateway/refusals.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace portolan::gateway {

namespace {

constexpr std::string_view kTimedOut = "request.timeout"; // of the config's own clocks

bool isRedirect(int status)
{
    return status >= 300 && status < 400;
}

} // namespace

void Pipeline::beginAttempt()
{
    const Target &target = *m_route.target;
    trace::Attempt &attempt = m_record.attempts.emplace_back();
    attempt.kind = m_step.repair ? trace::AttemptKind::Repair : trace::AttemptKind::Primary;
    attempt.slug = target.slug;
    attempt.provider = target.provider_id;
    attempt.account = target.account;
    attempt.virtual_key = target.virtual_key;
    attempt.model = m_route.model;
    attempt.host = target.hostLabel();
    attempt.pointer = m_step.target->pointer;
    attempt.chosen_by = std::move(m_step.why);
    if (!m_route.chosen_by.empty())
        attempt.chosen_by.append(attempt.chosen_by.empty() ? "" : "; ").append(m_route.chosen_by);
    attempt.start_us = sinceStart();
}

void Pipeline::open(http::UpstreamRequest request)
{
    trace::Attempt &attempt = m_record.attempts.back();
    if (m_record.capture >= trace::CaptureLevel::Metadata) {
        attempt.request_headers = loggable(request.fields);
        if (request.credential)
            attempt.request_headers.add(request.credential->header, "***");
    }
    auto &transport = m_route.target->practice ? *m_thread.practice : *m_thread.direct;
    m_call = transport.open(std::move(request));
    m_exchange.onClientGone([this] {
        m_client_gone = true;
        m_call->cancel();
    });
}

http::Task<Result<>> Pipeline::openAuthorized(http::UpstreamRequest request)
{
    auto authorized = co_await authorize(m_thread, *m_route.target, request);
    if (authorized)
        open(std::move(request));
    co_return authorized;
}

/// The attempt's own time-out; replaces the one before it.
void Pipeline::armClock(std::int64_t after_ms, std::string_view words)
{
    m_clock_words = words;
    m_clock.arm(std::chrono::milliseconds(after_ms));
}

/// Until the answer's head is there: the shorter of request_timeout and, for a stream, first_token_timeout.
void Pipeline::armClocks()
{
    const auto request_ms = requestTimeout_ms();
    const auto token_ms = m_record.stream ? m_step.target->settings.first_token_timeout_ms.value_or(0) : 0;
    if (token_ms > 0 && (request_ms == 0 || token_ms < request_ms))
        armClock(token_ms, noTokenWithin(token_ms));
    else if (request_ms > 0)
        armClock(request_ms,
                 fmt::format("Request exceeded the timeout sent in the request: {}ms", request_ms));
}

http::Task<Pipeline::Stage> Pipeline::attempt()
{
    beginAttempt();
    armClocks();
    if (m_route.target->signing == Signing::None) {
        open(upstreamRequest()); // the fast path has no coroutine of its own for this
    } else if (const auto opened = co_await openAuthorized(upstreamRequest()); !opened) {
        settleUsage(0);
        endAttempt(&opened.error());
        co_return std::unexpected(failedCall(opened.error()));
    }
    auto reply = co_await m_call->send();
    m_clock.disarm();
    // A refused one may be repaired.
    if (!keepsBodies() && !m_translation && m_step.last && reply && reply->status < 400)
        letBodyGo();
    noteResent();
    noteTimings(m_call->timings(), m_record.attempts.back());
    if (!reply) {
        settleUsage(0);
        endAttempt(&reply.error());
        co_return std::unexpected(failedCall(reply.error()));
    }
    m_record.attempts.back().status = reply->status;
    if (m_record.capture >= trace::CaptureLevel::Metadata)
        m_record.attempts.back().response_headers = loggable(reply->fields);
    if (const auto id = reply->fields.find("x-request-id"); id && isClientId(*id))
        m_record.attempts.back().provider_request_id = std::string(*id);
    if (isRedirect(reply->status)) {
        const Error error{.origin = Origin::Upstream,
                          .code = "upstream.redirect",
                          .message
                          = fmt::format("The provider answered {} and pointed elsewhere. Portolan follows no "
                                        "redirects with a key: give the account the address it pointed to.",
                                        reply->status)};
        endAttempt(&error);
        co_return std::unexpected(failedCall(error));
    }
    co_return m_translation ? co_await relayTranslated(*std::move(reply)) : co_await relay(*std::move(reply));
}

/// A provider may have read a request before it dropped the pooled connection, so the trace has both.
void Pipeline::noteResent()
{
    if (!m_call->timings().resent)
        return;
    trace::Attempt again = m_record.attempts.back();
    trace::Attempt &dead = m_record.attempts.back();
    dead.reused_connection = true;
    dead.end_us = sinceStart();
    dead.error_code = "upstream.stale_connection";
    dead.error_message = "The provider had closed the pooled connection.";
    dead.cost_state = trace::CostState::Free;
    dead.then = "sent again on a fresh connection";
    again.chosen_by = "the pooled connection was dead";
    m_record.attempts.push_back(std::move(again));
}

http::UpstreamRequest Pipeline::bareRequest() const
{
    const auto &limits = m_snapshot->limits;
    http::UpstreamRequest request;
    request.endpoint = m_route.target->base.endpoint;
    request.method = head().method;
    request.credential = m_route.target->credential;
    request.connect_timeout = limits.connect;
    request.first_byte_timeout = limits.first_byte;
    request.idle_timeout = limits.stream_idle;
    if (const auto idle_ms = m_step.target->settings.stream_idle_timeout_ms.value_or(0); idle_ms > 0)
        request.idle_timeout = std::chrono::milliseconds(idle_ms);
    return request;
}

void Pipeline::addOwnLines(http::Fields &fields) const
{
    for (const auto &[name, value] : m_route.target->headers) {
        if (!fields.find(name))
            fields.add(name, value);
    }
    if (!m_snapshot->hop.empty() && !m_route.target->practice)
        fields.add("x-portolan-hop", m_snapshot->hop);
}

http::UpstreamRequest Pipeline::upstreamRequest()
{
    auto request = bareRequest();
    if (m_translation) {
        addWire(m_translation->request(), request);
    } else {
        request.target = upstreamTarget();
        request.fields.reserve(head().fields.size() + 2, 512);
        copyToUpstream(head().fields, m_token, request.fields);
        if (m_repaired == m_step.target && !m_repair.beta.empty())
            withoutBeta(request.fields, m_repair.beta);
    }
    addOwnLines(request.fields);
    forwardLines(head().fields, m_forwarded, m_token, request.fields);
    if (head().has_body && !m_translation) {
        request.body = editedBody();
        request.source = m_rest.get();
        request.source_bytes = m_rest_bytes;
    }
    return request;
}

std::string Pipeline::upstreamTarget() const
{
    const auto &target = head().target;
    const auto question = std::min(target.find('?'), target.size());
    std::string path = m_route.target->base.path;
    path += std::string_view(target).substr(3, question - 3); // after "/v1"
    std::string_view query = std::string_view(target).substr(question);
    const auto *provider = m_route.target->provider;
    if (provider && provider->family == "azure-openai")
        return azurePath(*m_route.target, std::string_view(target).substr(3, question - 3), query);
    if (!m_route.rewrites_model || m_sent_peek->model)
        return path.append(query);
    // The slug was in ?model=: the provider gets the name without it.
    const auto at = query.find("model=");
    if (at == std::string_view::npos)
        return path.append(query);
    const auto end = std::min(query.find('&', at), query.size());
    path.append(query.substr(0, at + 6)).append(percentEncoded(m_route.model)).append(query.substr(end));
    return path;
}

std::vector<std::string_view> Pipeline::editedBody()
{
    std::vector<dialect::BodyEdit> edits;
    if (m_route.rewrites_model && m_form_model)
        edits.push_back({*m_form_model, m_route.model});
    else if (m_route.rewrites_model && m_has_peek && m_sent_peek->model)
        edits.push_back(dialect::modelEdit(*m_sent_peek, m_route.model));
    if (m_record.stream && m_has_peek && m_endpoint.takes_stream_options) {
        const bool knows_usage = dialect::openai::relativeOf(m_route.target->provider_id).stream_usage;
        if (auto edit = knows_usage ? dialect::includeUsageEdit(*m_sent_body, *m_sent_peek) : std::nullopt) {
            edits.push_back(*std::move(edit));
            m_hides_usage = true;
        }
    }
    addRelativeEdits(edits);
    leaveForeignReasoningOut(edits);
    m_edits = std::move(edits);
    return dialect::applyEdits(*m_sent_body, m_edits);
}

/// What this relative of OpenAI's would refuse although it only has another word for it, or is better off
/// without.
void Pipeline::addRelativeEdits(std::vector<dialect::BodyEdit> &edits)
{
    if (m_endpoint.word != "chat" || !m_has_peek || m_passage.provider != dialect::Dialect::OpenAiChat
        || m_route.target->practice)
        return;
    const auto &relative = dialect::openai::relativeOf(m_route.target->provider_id);
    const bool foreign = dialect::mayHoldForeignReasoning(dialect::Dialect::OpenAiChat, *m_sent_body);
    if ((relative.own && !foreign) || relative.id.empty())
        return; // takes what OpenAI takes: nothing is even read
    const auto document = JsonDocument::parse(*m_sent_body);
    if (!document)
        return;
    auto found = dialect::openai::relativeEdits(*document, wireTarget());
    addNotes(inWords(found.notes));
    for (auto &edit : found.edits)
        edits.push_back(std::move(edit));
}

/// A client goes on natively with what it had from another provider through us.
void Pipeline::leaveForeignReasoningOut(std::vector<dialect::BodyEdit> &edits)
{
    if (m_passage.kind != Passage::Kind::Native || !m_has_peek
        || (m_endpoint.word != "messages" && m_endpoint.word != "responses")
        || !dialect::mayHoldForeignReasoning(m_passage.client, *m_sent_body))
        return;
    const auto document = JsonDocument::parse(*m_sent_body);
    if (!document)
        return;
    auto removed = dialect::withoutForeignReasoning(m_passage.client, *document);
    if (!removed.empty())
        addNotes("another provider's reasoning left out");
    std::ranges::move(removed, std::back_inserter(edits));
}

/// It was sent and nobody asks for it again: a stream may go on for minutes.
void Pipeline::letBodyGo()
{
    m_body = std::string();
    m_own_body = std::string();
    m_document.reset();
    m_edits = std::vector<dialect::BodyEdit>();
    m_held.release();
}

void Pipeline::endAttempt(const Error *error)
{
    trace::Attempt &attempt = m_record.attempts.back();
    attempt.end_us = sinceStart();
    if (m_call)
        noteTimings(m_call->timings(), attempt);
    attempt.first_token_us = m_record.first_token_us;
    attempt.usage = m_record.usage;
    attempt.usage_state = m_record.usage_state;
    attempt.cost = m_record.cost;
    attempt.cost_state = m_record.cost_state;
    if (error && m_clock_expired && !m_client_gone && !m_aborted) {
        attempt.error_code = kTimedOut; // what the transport heard is that we broke it off
        attempt.error_message = m_clock_words;
    } else if (error) {
        attempt.error_code = error->code;
        attempt.error_message = error->message;
    } else if (attempt.status >= 400) {
        attempt.error_code
            = m_facts.error_code.empty() ? fmt::format("upstream.{}", attempt.status) : m_facts.error_code;
        attempt.error_message = m_facts.error_message;
    }
    settleAttempt(attempt);
    if (m_thread.services.observer)
        m_thread.services.observer->attemptEnded(attempt);
}

http::Refusal Pipeline::failedCall(const Error &error)
{
    if (m_aborted && !m_client_gone) {
        if (!m_total_expired.empty())
            return refusal(504, "request.total_timeout", std::string(m_total_expired));
        return refusal(499, "request.aborted", "The request was ended in Portolan's window.");
    }
    if (m_clock_expired && !m_client_gone)
        return refusal(408, std::string(kTimedOut), m_clock_words);
    return refusalFor(error);
}

} // namespace portolan::gateway
