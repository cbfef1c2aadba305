// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/http/fields.h"
#include "core/http/task.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::http {

enum class Method : std::uint8_t { Get, Head, Post, Put, Delete, Patch, Options };

[[nodiscard]] std::string_view toString(Method method) noexcept;

/// A request's head after every check of threat-model D1 to D3 and of the listener rules A2: whoever sees one
/// may rely on it.
struct RequestHead {
    Method method = Method::Get;
    std::string target{}; ///< `path` and the query as sent: safe to pass on
    std::string path{};   ///< the one normal form (B4): decided once, used by routing and authorisation alike
    std::string query{};  ///< after '?', as sent
    Fields fields{};
    bool http10 = false;
    bool keep_alive = true;
    bool expect_continue = false;
    bool has_body = false;
    std::optional<std::uint64_t> content_length{}; ///< nothing when chunked or without body
    bool upgrade_websocket = false;                ///< every other Upgrade is ignored
};

/// A request that ends before the handler or in it, without an upstream: the answer of architecture 9.15.
struct Refusal {
    int status = 400;
    std::string type{};                ///< OpenAI's error.type, e.g. "invalid_request_error"
    std::string code{};                ///< stable, e.g. "http.head_too_large"; also the record's error code
    std::string body_code{};           ///< in the body instead of `code`, where clients know one; empty: none
    std::string message{};             ///< one sentence that says what to do
    std::string param{};               ///< empty prints null
    std::vector<std::string> errors{}; ///< one for each thing wrong, where there may be several
    std::optional<int> retry_after_s{};
    bool close = false; ///< the connection must not be used again
};

/// The body of 9.15; on /v1/messages* `"type":"error"` stands at the top as well.
[[nodiscard]] std::string refusalBody(const Refusal &refusal, std::string_view path);

struct ResponseHead {
    int status = 200;
    Fields fields{}; ///< without framing lines and Connection: the server writes those
    std::optional<std::uint64_t>
        content_length{}; ///< for begin(); nothing streams chunked (or to the end in 1.0)
};

/// One request on a client connection, as its handler sees it. Lives on one I/O thread; valid until handle()
/// returns. After an error of any function the connection is gone: the handler only has to clean up and
/// return.
class Exchange
{
public:
    virtual ~Exchange() = default;

    [[nodiscard]] virtual const RequestHead &head() const = 0;
    /// When the head's first byte was read: the start of the request's clock.
    [[nodiscard]] virtual std::chrono::steady_clock::time_point startedAt() const = 0;

    /// The whole body, with kJsonPadding spare capacity; answers `Expect: 100-continue` first. Fails with
    /// "http.body_too_large" (413), "http.body_timeout" (408), "http.client_gone" or "http.bad_framing"
    /// (400); for the first, second and last the handler answers with respond() and the connection closes
    /// after it.
    virtual Task<Result<std::string>> readBody(std::size_t limit) = 0;
    /// The next decoded bytes of the body, valid until the next await on this exchange; empty at its end.
    /// Same errors; `limit` bounds the whole body.
    virtual Task<Result<std::string_view>> readSome(std::size_t limit) = 0;

    /// A whole answer. An unread body closes the connection afterwards. HEAD sends the head alone.
    virtual Task<Result<>> respond(ResponseHead head, std::string_view body) = 0;
    /// Starts a streamed answer. Nothing is sent yet: the head leaves with the first write() or with
    /// flushHead().
    virtual void begin(ResponseHead head) = 0;
    virtual Task<Result<>> flushHead() = 0;
    /// Sends bytes now; returns when the kernel has taken them all (back-pressure). `bytes` may live in the
    /// thread's scratch buffer: what the kernel does not take at once is copied. Fails with
    /// "http.client_gone" or "http.write_stall".
    virtual Task<Result<>> write(std::string_view bytes) = 0;
    /// Sends a few bytes of a streamed answer, its head before them if that is still here, as far as the
    /// kernel takes them now, without waiting; false when nothing was sent. For comments beside the coroutine
    /// that writes: what the kernel took only in part goes out before its next bytes.
    virtual bool tryWrite(std::string_view bytes) = 0;
    virtual Task<Result<>> finish() = 0;
    /// Ends a streamed answer so that the client notices that it is incomplete (no last chunk; RST when that
    /// is all).
    virtual void abort() = 0;

    /// Calls `gone` at most once, on this thread, when the client closes or resets while the handler runs.
    /// Set it before the first await on an upstream; an empty function takes it back. Bytes of a pipelined
    /// next request are kept, not mistaken for a close.
    virtual void onClientGone(std::function<void()> gone) = 0;
    [[nodiscard]] virtual bool clientGone() const = 0;

    [[nodiscard]] virtual std::uint64_t bytesRead() const
        = 0; ///< head and body of this request, as on the wire
    [[nodiscard]] virtual std::uint64_t bytesWritten() const = 0; ///< of this answer, as on the wire
    [[nodiscard]] virtual bool headSent() const = 0;
    [[nodiscard]] virtual Executor executor() const = 0;
};

/// What answers requests; one object per I/O thread, used on that thread alone.
class Handler
{
public:
    virtual ~Handler() = default;

    /// Answers one request. An exception that escapes becomes a 500 and a closed connection (reliability
    /// R34).
    virtual Task<> handle(Exchange &exchange) = 0;
    /// A request that the server refused by itself (framing, limits, Host): already answered, reported so
    /// that it is counted. `head` holds what was understood of it; null when not even a request line was.
    virtual void refused(const RequestHead *head, const Refusal &refusal,
                         std::chrono::steady_clock::time_point started)
        = 0;
};

} // namespace portolan::http
