// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonpeek.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace portolan::routing {

enum class Severity : std::uint8_t {
    Error,   ///< the config cannot run
    Warning, ///< it runs, but a part of it does not do what it seems to say
};

/// A change of the text that mends a problem: the button beside it.
struct Fix {
    std::string label{}; ///< what it does, imperative: "Write \"provider\""
    ByteRange range{};   ///< is replaced
    std::string text{};

    friend bool operator==(const Fix &, const Fix &) = default;
};

/// Something about a config that its owner should know. All of them are reported at once.
struct Problem {
    std::string pointer{}; ///< JSON Pointer of the value it is about
    ByteRange range{};     ///< of that value in the text
    Severity severity = Severity::Error;
    std::string code{};    ///< stable, e.g. "config.bad_type"
    std::string message{}; ///< one English sentence that says what to do
    std::optional<Fix> fix{};

    friend bool operator==(const Problem &, const Problem &) = default;
};

using Problems = std::vector<Problem>;

[[nodiscard]] inline bool hasErrors(const Problems &problems) noexcept
{
    for (const Problem &problem : problems) {
        if (problem.severity == Severity::Error)
            return true;
    }
    return false;
}

} // namespace portolan::routing
