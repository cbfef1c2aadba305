// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonreader.h"
#include "core/dialect/conversation.h"
#include "core/dialect/target.h"

#include <optional>
#include <string>
#include <string_view>

namespace portolan::dialect {

/// What a provider would not take although the request is sound without it (architecture 9.13).
struct Repair {
    bool reasoning = false; ///< reasoning of earlier turns, made by another model or account
    std::string beta{};     ///< this token of anthropic-beta
    bool betas = false;     ///< one of them, and the refusal does not say which (Bedrock)

    [[nodiscard]] bool empty() const noexcept { return !reasoning && beta.empty() && !betas; }
    friend bool operator==(const Repair &, const Repair &) = default;
};

/// Read from a refusal's own words: a signature or encrypted reasoning that it cannot verify, a reasoning
/// item it does not know, a beta it does not have. Empty for every other refusal.
[[nodiscard]] Repair repairOf(Dialect provider, int status, std::string_view message);

/// The body of a Messages or Responses request without the reasoning of earlier turns, everything else as it
/// was written; nothing when there is none in it. A Messages request in the middle of a tool loop does not
/// ask for thinking then, because the loop would have to begin with it (anthropic.md 6).
[[nodiscard]] std::optional<std::string> withoutReasoning(Dialect dialect, const JsonDocument &body);

/// The same for a request that is written anew for its provider.
[[nodiscard]] bool holdsReasoning(const Request &request);
void removeReasoning(Request &request);

/// A list of tokens without one of them.
[[nodiscard]] std::string withoutToken(std::string_view list, std::string_view token);

} // namespace portolan::dialect
