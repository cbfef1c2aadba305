// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/lint.h"

#include "core/routing/configreader.h"
#include "core/routing/secrets.h"
#include "core/routing/words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

namespace portolan::routing {

namespace {

/// Codes below 400 end no request that anybody would want to go on.
bool onlySuccesses(const StatusSet &codes)
{
    return !codes.empty() && codes.codes().back() < 400;
}

class Linter
{
public:
    Linter(const Config &config, const Installation &installation)
        : m_config(config)
        , m_installation(installation)
        , m_notes(ConfigLimits{})
    { }

    Problems run()
    {
        node(m_config.root());
        const WorstCase worst = worstCase(m_config.root());
        const int most = std::min(m_config.extent().max_attempts.value_or(m_installation.most_attempts),
                                  m_installation.most_attempts);
        if (worst.calls > most)
            m_notes.warn(
                placeOf(m_config.root()), "lint.too_many_calls",
                fmt::format("When all fails this asks for {} calls for one request; it ends after {}.",
                            worst.calls, most));
        return m_notes.takeProblems();
    }

private:
    void node(const Node &node);
    void strategy(const Node &node);
    void target(const Node &node);
    void retries(const Node &node);
    void chain(const Node &fallback);

    [[nodiscard]] Place placeOf(const Node &node) const;
    [[nodiscard]] const Installation::Slug *slugNamed(std::string_view slug) const;

    const Config &m_config;
    const Installation &m_installation;
    ConfigReader m_notes;
    std::set<const Node *> m_repeated{};
};

/// The targets that are tried one after the other whatever the dice and the request.
void tried(const Node &node, std::vector<const Node *> &all)
{
    if (node.disabled)
        return;
    if (node.isTarget())
        all.push_back(&node);
    else if (node.strategy->mode == Mode::Single)
        tried(node.targets.front(), all);
    else if (node.strategy->mode == Mode::Fallback)
        std::ranges::for_each(node.targets, [&](const Node &child) { tried(child, all); });
}

Place Linter::placeOf(const Node &node) const
{
    const JsonNode *found = m_config.document().find(node.pointer);
    return {found ? JsonValue(m_config.document(), *found) : JsonValue(), node.pointer};
}

const Installation::Slug *Linter::slugNamed(std::string_view slug) const
{
    const auto found = std::ranges::find(m_installation.slugs, slug, &Installation::Slug::slug);
    return found == m_installation.slugs.end() ? nullptr : &*found;
}

void Linter::node(const Node &node)
{
    if (node.isTarget())
        target(node);
    else
        strategy(node);
    for (const Node &child : node.targets)
        this->node(child);
}

void Linter::strategy(const Node &node)
{
    const Strategy &strategy = *node.strategy;
    const Place place = placeOf(node).member("strategy");
    if (strategy.mode == Mode::Conditional && !strategy.otherwise)
        m_notes.warn(place, "lint.no_default",
                     "Requests that meet no condition are refused with 400: name a \"default\".");
    if (strategy.mode != Mode::Fallback)
        return;
    if (node.targets.size() == 1)
        m_notes.warn(placeOf(node), "lint.no_fallback",
                     "This fallback has one target: there is nothing to fall back to.");
    if (const auto &codes = strategy.on_status_codes) {
        if (codes->empty())
            m_notes.warn(
                place.member("on_status_codes"), "lint.never_matches",
                "An empty list means that nothing falls back: leave it out to fall back on every failure.");
        else if (onlySuccesses(*codes))
            m_notes.warn(place.member("on_status_codes"), "lint.never_matches",
                         "Only answers that succeeded fall back here: list codes from 400 on.");
    }
    chain(node);
}

void Linter::target(const Node &node)
{
    retries(node);
    const Destination &to = node.destination;
    const Place place = placeOf(node);
    if (const std::string slug = slugOf(node); !slug.empty()) {
        const auto *known = slugNamed(slug);
        if (!known)
            m_notes.warn(
                place, "lint.unknown_slug",
                fmt::format("No account here has the virtual key @{}: requests to this target fail.", slug));
        else if (!known->enabled)
            m_notes.warn(
                place, "lint.slug_off",
                fmt::format("The virtual key @{} is switched off: requests to this target fail.", slug));
        return;
    }
    if (to.provider.empty()) {
        if (!to.passthrough && !node.pointer.empty())
            m_notes.warn(
                place, "lint.no_destination",
                "This target names neither a virtual key nor a provider: it goes where the request says.");
        return;
    }
    const auto known = std::ranges::find(m_installation.providers, to.provider, &Installation::Provider::id);
    if (known == m_installation.providers.end())
        m_notes.warn(place, "lint.unknown_provider",
                     fmt::format("\"{}\" is no provider that is known here: requests to this target fail.",
                                 to.provider));
    else if (known->needs_key && !to.api_key && to.fields.empty())
        m_notes.warn(place, "lint.no_key",
                     "This target has no key: name an account's virtual key instead of the provider.");
}

/// A list of its own is judged where it stands; an inherited one stands elsewhere.
void Linter::retries(const Node &node)
{
    const Place codes = placeOf(node).member("retry").member("on_status_codes");
    const auto &retry = node.settings.retry;
    if (codes && retry && retry->attempts > 0 && onlySuccesses(retry->on_status_codes))
        m_notes.warn(codes, "lint.never_matches",
                     "Only answers that succeeded are tried again here: list codes from 400 on.");
}

/// One account with one model twice in a chain: what failed there once fails there again.
void Linter::chain(const Node &fallback)
{
    std::vector<const Node *> all;
    tried(fallback, all);
    std::map<std::array<std::string, 3>, const Node *> before;
    for (const Node *target : all) {
        const auto *slug = slugNamed(slugOf(*target));
        if (!slug)
            continue;
        const auto [first, is_new]
            = before.try_emplace({slug->account, modelOf(*target), target->settings.custom_host}, target);
        // A chain inside another one is a part of that.
        if (!is_new && m_repeated.insert(target).second)
            m_notes.warn(
                placeOf(*target), "lint.same_account",
                fmt::format("This is the account and model of {} again: what fails there fails here too. "
                            "To try it again give it a retry.",
                            labelOf(*first->second)));
    }
}

} // namespace

Problems lint(const Config &config, const Installation &installation, Keeping keeping)
{
    Problems problems = Linter(config, installation).run();
    const Severity severity = keeping == Keeping::Saved ? Severity::Error : Severity::Warning;
    std::ranges::move(findSecrets(config.document(), Redactor(), severity), std::back_inserter(problems));
    std::ranges::sort(problems, {}, [](const Problem &problem) {
        return std::tie(problem.range.offset, problem.pointer, problem.code);
    });
    return problems;
}

WorstCase worstCase(const Node &node)
{
    if (node.disabled)
        return {};
    if (node.isTarget()) {
        const int retries = node.settings.retry ? node.settings.retry->attempts : 0;
        return {.calls = 1 + retries, .waits_ms = ((std::int64_t(1) << retries) - 1) * 1'000};
    }
    WorstCase worst;
    for (const Node &child : node.targets) {
        const WorstCase one = worstCase(child);
        const bool all = node.strategy->mode == Mode::Fallback;
        worst.calls = all ? worst.calls + one.calls : std::max(worst.calls, one.calls);
        worst.waits_ms = all ? worst.waits_ms + one.waits_ms : std::max(worst.waits_ms, one.waits_ms);
        if (node.strategy->mode == Mode::Single)
            break;
    }
    return worst;
}

} // namespace portolan::routing
