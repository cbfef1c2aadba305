// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/conversation.h"

#include <string>
#include <string_view>

namespace portolan::dialect::responses {

/// What a reasoning item's encrypted_content says. Clients hand it back untouched, so it is where another
/// provider's signature survives until the next turn: as a JSON object of ours, which no provider's own
/// content looks like. No secret and no proof: the provider that signed checks its signature itself.
struct Seal {
    std::string encrypted{}; ///< a Responses provider's own content
    std::string signature{};
    std::string redacted{};
    RawJson details{};
    std::string call_id{}; ///< when set, `signature` is the thought signature of that call (Gemini)

    friend bool operator==(const Seal &, const Seal &) = default;
};

[[nodiscard]] Seal sealOf(const ReasoningPart &part);
/// Empty when there is nothing to keep.
[[nodiscard]] std::string sealed(const Seal &seal);
[[nodiscard]] Seal unsealed(std::string_view encrypted_content);

} // namespace portolan::dialect::responses
