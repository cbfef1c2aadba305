// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/resolver.h"

#include "core/base/text.h"
#include "core/catalog/datesuffix.h"
#include "core/catalog/entry.h"
#include "core/catalog/modelnames.h"

#include <algorithm>
#include <string>
#include <tuple>

namespace portolan::catalog {

namespace {

enum class Spelling { AsWritten, Alike };

std::optional<Hit> lookUp(const Shelf &shelf, std::string_view name, Spelling spelling = Spelling::AsWritten)
{
    const auto alike = shelf.names.alike(name);
    const auto is_same = [&](const Name &n) { return equalsIgnoringCase(shelf.names.text(n), name); };
    if (const auto found = std::ranges::find_if(alike, is_same); found != alike.end())
        return Hit{.entry = found->entry, .match = found->alias ? Match::Alias : Match::Exact};
    if (spelling == Spelling::AsWritten)
        return {};
    const auto is_alike = [&](const Name &n) { return areSpelledAlike(shelf.names.text(n), name); };
    if (const auto found = std::ranges::find_if(alike, is_alike); found != alike.end())
        return Hit{.entry = found->entry, .match = Match::Spelling};
    return {};
}

std::optional<Hit> as(Match match, std::optional<Hit> hit)
{
    if (hit)
        hit->match = match;
    return hit;
}

/// Rule 4 for tuned models: their own entry, else without the base's date, else the base as an estimate.
std::optional<Hit> findFineTune(const Shelf &shelf, std::string_view name)
{
    const auto tuned = fineTuneOf(name);
    if (!tuned)
        return {};
    std::optional<std::string_view> base = tuned->base;
    for (; base; base = withoutSuffix(*base)) {
        if (const auto hit = lookUp(shelf, tuned->nameWith(*base)))
            return as(Match::FineTune, hit);
    }
    return as(Match::FineTuneBase, findEntry(shelf, tuned->base));
}

/// Rule 5, last words: Vertex ids may have a vendor part that the request left out.
std::optional<Hit> findBehindVendor(const Shelf &shelf, std::string_view name)
{
    std::optional<Hit> only;
    for (const Name &candidate : shelf.names.all()) {
        const auto text = shelf.names.text(candidate);
        const bool ends_so = text.size() > name.size() && text[text.size() - name.size() - 1] == '/'
            && areSpelledAlike(text.substr(text.size() - name.size()), name);
        if (!ends_so || (only && only->entry == candidate.entry))
            continue;
        if (only)
            return {}; // two vendors have a model of that name
        only = Hit{.entry = candidate.entry, .match = Match::Spelling};
    }
    return only;
}

/// Rule 6, second half: the newest dated id of a family.
std::optional<Hit> findNewest(const Shelf &shelf, std::string_view family)
{
    std::optional<Hit> newest;
    std::tuple<std::int32_t, std::int32_t> newest_date;
    for (const Name &name : shelf.names.beginningWith(family)) {
        const auto id = shelf.names.text(name);
        const auto date = dateAtEnd(withoutRevision(*shelf.provider, id));
        const auto dated = date ? withoutRevision(*shelf.provider, id).size() - date->length : 0;
        if (name.alias || dated != family.size() || !areSpelledAlike(id.substr(0, dated), family))
            continue;
        auto day = date->date;
        if (day == 0)
            day = toDay(readEntry((*shelf.lines)[name.entry])->released);
        const std::tuple when(day, date->number);
        if (!newest || when > newest_date) {
            newest = Hit{.entry = name.entry, .match = Match::Undated};
            newest_date = when;
        }
    }
    return newest;
}

/// The name and what is left of it without dates and stages, taken off one at a time.
std::vector<std::string_view> shortened(std::string_view name)
{
    constexpr std::size_t kMost = 6;
    std::vector<std::string_view> names{name};
    for (auto rest = withoutSuffix(name); rest && names.size() <= kMost; rest = withoutSuffix(*rest))
        names.push_back(*rest);
    return names;
}

/// Rule 6: undated, else the newest of the family.
std::optional<Hit> findUndated(const Shelf &shelf, const std::vector<std::string> &spellings)
{
    for (const std::string_view spelling : spellings) {
        for (const auto name : shortened(spelling)) {
            if (const auto hit = lookUp(shelf, name, Spelling::Alike))
                return as(Match::Undated, hit);
        }
    }
    for (const std::string_view spelling : spellings) {
        for (const auto family : shortened(spelling)) {
            if (const auto hit = findNewest(shelf, family))
                return hit;
        }
    }
    return {};
}

} // namespace

void LineTable::add(std::string_view line)
{
    m_lines.push_back({
        .at = static_cast<std::uint32_t>(line.data() - m_text.data()),
        .length = static_cast<std::uint32_t>(line.size()),
    });
}

std::string_view LineTable::operator[](std::int32_t entry) const
{
    const Line &line = m_lines[static_cast<std::size_t>(entry)];
    return m_text.substr(line.at, line.length);
}

std::optional<Hit> findEntry(const Shelf &shelf, std::string_view name)
{
    if (const auto hit = lookUp(shelf, name))
        return hit;

    constexpr int kMostWrappers = 8;
    auto inner = unwrapped(*shelf.provider, name);
    for (int i = 0; inner && i < kMostWrappers; ++i) {
        name = *inner;
        if (const auto hit = lookUp(shelf, name))
            return as(Match::Unwrapped, hit);
        inner = unwrapped(*shelf.provider, name);
    }

    if (const auto hit = findFineTune(shelf, name))
        return hit;
    if (const auto plain = withoutVariant(*shelf.provider, name); plain != name) {
        name = plain;
        if (const auto hit = lookUp(shelf, name))
            return as(Match::Variant, hit);
    }

    const bool has_profile = hasRegionProfile(*shelf.provider, name);
    const auto names = spellingsOf(*shelf.provider, name);
    for (const std::string_view spelling : names) {
        if (const auto hit = lookUp(shelf, spelling, Spelling::Alike))
            return as(has_profile ? Match::RegionProfile : Match::Spelling, hit);
    }
    if (shelf.provider->family == "vertex") {
        if (const auto hit = findBehindVendor(shelf, names.back()))
            return hit;
    }
    return findUndated(shelf, names);
}

} // namespace portolan::catalog
