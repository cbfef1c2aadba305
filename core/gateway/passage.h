// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/target.h"
#include "core/gateway/snapshot.h"

#include <expected>
#include <string>
#include <string_view>

namespace portolan::gateway {

/// How a call for one endpoint travels to one target: as the client wrote it, or translated.
struct Passage {
    enum class Kind : std::uint8_t {
        Native,     ///< byte for byte, apart from the edits of core/README.md
        Translated, ///< from `client` to `provider`
        Embeddings, ///< OpenAI's form for the client, the provider's own upstream
        Rerank,     ///< Cohere's form for the client
    };
    Kind kind = Kind::Native;
    dialect::Dialect client = dialect::Dialect::OpenAiChat;
    dialect::Dialect provider = dialect::Dialect::OpenAiChat;
    dialect::Platform platform = dialect::Platform::Own;

    friend bool operator==(const Passage &, const Passage &) = default;

    /// The Messages API on a cloud that wants something of the body elsewhere and wraps the answer.
    [[nodiscard]] bool isClaudeElsewhere() const noexcept
    {
        return kind == Kind::Native && provider == dialect::Dialect::Anthropic
            && platform != dialect::Platform::Own;
    }
};

/// Native wherever the provider serves the client's dialect. `responses_only`: the catalog knows the model on
/// the Responses API alone, which other clients get it over then. The error is one sentence: what this
/// provider does not have and what to do.
[[nodiscard]] std::expected<Passage, std::string> passageOf(std::string_view endpoint, const Target &target,
                                                            std::string_view model, bool responses_only);

/// The model's facts and the account's settings as the codecs take them.
[[nodiscard]] dialect::Target wireTarget(const Passage &passage, const Target &target, std::string_view model,
                                         const catalog::Catalog &catalog);

/// A codec's path below an account's address. An address that names the API's version itself ("/v1",
/// "/openai/v1",
/// "/v1beta") takes the place of the codec's.
/// Addresses of OpenAI's relatives always name theirs, if it is only that there is none.
[[nodiscard]] std::string joinedPath(std::string_view base, std::string_view path, dialect::Dialect dialect);

} // namespace portolan::gateway
