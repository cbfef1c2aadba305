// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace portolan::http {

/// A proxy that calls to providers may go through. Equal ones share connections.
struct Proxy {
    enum class Kind : std::uint8_t {
        Http,  ///< CONNECT for https providers, absolute addresses for http ones (RFC 9110 9.3.6, 9112 3.2.2)
        Https, ///< the same, over TLS to the proxy
        Socks5 ///< the proxy looks names up (RFC 1928, 1929)
    };

    Kind kind = Kind::Http;
    std::string host{}; ///< name or address literal without brackets, lower case
    std::uint16_t port = 0;
    std::string user{}; ///< empty: no authentication
    SharedSecret password{};

    /// Reads "http://user:password@proxy.example:3128". Schemes: http (also when none is named), https,
    /// socks5 and socks5h. The port may be left out (80, 443, 1080). Fails with one sentence that never
    /// repeats the text: it may hold a password.
    static Result<Proxy> parse(std::string_view text);

    /// "proxy.example:3128", for error texts.
    [[nodiscard]] std::string label() const;
};

using SharedProxy = std::shared_ptr<const Proxy>;

} // namespace portolan::http
