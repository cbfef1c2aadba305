// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/upstream.h"

#include "core/base/text.h"
#include "core/http/addressrules.h"
#include "core/http/pathform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace portolan::http {

namespace {

// Services that understand an HTTP request as commands of their own (threat-model E4).
constexpr std::array<std::uint16_t, 18> kServicePorts{22,  23,  25,   53,   110,  143,  389,   445,   465,
                                                      587, 993, 2049, 3306, 5432, 6379, 11211, 27017, 6667};

std::unexpected<Error> refused(std::string_view url, std::string message)
{
    return fail({.origin = Origin::Config,
                 .code = "http.bad_url",
                 .message = std::move(message),
                 .where = std::string(url.substr(0, 200))});
}

bool isNameCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

bool isLabel(std::string_view label)
{
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-'
        && std::ranges::all_of(label, isNameCharacter);
}

bool isDigits(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool isHostName(std::string_view host)
{
    if (host.size() > 253)
        return false;
    while (true) {
        const auto dot = host.find('.');
        if (!isLabel(host.substr(0, dot)))
            return false;
        if (dot == std::string_view::npos)
            return true;
        host.remove_prefix(dot + 1);
    }
}

/// Resolvers read such names as addresses: 2130706433, 0x7f.1, 127.1, 0177.0.0.1.
bool looksLikeAddress(std::string_view host)
{
    const auto last = host.substr(host.rfind('.') + 1);
    return isDigits(last) || last.starts_with("0x");
}

/// The reason why a host is refused; empty when it is fine. Lower case, IPv6 without brackets.
std::string_view hostFault(std::string_view host, bool bracketed)
{
    constexpr std::string_view kSpelling = "Write the address in its usual form, such as 127.0.0.1 or [::1].";
    constexpr std::array<std::string_view, 4> kMetadataNames{"metadata", "metadata.google.internal",
                                                             "instance-data", "instance-data.ec2.internal"};
    boost::system::error_code error;
    asio::ip::address address;
    if (bracketed) {
        const auto v6 = asio::ip::make_address_v6(std::string(host), error);
        if (error || v6.is_v4_mapped() || v6.scope_id() != 0 || v6.to_string() != host)
            return kSpelling;
        address = v6;
    } else if (looksLikeAddress(host)) {
        const auto v4 = asio::ip::make_address_v4(std::string(host), error);
        if (error || v4.to_string() != host)
            return kSpelling;
        address = v4;
    } else {
        if (!isHostName(host))
            return "The host name may have letters, digits, '-', '_' and dots only, and no dot at its end.";
        if (std::ranges::find(kMetadataNames, host) != kMetadataNames.end())
            return "This is a cloud machine's metadata service, which Portolan never calls.";
        return {};
    }
    if (kindOf(address) == AddressKind::Never)
        return "Link-local, metadata, multicast and unspecified addresses are never called.";
    return {};
}

} // namespace

Result<BaseUrl> BaseUrl::parse(std::string_view url)
{
    BaseUrl base;
    std::string_view rest = url;
    if (startsWithIgnoringCase(rest, "https://")) {
        rest.remove_prefix(8);
    } else if (startsWithIgnoringCase(rest, "http://")) {
        rest.remove_prefix(7);
        base.endpoint.tls = false;
    } else {
        return refused(url, "Begin the address with https:// or http://.");
    }
    if (!std::ranges::all_of(rest, [](char c) { return c > 0x20 && c < 0x7F; }))
        return refused(url, "The address may not hold spaces, control characters or letters outside ASCII.");
    if (rest.find_first_of("@#?\\") != std::string_view::npos)
        return refused(url, "The address may not hold '@', '#', '?' or '\\'. Keys belong into the account.");

    const auto slash = std::min(rest.find('/'), rest.size());
    std::string_view authority = rest.substr(0, slash);
    const bool bracketed = authority.starts_with('[');
    const auto close = bracketed ? authority.find(']') : std::min(authority.find(':'), authority.size());
    if (close == std::string_view::npos)
        return refused(url, "The address lacks a closing ']'.");
    base.endpoint.host
        = toLowerAscii(bracketed ? authority.substr(1, close - 1) : authority.substr(0, close));
    if (const auto fault = hostFault(base.endpoint.host, bracketed); !fault.empty())
        return refused(url, std::string(fault));

    authority.remove_prefix(bracketed ? close + 1 : close);
    base.endpoint.port = base.endpoint.tls ? 443 : 80;
    if (!authority.empty()) {
        const auto *last = authority.data() + authority.size();
        const auto [end, error] = std::from_chars(authority.data() + 1, last, base.endpoint.port);
        if (authority.front() != ':' || authority.size() < 2 || authority[1] == '0' || error != std::errc{}
            || end != last)
            return refused(url, "The port must be a number from 1 to 65535.");
    }
    if (std::ranges::find(kServicePorts, base.endpoint.port) != kServicePorts.end())
        return refused(url, fmt::format("Port {} belongs to another kind of service.", base.endpoint.port));

    std::string_view path = rest.substr(slash);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    if (!path.empty()) {
        auto normal = normalPath(path);
        if (!normal || normal->contains("//"))
            return refused(url, "The path may not hold dot segments, ';', doubled or encoded slashes.");
        base.path = *std::move(normal);
    }
    return base;
}

} // namespace portolan::http
