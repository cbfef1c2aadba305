// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/addressrules.h"
#include "core/http/curlcall.h"
#include "core/http/outgoing.h"

#include <fmt/format.h>

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace portolan::http {

namespace {

long proxyType(Proxy::Kind kind)
{
    switch (kind) {
    case Proxy::Kind::Http: return CURLPROXY_HTTP;
    case Proxy::Kind::Https: return CURLPROXY_HTTPS;
    case Proxy::Kind::Socks5: break;
    }
    return CURLPROXY_SOCKS5_HOSTNAME;
}

std::string bracketed(const std::string &host)
{
    return host.contains(':') ? fmt::format("[{}]", host) : host;
}

long wholeSeconds(std::chrono::milliseconds time)
{
    return static_cast<long>(std::max<std::int64_t>(1, time.count() / 1000));
}

} // namespace

/// Behind a proxy nobody here sees the address that a name leads to. So a name that a client chose, and a
/// certificate that nobody checks, are not for proxies: only their address literals can be judged.
Result<> CurlCall::mayCall() const
{
    if (auto checked = checkOutgoing(m_request); !checked)
        return checked;
    const auto &endpoint = m_request.endpoint;
    const bool unverified = endpoint.tls && !endpoint.verify_tls;
    boost::system::error_code no_literal;
    const auto address = asio::ip::make_address(endpoint.host, no_literal);
    bool allowed = true;
    if (!no_literal) {
        const auto kind = kindOf(address);
        allowed = mayConnect(address, endpoint.policy)
            && (!unverified || kind == AddressKind::Loopback || kind == AddressKind::Private);
    } else if (m_request.proxy) {
        allowed = endpoint.policy == AddressPolicy::Owner && !unverified;
    }
    if (allowed)
        return {};
    Error error = upstreamError(
        "upstream.address_not_allowed",
        m_request.proxy && no_literal
            ? fmt::format(
                  "Portolan cannot check where {} leads behind the proxy {}. Add it as an account with "
                  "a certificate that can be verified, or name it in NO_PROXY.",
                  endpoint.host, m_request.proxy->label())
            : fmt::format("{} leads to an address that Portolan may not call here.", endpoint.host));
    error.retryable = false;
    return fail(std::move(error));
}

bool CurlCall::begin(bool fresh)
{
    m_phase = Phase::Connecting;
    m_end.reset();
    m_piece = m_offset = 0;
    m_source_left = m_request.source_bytes.value_or(0);
    m_timings.reused = false;
    m_timings.bytes_sent = 0;
    m_arrived = 0;
    m_reopened = false;
    m_attempt_began = m_active = Clock::now();
    m_easy.reset(curl_easy_init());
    CURL *easy = m_easy.get();
    if (!easy || !setLines())
        return false;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, this);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, m_text.data());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    // A name that is slow to be found must not hold the thread when its call ends.
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    setRoute();
    setTrust();
    setMessage();
    const bool own = fresh || m_request.endpoint.policy != AddressPolicy::Owner;
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, own ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, m_request.endpoint.policy != AddressPolicy::Owner ? 1L : 0L);
    m_running = m_loop->add(easy);
    return m_running;
}

void CurlCall::setRoute()
{
    CURL *easy = m_easy.get();
    const auto &endpoint = m_request.endpoint;
    const auto root
        = fmt::format("{}://{}:{}", endpoint.tls ? "https" : "http", bracketed(endpoint.host), endpoint.port);
    curl_easy_setopt(easy, CURLOPT_URL, root.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    // The connect time-out is ours; this one only must not come before it.
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(m_request.connect_timeout.count() + 1000));
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, wholeSeconds(m_loop->limits().pool_idle));
    curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, wholeSeconds(m_loop->limits().pool_lifetime));
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, onOpen);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, CurlLoop::closeSocket);
    curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, m_loop.get());
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, onConnected);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, this);

    // Empty texts keep libcurl from asking the environment: which proxy is for whom has been decided.
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    std::string target = m_request.target;
    if (const Proxy *proxy = m_request.proxy.get()) {
        const bool socks = proxy->kind == Proxy::Kind::Socks5;
        curl_easy_setopt(easy, CURLOPT_PROXYTYPE, proxyType(proxy->kind));
        curl_easy_setopt(easy, CURLOPT_PROXY, bracketed(proxy->host).c_str());
        curl_easy_setopt(easy, CURLOPT_PROXYPORT, static_cast<long>(proxy->port));
        curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        if (!proxy->user.empty()) {
            // Basic only: the others ask first, and would have the body sent twice.
            curl_easy_setopt(easy, CURLOPT_PROXYAUTH, static_cast<long>(CURLAUTH_BASIC));
            curl_easy_setopt(easy, CURLOPT_SOCKS5_AUTH, static_cast<long>(CURLAUTH_BASIC));
            curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, proxy->user.c_str());
            std::string password(proxy->password ? proxy->password->view() : std::string_view{});
            curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD, password.c_str());
            OPENSSL_cleanse(password.data(), password.size());
        }
        if (!socks && !endpoint.tls)
            target = fmt::format("http://{}{}", hostLine(endpoint), m_request.target);
    }
    curl_easy_setopt(easy, CURLOPT_REQUEST_TARGET, target.c_str());
}

void CurlCall::setTrust()
{
    CURL *easy = m_easy.get();
    const long verify = m_request.endpoint.verify_tls ? 1 : 0;
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verify * 2);
    curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    // Without a folder of certificates beside the file libcurl reads the system's store once, not per call.
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, nullptr);
    if (m_loop->caFile().empty())
        return;
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, onTlsContext);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, this);
}

void CurlCall::setMessage()
{
    CURL *easy = m_easy.get();
    const auto length = outgoingLength(m_request);
    if (m_request.method == Method::Head) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (length || m_request.source) {
        // From a callback and without one to rewind it: libcurl 7.88 repeats a POST by itself whenever it can
        // rewind the body (qt-notes).
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                         length ? static_cast<curl_off_t>(*length) : curl_off_t{-1});
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, onRead);
        curl_easy_setopt(easy, CURLOPT_READDATA, this);
    } else {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    }
    if (m_request.method != Method::Head)
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, std::string(toString(m_request.method)).c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, m_lines);
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, onHead);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, this);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
    // The chunks are taken apart by our own strict reader.
    curl_easy_setopt(easy, CURLOPT_HTTP_TRANSFER_DECODING, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_CONTENT_DECODING, 0L);
}

bool CurlCall::addLine(std::string_view name, std::string_view value, std::string_view more)
{
    // libcurl knows "Name;" for an empty value and "Name:" for a line to leave out.
    std::string line(name);
    if (value.empty() && more.empty())
        line += ';';
    else
        line.append(": ").append(value).append(more);
    curl_slist *lines = curl_slist_append(m_lines, line.c_str());
    OPENSSL_cleanse(line.data(), line.size());
    if (lines)
        m_lines = lines;
    return lines != nullptr;
}

bool CurlCall::setLines()
{
    forgetLines();
    const auto leave_out = [this](const char *line) {
        curl_slist *lines = curl_slist_append(m_lines, line);
        m_lines = lines ? lines : m_lines;
        return lines != nullptr;
    };
    bool complete = addLine("Host", hostLine(m_request.endpoint)) && leave_out("Expect:");
    for (const char *line : {"Accept", "User-Agent", "Content-Type"}) {
        if (!m_request.fields.find(line))
            complete = leave_out(std::string(line).append(":").c_str()) && complete;
    }
    for (std::size_t i = 0; i < m_request.fields.size() && complete; ++i) {
        const auto [name, value] = m_request.fields[i];
        if (isSentAlong(name))
            complete = addLine(name, value);
    }
    if (const auto length = outgoingLength(m_request); length && complete)
        complete = addLine("Content-Length", std::to_string(*length));
    else if (m_request.source && complete)
        complete = addLine("Transfer-Encoding", "chunked");
    if (const auto &credential = m_request.credential; credential && complete)
        complete = addLine(credential->header, credential->prefix, credential->secret->view());
    return complete;
}

void CurlCall::forgetLines()
{
    for (auto *line = m_lines; line; line = line->next)
        OPENSSL_cleanse(line->data, std::strlen(line->data));
    curl_slist_free_all(std::exchange(m_lines, nullptr));
}

} // namespace portolan::http
