// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/environment.h"

#include "core/catalog/fields.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <tuple>

namespace portolan::catalog {

namespace {

using simdjson::dom::element;

/// A list of models is far smaller; more is not read.
constexpr std::size_t kLargestBody = 1 << 20;
constexpr std::string_view kList = "[]";

/// Checks that any web service may pass.
bool isGeneric(std::string_view check)
{
    constexpr std::array<std::string_view, 8> kGeneric
        = {"", "empty", "guarded", "json", "array", "key data[]", "key version", "value status ok"};
    return std::ranges::find(kGeneric, check) != kGeneric.end();
}

bool readsBody(std::string_view check)
{
    return !check.empty() && check != "empty" && check != "guarded";
}

bool hasKey(element object, std::string_view key)
{
    const bool is_list = key.ends_with(kList);
    element value;
    if (object[key.substr(0, key.size() - (is_list ? kList.size() : 0))].get(value) != simdjson::SUCCESS)
        return false;
    return !is_list || value.is_array();
}

bool hasKeys(element object, std::string_view keys)
{
    return std::ranges::all_of(splitList(keys, ' '), [&](auto key) { return hasKey(object, key); });
}

/// An empty text asks only that the key is there.
bool hasText(element object, std::string_view key, std::string_view expected)
{
    std::string_view text;
    if (expected.empty())
        return hasKey(object, key);
    return object[key].get(text) == simdjson::SUCCESS && text == expected;
}

/// "data owned_by vllm": an element of the list says so.
bool anyItem(element object, std::string_view words)
{
    const auto list_name = takeUntil(words, ' ');
    const auto key = takeUntil(words, ' ');
    simdjson::dom::array list;
    if (object[list_name].get(list) != simdjson::SUCCESS)
        return false;
    return std::any_of(list.begin(), list.end(), [&](element item) { return hasText(item, key, words); });
}

/// "data type arch": every element of the list has the keys.
bool eachItem(element object, std::string_view words)
{
    const auto list_name = takeUntil(words, ' ');
    simdjson::dom::array list;
    if (object[list_name].get(list) != simdjson::SUCCESS)
        return false;
    return std::all_of(list.begin(), list.end(), [&](element item) { return hasKeys(item, words); });
}

bool matchesJson(std::string_view check, std::string_view body)
{
    simdjson::dom::parser parser(kLargestBody);
    element root;
    if (parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS)
        return false;
    const auto kind = takeUntil(check, ' ');
    if (kind == "array")
        return root.is_array();
    if (kind == "json")
        return root.is_array() || root.is_object();
    if (kind == "key")
        return hasKeys(root, check);
    if (kind == "value") {
        const auto key = takeUntil(check, ' ');
        return hasText(root, key, check);
    }
    if (kind == "item")
        return anyItem(root, check);
    return kind == "each" && eachItem(root, check);
}

struct Question {
    std::string_view path{};
    std::string_view check{};
    const Provider *provider = nullptr;
};

Telling tellingOf(const LocalProbe &probe, const Provider &provider, std::span<const Question> all)
{
    const auto asks_path = [&](const Question &q) { return q.provider != &provider && q.path == probe.path; };
    const auto asks_same = [&](const Question &q) { return asks_path(q) && q.check == probe.check; };
    if (!isGeneric(probe.check))
        return std::ranges::any_of(all, asks_same) ? Telling::Shape : Telling::Name;
    const bool own_path = !std::ranges::any_of(all, asks_path);
    if (readsBody(probe.check) && (own_path || probe.check == "key data[]"))
        return Telling::Shape;
    return Telling::Alive;
}

std::vector<Question> questionsOf(const Catalog &catalog)
{
    std::vector<Question> all;
    for (const Provider &provider : catalog.providers()) {
        for (const LocalProbe &probe : provider.local_probes)
            all.push_back({.path = probe.path, .check = probe.check, .provider = &provider});
    }
    return all;
}

} // namespace

std::vector<ProbeStep> localProbes(const Catalog &catalog)
{
    const auto all = questionsOf(catalog);
    std::vector<ProbeStep> steps;
    for (const Provider &provider : catalog.providers()) {
        if (provider.local_port == 0)
            continue;
        auto ports = provider.local_port_alternatives;
        ports.insert(ports.begin(), provider.local_port);
        for (const LocalProbe &probe : provider.local_probes) {
            const auto telling = tellingOf(probe, provider, all);
            for (const auto port : ports)
                steps.push_back({.port = port, .provider = &provider, .probe = &probe, .telling = telling});
        }
    }
    const auto order = [&](const ProbeStep &step) {
        const auto sharers = std::ranges::count(all, step.probe->path, &Question::path);
        const bool elsewhere = step.port != step.provider->local_port;
        const auto position = step.probe - step.provider->local_probes.data();
        return std::tuple(step.port, step.telling, sharers, elsewhere, step.provider->id, position);
    };
    std::ranges::sort(steps, {}, order);
    return steps;
}

bool matchesProbe(const LocalProbe &probe, int status, std::string_view body)
{
    constexpr std::string_view kBody = "body ";
    if (probe.check == "guarded")
        return status == 200 || status == 401 || status == 403;
    if (status != 200 || body.size() > kLargestBody)
        return false;
    if (probe.check.empty())
        return true;
    if (probe.check == "empty")
        return body.empty();
    if (probe.check.starts_with(kBody))
        return body.find(probe.check.substr(kBody.size())) != std::string_view::npos;
    return matchesJson(probe.check, body);
}

} // namespace portolan::catalog
