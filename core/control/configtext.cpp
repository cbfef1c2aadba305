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

routing::Reading readConfigText(std::string text, const Redactor &redactor, routing::Severity secrets)
{
    routing::Problems found;
    // A text that is no JSON, or too large, says so below.
    if (const auto document = text.size() <= routing::ConfigLimits().bytes ? JsonDocument::parse(text)
                                                                           : Result<JsonDocument>(fail({}))) {
        found = routing::findSecrets(*document, redactor, secrets);
    }
    auto reading = routing::parseConfig(std::move(text));
    if (found.empty())
        return reading;
    if (secrets == routing::Severity::Error)
        reading.config.reset();
    std::ranges::move(found, std::back_inserter(reading.problems));
    std::ranges::sort(reading.problems, [](const routing::Problem &a, const routing::Problem &b) {
        return std::tie(a.range.offset, a.code) < std::tie(b.range.offset, b.code);
    });
    return reading;
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
