// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/circuits.h"

#include <fmt/format.h>

namespace portolan::gateway {

namespace {

std::string placeOf(std::string_view config, std::string_view pointer)
{
    return fmt::format("{} {}", config, pointer);
}

std::string stickyKey(std::string_view config, std::string_view pointer, std::string_view identity)
{
    return fmt::format("{} {} {}", config, pointer, identity);
}

} // namespace

std::int64_t Circuits::now_ms() const
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
}

routing::Circuit &Circuits::at(std::string_view config, std::string_view pointer)
{
    if (m_circuits.size() >= kMostCircuits) {
        // Only the open ones are worth their place.
        std::erase_if(m_circuits,
                      [](const auto &entry) { return entry.second.circuit.opensUntil_ms() == 0; });
    }
    Watched &watched = m_circuits[placeOf(config, pointer)];
    if (watched.config.empty()) {
        watched.config = config;
        watched.pointer = pointer;
    }
    return watched.circuit;
}

bool Circuits::isOpen(std::string_view config, std::string_view pointer)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_circuits.find(placeOf(config, pointer));
    return found != m_circuits.end() && found->second.circuit.blocks(now_ms());
}

bool Circuits::enter(std::string_view config, std::string_view pointer)
{
    const std::scoped_lock lock(m_mutex);
    return at(config, pointer).enter(now_ms());
}

bool Circuits::record(std::string_view config, std::string_view pointer, const routing::Outcome &outcome,
                      const routing::BreakerRule &rule)
{
    const std::scoped_lock lock(m_mutex);
    return at(config, pointer).record(outcome, rule, now_ms());
}

void Circuits::abandon(std::string_view config, std::string_view pointer)
{
    const std::scoped_lock lock(m_mutex);
    at(config, pointer).abandon();
}

void Circuits::reset(std::string_view config, std::string_view pointer)
{
    const std::scoped_lock lock(m_mutex);
    at(config, pointer).reset();
}

std::vector<Circuits::Shown> Circuits::shown()
{
    const std::scoped_lock lock(m_mutex);
    const auto now = now_ms();
    std::vector<Shown> all;
    for (const auto &[place, watched] : m_circuits) {
        const auto &circuit = watched.circuit;
        const auto state = circuit.state(now);
        if (state == routing::Circuit::State::Closed && circuit.failures() == 0)
            continue;
        all.push_back({.config = watched.config,
                       .pointer = watched.pointer,
                       .state = state,
                       .failures = circuit.failures(),
                       .until_ms = std::max<std::int64_t>(0, circuit.opensUntil_ms() - now)});
    }
    return all;
}

std::optional<std::size_t> Circuits::remembered(std::string_view config, std::string_view pointer,
                                                std::string_view identity)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_stuck.find(stickyKey(config, pointer, identity));
    if (found == m_stuck.end() || found->second.until < Clock::now())
        return std::nullopt;
    return found->second.index;
}

void Circuits::remember(std::string_view config, std::string_view pointer, std::string_view identity,
                        std::size_t index, std::int64_t ttl_s)
{
    const std::scoped_lock lock(m_mutex);
    const auto now = Clock::now();
    if (m_stuck.size() >= kMostStuck) {
        std::erase_if(m_stuck, [&](const auto &entry) { return entry.second.until < now; });
        if (m_stuck.size() >= kMostStuck)
            m_stuck.clear();
    }
    m_stuck.insert_or_assign(stickyKey(config, pointer, identity),
                             Stuck{index, now + std::chrono::seconds(ttl_s)});
}

} // namespace portolan::gateway
