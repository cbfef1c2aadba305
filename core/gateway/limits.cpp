// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/keyrules.h"
#include "core/gateway/pipeline.h"
#include "core/gateway/recorder.h"

#include <utility>

namespace portolan::gateway {

namespace {

bool isLimited(const admission::ClientKey *key)
{
    return key && !key->limits.empty();
}

/// What an attempt took of the limits. An answer that nobody counted leaves the estimate standing.
admission::Actual takenBy(const trace::Attempt &attempt)
{
    const bool was_billed
        = attempt.sent_us >= 0 && attempt.status < 300 && attempt.cost_state != trace::CostState::Free;
    admission::Actual taken = admission::Actual::nothing();
    const bool counted = attempt.usage_state != UsageState::Unknown;
    if (counted)
        taken.tokens = attempt.usage.input + attempt.usage.output;
    else if (was_billed)
        taken.tokens.reset();
    if (attempt.cost_state != trace::CostState::Unknown)
        taken.cost = attempt.cost;
    else if (was_billed)
        taken.cost = counted
            ? std::optional(admission::fallbackCost({}, attempt.usage.input, attempt.usage.output))
            : std::nullopt;
    return taken;
}

} // namespace

/// The most that the request may take at the target.
admission::Estimate Pipeline::estimate()
{
    const Target &target = *m_route.target;
    admission::EstimateQuestion question{.input = dialect::estimatedTokens(m_sent_peek->prompt_bytes),
                                         .max_output = m_sent_peek->max_tokens,
                                         .choices = m_sent_peek->choices.value_or(1),
                                         .has_output = m_endpoint.may_stream};
    if (!question.max_output)
        question.learned = m_thread.learned_outputs.most(target.provider_id, m_route.model);
    const catalog::Tariff *tariff = nullptr;
    if (!target.practice && !m_route.model.empty())
        tariff = &m_thread.tariffs.find(m_snapshot->catalog, target.provider_id, m_route.model, {});
    const auto day = utcDay(m_record.started_us);
    const catalog::PriceContext context{.service = m_sent_peek->service_tier ? *m_sent_peek->service_tier
                                                                             : std::string_view(),
                                        .region = target.region,
                                        .day = day};
    auto estimate = admission::estimateOf(question, tariff, context, {});
    const auto *said = target.own_models ? target.own_models->find(m_route.model) : nullptr;
    const Usage most{.input = question.input, .output = estimate.tokens - question.input};
    if (const auto own = said ? catalog::ownCost(*said, most) : std::nullopt)
        estimate.cost = own->total;
    else if (target.practice || (tariff && tariff->resolution().match == catalog::Match::FreeLocal))
        estimate.cost = {};
    return estimate;
}

/// Takes the request's place in the limits of its client's key, once, and of the virtual key that this
/// attempt calls.
Pipeline::Stage Pipeline::takePlaces()
{
    auto *const ledger = m_thread.services.ledger;
    const bool of_client = isLimited(m_key.get()) && !m_has_place;
    const bool of_target = !m_route.target->limits.empty();
    if (!ledger || isCount() || (!of_client && !of_target))
        return {};

    using Party = trace::Charge::Party;
    const auto most = estimate();
    const auto now = admission::Instant::now();
    const auto refused = [this](const admission::Refusal &refusal, Party whose) {
        m_standing = refusal.standing;
        return std::unexpected(limitRefusal(refusal, whose));
    };
    if (of_client) {
        auto place = ledger->reserve(admission::Party::of(m_key->id), most, now);
        if (!place) {
            m_turned_away = true;
            return refused(place.error(), Party::ClientKey);
        }
        m_client_place = *std::move(place);
        m_has_place = true;
    }
    m_standing = m_client_place.standing();
    if (!of_target) {
        noteRunning();
        return {};
    }
    auto place = ledger->reserve(admission::Party::of(m_route.target->virtual_key), most, now);
    if (!place)
        return refused(place.error(), Party::VirtualKey);
    m_target_place = *std::move(place);
    const auto &standing = m_target_place.standing();
    m_standing.requests = m_standing.requests ? m_standing.requests : standing.requests;
    m_standing.tokens = m_standing.tokens ? m_standing.tokens : standing.tokens;
    noteRunning();
    return {};
}

/// Should the program die before the request ends, what it has reserved counts as spent.
void Pipeline::noteRunning()
{
    auto noted = m_record;
    for (const auto *place : {&m_client_place, &m_target_place}) {
        if (auto charge = place->pending())
            noted.charges.push_back(*std::move(charge));
    }
    if (noted.charges.size() > m_record.charges.size())
        m_thread.services.store->noteRunning(std::move(noted));
}

/// The virtual key pays for the attempt.
void Pipeline::settleAttempt(const trace::Attempt &attempt)
{
    if (!m_has_place && !m_target_place.isOpen())
        return;
    if (attempt.usage_state == UsageState::Reported)
        m_thread.learned_outputs.note(attempt.provider, attempt.model, attempt.usage.output);
    const auto taken = takenBy(attempt);
    m_target_place.settle(taken, admission::Instant::now(), m_record.charges);
    const auto add = [](auto &sum, const auto &more) {
        if (!more)
            sum.reset();
        else if (sum)
            *sum = {*sum + *more};
    };
    add(m_taken.tokens, taken.tokens);
    add(m_taken.cost, taken.cost);
}

/// The client's key pays for all attempts.
void Pipeline::settleRequest()
{
    if (m_has_place)
        m_client_place.settle(m_taken, admission::Instant::now(), m_record.charges);
}

} // namespace portolan::gateway
