// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/target.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace portolan::dialect {

/// What the catalog says of a model.
struct ModelFacts {
    std::string_view id{};                    ///< the provider's own id, profile prefixes and dates included
    std::span<const std::string_view> caps{}; ///< catalog README, `caps`; empty: unknown
    std::int64_t max_output = 0;              ///< 0: unknown
};

/// What a model takes, from its id where the vendor ties it to the generation (anthropic.md 6, gemini.md 5
/// and 8), else from the catalog. The id decides also behind clouds that carry the same model under longer
/// names.
[[nodiscard]] Capabilities capabilitiesOf(Dialect dialect, const ModelFacts &model);

/// The generation of a Claude model by its id, e.g. {Opus, 4, 6} for "us.anthropic.claude-opus-4-6-v1:0".
struct ClaudeModel {
    enum class Family : std::uint8_t { Opus, Sonnet, Haiku, Fable, Mythos, Other };
    Family family = Family::Other;
    int major = 0; ///< 0: this is no Claude, or its id does not say
    int minor = 0;

    static ClaudeModel parse(std::string_view id);
    [[nodiscard]] bool atLeast(int wanted_major, int wanted_minor) const noexcept;

    friend bool operator==(const ClaudeModel &, const ClaudeModel &) = default;
};

} // namespace portolan::dialect
