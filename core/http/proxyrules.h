// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/proxy.h"
#include "core/http/upstream.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::http {

/// Which proxy, if any, a call to an endpoint goes through. A value: it asks nobody; who makes one has asked
/// the settings, the system and the environment before. Loopback and the hosts of `bypass` always go direct.
struct ProxyRules {
    /// What the system said about one endpoint; it may differ from host to host (automatic configuration).
    struct Answer {
        std::string host{};
        std::uint16_t port = 0;
        bool tls = true;
        SharedProxy proxy{}; ///< null: direct
    };

    SharedProxy plain{};               ///< for http endpoints without an answer
    SharedProxy secure{};              ///< for https endpoints without an answer
    std::vector<std::string> bypass{}; ///< entries of NO_PROXY
    std::vector<Answer> answers{};
    std::string
        problem{}; ///< why the proxy that was named cannot be used and what to do: then nothing is called

    [[nodiscard]] SharedProxy proxyFor(const Endpoint &endpoint) const;
    /// Why the endpoint must not be called now; empty: it may. Loopback always may.
    [[nodiscard]] std::string_view problemFor(const Endpoint &endpoint) const;

    /// The value of a variable of the environment, or nothing.
    using Lookup = std::function<std::optional<std::string>(const char *name)>;
    /// HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in lower case first, as curl and most tools read
    /// them.
    [[nodiscard]] static ProxyRules fromEnvironment(const Lookup &lookup);
    /// One proxy for all but loopback and the hosts that NO_PROXY names.
    [[nodiscard]] static ProxyRules fixed(Proxy proxy, const Lookup &lookup);
};

/// Whether an entry of NO_PROXY covers the endpoint: "*", "example.com" and ".example.com" (the name and all
/// below it), an address, a network such as 10.0.0.0/8, each with ":port" at will.
[[nodiscard]] bool bypasses(std::string_view entry, const Endpoint &endpoint);

/// "localhost", a name below it, or a loopback address.
[[nodiscard]] bool isLoopbackHost(std::string_view host);

} // namespace portolan::http
