// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/proxy.h"

#include "core/base/text.h"
#include "core/http/upstream.h"

#include <fmt/format.h>

#include <openssl/crypto.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace portolan::http {

namespace {

struct Scheme {
    std::string_view name;
    Proxy::Kind kind;
    std::uint16_t port;
};

constexpr std::array kSchemes{
    Scheme{"http", Proxy::Kind::Http, 80},
    Scheme{"https", Proxy::Kind::Https, 443},
    Scheme{"socks5", Proxy::Kind::Socks5, 1080},
    Scheme{"socks5h", Proxy::Kind::Socks5, 1080},
};

std::unexpected<Error> refuse(std::string message)
{
    return fail({.origin = Origin::Config, .code = "http.bad_proxy", .message = std::move(message)});
}

/// Percent-decoded; nothing when a sequence is broken or stands for a control character.
std::optional<std::string> decoded(std::string_view text)
{
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto c = static_cast<unsigned char>(text[i]);
        if (c == '%') {
            if (text.size() - i < 3)
                return std::nullopt;
            const char *from = text.data() + i + 1;
            const auto [end, error] = std::from_chars(from, from + 2, c, 16);
            if (error != std::errc{} || end != from + 2)
                return std::nullopt;
            i += 2;
        }
        if (c < 0x20 || c == 0x7F)
            return std::nullopt;
        plain += static_cast<char>(c);
    }
    return plain;
}

bool takeLogin(std::string_view login, Proxy &proxy)
{
    const auto colon = login.find(':');
    auto user = decoded(login.substr(0, colon));
    // A colon ends the name in Basic authentication, and SOCKS counts both in one byte (RFC 1929).
    if (!user || user->empty() || user->size() > 255 || user->contains(':'))
        return false;
    proxy.user = *std::move(user);
    if (colon == std::string_view::npos)
        return true;
    auto password = decoded(login.substr(colon + 1));
    if (!password || password->size() > 255)
        return false;
    proxy.password = std::make_shared<const SecretBytes>(SecretBytes::take(*password));
    return true;
}

} // namespace

Result<Proxy> Proxy::parse(std::string_view text)
{
    std::string_view scheme = "http";
    if (const auto at = text.find("://"); at != std::string_view::npos) {
        scheme = text.substr(0, at);
        text.remove_prefix(at + 3);
    }
    const Scheme *found = nullptr;
    for (const auto &known : kSchemes) {
        if (equalsIgnoringCase(known.name, scheme))
            found = &known;
    }
    if (!found)
        return refuse("A proxy's address begins with http://, https:// or socks5://.");
    if (text.ends_with('/'))
        text.remove_suffix(1);

    Proxy proxy;
    proxy.kind = found->kind;
    if (const auto at = text.rfind('@'); at != std::string_view::npos) {
        if (!takeLogin(text.substr(0, at), proxy))
            return refuse("Write the proxy's user name and password with odd characters as %xx, at most 255 "
                          "characters each.");
        text.remove_prefix(at + 1);
    }
    const auto bracket = text.rfind(']');
    const bool has_port = text.substr(bracket == std::string_view::npos ? 0 : bracket).contains(':');
    auto url = BaseUrl::parse(fmt::format("http://{}", text)); // it knows every odd spelling of a host
    if (!url || text.contains('/'))
        return refuse("The proxy's address must look like http://proxy.example:3128.");
    proxy.host = std::move(url->endpoint.host);
    proxy.port = has_port ? url->endpoint.port : found->port;
    return proxy;
}

std::string Proxy::label() const
{
    return host.contains(':') ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

} // namespace portolan::http
