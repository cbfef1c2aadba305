// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/modellist.h"

#include "core/base/text.h"
#include "core/gateway/keyrules.h"
#include "core/gateway/practicemodels.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <vector>

namespace portolan::gateway {

namespace {

struct Listed {
    std::string id;
    std::string_view model;
    std::string_view owner;
};

std::optional<std::string> decoded(std::string_view text)
{
    std::string spaced(text);
    std::ranges::replace(spaced, '+', ' ');
    return percentDecoded(spaced);
}

std::size_t queryNumber(std::string_view query, std::string_view name, std::size_t fallback)
{
    const auto text = queryValue(query, name);
    if (!text)
        return fallback;
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    return error == std::errc{} && end == text->data() + text->size() ? value : fallback;
}

std::vector<Listed> listed(const Snapshot &snapshot, const std::optional<std::string> &provider,
                           const admission::ClientKey *key, std::int64_t now_us)
{
    std::vector<Listed> list;
    const auto add = [&](const Target &target, std::string_view model, std::string_view owner) {
        if (mayCall(target, model, key, now_us))
            list.push_back({fmt::format("@{}/{}", target.slug, model), model, owner});
    };
    for (const auto &[slug, target] : snapshot.targets) {
        if (!target->unusable.empty() || (provider && *provider != target->provider_id && *provider != slug))
            continue;
        if (target->practice) {
            for (const PracticeEntry &entry : practiceEntries())
                add(*target, entry.id, kPracticeSlug);
            continue;
        }
        const auto *const own = target->own_models.get();
        for (const catalog::Model &model : snapshot.catalog->models(target->provider_id)) {
            if (model.status != "retired" && !(own && own->find(model.id)))
                add(*target, model.id, target->provider_id);
        }
        if (!own)
            continue;
        for (const auto &said : own->all()) {
            if (said.enabled)
                add(*target, said.model, target->provider_id);
        }
    }
    std::ranges::sort(list, {}, &Listed::id);
    return list;
}

} // namespace

std::optional<std::string> queryValue(std::string_view query, std::string_view name)
{
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        const auto equals = std::min(pair.find('='), pair.size());
        if (pair.substr(0, equals) == name)
            return decoded(equals < pair.size() ? pair.substr(equals + 1) : std::string_view{});
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return std::nullopt;
}

std::string modelList(const Snapshot &snapshot, std::string_view query, const admission::ClientKey *key,
                      std::int64_t now_us)
{
    auto provider = queryValue(query, "provider");
    if (provider && provider->starts_with('@'))
        provider->erase(0, 1);
    auto list = listed(snapshot, provider, key, now_us);
    const std::size_t total = list.size();
    if (queryValue(query, "order") == "desc")
        std::ranges::reverse(list);
    const auto first = std::min(queryNumber(query, "offset", 0), total);
    const auto count = std::min(queryNumber(query, "limit", total), total - first);

    auto body = fmt::format(R"({{"object":"list","total":{},"data":[)", total);
    for (std::size_t i = first; i < first + count; ++i) {
        const auto slug = jsonQuoted(list[i].model);
        fmt::format_to(
            std::back_inserter(body),
            R"({}{{"id":{},"slug":{},"canonical_slug":{},"object":"model","created":0,"owned_by":{}}})",
            i == first ? "" : ",", jsonQuoted(list[i].id), slug, slug, jsonQuoted(list[i].owner));
    }
    body += "]}";
    return body;
}

} // namespace portolan::gateway
