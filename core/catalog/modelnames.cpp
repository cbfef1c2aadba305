// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/modelnames.h"

#include "core/base/text.h"
#include "core/catalog/fields.h"

#include <algorithm>
#include <array>
#include <span>

namespace portolan::catalog {

namespace {

bool endsWithIgnoringCase(std::string_view text, std::string_view end)
{
    return text.size() >= end.size() && equalsIgnoringCase(text.substr(text.size() - end.size()), end);
}

/// What follows `mark`; nothing when the mark or what follows is missing.
std::optional<std::string_view> after(std::string_view text, std::string_view mark)
{
    const auto at = text.find(mark);
    if (at == std::string_view::npos || at + mark.size() >= text.size())
        return {};
    return text.substr(at + mark.size());
}

std::optional<std::string_view> insideArn(std::string_view name)
{
    // The colon keeps "application-inference-profile/" out: its ids are the owner's and tell no model.
    for (const std::string_view kind : {":inference-profile/", ":foundation-model/", ":provisioned-model/"}) {
        if (const auto inner = after(name, kind))
            return inner;
    }
    return {};
}

/// "google/models/gemini-2.5-pro", what follows "publishers/".
std::optional<std::string_view> insidePublisher(std::string_view rest)
{
    constexpr std::string_view kModels = "/models/";
    const auto slash = rest.find('/');
    if (slash == 0 || slash == std::string_view::npos || !rest.substr(slash).starts_with(kModels))
        return {};
    return after(rest, kModels);
}

std::optional<std::string_view> behindProvider(const Provider &provider, std::string_view name)
{
    // The ids of these two begin with a vendor, which may be their own name.
    if (provider.id == "openrouter" || provider.id == "huggingface")
        return {};
    const auto slash = name.find('/');
    if (slash == std::string_view::npos || slash + 1 == name.size())
        return {};
    const auto front = name.substr(0, slash);
    const auto is_front = [&](std::string_view id) { return equalsIgnoringCase(id, front); };
    if (!is_front(provider.id) && !std::ranges::any_of(provider.aliases, is_front))
        return {};
    return name.substr(slash + 1);
}

/// Longest first where one contains another.
constexpr std::array<std::string_view, 8> kProfiles
    = {"us-gov.", "global.", "apac.", "us.", "eu.", "au.", "jp.", "ca."};

std::string_view profileOf(const Provider &provider, std::string_view name)
{
    if (provider.family != "bedrock")
        return {};
    const auto found = std::ranges::find_if(
        kProfiles, [&](auto profile) { return startsWithIgnoringCase(name, profile); });
    return found != kProfiles.end() && found->size() < name.size() ? *found : std::string_view{};
}

/// Without one of ":0", ":48k" and "-v1" at its end.
std::optional<std::string_view> withoutOneRevision(std::string_view name)
{
    constexpr std::string_view kVersion = "-v1";
    if (name.size() > kVersion.size() && endsWithIgnoringCase(name, kVersion))
        return name.substr(0, name.size() - kVersion.size());
    const auto colon = name.rfind(':');
    if (colon == 0 || colon == std::string_view::npos)
        return {};
    auto tag = name.substr(colon + 1);
    const bool is_context = tag.size() > 1 && (tag.back() == 'k' || tag.back() == 'K')
        && std::ranges::all_of(tag.substr(0, tag.size() - 1), isDigit);
    return tag == "0" || is_context ? std::optional(name.substr(0, colon)) : std::nullopt;
}

void addRevisions(std::vector<std::string> &names, std::string_view name)
{
    constexpr int kMostRevisions = 4;
    std::optional<std::string_view> shorter = name;
    for (int i = 0; shorter && i < kMostRevisions; ++i) {
        names.emplace_back(*shorter);
        shorter = withoutOneRevision(*shorter);
    }
}

void addVertexSpellings(std::vector<std::string> &names, std::string_view name)
{
    for (const std::string_view version : {"@default", "@latest"}) {
        if (name.size() > version.size() && endsWithIgnoringCase(name, version)) {
            name.remove_suffix(version.size());
            names.emplace_back(name);
        }
    }
    if (const auto vendor = name.rfind('/'); vendor != std::string_view::npos && vendor + 1 < name.size())
        names.emplace_back(name.substr(vendor + 1));
}

void addAzureSpelling(std::vector<std::string> &names, std::string_view name)
{
    constexpr std::string_view kPointless = "gpt-35-";
    if (startsWithIgnoringCase(name, kPointless))
        names.push_back("gpt-3.5-" + std::string(name.substr(kPointless.size())));
}

} // namespace

std::optional<std::string_view> unwrapped(const Provider &provider, std::string_view name)
{
    constexpr std::string_view kLongContext = "[1m]";
    if (startsWithIgnoringCase(name, "models/"))
        return after(name, "/");
    if (startsWithIgnoringCase(name, "publishers/"))
        return insidePublisher(name.substr(name.find('/') + 1));
    if (startsWithIgnoringCase(name, "projects/")) {
        const auto publisher = after(name, "/publishers/");
        return publisher ? insidePublisher(*publisher) : std::nullopt;
    }
    if (startsWithIgnoringCase(name, "arn:"))
        return insideArn(name);
    if (name.size() > kLongContext.size() && endsWithIgnoringCase(name, kLongContext))
        return name.substr(0, name.size() - kLongContext.size());
    return behindProvider(provider, name);
}

std::string FineTune::nameWith(std::string_view other_base) const
{
    return form == Form::Prefix ? "ft:" + std::string(other_base) : std::string(other_base) + ".ft";
}

std::optional<FineTune> fineTuneOf(std::string_view name)
{
    constexpr std::string_view kPrefix = "ft:";
    constexpr std::string_view kSuffix = ".ft-";
    if (startsWithIgnoringCase(name, kPrefix)) {
        const auto base = name.substr(kPrefix.size(), name.find(':', kPrefix.size()) - kPrefix.size());
        return base.empty() ? std::nullopt
                            : std::optional(FineTune{.form = FineTune::Form::Prefix, .base = base});
    }
    const auto at = name.find(kSuffix);
    if (at == 0 || at == std::string_view::npos)
        return {};
    return FineTune{.form = FineTune::Form::Suffix, .base = name.substr(0, at)};
}

std::string_view withoutVariant(const Provider &provider, std::string_view name)
{
    constexpr std::array<std::string_view, 6> kOpenRouter
        = {":nitro", ":floor", ":exacto", ":online", ":thinking", ":extended"};
    constexpr std::array<std::string_view, 2> kHuggingFace = {":fastest", ":cheapest"};
    std::span<const std::string_view> variants;
    if (provider.id == "openrouter")
        variants = kOpenRouter;
    else if (provider.id == "huggingface")
        variants = kHuggingFace;

    const auto ends
        = [&](std::string_view v) { return name.size() > v.size() && endsWithIgnoringCase(name, v); };
    for (auto found = std::ranges::find_if(variants, ends); found != variants.end();
         found = std::ranges::find_if(variants, ends))
        name.remove_suffix(found->size());
    return name;
}

bool hasRegionProfile(const Provider &provider, std::string_view name)
{
    return !profileOf(provider, name).empty();
}

std::string_view withoutRevision(const Provider &provider, std::string_view name)
{
    if (provider.family != "bedrock")
        return name;
    for (auto shorter = withoutOneRevision(name); shorter; shorter = withoutOneRevision(name))
        name = *shorter;
    return name;
}

std::vector<std::string> spellingsOf(const Provider &provider, std::string_view name)
{
    std::vector<std::string> names;
    if (provider.family == "bedrock") {
        // A profile that costs more than its base has its own entry, so with the prefix first.
        addRevisions(names, name);
        if (const auto profile = profileOf(provider, name); !profile.empty())
            addRevisions(names, name.substr(profile.size()));
        return names;
    }
    names.emplace_back(name);
    if (provider.family == "vertex")
        addVertexSpellings(names, name);
    if (provider.family.starts_with("azure-"))
        addAzureSpelling(names, name);
    return names;
}

bool runsInOllamaCloud(const Provider &provider, std::string_view model)
{
    constexpr std::string_view kCloud = "cloud";
    const auto colon = model.rfind(':');
    if (provider.id != "ollama" || colon == std::string_view::npos)
        return false;
    const auto tag = model.substr(colon + 1);
    if (tag.size() < kCloud.size() || !equalsIgnoringCase(tag.substr(tag.size() - kCloud.size()), kCloud))
        return false;
    return tag.size() == kCloud.size() || tag[tag.size() - kCloud.size() - 1] == '-';
}

std::int32_t toDay(std::string_view date) noexcept
{
    constexpr std::string_view kForm = "0000-00-00";
    if (date.size() != kForm.size() && date.size() != 7)
        return 0;
    std::int32_t day = 0;
    for (std::size_t i = 0; i < kForm.size(); ++i) {
        const char c = i < date.size() ? date[i] : kForm[i];
        if (isDigit(c) != isDigit(kForm[i]))
            return 0;
        if (isDigit(c))
            day = day * 10 + (c - '0');
    }
    return day;
}

} // namespace portolan::catalog
