// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/base/usage.h"
#include "core/dialect/codec.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

/// POST /v1/embeddings in OpenAI's form, answered by providers of every form (openai.md 6, cohere.md 4,
/// gemini.md 9, bedrock.md 8, mistral.md). What a request needs beside it travels in an Exchange, as for
/// chats.
namespace portolan::dialect::embeddings {

struct EmbeddingsRequest {
    std::string model{}; ///< as the client named it
    /// Exactly one of the two has entries, at most 2048.
    std::vector<std::string> texts{};
    std::vector<RawJson> tokens{}; ///< each an array of whole numbers, for a tokenizer that only OpenAI has
    std::optional<std::int64_t> dimensions{};
    bool base64 = false; ///< little-endian float32 in base64 instead of arrays of numbers
    std::string user{};
    std::string input_type{}; ///< Cohere's word, which other gateways take too: search_query, ...
    std::string truncate{};   ///< Cohere: NONE, START, END
    Extras extras{};

    [[nodiscard]] std::size_t size() const noexcept { return texts.empty() ? tokens.size() : texts.size(); }
    friend bool operator==(const EmbeddingsRequest &, const EmbeddingsRequest &) = default;
};

/// One vector, in one of the two forms, whichever the provider gave.
struct Embedding {
    RawJson numbers{};    ///< an array, each number as the provider spelled it
    std::string base64{}; ///< of little-endian float32

    friend bool operator==(const Embedding &, const Embedding &) = default;
};

struct EmbeddingsReply {
    std::vector<Embedding> data{}; ///< in the order of the inputs
    std::string model{};           ///< the one that answered; may be empty
    std::optional<Usage> usage{};

    friend bool operator==(const EmbeddingsReply &, const EmbeddingsReply &) = default;
};

/// The client's side. The error is the client's: `where` is a JSON Pointer into its body.
[[nodiscard]] Result<EmbeddingsRequest> decodeRequest(const JsonDocument &body);
/// In the form that the client asked for. The error: numbers that are none in 32 bits.
[[nodiscard]] std::expected<std::string, ApiError>
encodeReply(const EmbeddingsReply &reply, const EmbeddingsRequest &request, const Exchange &exchange);

/// One of the calls that a request becomes where a provider takes fewer inputs at once.
struct EmbeddingsCall {
    WireRequest wire{};
    std::size_t inputs = 0; ///< as many vectors belong into its answer
    bool normalise = false; ///< the provider leaves it to its clients, and OpenAI's expect it
};

/// The provider's side: stateless, shared by all threads.
class EmbeddingsProvider
{
public:
    EmbeddingsProvider() = default;
    EmbeddingsProvider(const EmbeddingsProvider &) = delete;
    EmbeddingsProvider &operator=(const EmbeddingsProvider &) = delete;
    virtual ~EmbeddingsProvider() = default;

    /// In the order of the inputs; at least one. The error is the client's.
    [[nodiscard]] virtual Result<std::vector<EmbeddingsCall>> encode(const EmbeddingsRequest &request,
                                                                     Exchange &exchange) const
        = 0;
    /// A 2xx answer to a call. The error: an answer that is none, or has not one vector for each input.
    [[nodiscard]] virtual std::expected<EmbeddingsReply, ApiError>
    decode(const WireReply &reply, const EmbeddingsCall &call, const Exchange &exchange) const = 0;
};

/// Null for a target whose embeddings this build can't ask for.
[[nodiscard]] const EmbeddingsProvider *embeddingsProvider(const Target &target) noexcept;
/// Any answer that is no 2xx, in the words of the target's API.
[[nodiscard]] ApiError decodeError(const WireReply &reply, const Target &target);

/// The answers of all calls, in their order, as one; usage is added up.
[[nodiscard]] EmbeddingsReply joined(std::vector<EmbeddingsReply> replies);

} // namespace portolan::dialect::embeddings
