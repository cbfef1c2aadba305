// SPDX-License-Identifier: GPL-3.0-or-later
#include "randomtree.h"

#include <array>
#include <span>

namespace portolan::routing {

namespace {

class Grower
{
public:
    explicit Grower(std::uint64_t seed)
        : m_random(seed)
    { }

    RandomCase grow();

private:
    int below(int end) { return int(m_random() % std::uint64_t(end)); }
    bool chance(int percent) { return below(100) < percent; }
    template <typename T>
    T oneOf(std::initializer_list<T> choices)
    {
        return *(choices.begin() + below(int(choices.size())));
    }

    std::string node(const std::string &pointer, int depth);
    std::string strategy(const std::string &pointer, int depth);
    std::string settings();
    std::string codes();
    Outcome outcome();
    void target(const std::string &pointer);

    std::mt19937_64 m_random;
    RandomCase m_case;
};

RandomCase Grower::grow()
{
    m_case.most_attempts = oneOf({1, 3, 16, 16, 16});
    m_case.config = json(node("", 0));
    if (chance(70))
        m_case.asked.metadata["k"] = oneOf<std::string>({"x", "y", "z"});
    for (int i = below(20); i > 0; --i)
        m_case.outcomes.push_back(outcome());
    for (int i = 0; i < 32; ++i)
        m_case.world.rolls.push_back(below(1024) / 1024.0); // exact, so that both sums round alike
    return m_case;
}

std::string Grower::codes()
{
    std::string list;
    for (int i = below(4); i > 0; --i) {
        list += (list.empty() ? "" : ",")
            + std::to_string(oneOf({200, 206, 246, 400, 408, 412, 429, 500, 502, 503, 504, 529}));
    }
    return "[" + list + "]";
}

Outcome Grower::outcome()
{
    using Kind = Outcome::Kind;
    Outcome outcome;
    outcome.committed = chance(3);
    outcome.repairable = chance(8);
    switch (below(8)) {
    case 0: outcome.kind = Kind::NetworkFailure, outcome.status = 502; break;
    case 1: outcome.kind = Kind::RequestTimeout, outcome.status = 408; break;
    case 2: outcome.kind = Kind::ClockExpired, outcome.status = 504; break;
    case 3: outcome.kind = Kind::NotCalled, outcome.status = oneOf({412, 429, 401}); break;
    default:
        outcome.status = oneOf({200, 204, 206, 246, 301, 400, 408, 429, 429, 429, 500, 500, 503, 529});
        break;
    }
    if (chance(40))
        outcome.retry_after_ms = oneOf({-1, 0, 700, 25'000, 30'000, 30'000, 40'000, 59'999, 60'000});
    return outcome;
}

std::string Grower::settings()
{
    std::string text;
    std::string own;
    const auto add
        = [](std::string &list, const std::string &member) { list += (list.empty() ? "" : ",") + member; };
    if (chance(30)) {
        add(text,
            "'retry':{'attempts':" + std::to_string(below(6))
                + (chance(50) ? ",'on_status_codes':" + codes() : "")
                + (chance(50) ? ",'use_retry_after_header':true" : "") + "}");
    }
    if (chance(10))
        add(own, "'disabled':true");
    if (chance(10))
        add(own, "'jitter':true");
    if (chance(10))
        add(own, "'context_window':" + oneOf<std::string>({"true", "false"}));
    if (chance(5))
        add(own, "'max_attempts':" + std::to_string(1 + below(6)));
    if (!own.empty())
        add(text, "'portolan':{" + own + "}");
    return text;
}

void Grower::target(const std::string &pointer)
{
    if (chance(15))
        m_case.world.open.insert(pointer);
    if (chance(10))
        m_case.world.busy.insert(pointer);
    if (chance(10))
        m_case.world.opens_after[pointer] = 1 + below(4);
    if (chance(15))
        m_case.world.misfits[pointer] = "too long";
}

std::string Grower::node(const std::string &pointer, int depth)
{
    const std::string more = settings();
    const std::string weight
        = chance(40) ? "'weight':" + oneOf<std::string>({"0", "0.5", "1", "2", "7"}) + "," : "";
    std::string name = "'name':'" + pointer.substr(pointer.find_last_of('/') + 1) + "'";
    std::string text = "{" + weight + name + (more.empty() ? "" : "," + more);
    if (depth < 4 && below(5) >= depth)
        text += "," + strategy(pointer, depth);
    else
        target(pointer);
    return text + "}";
}

std::string Grower::strategy(const std::string &pointer, int depth)
{
    const auto mode = oneOf<std::string>({"fallback", "fallback", "loadbalance", "conditional", "single"});
    const int count = 1 + below(4);
    std::string text = "'strategy':{'mode':'" + mode + "'";
    if (mode == "fallback" && chance(40))
        text += ",'on_status_codes':" + codes();
    if (mode == "loadbalance" && chance(30)) {
        text += ",'sticky':{'enabled':true,'hash_fields':['metadata.k']}";
        if (chance(50))
            m_case.world.stuck[pointer + "|key-1|metadata.k:\"x\""] = std::size_t(below(5));
    }
    if (mode == "conditional") {
        const auto child = [&] { return "'" + std::to_string(below(count)) + "'"; };
        text += ",'conditions':[{'query':{'metadata.k':'x'},'then':" + child()
            + "},{'query':{'metadata.k':{'$ne':'y'}},'then':" + child() + "}]"
            + (chance(60) ? ",'default':" + child() : "");
    }
    if (chance(30))
        text += ",'cb_config':{'failure_threshold':1}";
    text += "},'targets':[";
    for (int i = 0; i < count; ++i)
        text += (i ? "," : "") + node(pointer + "/targets/" + std::to_string(i), depth + 1);
    return text + "]";
}

} // namespace

RandomCase randomCase(std::uint64_t seed)
{
    return Grower(seed).grow();
}

} // namespace portolan::routing
