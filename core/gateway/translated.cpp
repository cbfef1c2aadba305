// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/dialect/anthropic/tokenestimate.h"
#include "core/dialect/errorkinds.h"
#include "core/gateway/claudepassage.h"
#include "core/gateway/headers.h"
#include "core/gateway/pipeline.h"
#include "core/gateway/recorder.h"
#include "core/gateway/refusals.h"

#include <sodium.h>

#include <utility>

namespace portolan::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 100ms; // for what follows the end mark of a stream
constexpr std::size_t kMostRest = 64U << 10;

bool isJson(const http::Fields &fields)
{
    const auto type = fields.find("content-type");
    return type && startsWithIgnoringCase(trimmed(*type), "application/json");
}

/// What a client of another dialect hears of a call that failed on its way.
dialect::ApiError apiError(const http::Refusal &refusal)
{
    return {.kind = refusal.type == "timeout_error" ? dialect::ErrorKind::Timeout : dialect::ErrorKind::Api,
            .status = refusal.status,
            .message = refusal.message,
            .code = refusal.code};
}

} // namespace

Pipeline::Stage Pipeline::beginTranslation()
{
    auto begun = m_passage.isClaudeElsewhere()
        ? claudePassage(*m_sent_body, wireTarget(), repairedClaudeHead(), m_thread.replies)
        : betweenDialects();
    if (!begun)
        return std::unexpected(clientError(begun.error()));
    m_translation = *std::move(begun);
    addNotes(m_translation->notes());
    return {};
}

ClaudeHead Pipeline::repairedClaudeHead() const
{
    ClaudeHead lines = claudeHead(head().fields);
    if (m_repaired == m_step.target)
        std::erase_if(lines.betas,
                      [&](const std::string &beta) { return m_repair.betas || beta == m_repair.beta; });
    return lines;
}

Result<std::unique_ptr<Translation>> Pipeline::betweenDialects()
{
    auto client = ClientRequest::read(m_passage.client, *m_sent_body);
    if (!client)
        return std::unexpected(std::move(client).error());
    if (m_repaired == m_step.target && m_repair.reasoning)
        (*client)->removeReasoning();
    m_client_request = *std::move(client);
    Translation::Clock clock{.now_s = wallClockUs() / 1'000'000};
    randombytes_buf(&clock.seed, sizeof clock.seed);
    return Translation::begin(*m_client_request, wireTarget(), m_record.model_asked, clock);
}

dialect::Target Pipeline::wireTarget() const
{
    return gateway::wireTarget(m_passage, *m_route.target, m_route.model, *m_snapshot->catalog);
}

void Pipeline::addNotes(std::string_view notes)
{
    if (notes.empty())
        return;
    if (!m_record.note.empty())
        m_record.note += "; ";
    m_record.note += notes;
}

http::Refusal Pipeline::clientError(const Error &error) const
{
    const dialect::ApiError shown = dialect::toApiError(error);
    return refusal(shown.status, error.code, error.message, shown.param);
}

/// A count never becomes a paid call: what no provider counts is estimated here.
http::Task<Pipeline::Stage> Pipeline::answerCount()
{
    auto client = ClientRequest::read(m_passage.client, *m_sent_body);
    if (!client)
        co_return std::unexpected(clientError(client.error()));
    const auto tokens = dialect::anthropic::estimateTokens((*client)->request());
    const std::string body = dialect::anthropic::countReply(tokens);
    http::ResponseHead head;
    head.fields.add("Content-Type", "application/json");
    addGatewayHeaders(head.fields);
    m_record.cost_state = trace::CostState::Free;
    addNotes("tokens estimated here, no call was made");
    if (m_record.capture >= trace::CaptureLevel::Metadata)
        m_record.response_headers = loggable(head.fields);
    m_reply.content_type = "application/json";
    keepReply(body);
    const auto sent = co_await m_exchange.respond(std::move(head), body);
    if (sent)
        end(trace::Outcome::Ok, 200);
    else
        end(trace::Outcome::Cancelled, 499, sent.error().code, sent.error().message);
    co_return Stage{};
}

void Pipeline::addWire(const dialect::WireRequest &wire, http::UpstreamRequest &request) const
{
    // Another vendor's API: of the client's lines only who it is goes along.
    request.method = http::Method::Post;
    request.target = joinedPath(m_route.target->base.path, wire.path, m_passage.provider);
    for (const auto &[name, value] : wire.headers)
        request.fields.add(name, value);
    if (const auto agent = head().fields.find("user-agent"))
        request.fields.add("User-Agent", *agent);
    request.body = {wire.body};
}

http::Task<Pipeline::Stage> Pipeline::relayTranslated(http::UpstreamReply reply)
{
    const bool streams = m_translation->streams() && reply.status < 300;
    if (streams && !isJson(reply.fields))
        co_return co_await relayTranslatedStream(std::move(reply));

    auto body = co_await wholeBody();
    if (!body) {
        settleUsage(0);
        endAttempt(&body.error());
        co_return std::unexpected(failedCall(body.error()));
    }
    auto answer = streams ? m_translation->answerAsStream(reply.status, reply.fields, *std::move(body))
                          : m_translation->answer(reply.status, reply.fields, *std::move(body));
    co_return co_await answerTranslated(reply, std::move(answer), streams);
}

http::Task<Result<std::string>> Pipeline::wholeBody()
{
    std::string body;
    while (true) {
        const auto piece = co_await m_call->read();
        if (!piece)
            co_return std::unexpected(piece.error());
        if (piece->empty())
            co_return body;
        noteFirstToken();
        body.append(*piece);
        if (body.size() > m_snapshot->limits.reply_json_bytes) {
            co_return fail({.origin = Origin::Upstream,
                            .code = "upstream.too_large",
                            .message = "The provider's answer is larger than Portolan accepts."});
        }
    }
}

/// The end mark has come, but a connection can be used again only once its answer was read to the end, and
/// that end is often a packet of its own. The client has everything by now.
http::Task<> Pipeline::readRest()
{
    http::DeadlineList::Entry patience(m_thread.deadlines, [this] { m_call->cancel(); });
    patience.arm(kPatience);
    for (std::size_t rest = 0; rest < kMostRest;) {
        const auto piece = co_await m_call->read();
        if (!piece || piece->empty())
            co_return;
        rest += piece->size();
    }
}

http::Task<Pipeline::Stage> Pipeline::answerTranslated(const http::UpstreamReply &reply,
                                                       Translation::Answer answer, bool as_stream)
{
    m_facts = m_translation->facts();
    co_return co_await sendAnswer(reply, std::move(answer), as_stream);
}

http::Task<Pipeline::Stage> Pipeline::sendAnswer(const http::UpstreamReply &reply, Translation::Answer answer,
                                                 bool as_stream)
{
    // A provider may quote the key it was sent (threat-model C5).
    if (answer.failed)
        m_snapshot->redactor->redactInPlace(answer.body);
    m_snapshot->redactor->redactInPlace(m_facts.error_message);
    // What cannot be read may have been paid for all the same.
    const bool unreadable = reply.status < 300
        && (m_facts.error_code == "upstream_invalid_response" || m_facts.error_code == "upstream_incomplete");
    settleUsage(unreadable ? 0 : answer.failed ? answer.status : reply.status);
    endAttempt(nullptr);
    auto outcome = outcomeOf(reply.status, reply.fields);
    if (answer.failed && reply.status < 400) { // a 200 that was none
        outcome.kind = routing::Outcome::Kind::NetworkFailure;
        outcome.status = 502;
    }
    if (!outcome.retry_after_ms)
        outcome.retry_after_ms = answer.retry_after_ms;
    outcome.repairable = reply.status == 400 && findRepair(reply.status);
    if (!m_decided && movesOn(outcome))
        co_return Stage{};

    const bool events = as_stream && !answer.failed;
    auto head = translatedHead(reply, answer.status, events);
    if (answer.retry_after_ms && !head.fields.find("retry-after"))
        head.fields.add("Retry-After", std::to_string((*answer.retry_after_ms + 999) / 1000));
    if (m_record.capture >= trace::CaptureLevel::Metadata)
        m_record.response_headers = loggable(head.fields);
    m_reply.content_type = events ? "text/event-stream" : "application/json";
    const std::string body = std::move(answer.body);
    const auto sent = co_await m_exchange.respond(std::move(head), body);
    keepReply(body);
    if (!sent)
        end(trace::Outcome::Cancelled, 499, sent.error().code, sent.error().message);
    else if (answer.failed)
        end(trace::Outcome::Error, answer.status, m_facts.error_code, m_facts.error_message);
    else
        end(trace::Outcome::Ok, answer.status);
    co_return Stage{};
}

http::ResponseHead Pipeline::translatedHead(const http::UpstreamReply &reply, int status, bool events) const
{
    http::ResponseHead head;
    head.status = status;
    head.fields.add("Content-Type", events ? "text/event-stream; charset=utf-8" : "application/json");
    if (events)
        head.fields.add("Cache-Control", "no-cache");
    http::Fields passed;
    copyToClient(reply.fields, passed);
    for (std::size_t i = 0; i < passed.size(); ++i) {
        if (!startsWithIgnoringCase(passed[i].name, "content-"))
            head.fields.add(passed[i].name, passed[i].value);
    }
    addGatewayHeaders(head.fields);
    return head;
}

http::Task<Pipeline::Stage> Pipeline::relayTranslatedStream(http::UpstreamReply reply)
{
    const int status = reply.status;
    holdStream(std::move(reply));
    std::string out;
    Result<> sent;
    while (sent && !m_translation->streamEnded()) {
        if (m_committed)
            m_silence.arm(m_snapshot->limits.keep_alive_comment);
        const auto piece = co_await m_call->read();
        m_silence.disarm();
        out.clear();
        if (!piece) {
            const Error error = piece.error();
            m_facts = m_translation->facts();
            if (!m_committed || m_client_gone || m_exchange.clientGone())
                co_return co_await failStream(error);
            m_translation->breakOff(apiError(failedCall(error)), out);
        } else if (piece->empty()) {
            m_translation->end(out);
        } else {
            m_translation->feed(*piece, out);
        }
        if (!m_committed && m_translation->streamFailure()) {
            // Nothing was sent: the failure can still be a real status (mapping.md 8).
            m_facts = m_translation->facts();
            if (movesOn(outcomeOfEventError()))
                co_return dropStream();
            auto answer = m_translation->failure(*m_translation->streamFailure());
            co_return co_await answerTranslated(m_stream_reply, std::move(answer), false);
        }
        if (m_translation->sawContent())
            noteFirstToken();
        if (!m_committed) {
            m_early.append(out);
            const bool may_go = m_step.last || m_translation->sawContent() || m_translation->streamEnded();
            if (m_early.empty() || !may_go)
                continue;
            if (!commitStream())
                co_return dropStream();
            out = std::exchange(m_early, {});
        }
        if (out.empty())
            continue;
        keepReply(out);
        sent = co_await m_exchange.write(out);
    }
    m_facts = m_translation->facts();
    m_snapshot->redactor->redactInPlace(m_facts.error_message);
    if (sent && m_committed)
        sent = co_await m_exchange.finish();
    if (sent && !m_translation->streamFailure()) {
        m_exchange.onClientGone({}); // it may go: it has everything
        co_await readRest();
    }
    settleUsage(status);
    endAttempt(nullptr);
    if (!sent) {
        end(trace::Outcome::Cancelled, 499, sent.error().code, sent.error().message);
    } else if (m_facts.has_error) {
        const bool cut
            = m_facts.error_code == "upstream_incomplete" || m_facts.error_code == "upstream.truncated";
        end(cut ? trace::Outcome::Truncated : trace::Outcome::Error, status, m_facts.error_code,
            m_facts.error_message);
    } else {
        end(trace::Outcome::Ok, status);
    }
    co_return Stage{};
}

} // namespace portolan::gateway
