// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/surroundings.h"

#include "core/base/jsonreader.h"
#include "core/dialect/usagereader.h"

#include <fmt/format.h>
#include <sodium.h>

namespace portolan::gateway {

namespace {

/// The tokens of a prompt are only estimated: what is a little too long is left to the provider to judge.
constexpr double kSurelyTooLong = 1.25;

} // namespace

Surroundings::Surroundings(const Snapshot &snapshot, Circuits &circuits, const Policy &policy,
                           std::size_t prompt_bytes, std::string_view model)
    : m_snapshot(snapshot)
    , m_circuits(circuits)
    , m_policy(policy)
    , m_prompt_bytes(prompt_bytes)
    , m_model(model)
{ }

Surroundings::~Surroundings()
{
    if (m_owes_outcome)
        m_circuits.abandon(m_policy.key, *m_entered);
}

double Surroundings::dice()
{
    return double(randombytes_random()) / 4294967296.0;
}

bool Surroundings::isOpen(const routing::Node &target)
{
    return m_circuits.isOpen(m_policy.key, target);
}

bool Surroundings::enter(const routing::Node &target)
{
    if (!m_circuits.enter(m_policy.key, target))
        return false;
    m_entered = &target;
    m_owes_outcome = true;
    return true;
}

bool Surroundings::noteOutcome(const routing::Node &target, const routing::Outcome &outcome)
{
    if (m_entered != &target)
        return false;
    m_owes_outcome = false;
    return m_circuits.record(m_policy.key, target, outcome);
}

std::optional<std::size_t> Surroundings::remembered(const routing::Node &balance, std::string_view identity)
{
    return m_circuits.remembered(m_policy.key, balance.pointer, identity);
}

void Surroundings::remember(const routing::Node &balance, std::string_view identity, std::size_t index)
{
    m_circuits.remember(m_policy.key, balance.pointer, identity, index, balance.strategy->sticky->ttl_s);
}

std::string Surroundings::misfit(const routing::Node &target)
{
    // Nothing to weigh in a short prompt: nearly every window holds more.
    constexpr std::size_t kFitsEverywhere = 4'000;
    if (m_prompt_bytes < kFitsEverywhere)
        return {};
    for (const auto &[node, words] : m_misfits) {
        if (node == &target)
            return words;
    }
    const auto *written = target.settings.params.override_of("model");
    std::string model = written ? decodeJsonString(written->text).value_or("") : std::string(m_model);
    const auto ref = catalog::ModelRef::parse(model);
    const auto account
        = m_snapshot.target(ref && !target.destination.isNamed() ? ref->slug() : target.destination.slug);
    const std::string_view provider
        = account ? std::string_view(account->provider_id) : target.destination.provider;
    const std::string_view name = ref ? std::string_view(ref->model()) : model;
    const auto *const said = account && account->own_models ? account->own_models->find(name) : nullptr;
    std::int64_t window = said ? said->context : 0;
    if (window == 0) {
        const auto found = m_snapshot.catalog->resolve(provider, name);
        window = found.model ? found.model->context : 0;
    }
    std::string words;
    const auto tokens = dialect::estimatedTokens(m_prompt_bytes);
    if (window > 0 && double(tokens) > kSurelyTooLong * double(window))
        words = fmt::format("the prompt has about {} tokens, its window holds {}", tokens, window);
    m_misfits.emplace_back(&target, words);
    return words;
}

} // namespace portolan::gateway
