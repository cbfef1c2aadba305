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

/// POST /v1/rerank in Cohere's form, answered by Cohere, Voyage, Jina and Together (cohere.md 5, others.md).
namespace portolan::dialect::rerank {

struct RerankRequest {
    std::string model{}; ///< as the client named it
    std::string query{};
    std::vector<std::string> documents{}; ///< an object with "text" gives that text
    std::optional<std::int64_t> top_n{};
    std::optional<std::int64_t> max_tokens_per_doc{};
    bool return_documents = false; ///< done here for every provider, from the request
    Extras extras{};

    friend bool operator==(const RerankRequest &, const RerankRequest &) = default;
};

struct RerankResult {
    std::size_t index = 0; ///< into the request's documents
    RawJson score{};       ///< a number, as the provider spelled it

    friend bool operator==(const RerankResult &, const RerankResult &) = default;
};

struct RerankReply {
    std::string id{};
    std::vector<RerankResult> results{}; ///< in the provider's order: the best first
    std::optional<Usage> usage{};        ///< tokens, or the unit "query", Cohere's search unit

    friend bool operator==(const RerankReply &, const RerankReply &) = default;
};

/// The error is the client's: `where` is a JSON Pointer into its body.
[[nodiscard]] Result<RerankRequest> decodeRequest(const JsonDocument &body);
/// Cohere's form; `meta` has the billed search units or the tokens, whichever the provider counts.
[[nodiscard]] std::string encodeReply(const RerankReply &reply, const RerankRequest &request);

/// The call for the target's provider. The error: a target that has no rerank this build knows.
[[nodiscard]] Result<WireRequest> encodeCall(const RerankRequest &request, Exchange &exchange);
/// A 2xx answer. The error: one that names no document of the request, or one twice.
[[nodiscard]] std::expected<RerankReply, ApiError> decodeCall(const WireReply &reply,
                                                              const RerankRequest &request);

} // namespace portolan::dialect::rerank
