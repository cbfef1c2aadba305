// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/proxyrules.h"

#include "core/base/text.h"
#include "core/http/addressrules.h"

#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

namespace portolan::http {

namespace {

namespace ip = asio::ip;

std::optional<ip::address> literal(std::string_view host)
{
    boost::system::error_code error;
    const auto address = ip::make_address(std::string(host), error);
    return error ? std::nullopt : std::optional(address);
}

bool isInNetwork(std::string_view network, const ip::address &address)
{
    boost::system::error_code error;
    if (address.is_v4()) {
        const auto known = ip::make_network_v4(std::string(network), error);
        return !error
            && known.canonical() == ip::network_v4(address.to_v4(), known.prefix_length()).canonical();
    }
    const auto known = ip::make_network_v6(std::string(network), error);
    return !error && known.canonical() == ip::network_v6(address.to_v6(), known.prefix_length()).canonical();
}

/// Takes ":8080" off the end; false when the entry is for another port.
bool takePort(std::string_view &entry, std::uint16_t port)
{
    const bool bracketed = entry.starts_with('[');
    const auto colon = entry.rfind(':');
    const bool has_port = colon != std::string_view::npos
        && (bracketed ? entry.find(']') == colon - 1 : entry.find(':') == colon);
    if (has_port) {
        std::uint16_t named = 0;
        const char *last = entry.data() + entry.size();
        const auto [end, error] = std::from_chars(entry.data() + colon + 1, last, named);
        if (error != std::errc{} || end != last || named != port)
            return false;
        entry = entry.substr(0, colon);
    }
    if (bracketed && entry.ends_with(']'))
        entry = entry.substr(1, entry.size() - 2);
    return true;
}

bool endsWithName(std::string_view host, std::string_view name)
{
    if (host.size() < name.size() || !equalsIgnoringCase(host.substr(host.size() - name.size()), name))
        return false;
    return host.size() == name.size() || host[host.size() - name.size() - 1] == '.';
}

std::vector<std::string> bypassOf(const ProxyRules::Lookup &lookup)
{
    auto text = lookup("no_proxy");
    if (!text)
        text = lookup("NO_PROXY");
    std::vector<std::string> entries;
    std::string entry;
    for (const char c : text.value_or("") + ",") {
        const bool between = c == ',' || std::isspace(static_cast<unsigned char>(c)) != 0;
        if (!between)
            entry += c;
        else if (!entry.empty())
            entries.push_back(std::exchange(entry, {}));
    }
    return entries;
}

} // namespace

bool isLoopbackHost(std::string_view host)
{
    if (const auto address = literal(host))
        return kindOf(*address) == AddressKind::Loopback;
    return endsWithName(host, "localhost");
}

bool bypasses(std::string_view entry, const Endpoint &endpoint)
{
    if (entry == "*")
        return true;
    const auto address = literal(endpoint.host);
    if (address && entry.contains('/'))
        return isInNetwork(entry, *address);
    if (!takePort(entry, endpoint.port))
        return false;
    if (address) {
        const auto named = literal(entry);
        return named && *named == *address;
    }
    if (entry.starts_with("*."))
        entry.remove_prefix(1);
    if (entry.starts_with('.'))
        entry.remove_prefix(1);
    return !entry.empty() && endsWithName(endpoint.host, entry);
}

SharedProxy ProxyRules::proxyFor(const Endpoint &endpoint) const
{
    if (isLoopbackHost(endpoint.host))
        return nullptr;
    const bool exempt = std::ranges::any_of(
        bypass, [&endpoint](const std::string &entry) { return bypasses(entry, endpoint); });
    if (exempt)
        return nullptr;
    const auto answer = std::ranges::find_if(answers, [&endpoint](const Answer &known) {
        return known.host == endpoint.host && known.port == endpoint.port && known.tls == endpoint.tls;
    });
    if (answer != answers.end())
        return answer->proxy;
    return endpoint.tls ? secure : plain;
}

std::string_view ProxyRules::problemFor(const Endpoint &endpoint) const
{
    return problem.empty() || isLoopbackHost(endpoint.host) ? std::string_view() : std::string_view(problem);
}

ProxyRules ProxyRules::fromEnvironment(const Lookup &lookup)
{
    ProxyRules rules;
    rules.bypass = bypassOf(lookup);
    const auto named = [&](std::array<const char *, 4> names) -> SharedProxy {
        for (const char *name : names) {
            const auto text = lookup(name);
            if (!text || text->empty())
                continue;
            auto proxy = Proxy::parse(*text);
            if (proxy)
                return std::make_shared<const Proxy>(*std::move(proxy));
            rules.problem
                = fmt::format("The environment's {} is no proxy's address. {}", name, proxy.error().message);
            return nullptr;
        }
        return nullptr;
    };
    rules.plain = named({"http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"});
    rules.secure = named({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"});
    return rules;
}

ProxyRules ProxyRules::fixed(Proxy proxy, const Lookup &lookup)
{
    ProxyRules rules;
    rules.plain = std::make_shared<const Proxy>(std::move(proxy));
    rules.secure = rules.plain;
    rules.bypass = bypassOf(lookup);
    return rules;
}

} // namespace portolan::http
