// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"
#include "core/dialect/usagereader.h"
#include "core/gateway/passage.h"
#include "core/http/fields.h"

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::gateway {

/// A client's request, read once; every attempt writes it anew for its own target.
class ClientRequest
{
public:
    /// The error is the client's (400): what is wrong in its body and where.
    static Result<std::unique_ptr<ClientRequest>> read(dialect::Dialect dialect, std::string body);
    /// What a provider refused of it (dialect::Repair).
    void removeReasoning();

    [[nodiscard]] const dialect::ClientCodec &codec() const noexcept { return *m_codec; }
    [[nodiscard]] const dialect::Request &request() const noexcept { return m_request; }
    [[nodiscard]] const dialect::Extras &echo() const noexcept { return m_echo; }

private:
    ClientRequest() = default;

    const dialect::ClientCodec *m_codec = nullptr;
    dialect::Request m_request{};
    dialect::Extras m_echo{};
};

/// Notes in words for the trace: "seed left out (why); ...".
[[nodiscard]] std::string inWords(const dialect::Notes &notes);
/// A provider's answer as codecs take it.
[[nodiscard]] dialect::WireReply wireReply(int status, const http::Fields &fields, std::string body);

/// One attempt whose provider wants or gives other bytes than the client's: writes the request, and turns the
/// answer, whole or streamed, into the client's. Knows no sockets. On one I/O thread.
class Translation
{
public:
    struct Clock {
        std::int64_t now_s = 0;
        std::uint64_t seed = 0; ///< of the ids it makes
    };
    /// What the client gets instead of the provider's bytes.
    struct Answer {
        int status = 200;
        std::string body{};
        std::optional<std::int64_t> retry_after_ms{};
        bool failed = false;
    };

    /// Between two dialects. The error: this request cannot be said in the provider's dialect (400), or this
    /// build has no codec for it.
    static Result<std::unique_ptr<Translation>> begin(const ClientRequest &client, dialect::Target target,
                                                      std::string_view requested_model, const Clock &clock);

    Translation() = default;
    Translation(const Translation &) = delete;
    Translation &operator=(const Translation &) = delete;
    virtual ~Translation() = default;

    [[nodiscard]] virtual const dialect::WireRequest &request() const noexcept = 0;
    [[nodiscard]] virtual bool streams() const noexcept = 0;
    /// What the target could not take, in words for the trace; empty when it took all.
    [[nodiscard]] virtual std::string notes() const = 0;

    /// A whole answer of any status.
    virtual Answer answer(int status, const http::Fields &fields, std::string body) = 0;
    /// The provider did not answer, or broke off before anything was sent.
    virtual Answer failure(const dialect::ApiError &error) = 0;

    /// A stream: appends the client's bytes.
    virtual void feed(std::string_view piece, std::string &out) = 0;
    virtual void end(std::string &out) = 0;
    virtual void breakOff(const dialect::ApiError &error, std::string &out) = 0;
    /// A whole answer to a request for a stream, as the stream it should have been.
    virtual Answer answerAsStream(int status, const http::Fields &fields, std::string body) = 0;
    [[nodiscard]] virtual bool streamEnded() const noexcept = 0;
    [[nodiscard]] virtual bool sawContent() const noexcept = 0;
    [[nodiscard]] virtual const std::optional<dialect::ApiError> &streamFailure() const = 0;

    /// What the answer said beside its content, as pass-through reports it.
    [[nodiscard]] virtual dialect::ReplyFacts facts() const = 0;
};

} // namespace portolan::gateway
