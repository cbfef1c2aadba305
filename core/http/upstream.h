// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/limits.h"
#include "core/base/result.h"
#include "core/base/secretbytes.h"
#include "core/http/exchange.h"
#include "core/http/fields.h"
#include "core/http/proxy.h"
#include "core/http/task.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::http {

/// Which addresses a connection may end at; checked on the connected address, after DNS (threat-model E4).
/// Link-local, metadata, multicast and unspecified ones never are.
enum class AddressPolicy : std::uint8_t {
    Owner,      ///< saved by the owner: public, private and loopback
    PublicOnly, ///< named by a client
    PublicOrLoopback,
};

/// Where to connect. Equal endpoints share pooled connections.
struct Endpoint {
    std::string host{}; ///< name or address literal without brackets, lower case
    std::uint16_t port = 443;
    bool tls = true;
    bool verify_tls = true; ///< false only for loopback and private addresses (E1)
    AddressPolicy policy = AddressPolicy::Owner;

    friend bool operator==(const Endpoint &, const Endpoint &) = default;
};

/// An http or https URL taken apart: endpoint and base path without a trailing slash. Refuses user info,
/// fragment, query, non-ASCII hosts, control characters and odd spellings of addresses (E4) with a message
/// that says which.
struct BaseUrl {
    Endpoint endpoint{};
    std::string path{};

    static Result<BaseUrl> parse(std::string_view url);
};

/// A header whose value is secret: written last in the head straight from locked memory, never copied.
struct Credential {
    std::string header{}; ///< e.g. "Authorization"
    std::string prefix{}; ///< e.g. "Bearer "
    SharedSecret secret{};
};

/// A body that is still arriving while it is sent (multipart).
class BodySource
{
public:
    virtual ~BodySource() = default;
    /// The next bytes, valid until the next call; empty at the end. An error cancels the call.
    virtual Task<Result<std::string_view>> next() = 0;
};

struct UpstreamRequest {
    Endpoint endpoint{};
    SharedProxy proxy{}; ///< null: none. Only the curl transport looks at it
    Method method = Method::Post;
    std::string target{}; ///< path and query
    Fields fields{};      ///< without Host, framing and Connection lines: the transport writes those
    std::optional<Credential> credential{};
    std::vector<std::string_view>
        body{};                   ///< written in one gather with the head; the caller keeps them alive
    BodySource *source = nullptr; ///< follows `body`; not owned, outlives the call
    std::optional<std::uint64_t> source_bytes{}; ///< length of `source` when known, else chunked

    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds first_byte_timeout{300'000};
    std::chrono::milliseconds idle_timeout{120'000}; ///< between bytes of the body
};

/// Where an attempt's time went, in microseconds since the call began; -1: did not happen.
struct CallTimings {
    std::int64_t connected_us = -1; ///< TCP; 0 on a reused connection
    std::int64_t tls_us = -1;       ///< TLS handshake done
    std::int64_t sent_us = -1;      ///< last byte of the request handed to the kernel
    std::int64_t head_us = -1;      ///< answer's head complete
    bool reused = false;
    bool resent = false; ///< the pooled connection was dead, so the request went out a second time
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::string address{}; ///< of the peer, "127.0.0.1:8080"
};

struct UpstreamReply {
    int status = 0;
    Fields fields{}; ///< hop-by-hop and framing lines removed
    std::optional<std::uint64_t> content_length{};
};

/// One upstream call: open() it, send(), read() until empty. Exactly one request reaches the wire, but for a
/// pooled connection that the peer had closed before any byte of the answer: then it is sent once more on a
/// fresh one. Destroying it gives the connection back when the answer was read to its end, else closes it.
///
/// Error codes: "upstream.dns", "upstream.refused", "upstream.connect_timeout", "upstream.tls" (with the
/// reason), "upstream.address_not_allowed", "upstream.reset", "upstream.closed" (before a complete head),
/// "upstream.first_byte_timeout", "upstream.idle_timeout", "upstream.truncated" (in the body),
/// "upstream.bad_framing", "upstream.head_too_large", "upstream.cancelled", "upstream.no_descriptors".
/// Through a proxy also: "upstream.proxy_refused" (the proxy cannot be reached), "upstream.proxy_auth" (it
/// wants another user name or password), "upstream.proxy_failed" (it would not or could not connect).
class UpstreamCall
{
public:
    virtual ~UpstreamCall() = default;
    /// Connects, sends, and waits for the head.
    virtual Task<Result<UpstreamReply>> send() = 0;
    /// The next decoded bytes of the body, valid until the next await on this thread's transport (they may
    /// lie in its scratch buffer); empty at the end.
    virtual Task<Result<std::string_view>> read() = 0;
    /// True when read() would return without waiting.
    [[nodiscard]] virtual bool ready() const = 0;
    /// Ends whatever is awaited with "upstream.cancelled" and closes the connection at once. From this thread
    /// only.
    virtual void cancel() = 0;
    [[nodiscard]] virtual const CallTimings &timings() const = 0;
};

/// The seam between the attempt loop and the ways out: direct (Asio), curl (proxies), practice (in process).
/// One object per I/O thread.
class UpstreamTransport
{
public:
    virtual ~UpstreamTransport() = default;
    virtual std::unique_ptr<UpstreamCall> open(UpstreamRequest request) = 0;
};

/// Of every transport to real providers.
struct DirectOptions {
    Limits limits{};
    std::string ca_file{}; ///< further trusted certificates (PEM) beside the system's; empty for none
};

class DeadlineList;

/// The direct transport: pooled HTTP/1.1 connections, plain and TLS, on this thread's io_context. Fails when
/// `ca_file` cannot be read.
Result<std::unique_ptr<UpstreamTransport>>
makeDirectTransport(asio::io_context &context, DeadlineList &deadlines, DirectOptions options);

/// The curl transport: calls through an HTTP, HTTPS or SOCKS proxy, over HTTP/1.1. libcurl because proxies,
/// their authentication and TLS inside TLS are a field of its own, which libcurl has walked for 25 years;
/// direct is not it because libcurl costs 2.4 times as much per call (dataplane-findings). libcurl moves the
/// bytes; heads and chunks are read by the same strict code as direct's, and a dead pooled connection is
/// answered by the same one repetition, decided here: libcurl cannot rewind the body. One difference is
/// libcurl's: its copies of the credential and of the proxy's password live in ordinary memory while the call
/// runs. Fails when `ca_file` cannot be read.
Result<std::unique_ptr<UpstreamTransport>> makeCurlTransport(asio::io_context &context,
                                                             DeadlineList &deadlines, DirectOptions options);

} // namespace portolan::http
