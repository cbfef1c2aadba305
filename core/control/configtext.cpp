// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/configtext.h"

#include "core/base/jsonreader.h"
#include "core/base/requestid.h"
#include "core/base/text.h"
#include "core/routing/secrets.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

namespace portolan::control {

namespace {

constexpr std::size_t kLongestName = 100; // characters
constexpr std::size_t kLongestSlugPart = 40;
constexpr std::size_t kRandomDigits = 6;

} // namespace

routing::Reading readConfigText(std::string text, const Redactor &redactor,
                                const routing::Installation &installation, routing::Keeping keeping)
{
    const bool saves = keeping == routing::Keeping::Saved;
    routing::Problems found;
    // A text that is no JSON, or too large, says so below.
    if (const auto document = text.size() <= routing::ConfigLimits().bytes ? JsonDocument::parse(text)
                                                                           : Result<JsonDocument>(fail({})))
        found = routing::findSecrets(*document, redactor,
                                     saves ? routing::Severity::Error : routing::Severity::Warning);
    auto reading = routing::parseConfig(std::move(text));
    auto &problems = reading.problems;
    if (reading.config) {
        // Credentials were looked for above, with those that are stored here.
        for (auto &problem : routing::lint(*reading.config, installation, keeping)) {
            if (problem.code != "config.secret")
                problems.push_back(std::move(problem));
        }
    }
    if (saves && !found.empty())
        reading.config.reset();
    std::ranges::move(found, std::back_inserter(problems));
    std::ranges::sort(problems, [](const routing::Problem &a, const routing::Problem &b) {
        return std::tie(a.range.offset, a.code) < std::tie(b.range.offset, b.code);
    });
    return reading;
}

std::vector<routing::Installation::Provider> knownProviders(const catalog::Catalog &catalog)
{
    std::vector<routing::Installation::Provider> known;
    for (const auto &provider : catalog.providers()) {
        const bool needs_key
            = provider.auth.scheme != "none" && provider.kind != catalog::ProviderKind::Local;
        known.push_back({.id = std::string(provider.id), .needs_key = needs_key});
        for (const auto alias : provider.aliases)
            known.push_back({.id = std::string(alias), .needs_key = needs_key});
    }
    return known;
}

TextPlace placeOf(std::string_view text, std::size_t offset)
{
    TextPlace place;
    for (const char c : text.substr(0, offset)) {
        if (c == '\n') {
            ++place.line;
            place.column = 1;
        } else if ((static_cast<unsigned char>(c) & 0xc0U) != 0x80U) {
            ++place.column;
        }
    }
    return place;
}

Result<std::string> configName(std::string_view name)
{
    const auto bare = trimmed(name);
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    const auto characters = std::ranges::count_if(
        bare, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; });
    if (bare.empty() || std::size_t(characters) > kLongestName || bare.starts_with('{') || !isUtf8(bare)
        || std::ranges::any_of(bare, is_control))
        return fail({.origin = Origin::Client,
                     .code = "config.bad_name",
                     .message = "Give the config a name of 1 to 100 characters on one line that does not "
                                "begin with a brace."});
    return std::string(bare);
}

std::string makeConfigSlug(std::string_view name)
{
    std::string slug = "pc-";
    for (const char c : name) {
        const char low = loweredAscii(c);
        if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9'))
            slug += low;
        else if (!slug.ends_with('-'))
            slug += '-';
        if (slug.size() >= kLongestSlugPart)
            break;
    }
    if (!slug.ends_with('-'))
        slug += '-';
    return slug + makeSpanId().substr(0, kRandomDigits);
}

} // namespace portolan::control
