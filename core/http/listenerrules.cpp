// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/listenerrules.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace portolan::http {

namespace {

struct Authority {
    std::string_view host; // with the brackets of an IPv6 literal
    std::string_view port; // digits; empty when there is none
};

bool isHostCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
        || c == '_';
}

bool isV6Character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' || c == '.';
}

std::optional<Authority> splitAuthority(std::string_view text)
{
    Authority authority;
    std::size_t host_size = 0;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == std::string_view::npos || close < 3
            || !std::ranges::all_of(text.substr(1, close - 1), isV6Character))
            return std::nullopt;
        host_size = close + 1;
    } else {
        host_size = std::min(text.find(':'), text.size());
        if (host_size == 0 || !std::ranges::all_of(text.substr(0, host_size), isHostCharacter))
            return std::nullopt;
    }
    authority.host = text.substr(0, host_size);
    if (host_size == text.size())
        return authority;
    authority.port = text.substr(host_size + 1);
    std::uint16_t port = 0;
    const auto *last = authority.port.data() + authority.port.size();
    const auto [end, error] = std::from_chars(authority.port.data(), last, port);
    if (text[host_size] != ':' || error != std::errc{} || end != last || port == 0)
        return std::nullopt;
    return authority;
}

} // namespace

ListenerRules::ListenerRules(std::string_view address, std::uint16_t port,
                             const std::vector<std::string> &hosts, const std::vector<std::string> &origins)
    : m_origins(origins)
{
    std::vector<std::string> own{"127.0.0.1", "localhost", "[::1]"};
    // The unspecified address is no name of ours: a browser connects to it, so a page could use it.
    if (address != "0.0.0.0" && address != "::")
        own.push_back(address.contains(':') ? fmt::format("[{}]", address) : std::string(address));
    for (const auto &host : own) {
        m_exact.push_back(fmt::format("{}:{}", toLowerAscii(host), port));
        if (port == 80)
            m_exact.push_back(toLowerAscii(host));
    }
    for (const auto &host : hosts) {
        const auto parts = splitAuthority(host);
        auto &list = parts && parts->port.empty() ? m_any_port : m_exact;
        list.push_back(toLowerAscii(host));
    }
}

ListenerRules::HostVerdict ListenerRules::judgeHost(std::string_view authority) const
{
    const auto parts = splitAuthority(authority);
    if (!parts)
        return HostVerdict::Malformed;
    const auto equals = [](std::string_view wanted) {
        return [wanted](const std::string &own) { return equalsIgnoringCase(own, wanted); };
    };
    const bool allowed = std::ranges::any_of(m_exact, equals(authority))
        || std::ranges::any_of(m_any_port, equals(parts->host));
    return allowed ? HostVerdict::Allowed : HostVerdict::Foreign;
}

bool ListenerRules::allowsOrigin(std::string_view origin) const
{
    return std::ranges::find(m_origins, origin) != m_origins.end();
}

} // namespace portolan::http
