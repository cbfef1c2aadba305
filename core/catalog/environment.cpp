// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/environment.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <tuple>

namespace portolan::catalog {

namespace {

class Environment
{
public:
    explicit Environment(std::span<const SetVariable> variables)
    {
        for (const auto &variable : variables) {
            if (variable.has_value)
                m_names.push_back(variable.name);
        }
        std::ranges::sort(m_names);
    }

    [[nodiscard]] bool has(std::string_view name) const { return std::ranges::binary_search(m_names, name); }

private:
    std::vector<std::string_view> m_names{};
};

/// A provider's way to use one of its credential variables.
struct Candidate {
    EnvironmentOffer offer{};
    std::size_t position = 0;  // of the credential among the provider's variables
    std::size_t variables = 0; // of the provider that are set
    std::size_t models = 0;
};

/// The address is there, or its parts are.
void lookForAddress(EnvironmentOffer &offer, const Environment &environment)
{
    const Provider &provider = *offer.provider;
    for (std::size_t i = 0; i < provider.env.size(); ++i) {
        if (provider.env_roles[i] == EnvRole::Endpoint && offer.endpoint.empty()
            && environment.has(provider.env[i]))
            offer.endpoint = provider.env[i];
    }
    for (const auto &[name, variable] : provider.url_vars) {
        if (environment.has(variable))
            offer.parts.emplace_back(name, variable);
        else if (offer.endpoint.empty())
            offer.missing.push_back(variable);
    }
    offer.needs_address = provider.base_url.empty() && offer.endpoint.empty();
}

Candidate candidateFor(const Provider &provider, std::size_t position, const Environment &environment)
{
    const auto is_set = [&](std::string_view name) { return environment.has(name); };
    Candidate candidate{
        .offer = {.provider = &provider},
        .position = position,
        .variables = static_cast<std::size_t>(std::ranges::count_if(provider.env, is_set)),
    };
    EnvironmentOffer &offer = candidate.offer;
    if (position < provider.env.size()) {
        offer.credential = provider.env[position];
        offer.role = provider.env_roles[position];
        const auto next = position + 1;
        if (next < provider.env.size() && provider.env_roles[next] == EnvRole::Secret) {
            offer.secret = provider.env[next];
            if (!is_set(offer.secret))
                offer.missing.push_back(offer.secret);
        }
    }
    lookForAddress(offer, environment);
    return candidate;
}

bool holdsCredential(EnvRole role)
{
    return role == EnvRole::Key || role == EnvRole::File;
}

/// One candidate for each of the provider's credentials that is set. A local server is offered for its
/// address alone.
std::vector<Candidate> candidatesOf(const Provider &provider, const Environment &environment)
{
    std::vector<Candidate> candidates;
    bool has_endpoint = false;
    for (std::size_t i = 0; i < provider.env.size(); ++i) {
        if (!environment.has(provider.env[i]))
            continue;
        has_endpoint = has_endpoint || provider.env_roles[i] == EnvRole::Endpoint;
        if (holdsCredential(provider.env_roles[i]))
            candidates.push_back(candidateFor(provider, i, environment));
    }
    if (candidates.empty() && has_endpoint && provider.kind == ProviderKind::Local)
        candidates.push_back(candidateFor(provider, provider.env.size(), environment));
    return candidates;
}

/// Smaller fits better.
auto fit(const Candidate &candidate)
{
    const EnvironmentOffer &offer = candidate.offer;
    const auto most = [](std::size_t n) { return -static_cast<std::int64_t>(n); };
    return std::tuple(offer.needs_address, offer.missing.size(), offer.provider->kind == ProviderKind::Local,
                      most(candidate.variables), most(candidate.models), candidate.position,
                      offer.provider->id);
}

auto rank(const EnvironmentOffer &offer)
{
    return std::tuple(!offer.isComplete(), !offer.others.empty(), offer.provider->kind, offer.provider->id);
}

/// The best of those that read one variable, which names the rest.
Candidate ownerOf(std::vector<Candidate> &readers)
{
    const auto best = std::ranges::min_element(readers, {}, fit);
    std::rotate(readers.begin(), best, best + 1);
    Candidate owner = std::move(readers.front());
    for (const Candidate &other : std::span(readers).subspan(1))
        owner.offer.others.push_back(other.offer.provider);
    return owner;
}

} // namespace

std::vector<EnvironmentOffer> environmentOffers(const Catalog &catalog,
                                                std::span<const SetVariable> variables)
{
    const Environment environment(variables);
    std::map<std::string_view, std::vector<Candidate>> readers;
    std::map<const Provider *, Candidate> chosen;
    for (const Provider &provider : catalog.providers()) {
        for (Candidate &candidate : candidatesOf(provider, environment)) {
            candidate.models = catalog.models(provider.id).size();
            if (candidate.offer.credential.empty())
                chosen.emplace(&provider, std::move(candidate));
            else
                readers[candidate.offer.credential].push_back(std::move(candidate));
        }
    }
    // One offer for a provider: with the credential that is complete, and the most common one of these.
    for (auto &[variable, candidates] : readers) {
        Candidate owner = ownerOf(candidates);
        const auto [known, is_new] = chosen.try_emplace(owner.offer.provider, owner);
        if (!is_new && fit(owner) < fit(known->second))
            known->second = std::move(owner);
    }

    std::vector<EnvironmentOffer> offers;
    offers.reserve(chosen.size());
    for (auto &[provider, candidate] : chosen)
        offers.push_back(std::move(candidate.offer));
    std::ranges::sort(offers, {}, rank);
    return offers;
}

} // namespace portolan::catalog
