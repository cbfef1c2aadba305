// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/circuits.h"

#include "core/gateway/recorder.h"
#include "core/routing/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

std::int64_t Circuits::now_ms()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
}

Circuits::Watched &Circuits::at(std::string_view config, std::string_view pointer)
{
    auto place = placeOf(config, pointer);
    if (m_circuits.size() >= kMostCircuits && !m_circuits.contains(place)) {
        std::erase_if(m_circuits,
                      [](const auto &entry) { return entry.second.circuit.opensUntil_ms() == 0; });
        if (m_circuits.size() >= kMostCircuits) {
            m_circuits.clear();
            ++m_changes;
        }
    }
    return m_circuits[std::move(place)];
}

bool Circuits::isOpen(std::string_view config, const routing::Node &target)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_circuits.find(placeOf(config, target.pointer));
    return found != m_circuits.end() && found->second.circuit.blocks(now_ms());
}

bool Circuits::enter(std::string_view config, const routing::Node &target)
{
    const std::scoped_lock lock(m_mutex);
    return at(config, target.pointer).circuit.enter(now_ms());
}

bool Circuits::record(std::string_view config, const routing::Node &target, const routing::Outcome &outcome)
{
    const std::scoped_lock lock(m_mutex);
    Watched &watched = at(config, target.pointer);
    const bool was_closed = watched.circuit.opensUntil_ms() == 0;
    const bool opened = watched.circuit.record(outcome, *target.breaker, now_ms());
    if (opened) {
        // The name of today: a saved config may have got another target at this place.
        watched.shown = {.config = std::string(config),
                         .pointer = target.pointer,
                         .label = routing::labelOf(target),
                         .slug = routing::slugOf(target),
                         .opened_us = wallClockUs()};
    }
    if (opened || was_closed != (watched.circuit.opensUntil_ms() == 0))
        ++m_changes;
    return opened;
}

void Circuits::abandon(std::string_view config, const routing::Node &target)
{
    const std::scoped_lock lock(m_mutex);
    if (const auto found = m_circuits.find(placeOf(config, target.pointer)); found != m_circuits.end())
        found->second.circuit.abandon();
}

void Circuits::reset(std::string_view config, std::string_view pointer)
{
    const std::scoped_lock lock(m_mutex);
    if (m_circuits.erase(placeOf(config, pointer)) > 0)
        ++m_changes;
}

std::vector<Circuits::Shown> Circuits::shown()
{
    const std::scoped_lock lock(m_mutex);
    const auto now = now_ms();
    std::vector<Shown> all;
    for (const auto &[place, watched] : m_circuits) {
        if (watched.circuit.opensUntil_ms() == 0)
            continue;
        all.push_back(watched.shown);
        all.back().trial_in_ms = std::max<std::int64_t>(0, watched.circuit.opensUntil_ms() - now);
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
