// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"
#include "core/dialect/turns.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace portolan::dialect {

/// How a Claude model is told to think, in Messages and in Converse (mapping.md 10, anthropic.md 6).
struct ClaudeThinking {
    enum class Kind : std::uint8_t {
        Unsaid,
        Disabled,
        Budget,   ///< {"type":"enabled","budget_tokens":N}
        Adaptive, ///< {"type":"adaptive"}
    };
    Kind kind = Kind::Unsaid;
    std::int64_t budget_tokens = 0;   ///< of Budget: 1024 at least and below max_tokens
    std::string_view effort{};        ///< of output_config; empty: unsaid
    std::string display{};            ///< summarized, omitted; empty: unsaid
    std::int64_t max_tokens = 0;      ///< of the answer; the client's own number, clamped, or our default
    bool max_tokens_is_needed = true; ///< false: nobody asked for it, and nothing depends on it

    /// Told to think: no temperature, no top_k and no forced tool then.
    [[nodiscard]] bool thinks() const noexcept { return kind == Kind::Budget || kind == Kind::Adaptive; }
    /// The "thinking" member; empty when unsaid.
    [[nodiscard]] RawJson json() const;
};

/// `forced`: a tool must be called, which is stronger than thinking where that can be switched off.
[[nodiscard]] ClaudeThinking claudeThinking(const Request &request, const Turns &turns, bool forced,
                                            Exchange &exchange);

} // namespace portolan::dialect
