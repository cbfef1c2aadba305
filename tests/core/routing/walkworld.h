// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/parse.h"
#include "core/routing/walk.h"

#include <QtGlobal>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portolan::routing {

/// JSON with single quotes for double ones: what a test writes down.
inline std::string json(std::string text)
{
    for (char &c : text)
        c = c == '\'' ? '"' : c;
    return text;
}

inline SharedConfig configOf(std::string text)
{
    auto reading = parseConfig(std::move(text));
    if (!reading.config) {
        qFatal("%s: %s", reading.problems.front().pointer.c_str(), reading.problems.front().message.c_str());
    }
    return reading.config;
}

/// The world around a walk as a test says it; targets go by their pointer.
struct World {
    std::vector<double> rolls{};              ///< of the dice, over and over; none: always 0
    std::set<std::string> open{};             ///< breakers
    std::set<std::string> busy{};             ///< another request makes the one trial
    std::map<std::string, int> opens_after{}; ///< breakers that open once so many calls were made
    std::map<std::string, std::string> misfits{};
    std::map<std::string, std::size_t> stuck{}; ///< "balance|identity" to the target
    std::size_t rolled = 0;
    int calls = 0; ///< whoever walks counts them
};

/// That world, asked by a walk.
class Within final : public Surroundings
{
public:
    explicit Within(World &world)
        : m_world(world)
    { }

    double dice() override
    {
        const auto &rolls = m_world.rolls;
        return rolls.empty() ? 0 : rolls[m_world.rolled++ % rolls.size()];
    }
    bool isOpen(const Node &target) override
    {
        const auto later = m_world.opens_after.find(target.pointer);
        return m_world.open.contains(target.pointer)
            || (later != m_world.opens_after.end() && m_world.calls >= later->second);
    }
    bool enter(const Node &target) override { return !m_world.busy.contains(target.pointer); }
    std::optional<std::size_t> remembered(const Node &balance, std::string_view identity) override
    {
        const auto found = m_world.stuck.find(balance.pointer + "|" + std::string(identity));
        return found == m_world.stuck.end() ? std::nullopt : std::optional(found->second);
    }
    void remember(const Node &balance, std::string_view identity, std::size_t index) override
    {
        m_world.stuck[balance.pointer + "|" + std::string(identity)] = index;
    }
    std::string misfit(const Node &target) override
    {
        const auto found = m_world.misfits.find(target.pointer);
        return found == m_world.misfits.end() ? std::string() : found->second;
    }

private:
    World &m_world;
};

/// A request that conditions and hashes can ask.
struct Asked {
    std::string body = "{}";
    std::string pathname = "/v1/chat/completions";
    std::map<std::string, std::string, std::less<>> metadata{};
    std::map<std::string, std::string, std::less<>> headers{};
    std::string caller = "key-1";
};

/// Keeps what Facts only look at.
class AskedFacts
{
public:
    explicit AskedFacts(Asked asked)
        : m_asked(std::move(asked))
        , m_body(JsonDocument::parse(m_asked.body))
    {
        m_facts.params = m_body ? JsonValue(*m_body) : JsonValue();
        m_facts.pathname = m_asked.pathname;
        m_facts.metadata = lookUp(m_asked.metadata);
        m_facts.header = lookUp(m_asked.headers);
        m_facts.caller = m_asked.caller;
    }
    AskedFacts(const AskedFacts &) = delete;
    AskedFacts &operator=(const AskedFacts &) = delete;

    operator const Facts &() const { return m_facts; }

private:
    using Map = std::map<std::string, std::string, std::less<>>;
    static std::function<std::optional<std::string_view>(std::string_view)> lookUp(const Map &map)
    {
        return [&map](std::string_view name) -> std::optional<std::string_view> {
            const auto found = map.find(name);
            return found == map.end() ? std::nullopt : std::optional<std::string_view>(found->second);
        };
    }

    const Asked m_asked;
    const Result<JsonDocument> m_body; // an unreadable one is a request without JSON
    Facts m_facts{};
};

} // namespace portolan::routing
