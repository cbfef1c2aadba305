// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/curlerrors.h"

#include "core/http/dialer.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace portolan::http {

namespace {

std::string nameOf(const Endpoint &endpoint)
{
    return fmt::format("{} port {}", endpoint.host, endpoint.port);
}

Error lasting(std::string code, std::string message)
{
    Error error = upstreamError(std::move(code), std::move(message));
    error.retryable = false;
    return error;
}

Error connectFailure(const CurlEnd &end, const Endpoint &endpoint, const Proxy *proxy)
{
    if (end.system_error == EMFILE || end.system_error == ENFILE)
        return upstreamError(
            "upstream.no_descriptors",
            "Portolan has as many files and connections open as the system allows. Raise the limit "
            "(ulimit -n) or try again.");
    const char *reason
        = end.system_error != 0 ? std::strerror(static_cast<int>(end.system_error)) : "no connection";
    if (proxy)
        return upstreamError(
            "upstream.proxy_refused",
            fmt::format("Cannot connect to the proxy {}: {}. Check that it runs and that its "
                        "address in Settings > Network is right.",
                        proxy->label(), reason));
    return upstreamError("upstream.refused",
                         fmt::format("Cannot connect to {}: {}. Check that the provider runs and the address "
                                     "is right.",
                                     nameOf(endpoint), reason));
}

Error socksFailure(const CurlEnd &end, const Endpoint &endpoint, const Proxy &proxy)
{
    switch (end.socks) {
    case CURLPX_NO_AUTH:
    case CURLPX_USER_REJECTED: return proxyAuthentication(proxy);
    case CURLPX_REPLY_CONNECTION_REFUSED:
    case CURLPX_REPLY_HOST_UNREACHABLE:
    case CURLPX_REPLY_NETWORK_UNREACHABLE:
    case CURLPX_REPLY_TTL_EXPIRED:
        return upstreamError("upstream.proxy_failed",
                             fmt::format("The proxy {} cannot reach {}. Check the provider's address.",
                                         proxy.label(), nameOf(endpoint)));
    case CURLPX_REPLY_NOT_ALLOWED:
        return upstreamError("upstream.proxy_failed",
                             fmt::format("The proxy {} does not allow connections to {}. Allow it there, or "
                                         "name the host in NO_PROXY.",
                                         proxy.label(), nameOf(endpoint)));
    default:
        return upstreamError(
            "upstream.proxy_failed",
            fmt::format("The proxy {} did not connect to {}. Check that it is a SOCKS5 proxy.", proxy.label(),
                        nameOf(endpoint)));
    }
}

Error tunnelFailure(const CurlEnd &end, const Endpoint &endpoint, const Proxy &proxy)
{
    if (end.connect_status == 407)
        return proxyAuthentication(proxy);
    if (end.connect_status >= 300)
        return upstreamError("upstream.proxy_failed",
                             fmt::format("The proxy {} answered {} instead of connecting to {}. Allow the "
                                         "provider there, or name the host in NO_PROXY.",
                                         proxy.label(), end.connect_status, nameOf(endpoint)));
    return upstreamError("upstream.proxy_failed",
                         fmt::format("The proxy {} ended the connection before {} was reached. Check that it "
                                     "is a proxy of the kind that is set.",
                                     proxy.label(), nameOf(endpoint)));
}

bool concernsTls(CURLcode code)
{
    switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_INITFAILED: return true;
    default: return false;
    }
}

} // namespace

Error proxyAuthentication(const Proxy &proxy)
{
    return lasting(
        "upstream.proxy_auth",
        proxy.user.empty()
            ? fmt::format("The proxy {} asks for a user name and a password. Put it into the "
                          "environment's HTTPS_PROXY, as http://user:password@host:port, and choose "
                          "the system's proxy in Settings > Network.",
                          proxy.label())
            : fmt::format("The proxy {} does not take this user name and password. Correct "
                          "them in the environment's HTTPS_PROXY or in the system's settings.",
                          proxy.label()));
}

Error curlFailure(const CurlEnd &end, const Endpoint &endpoint, const Proxy *proxy)
{
    switch (end.code) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return upstreamError("upstream.dns",
                             fmt::format("The name {} was not found. Check its spelling and "
                                         "the network.",
                                         endpoint.host));
    case CURLE_COULDNT_RESOLVE_PROXY:
        return upstreamError("upstream.proxy_refused",
                             fmt::format("The proxy's name {} was not found. Check it in Settings > Network.",
                                         proxy ? proxy->host : std::string()));
    case CURLE_COULDNT_CONNECT: return connectFailure(end, endpoint, proxy);
    case CURLE_OUT_OF_MEMORY:
        return {.origin = Origin::Internal,
                .code = "upstream.bad_request",
                .message = "There is no memory for this call. Close something and try again."};
    default: break;
    }
    if (proxy && end.code == CURLE_PROXY)
        return socksFailure(end, endpoint, *proxy);
    if (concernsTls(end.code))
        return lasting("upstream.tls",
                       fmt::format("No trusted TLS connection to {}: {}. Nothing was sent.", nameOf(endpoint),
                                   end.words));
    if (!end.connected && proxy)
        return tunnelFailure(end, endpoint, *proxy);
    switch (end.code) {
    case CURLE_UNSUPPORTED_PROTOCOL: // no HTTP at all
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
        return upstreamError("upstream.bad_framing",
                             "The provider's answer cannot be trusted: its head is not well-formed HTTP.");
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        return upstreamError("upstream.reset", fmt::format("{} broke the connection.", endpoint.host));
    default:
        return upstreamError(
            "upstream.closed",
            fmt::format("{} closed the connection before its answer was there.", endpoint.host));
    }
}

} // namespace portolan::http
