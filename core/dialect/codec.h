// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/dialect/frames.h"
#include "core/dialect/reply.h"
#include "core/dialect/target.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The seams of translation. A codec is stateless and shared by all threads; what one request needs to
/// remember is in Exchange. Codecs never throw and never trust a byte: every input is somebody else's.
namespace portolan::dialect {

/// Something a target could not take as the client said it; shown in the request's trace (nothing is dropped
/// silently).
struct Note {
    enum class Kind : std::uint8_t {
        Dropped,  ///< harmless to leave out
        Changed,  ///< clamped, renamed, downgraded
        Emulated, ///< done another way, e.g. a JSON schema by a forced tool
    };
    Kind kind = Kind::Dropped;
    std::string what{}; ///< member or parameter, in the client's words: "seed", "messages[2].name"
    std::string why{};  ///< a few words

    friend bool operator==(const Note &, const Note &) = default;
};
using Notes = std::vector<Note>;

/// What one translated exchange remembers from the request until the end of the reply.
struct Exchange {
    explicit Exchange(std::uint64_t seed)
        : ids(seed)
    { }

    Target target{};
    std::string
        requested_model{}; ///< what replies say their model is when the client's dialect wants its own word
    std::int64_t created_s = 0; ///< the gateway's clock when the request came
    bool stream = false;
    bool include_usage = false; ///< the client asked for the usage chunk
    std::int64_t input_estimate
        = 0;                   ///< tokens; for Anthropic's message_start before the real number is known
    std::string schema_tool{}; ///< name of the tool that emulates a JSON schema; empty: none does
    std::vector<std::string> custom_tools{}; ///< names of tools wrapped as functions with one string "input"
    std::vector<std::pair<std::string, std::string>>
        tool_names{}; ///< sent -> client's own, where they differ
    Extras echo{};    ///< what ClientCodec::echo said of the request
    Notes notes{};
    IdMaker ids;

    /// The client's own name of a tool that the provider knows as `sent`.
    [[nodiscard]] std::string_view clientToolName(std::string_view sent) const noexcept;
    [[nodiscard]] bool isCustomTool(std::string_view name) const noexcept; ///< the client's own name
};

using Headers = std::vector<std::pair<std::string, std::string>>; ///< names in lower case

/// A request as it goes to the provider, without authentication.
struct WireRequest {
    std::string path{}; ///< percent-encoded, with query; joins the account's base URL
    Headers headers{};
    std::string body{};
};

/// What a codec is given of a provider's answer.
struct WireReply {
    int status = 200;
    Headers headers{};
    std::string body{};
};

/// Reads the provider's stream, frame by frame.
class StreamDecoder
{
public:
    StreamDecoder() = default;
    StreamDecoder(const StreamDecoder &) = delete;
    StreamDecoder &operator=(const StreamDecoder &) = delete;
    virtual ~StreamDecoder() = default;

    /// Appends what the frame says. After a StreamEnd or StreamFailure further frames are ignored.
    virtual void frame(const Frame &frame, StreamEvents &out) = 0;
    /// The bytes have ended: appends StreamEnd, or StreamFailure "upstream_incomplete" when the terminal
    /// event of the dialect has not come.
    virtual void end(StreamEvents &out) = 0;
};

/// Writes the client's stream.
class StreamEncoder
{
public:
    StreamEncoder() = default;
    StreamEncoder(const StreamEncoder &) = delete;
    StreamEncoder &operator=(const StreamEncoder &) = delete;
    virtual ~StreamEncoder() = default;

    /// Appends the bytes that the event means: whole server-sent events, or none yet.
    virtual void event(const StreamEvent &event, std::string &out) = 0;
};

/// A client's side of a dialect.
class ClientCodec
{
public:
    virtual ~ClientCodec() = default;

    /// The error is the client's (400): `where` is a JSON Pointer into its body.
    [[nodiscard]] virtual Result<Request> decodeRequest(const JsonDocument &body) const = 0;
    /// Members of the request that this dialect's replies repeat (Responses: tools, temperature, metadata
    /// and the like), as they were written. Whoever translates puts them into Exchange::echo before it asks
    /// for the reply; without them a reply says the API's defaults.
    [[nodiscard]] virtual Extras echo(const JsonDocument & /*body*/) const { return {}; }
    [[nodiscard]] virtual std::string encodeReply(const Reply &reply, Exchange &exchange) const = 0;
    [[nodiscard]] virtual std::unique_ptr<StreamEncoder> streamEncoder(Exchange &exchange) const = 0;
    /// Body of an error; its status is statusFor(error).
    [[nodiscard]] virtual std::string encodeError(const ApiError &error) const = 0;
    [[nodiscard]] virtual int statusFor(const ApiError &error) const = 0;
};

/// A provider's side of a dialect.
class ProviderCodec
{
public:
    virtual ~ProviderCodec() = default;

    /// What the target can't take is noted in the exchange, or, where leaving it out would change the
    /// meaning, an error of the client (400).
    [[nodiscard]] virtual Result<WireRequest> encodeRequest(const Request &request, Exchange &exchange) const
        = 0;
    /// A 2xx answer. The error: a 200 that is one, or a body that is none.
    [[nodiscard]] virtual std::expected<Reply, ApiError> decodeReply(const WireReply &reply,
                                                                     Exchange &exchange) const
        = 0;
    [[nodiscard]] virtual ApiError decodeError(const WireReply &reply) const = 0;
    [[nodiscard]] virtual FrameFormat streamFormat() const = 0;
    [[nodiscard]] virtual std::unique_ptr<StreamDecoder> streamDecoder(Exchange &exchange) const = 0;
};

/// Null for a dialect that has no such side.
[[nodiscard]] const ClientCodec *clientCodec(Dialect dialect) noexcept;
/// By dialect and platform: Anthropic as InvokeModel has its own framing.
[[nodiscard]] const ProviderCodec *providerCodec(Dialect dialect, Platform platform) noexcept;

} // namespace portolan::dialect
