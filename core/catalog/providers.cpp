// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/providers.h"

#include "core/catalog/fields.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portolan::catalog {

namespace {

using Pairs = std::vector<std::pair<std::string_view, std::string_view>>;

template <typename T, std::size_t N>
bool choose(T &value, std::string_view word, const std::array<std::pair<std::string_view, T>, N> &words)
{
    const auto found = std::ranges::find(words, word, &std::pair<std::string_view, T>::first);
    if (found == words.end())
        return false;
    value = found->second;
    return true;
}

bool readKind(ProviderKind &kind, std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, ProviderKind>, 4> kKinds = {{
        {"cloud", ProviderKind::Cloud},
        {"aggregator", ProviderKind::Aggregator},
        {"subscription", ProviderKind::Subscription},
        {"local", ProviderKind::Local},
    }};
    return choose(kind, word, kKinds);
}

/// "OLLAMA_HOST:endpoint,OLLAMA_KEY"
bool readEnv(Provider &provider, std::string_view text)
{
    constexpr std::array<std::pair<std::string_view, EnvRole>, 5> kRoles = {{
        {"", EnvRole::Key},
        {"secret", EnvRole::Secret},
        {"endpoint", EnvRole::Endpoint},
        {"part", EnvRole::Part},
        {"file", EnvRole::File},
    }};
    for (auto role : splitList(text, ',')) {
        provider.env.push_back(takeUntil(role, ':'));
        if (!choose(provider.env_roles.emplace_back(), role, kRoles))
            return false;
    }
    return true;
}

Pairs readPairs(std::string_view text)
{
    Pairs pairs;
    for (auto value : splitList(text, ' ')) {
        const auto name = takeUntil(value, '=');
        pairs.emplace_back(name, value);
    }
    return pairs;
}

bool readHeader(Provider &provider, std::string_view text)
{
    constexpr std::string_view kBetween = ": ";
    const auto colon = text.find(kBetween);
    if (colon == std::string_view::npos)
        return false;
    provider.headers.emplace_back(text.substr(0, colon), text.substr(colon + kBetween.size()));
    return true;
}

bool readPorts(Provider &provider, std::string_view text)
{
    for (const auto piece : splitList(text, ',')) {
        const auto port = readCount(piece);
        if (!port || *port < 1 || *port > 65535)
            return false;
        if (provider.local_port == 0)
            provider.local_port = static_cast<std::uint16_t>(*port);
        else
            provider.local_port_alternatives.push_back(static_cast<std::uint16_t>(*port));
    }
    return true;
}

bool readProbe(Provider &provider, std::string_view text)
{
    LocalProbe probe;
    probe.path = takeUntil(text, '|');
    probe.check = takeUntil(text, '|');
    probe.expect = text;
    provider.local_probes.push_back(probe);
    return probe.path.starts_with('/');
}

bool readPricing(ProviderPricing &pricing, std::string_view key, std::string_view text)
{
    if (key == "batch_discount") {
        const auto discount = readScaled(text, kFactorScale);
        if (!discount || *discount > kFactorOne)
            return false;
        pricing.batch_factor = kFactorOne - *discount;
    } else if (key == "tool_prices") {
        auto tools = readNamed(text, kUnitScale);
        if (!tools)
            return false;
        pricing.tools = *std::move(tools);
    } else if (key == "reasoning_scope") {
        pricing.reasoning_prices_output = text == "all_output_when_thinking";
    }
    return true; // also a fact that no code here needs
}

std::string_view *textField(Provider &provider, std::string_view key)
{
    if (key == "base_url")
        return &provider.base_url;
    if (key == "auth")
        return &provider.auth.scheme;
    if (key == "auth_header")
        return &provider.auth.header;
    if (key == "auth_prefix")
        return &provider.auth.prefix;
    if (key == "usage")
        return &provider.usage_style;
    if (key == "docs")
        return &provider.docs;
    if (key == "pricing_url")
        return &provider.pricing_url;
    if (key == "notes")
        return &provider.notes;
    return nullptr;
}

bool readField(ProviderLine &line, std::string_view key, std::string_view text)
{
    Provider &provider = line.provider;
    if (auto *field = textField(provider, key))
        *field = text;
    else if (key == "aliases")
        provider.aliases = splitList(text, ',');
    else if (key == "key_prefixes")
        provider.key_prefixes = splitList(text, ',');
    else if (key == "endpoints")
        provider.endpoints = splitList(text, ',');
    else if (key == "url_vars")
        provider.url_vars = readPairs(text);
    else if (key == "other_urls")
        provider.other_urls = readPairs(text);
    else if (key == "free_local")
        provider.free_local = text == "yes";
    else if (key == "env")
        return readEnv(provider, text);
    else if (key == "header")
        return readHeader(provider, text);
    else if (key == "ports")
        return readPorts(provider, text);
    else if (key == "probe")
        return readProbe(provider, text);
    else
        return readPricing(line.pricing, key, text);
    return true;
}

} // namespace

std::optional<ProviderLine> readProvider(std::string_view line)
{
    ProviderLine read;
    Provider &provider = read.provider;
    provider.id = takeUntil(line, '\t');
    provider.name = takeUntil(line, '\t');
    const auto kind = takeUntil(line, '\t');
    provider.family = takeUntil(line, '\t');
    if (provider.id.empty() || provider.family.empty() || !readKind(provider.kind, kind))
        return {};
    while (!line.empty()) {
        auto text = takeUntil(line, '\t');
        const auto key = takeUntil(text, '=');
        if (key.empty() || !readField(read, key, text))
            return {};
    }
    return read;
}

} // namespace portolan::catalog
