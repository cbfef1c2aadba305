// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/conversation.h"

#include <optional>
#include <string>
#include <string_view>

namespace portolan::dialect {

/// What a provider wants back with its reasoning. Clients hand back untouched what their own dialect has for
/// it (a reasoning item's encrypted_content, a thinking block's signature), so that is where another
/// provider's signature survives until the next turn: as a text of ours, which no provider's own content
/// looks like. No secret and no proof: the provider that signed checks its signature itself.
struct Seal {
    std::string encrypted{}; ///< a Responses provider's own content
    std::string item_id{};   ///< and its item's, where the client has no place for it
    std::string signature{};
    std::string redacted{};
    RawJson details{};
    std::string call_id{}; ///< when set, `signature` is the thought signature of that call (Gemini)

    friend bool operator==(const Seal &, const Seal &) = default;
};

[[nodiscard]] Seal sealOf(const ReasoningPart &part);

/// As encrypted_content: a JSON object of ours, but a Responses provider's own content as it is. Of an empty
/// seal it says that the item is no provider's of this API.
[[nodiscard]] std::string sealed(const Seal &seal);
[[nodiscard]] Seal unsealed(std::string_view encrypted_content);
[[nodiscard]] bool isSealed(std::string_view encrypted_content);

/// As a thinking block's signature; empty when there is nothing to keep.
[[nodiscard]] std::string sealedSignature(const Seal &seal);
/// Nothing when the signature is none of ours.
[[nodiscard]] std::optional<Seal> unsealedSignature(std::string_view signature);

} // namespace portolan::dialect
