// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/http/upstream.h"

#include <curl/curl.h>

#include <string>

namespace portolan::http {

/// How a transfer ended, as libcurl tells it.
struct CurlEnd {
    CURLcode code = CURLE_OK;
    CURLproxycode socks = CURLPX_OK; ///< with CURLE_PROXY
    long connect_status = 0;         ///< the proxy's answer to CONNECT
    long system_error = 0;           ///< errno of a connection that failed
    bool connected = false;          ///< the request was on its way
    std::string words{};             ///< libcurl's; used for TLS alone, they hold no header and no login
};

/// The end of a transfer without a complete head, in the codes of UpstreamCall. `proxy` may be null.
[[nodiscard]] Error curlFailure(const CurlEnd &end, const Endpoint &endpoint, const Proxy *proxy);

/// The proxy wants a login, or another one.
[[nodiscard]] Error proxyAuthentication(const Proxy &proxy);

} // namespace portolan::http
