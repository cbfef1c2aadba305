// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/keyrules.h"
#include "core/gateway/modellist.h"
#include "core/gateway/nodetarget.h"
#include "core/gateway/observer.h"
#include "core/gateway/pipeline.h"
#include "core/gateway/refusals.h"
#include "core/routing/params.h"
#include "core/routing/parse.h"
#include "core/routing/words.h"

#include "core/base/text.h"
#include "core/dialect/errorkinds.h"

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace portolan::gateway {

namespace {

/// What governs a request that no config does: it says itself where it goes.
const routing::SharedConfig &noConfig()
{
    static const routing::SharedConfig config = routing::parseConfig("{}").config;
    return config;
}

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size())
        return std::nullopt;
    return number;
}

/// What the first of these lines says in numbers, fractions too: a date means the usual wait
/// (gateway-protocol 3.7).
std::optional<std::int64_t> retryAfter_ms(const http::Fields &fields)
{
    struct Line {
        std::string_view name;
        double ms;
    };
    constexpr double kAbsurd_ms = 1e9;
    for (const auto &[name, ms] :
         {Line{"retry-after-ms", 1}, Line{"x-ms-retry-after-ms", 1}, Line{"retry-after", 1'000}}) {
        const auto value = fields.find(name);
        const auto text = trimmed(value.value_or(""));
        double number = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
        const bool whole = !text.empty() && read.ec == std::errc{} && read.ptr == text.data() + text.size();
        if (whole && number >= 0 && number * ms <= kAbsurd_ms)
            return std::int64_t(std::ceil(number * ms));
    }
    return std::nullopt;
}

std::optional<std::string_view> valueOf(const trace::Pairs &pairs, std::string_view name)
{
    for (const trace::PairLine line : pairs.lines()) {
        if (line.name == name)
            return line.value;
    }
    return std::nullopt;
}

/// "x-a, x-b", or a list in brackets as the documentation writes it (gateway-protocol 10), lower case.
std::vector<std::string> namesIn(std::string_view list)
{
    std::vector<std::string> names;
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        auto name = list.substr(0, comma);
        const auto begin = std::min(name.find_first_not_of(" \t[]'\""), name.size());
        const auto end = name.find_last_not_of(" \t[]'\"");
        if (begin < name.size())
            names.push_back(toLowerAscii(name.substr(begin, end - begin + 1)));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return names;
}

} // namespace

/// Finds the config that governs the request, and begins its walk.
Pipeline::Stage Pipeline::govern()
{
    const auto &fields = head().fields;
    auto policy
        = policyOf(*m_snapshot, m_key.get(), fields.find("x-portkey-config"), m_thread.inline_configs);
    if (!policy)
        return std::unexpected(std::move(policy).error());
    m_policy = *std::move(policy);
    const routing::Config &config = m_policy.config ? *m_policy.config : *noConfig();
    m_record.config = m_policy.label;
    m_record.config_id = m_policy.id;
    m_record.config_version = m_policy.version;
    m_record.model_asked = m_peek.model ? *m_peek.model : queryValue(head().query, "model").value_or("");
    if (config.extent().denies) {
        return std::unexpected(
            refusal(400, "config.guardrail_denies",
                    "This config has a guardrail that may deny requests, and this version runs none. Take it "
                    "out, or give it deny: false to let requests pass unchecked."));
    }
    if (config.root().settings.has_cache)
        addNotes("this version has no cache");
    if (config.root().settings.has_guardrails)
        addNotes("the config's guardrails did not run: this version has none");

    if (config.extent().reads_params && m_has_peek) {
        if (auto document = JsonDocument::parse(m_body))
            m_document = *std::move(document);
    }
    m_facts_for_routing = factsForRouting();
    m_surroundings.emplace(*m_snapshot, m_thread.services.circuits, m_policy, m_peek.prompt_bytes,
                           m_record.model_asked);
    m_walk.emplace(config, m_facts_for_routing, *m_surroundings, m_snapshot->most_attempts);
    return {};
}

routing::Facts Pipeline::factsForRouting()
{
    m_caller = std::to_string(m_record.client_key.value);
    return {.params = m_document ? JsonValue(*m_document) : JsonValue(),
            .pathname = head().path,
            .metadata = [this](std::string_view name) { return valueOf(m_metadata, name); },
            .header = [this](std::string_view name) { return head().fields.find(name); },
            .caller = m_caller};
}

/// One attempt after the other, as the config has it, until one is the client's answer.
http::Task<Pipeline::Stage> Pipeline::walk()
{
    m_step = m_walk->next();
    if (m_rest && !m_step.last) {
        if (auto held = co_await holdRest(); !held)
            co_return held;
    }
    Stage stage;
    while (m_step.kind == routing::Step::Kind::Attempt) {
        noteSkipped(m_step.skipped);
        if (m_step.delay_ms > 0) {
            if (auto waited = co_await pause(m_step.delay_ms); !waited)
                co_return waited;
        }
        if (m_step.number > 1)
            forgetAttempt();
        stage = co_await callTarget();
        if (!m_decided) {
            const bool is_over
                = stage || m_exchange.headSent() || m_client_gone || m_aborted || m_turned_away;
            if (is_over || !movesOn(outcomeOf(stage.error())))
                co_return stage;
        }
        if (!m_next)
            co_return stage;
        m_step = *std::exchange(m_next, {});
    }
    noteSkipped(m_step.skipped);
    co_return std::unexpected(refusal(m_step.status, m_step.code, m_step.message));
}

void Pipeline::forgetAttempt()
{
    m_exchange.onClientGone({});
    m_call.reset();
    m_translation.reset();
    m_calls.reset();
    m_call_error.reset();
    m_target_place = {};
    m_facts = {};
    m_reply = {};
    m_early.clear();
    m_saw_done = false;
    m_events_named = false;
    m_hides_usage = false;
    m_service_tier.clear();
    m_decided = false;
    m_not_called = false;
    m_clock_expired = false;
    m_committed = false;
    m_spent.value += m_record.cost.value;
    m_record.cost = {};
    m_record.cost_input = {};
    m_record.cost_cached = {};
    m_record.cost_output = {};
    m_record.cost_state = trace::CostState::Unknown;
    m_record.usage = {};
    m_record.usage_state = UsageState::Unknown;
    m_record.first_token_us = -1;
}

http::Task<Pipeline::Stage> Pipeline::callTarget()
{
    if (auto routed = routeTo(*m_step.target); !routed) {
        noteNotCalled(routed.error());
        co_return routed;
    }
    if (auto let_in = takePlaces(); !let_in) {
        if (!m_turned_away)
            noteNotCalled(let_in.error());
        co_return let_in;
    }
    const bool elsewhere = m_passage.isClaudeElsewhere();
    if (m_passage.kind == Passage::Kind::Native && !elsewhere)
        co_return co_await attempt();
    if (m_passage.kind == Passage::Kind::Translated && isCount())
        co_return co_await answerCount();
    if (m_passage.kind == Passage::Kind::Translated || (elsewhere && !isCount())) {
        if (auto begun = beginTranslation(); !begun) {
            noteNotCalled(begun.error());
            co_return begun;
        }
        co_return co_await attempt();
    }
    if (auto begun = beginCalls(); !begun) {
        noteNotCalled(begun.error());
        co_return begun;
    }
    co_return co_await attemptCalls();
}

/// Finds where a target of the config leads, and how the request travels there.
Pipeline::Stage Pipeline::routeTo(const routing::Node &node)
{
    if (auto taken = takeParams(node); !taken)
        return taken;
    const auto &fields = head().fields;
    const auto *written = node.settings.params.override_of("model");
    const auto own_model = written ? decodeJsonString(written->text) : std::nullopt;
    NodeQuestion question{.custom_host_header = fields.find("x-portkey-custom-host"),
                          .saved = m_policy.saved,
                          .overrides_model = own_model.has_value()};
    question.request.provider_header = fields.find("x-portkey-provider");
    question.request.virtual_key_header = fields.find("x-portkey-virtual-key");
    if (own_model)
        question.request.model = *own_model;
    else if (m_peek.model)
        question.request.model = *m_peek.model;
    question.request.model_query = queryValue(head().query, "model");
    question.request.upstream_credential = m_upstream_credential;
    question.request.path = head().path;
    question.request.key = m_key.get();
    question.request.now_us = m_record.started_us;
    if (const auto list = fields.find("x-portkey-forward-headers"))
        m_forwarded = namesIn(*list);
    else
        m_forwarded = node.settings.forward_headers;

    auto route = resolveNode(*m_snapshot, node, question);
    if (!route)
        return std::unexpected(std::move(route).error());
    m_route = *std::move(route);
    if (own_model && m_form_model)
        m_route.rewrites_model = true;
    const Target &target = *m_route.target;
    m_record.slug = target.slug;
    m_record.provider = target.provider_id;
    m_record.account = target.account;
    m_record.virtual_key = target.virtual_key;
    m_record.model_served = m_route.model;
    if (!m_policy.config)
        m_record.note = m_route.chosen_by;
    const bool lists = m_endpoint.word == "models" && head().method == http::Method::Get;
    const auto model = lists ? std::nullopt : std::optional<std::string_view>(m_route.model);
    if (auto allowed = checkKeys(target, model, m_key.get(), m_record.started_us); !allowed)
        return allowed;
    auto passage = passageOf(m_endpoint.word, target, m_route.model, isResponsesOnly());
    if (!passage)
        return std::unexpected(refusal(400, "route.no_such_endpoint", std::move(passage).error()));
    m_passage = *passage;
    if (m_thread.services.observer && !m_announced) {
        m_thread.services.observer->started(m_record);
        m_announced = true;
    }
    return {};
}

/// The body with the target's parameters, or as its provider takes it; the client's own where nothing
/// changes.
Pipeline::Stage Pipeline::takeParams(const routing::Node &node)
{
    m_sent_body = &m_body;
    m_sent_peek = &m_peek;
    if (m_repaired == &node && m_repaired_body)
        return sendInstead(*m_repaired_body);
    if (node.settings.params.empty() || !m_has_peek)
        return {};
    if (!m_document) {
        auto document = JsonDocument::parse(m_body);
        if (!document)
            return std::unexpected(refusalFor(document.error()));
        m_document = *std::move(document);
    }
    return sendInstead(routing::withParams(*m_document, node.settings.params));
}

Pipeline::Stage Pipeline::sendInstead(std::string body)
{
    m_own_body = std::move(body);
    padForJson(m_own_body);
    auto peek = m_thread.peek.request(m_own_body);
    if (!peek)
        return std::unexpected(refusalFor(peek.error()));
    m_own_peek = *std::move(peek);
    m_sent_body = &m_own_body;
    m_sent_peek = &m_own_peek;
    m_record.stream = m_own_peek.stream.value_or(false);
    return {};
}

/// Whether the same provider may take the request without what it just refused.
bool Pipeline::findRepair(int status)
{
    const bool between = m_passage.kind == Passage::Kind::Translated && m_translation;
    if ((m_passage.kind != Passage::Kind::Native && !between) || !m_has_peek || m_repaired == m_step.target)
        return false;
    m_repair = dialect::repairOf(m_passage.provider, status, m_facts.error_message);
    m_repaired_body.reset();
    if (between) {
        // Betas that our own request needs are no wish of the client's.
        const bool has_some = dialect::holdsReasoning(m_client_request->request());
        m_repair = {.reasoning = m_repair.reasoning && has_some};
    } else if (m_repair.reasoning) {
        const auto document = JsonDocument::parse(*m_sent_body);
        if (document)
            m_repaired_body = dialect::withoutReasoning(m_passage.provider, *document);
        m_repair.reasoning = m_repaired_body.has_value();
    }
    if (m_repair.empty())
        return false;
    m_repaired = m_step.target;
    return true;
}

/// A target that refused before anything was sent is part of the story, too.
void Pipeline::noteNotCalled(const http::Refusal &refusal)
{
    m_not_called = true;
    if (!m_policy.config)
        return;
    trace::Attempt &attempt = m_record.attempts.emplace_back();
    attempt.pointer = m_step.target->pointer;
    attempt.slug = m_step.target->destination.slug;
    attempt.provider = m_step.target->destination.provider;
    attempt.chosen_by = std::move(m_step.why);
    attempt.start_us = attempt.end_us = sinceStart();
    attempt.status = isOfVirtualKey(refusal) ? refusal.status : 0;
    attempt.error_code = refusal.code;
    attempt.error_message = refusal.message;
    attempt.cost_state = trace::CostState::Free;
    m_record.cost_state = trace::CostState::Free;
}

void Pipeline::noteSkipped(const std::vector<routing::Skip> &skipped)
{
    for (const routing::Skip &skip : skipped) {
        m_record.skipped.push_back({.pointer = skip.target->pointer,
                                    .label = routing::labelOf(*skip.target),
                                    .reason = skip.reason,
                                    .before_attempt = m_record.attempts.size()});
    }
}

/// Waits before the next attempt. The client may leave meanwhile, and the owner may end the request.
http::Task<Pipeline::Stage> Pipeline::pause(std::int64_t delay_ms)
{
    m_call.reset();
    http::asio::basic_waitable_timer<std::chrono::steady_clock,
                                     http::asio::wait_traits<std::chrono::steady_clock>, http::Executor>
        timer(m_thread.io, std::chrono::milliseconds(delay_ms));
    m_stop_waiting = [&timer] { timer.cancel(); };
    m_exchange.onClientGone([this] {
        m_client_gone = true;
        m_stop_waiting();
    });
    if (!m_aborted)
        co_await timer.async_wait(http::useTask);
    m_stop_waiting = {};
    m_exchange.onClientGone({});
    if (m_client_gone)
        co_return std::unexpected(refusal(499, "client.gone", "The client left before it got an answer."));
    if (m_aborted) {
        const Error none;
        co_return std::unexpected(failedCall(none));
    }
    co_return Stage{};
}

routing::Outcome Pipeline::outcomeOf(const http::Refusal &refusal) const
{
    using Kind = routing::Outcome::Kind;
    const bool timed_out = m_clock_expired || refusal.type == "timeout_error";
    routing::Outcome outcome{.status = refusal.status, .words = timed_out ? std::string() : refusal.code};
    if (m_not_called)
        outcome.kind = Kind::NotCalled;
    else if (!timed_out)
        outcome.kind = Kind::NetworkFailure;
    else if (m_clock_expired || m_step.target->settings.stream_idle_timeout_ms)
        outcome.kind = Kind::RequestTimeout;
    else
        outcome.kind = Kind::ClockExpired;
    return outcome;
}

routing::Outcome Pipeline::outcomeOf(int status, const http::Fields &fields) const
{
    routing::Outcome outcome{.status = status};
    if (status == 429)
        outcome.retry_after_ms = retryAfter_ms(fields);
    return outcome;
}

/// A stream that answered 200 and then began with an error: by what the error says of itself.
routing::Outcome Pipeline::outcomeOfEventError() const
{
    routing::Outcome outcome{.kind = routing::Outcome::Kind::NetworkFailure,
                             .status = 502,
                             .words = "an error in the place of the first token"};
    const auto &failure = m_translation ? m_translation->streamFailure() : std::nullopt;
    const auto status
        = failure ? std::optional<std::int64_t>(failure->status) : wholeNumber(m_facts.error_code);
    if (status && *status >= 400 && *status <= 599) {
        outcome.kind = routing::Outcome::Kind::Answered;
        outcome.status = int(*status);
        outcome.words = fmt::format("{} in the place of the first token", *status);
    }
    return outcome;
}

bool Pipeline::movesOn(const routing::Outcome &outcome)
{
    if (m_decided)
        return m_next.has_value();
    m_decided = true;
    m_hold.disarm();
    const routing::Node &target = *m_step.target;
    const bool opened = m_surroundings->noteOutcome(target, outcome);
    const auto say = [&](std::string_view why) {
        if (!m_policy.config || m_record.attempts.empty())
            return;
        std::string &then = m_record.attempts.back().then;
        then = why;
        if (opened)
            then += fmt::format("; the breaker of {} opened for {:.6g} s", routing::whereabouts(target),
                                double(target.breaker->cooldown_ms) / 1'000);
    };
    if (m_rest && !outcome.succeeded()) {
        // A form that streamed through is gone: nobody has it any more.
        say("its body was passed on as it came, so it cannot be sent again");
        return false;
    }
    auto step = m_walk->next(outcome);
    m_retry_count = m_walk->retryCount();
    say(step.why);
    if (step.kind != routing::Step::Kind::Attempt) {
        noteSkipped(step.skipped);
        return false;
    }
    m_next = std::move(step);
    return true;
}

/// The header before the config (gateway-protocol 2.6, 3.8); 0: none.
std::int64_t Pipeline::requestTimeout_ms() const
{
    constexpr std::int64_t kLongest_ms = 3'600'000;
    if (const auto value = head().fields.find("x-portkey-request-timeout"))
        return std::clamp<std::int64_t>(wholeNumber(trimmed(*value)).value_or(0), 0, kLongest_ms);
    return m_step.target->settings.request_timeout_ms.value_or(0);
}

} // namespace portolan::gateway
