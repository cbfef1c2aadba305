// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/policy.h"

#include "core/base/text.h"
#include "core/gateway/refusals.h"
#include "core/routing/parse.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sodium.h>

#include <algorithm>

namespace portolan::gateway {

namespace {

constexpr std::size_t kMostNamed = 16;

/// "/targets/0/weight" as "targets,0,weight" (gateway-protocol 5.1).
std::string commaPath(std::string_view pointer)
{
    std::string path(pointer.empty() ? pointer : pointer.substr(1));
    std::ranges::replace(path, '/', ',');
    return path;
}

http::Refusal badConfig(const routing::Problems &problems)
{
    auto answer = refusal(400, "config.invalid", "Invalid config passed");
    for (const routing::Problem &problem : problems) {
        if (problem.severity != routing::Severity::Error || answer.errors.size() == kMostNamed)
            continue;
        if (answer.errors.empty()) {
            answer.code = problem.code;
            answer.message
                = fmt::format("Invalid config passed. {}: {}",
                              problem.pointer.empty() ? "At the top" : problem.pointer, problem.message);
        }
        answer.errors.push_back(
            fmt::format("path: {}, message: {}", commaPath(problem.pointer), problem.message));
    }
    return answer;
}

/// Nobody can make a text that shares another's breakers.
std::string hashOf(std::string_view text)
{
    std::array<unsigned char, 16> hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char *>(text.data()),
                       text.size(), nullptr, 0);
    return fmt::format("inline {:02x}", fmt::join(hash, ""));
}

Policy ofSaved(const SavedConfig &saved)
{
    return {.config = saved.config,
            .id = saved.id,
            .version = saved.version,
            .label = fmt::format("{} v{}", saved.name.empty() ? saved.slug : saved.name, saved.version),
            .key = fmt::format("{}", saved.id.value),
            .saved = true};
}

/// By slug or by name.
bool isSame(const Snapshot &snapshot, std::string_view one, std::string_view other)
{
    const auto saved = snapshot.config(one);
    return one == other || (saved && saved == snapshot.config(other));
}

std::expected<Policy, http::Refusal> named(const Snapshot &snapshot, std::string_view name)
{
    if (const auto saved = snapshot.config(name))
        return ofSaved(*saved);
    if (const auto why = snapshot.unusable_configs.find(name); why != snapshot.unusable_configs.end())
        return std::unexpected(refusal(400, "config.unusable", why->second));
    return std::unexpected(refusal(400, "config.unknown",
                                   "Invalid config id passed. x-portkey-config takes the slug of a saved "
                                   "config, or a valid JSON config."));
}

} // namespace

const InlineConfigs::Entry &InlineConfigs::read(std::string_view text)
{
    const auto known = std::ranges::find(m_entries, text, &Entry::text);
    if (known != m_entries.end() && !text.empty())
        return *known;
    auto reading = routing::parseConfig(std::string(text), routing::ConfigLimits::ofHeader());
    Entry &entry = m_entries[m_next];
    m_next = (m_next + 1) % kMost;
    entry = {.text = std::string(text),
             .key = hashOf(text),
             .config = std::move(reading.config),
             .problems = std::move(reading.problems)};
    return entry;
}

std::expected<Policy, http::Refusal> policyOf(const Snapshot &snapshot, const admission::ClientKey *key,
                                              std::optional<std::string_view> header, InlineConfigs &inlines)
{
    const auto text = trimmed(header.value_or(""));
    const bool has_default = key && !key->default_config.empty();
    if (text.empty())
        return has_default ? named(snapshot, key->default_config) : Policy{};
    if (has_default && !key->allow_config_override && !isSame(snapshot, text, key->default_config)) {
        return std::unexpected(
            refusal(400, "config.no_override", "Cannot override default config set for this API key."));
    }
    if (!text.starts_with('{')) {
        if (text.starts_with('[') || text.starts_with('"'))
            return std::unexpected(
                refusal(400, "config.syntax", "Invalid config passed. You need to pass a valid json"));
        return named(snapshot, text);
    }
    const auto &entry = inlines.read(text);
    if (!entry.config)
        return std::unexpected(badConfig(entry.problems));
    return Policy{.config = entry.config, .label = "inline", .key = entry.key};
}

} // namespace portolan::gateway
