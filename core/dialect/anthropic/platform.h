// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/dialect/codec.h"
#include "core/dialect/requestedits.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Where Claude is served: Anthropic's own API, Bedrock's InvokeModel, Vertex (anthropic.md 12).
namespace portolan::dialect::anthropic {

/// False for a name that would lead a path of InvokeModel or Vertex elsewhere with the account's credential.
[[nodiscard]] bool isModelName(std::string_view model) noexcept;
/// Of a request; joins the account's base URL. On Vertex the region is "global" when the target names none.
[[nodiscard]] std::string requestPath(const Target &target, bool stream);

/// The member "anthropic_version" of a body; empty for Anthropic's own API, which has a header.
[[nodiscard]] std::string_view bodyVersion(Platform platform) noexcept;
/// `betas`: the features asked for; they go into a header, on Bedrock into the body.
[[nodiscard]] Headers requestHeaders(const Target &target, std::span<const std::string> betas);

/// A client's Messages request that goes to Claude elsewhere without being translated.
struct NativeRequest {
    std::string path{};
    Headers headers{}; ///< besides what authentication adds
    std::vector<BodyEdit> edits{};
    Notes notes{}; ///< betas that stayed behind
};

/// What must change in the body: it stays as the client wrote it, byte for byte, but for "model" (and on
/// Bedrock "stream"), which move into the path, and the version and betas that move in. What the body says of
/// either itself stays. `betas`: those of the client's anthropic-beta headers, one by one; what only
/// Anthropic's own service has is left out of them, because Bedrock and Vertex refuse the whole request for
/// it. `target.api_version`: the client's anthropic-version, if it sent one. The error (400): a body that is
/// no object, a model that is none.
[[nodiscard]] Result<NativeRequest> nativeRequest(const JsonDocument &body, const Target &target,
                                                  std::span<const std::string> betas);

/// POST /v1/messages/count_tokens for Bedrock's CountTokens and for Vertex; costs nothing on either. Errors
/// as above.
[[nodiscard]] Result<WireRequest> countRequest(const JsonDocument &body, const Target &target,
                                               std::span<const std::string> betas);
/// The tokens of either one's answer; nothing when it says none.
[[nodiscard]] std::optional<std::int64_t> countedTokens(const JsonValue &answer);

} // namespace portolan::dialect::anthropic
