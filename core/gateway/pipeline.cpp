// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/pipeline.h"

#include "core/base/requestid.h"
#include "core/base/text.h"
#include "core/gateway/admincalls.h"
#include "core/gateway/headers.h"
#include "core/gateway/modellist.h"
#include "core/gateway/recorder.h"
#include "core/gateway/refusals.h"

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace portolan::gateway {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kCountTokens = "/v1/messages/count_tokens";
constexpr std::string_view kRootText = "AI Gateway says hey!";
// Three fields, and a version that says compatibility instead of what runs here (threat-model A7).
constexpr std::string_view kHealthBody
    = R"({"status":"success","message":"Server is healthy","version":"2.2.3"})";

bool isUnder(std::string_view path, std::string_view parent)
{
    return path.starts_with(parent) && (path.size() == parent.size() || path[parent.size()] == '/');
}

http::ResponseHead plainHead(int status, std::string_view content_type)
{
    http::ResponseHead head;
    head.status = status;
    head.fields.add("Content-Type", content_type);
    return head;
}

/// Where a header line with a key goes; null for every other line.
std::string_view *placeOf(std::string_view name, admission::PresentedCredentials &credentials)
{
    if (equalsIgnoringCase(name, "authorization"))
        return &credentials.authorization;
    if (equalsIgnoringCase(name, "x-portkey-api-key"))
        return &credentials.portkey_api_key;
    if (equalsIgnoringCase(name, "x-api-key"))
        return &credentials.x_api_key;
    if (equalsIgnoringCase(name, "api-key"))
        return &credentials.api_key;
    if (equalsIgnoringCase(name, "x-goog-api-key"))
        return &credentials.x_goog_api_key;
    return nullptr;
}

admission::PresentedCredentials presented(const http::Fields &fields)
{
    admission::PresentedCredentials credentials;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        auto *const place = placeOf(fields[i].name, credentials);
        if (!place)
            continue;
        credentials.repeated = credentials.repeated || place->data();
        *place = fields[i].value;
    }
    return credentials;
}

/// The line that held the client's key, without its scheme.
std::string_view presentedToken(const admission::PresentedCredentials &credentials)
{
    for (const auto line : {credentials.portkey_api_key, credentials.authorization, credentials.x_api_key,
                            credentials.api_key, credentials.x_goog_api_key}) {
        if (!line.empty())
            return startsWithIgnoringCase(line, "bearer ") ? trimmed(line.substr(7)) : line;
    }
    return {};
}

bool isJson(std::string_view content_type)
{
    const auto type = trimmed(content_type.substr(0, content_type.find(';')));
    return equalsIgnoringCase(type, "application/json")
        || (startsWithIgnoringCase(type, "application/") && toLowerAscii(type).ends_with("+json"));
}

bool isMultipart(std::string_view content_type)
{
    return startsWithIgnoringCase(content_type, "multipart/form-data");
}

} // namespace

Pipeline::Pipeline(ThreadContext &thread, http::Exchange &exchange)
    : m_thread(thread)
    , m_exchange(exchange)
    , m_snapshot(thread.snapshot)
    , m_started(exchange.startedAt())
    , m_held(thread.services, thread.snapshot->limits.held_body_bytes)
    , m_total(thread.deadlines,
              [this] {
                  m_total_expired = "The request took longer than the gateway's total limit.";
                  abort();
              })
    , m_clock(thread.deadlines,
              [this] {
                  m_clock_expired = true;
                  if (m_call)
                      m_call->cancel();
              })
    , m_hold(thread.deadlines, [this] { releaseHeld(); })
    , m_silence(thread.deadlines, [this] { breakSilence(); })
{
    const auto now_us = wallClockUs();
    m_record.id = makeRequestId(now_us);
    m_record.started_us = now_us - sinceStart();
    m_thread.services.active.fetch_add(1, std::memory_order_relaxed);
    m_thread.running.emplace(m_record.id, this);
}

Pipeline::~Pipeline()
{
    m_thread.running.erase(m_record.id);
    m_thread.services.active.fetch_sub(1, std::memory_order_relaxed);
    sodium_memzero(m_token.data(), m_token.size());
    sodium_memzero(m_upstream_credential.data(), m_upstream_credential.size());
}

std::int64_t Pipeline::sinceStart() const
{
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - m_started)
        .count();
}

bool Pipeline::isCount() const
{
    return head().path == kCountTokens;
}

bool Pipeline::keepsBodies() const
{
    return m_record.capture >= trace::CaptureLevel::Errors;
}

void Pipeline::end(trace::Outcome outcome, int status, std::string code, std::string message)
{
    m_record.outcome = outcome;
    m_record.status = status;
    m_record.error_code = std::move(code);
    m_record.error_message = std::move(message);
}

void Pipeline::abort()
{
    m_aborted = true;
    if (m_call)
        m_call->cancel();
    if (m_stop_waiting)
        m_stop_waiting();
}

http::Task<> Pipeline::run()
{
    // Probes are no requests: they get no row and need no key.
    const auto &path = head().path;
    const bool reads = head().method == http::Method::Get || head().method == http::Method::Head;
    if (reads && (path == "/" || path == "/v1/health")) {
        const bool is_root = path == "/";
        auto answer = plainHead(200, is_root ? "text/plain; charset=utf-8" : "application/json");
        co_await m_exchange.respond(std::move(answer), is_root ? kRootText : kHealthBody);
        co_return;
    }

    m_total.arm(m_snapshot->limits.request_total);
    Stage stage;
    try {
        stage = co_await serve();
    } catch (const std::exception &) {
        // A bug or a lack of memory in one request: it still gets an answer and its row (reliability R34).
        auto internal = refusal(500, "internal.error",
                                "Portolan failed while it answered this request. Please report it.");
        internal.close = true;
        stage = std::unexpected(std::move(internal));
    }
    if (!stage)
        co_await refuse(std::move(stage).error());
    m_exchange.onClientGone({});
    m_call.reset();
    co_await record();
}

http::Task<Pipeline::Stage> Pipeline::serve()
{
    if (auto admitted = admit(); !admitted)
        co_return admitted;
    if (isAdminPath(head().path))
        co_return co_await answerAdmin();
    if (auto checked = checkRoute(); !checked)
        co_return checked;
    if (auto checked = checkContentType(); !checked)
        co_return checked;

    const auto type = head().fields.find("content-type").value_or("");
    if (head().has_body) {
        auto read = isMultipart(type) ? co_await readMultipart() : co_await readJson();
        if (!read)
            co_return read;
    }
    if (m_endpoint.word == "models" && !head().fields.find("x-portkey-provider")
        && !head().fields.find("x-portkey-virtual-key") && head().method == http::Method::Get) {
        co_await answerModels();
        co_return Stage{};
    }
    if (auto governed = govern(); !governed)
        co_return governed;
    co_return co_await walk();
}

Pipeline::Stage Pipeline::admit()
{
    const auto described = describeRequest(head(), *m_snapshot, m_record, m_metadata);
    m_endpoint = dialect::endpointOf(toString(head().method), head().path);
    m_record.endpoint = std::string(m_endpoint.word);

    const bool administers = isAdminPath(head().path);
    const auto now = std::chrono::steady_clock::now();
    const auto credentials = presented(head().fields);
    if (!m_thread.failures.allows(now)) {
        m_recorded = false;
        auto slow = refusal(
            429, "auth.too_many_failures",
            "Too many calls with a wrong key came from this computer. Wait a second and use a client "
            "key of Portolan.");
        slow.retry_after_s = 1;
        return std::unexpected(std::move(slow));
    }
    auto identity = m_snapshot->client_keys.authenticate(credentials, m_record.started_us,
                                                         m_snapshot->open_on_loopback);
    if (!identity) {
        m_thread.failures.failed(now);
        m_record.request_headers.clear();
        return std::unexpected(refusalFor(identity.error()));
    }
    m_key = identity->key;
    if (identity->key) {
        m_record.client_key = identity->key->id;
        m_record.client_key_name = identity->key->name;
        m_token = std::string(presentedToken(credentials));
        if (!identity->key->has(administers ? admission::Scope::Admin : admission::Scope::Use))
            return std::unexpected(refusal(
                403, "auth.scope_missing",
                administers ? "This client key may not administer. Use one with the scope admin."
                            : "This client key may not make model calls. Use one with the scope use."));
    } else if (administers) {
        return std::unexpected(refusal(401, "auth.key_missing",
                                       "The admin API needs a client key with the scope admin, also where "
                                       "model calls need none."));
    }
    if (m_key && !m_key->metadata.empty()) {
        m_metadata = withKeyMetadata(m_key->metadata, m_metadata);
        if (m_record.capture >= trace::CaptureLevel::Metadata)
            m_record.metadata = m_metadata;
    }
    m_upstream_credential = std::string(identity->upstream_credential);
    if (!described)
        return std::unexpected(refusalFor(described.error()));
    return {};
}

Pipeline::Stage Pipeline::checkRoute()
{
    const auto &path = head().path;
    if (head().upgrade_websocket && !isUnder(path, "/v1/realtime")) {
        return std::unexpected(refusal(426, "http.no_websocket",
                                       "Portolan serves no WebSocket here. Use HTTP with server-sent events "
                                       "(Codex: supports_websockets = false)."));
    }
    if (isUnder(path, "/v1/realtime"))
        return std::unexpected(
            refusal(501, "route.no_realtime", "Portolan does not serve the Realtime API."));
    if (isUnder(path, "/v1/prompts")) {
        return std::unexpected(refusal(501, "route.no_prompts",
                                       "Portolan keeps no prompt templates. Send the messages themselves to "
                                       "/v1/chat/completions."));
    }
    if (!path.starts_with("/v1/"))
        return std::unexpected(refusal(404, "route.not_found", "Not Found. The API lies under /v1."));
    if (head().method == http::Method::Options)
        return std::unexpected(refusal(403, "http.no_cors", "Web pages may not call this gateway."));
    const auto hop = head().fields.find("x-portolan-hop");
    if (hop && !m_snapshot->hop.empty() && *hop == m_snapshot->hop) {
        return std::unexpected(
            refusal(508, "route.loop",
                    "This call came from Portolan itself: an account's address leads back here. "
                    "Correct it in the Catalog."));
    }
    return {};
}

Pipeline::Stage Pipeline::checkContentType()
{
    const auto encoding = head().fields.find("content-encoding");
    if (encoding && !equalsIgnoringCase(*encoding, "identity")) {
        return std::unexpected(
            refusal(415, "http.encoded_body",
                    "Portolan reads no compressed request bodies. Send the body as it is."));
    }
    if (!head().has_body)
        return {};
    const auto type = head().fields.find("content-type").value_or("");
    if (isJson(type) || isMultipart(type) || startsWithIgnoringCase(type, "audio/"))
        return {};
    return std::unexpected(
        refusal(415, "http.bad_content_type",
                "Send the body with Content-Type: application/json (or multipart/form-data for "
                "files)."));
}

http::Task<Pipeline::Stage> Pipeline::readJson()
{
    const auto &limits = m_snapshot->limits;
    const auto expected = head().content_length.value_or(0);
    if (!m_held.add(std::min<std::uint64_t>(expected, limits.body_bytes))) {
        co_return std::unexpected(
            refusal(413, "http.too_much_held",
                    "Too many large requests are being read at once. Try again shortly, or raise "
                    "the limit in Settings."));
    }
    auto body = co_await m_exchange.readBody(limits.body_bytes);
    if (!body) {
        if (body.error().code == "http.client_gone")
            m_client_gone = true;
        co_return std::unexpected(refusalFor(body.error()));
    }
    m_body = *std::move(body);
    if (expected == 0 && !m_held.add(m_body.size())) {
        co_return std::unexpected(refusal(
            413, "http.too_much_held", "Too many large requests are being read at once. Try again shortly."));
    }
    if (!isJson(head().fields.find("content-type").value_or("")))
        co_return Stage{};
    padForJson(m_body);
    auto peek = m_thread.peek.request(m_body);
    if (!peek)
        co_return std::unexpected(refusalFor(peek.error()));
    m_peek = *std::move(peek);
    m_has_peek = true;
    m_record.stream = m_peek.stream.value_or(false);
    co_return Stage{};
}

bool Pipeline::isResponsesOnly()
{
    const auto *provider = m_route.target->provider;
    if (!provider || !m_endpoint.may_stream || m_route.model.empty()
        || (provider->family != "openai" && provider->family != "azure-openai"))
        return false;
    const auto &found
        = m_thread.tariffs.find(m_snapshot->catalog, m_route.target->provider_id, m_route.model, {})
              .resolution();
    return found.model && found.model->responses_only && !catalog::isEstimate(found.match);
}

http::Task<> Pipeline::answerModels()
{
    const std::string body = modelList(*m_snapshot, head().query, m_key.get(), m_record.started_us);
    auto answer = plainHead(200, "application/json");
    addGatewayHeaders(answer.fields);
    m_record.cost_state = trace::CostState::Free;
    if (m_record.capture >= trace::CaptureLevel::Metadata)
        m_record.response_headers = loggable(answer.fields);
    const auto sent = co_await m_exchange.respond(std::move(answer), body);
    if (sent)
        end(trace::Outcome::Ok, 200);
    else
        end(trace::Outcome::Cancelled, 499, sent.error().code, sent.error().message);
}

http::Task<> Pipeline::refuse(http::Refusal refusal)
{
    if (m_client_gone || m_exchange.clientGone()) {
        end(trace::Outcome::Cancelled, 499, "client.gone", "The client left before it got an answer.");
        co_return;
    }
    const bool called = !m_record.attempts.empty();
    const auto outcome = !called          ? trace::Outcome::Refused
        : refusal.type == "timeout_error" ? trace::Outcome::TimedOut
                                          : trace::Outcome::Error;
    end(outcome, refusal.status, refusal.code, refusal.message);
    if (!called)
        m_record.cost_state = trace::CostState::Free;

    auto answer = plainHead(refusal.status, "application/json");
    if (refusal.retry_after_s)
        answer.fields.add("Retry-After", fmt::format("{}", *refusal.retry_after_s));
    addGatewayHeaders(answer.fields);
    if (m_exchange.headSent()) {
        m_exchange.abort();
        co_return;
    }
    const std::string body = isAdminPath(head().path)
        ? adminFailure(refusal.status, refusal.code, refusal.message).body
        : http::refusalBody(refusal, head().path);
    if (m_record.capture >= trace::CaptureLevel::Metadata)
        m_record.response_headers = loggable(answer.fields);
    if (keepsBodies())
        m_record.response_body = trace::Body{body, "application/json", body.size()};
    co_await m_exchange.respond(std::move(answer), body);
}

http::Task<> Pipeline::record()
{
    m_record.total_us = sinceStart();
    settleRequest();
    if (m_spent.value > 0) {
        m_record.cost.value += m_spent.value;
        if (m_record.cost_state == trace::CostState::Free)
            m_record.cost_state = trace::CostState::Exact;
    }
    m_record.bytes_in = m_exchange.bytesRead();
    m_record.bytes_out = m_exchange.bytesWritten();
    auto &services = m_thread.services;
    if (!m_recorded) {
        services.unrecorded.fetch_add(1, std::memory_order_relaxed);
        if (services.observer)
            services.observer->refusedUnrecorded();
        co_return;
    }
    const bool failed = m_record.outcome != trace::Outcome::Ok;
    const bool keeps = m_record.capture == trace::CaptureLevel::Full
        || (m_record.capture == trace::CaptureLevel::Errors && failed);
    if (keeps && !m_body.empty()) {
        const auto size = m_body.size();
        const auto type = head().fields.find("content-type").value_or("");
        m_record.request_body = trace::Body{std::move(m_body), std::string(type), size};
    }
    if (keeps && m_reply.full_size > 0)
        m_record.response_body = std::move(m_reply);
    if (!keeps)
        m_record.response_body.reset();

    if (services.observer)
        services.observer->finished(m_record);
    // A queue that fills slows requests down a little before anything is shed (reliability R26).
    const auto now = std::chrono::steady_clock::now();
    while (true) {
        const auto waited = std::chrono::steady_clock::now() - now;
        const bool eases = waited < 50ms && services.store->isPressed();
        if (!eases && services.store->tryAppend(m_record))
            co_return;
        if (waited >= 100ms) {
            services.store->appendShedding(std::move(m_record));
            co_return;
        }
        http::asio::basic_waitable_timer<std::chrono::steady_clock,
                                         http::asio::wait_traits<std::chrono::steady_clock>, http::Executor>
            timer(m_thread.io, 5ms);
        co_await timer.async_wait(http::useTask);
    }
}

} // namespace portolan::gateway
