// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/rawjson.h"
#include "core/routing/facts.h"
#include "core/routing/pattern.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace portolan::routing {

/// Where a condition looks.
struct Field {
    enum class Source : std::uint8_t { Metadata, Params, Path };
    Source source = Source::Metadata;
    std::vector<std::string>
        steps{}; ///< of params: member names and positions; of metadata: one, dots included

    friend bool operator==(const Field &, const Field &) = default;
};

/// A constant that a condition compares with.
using Literal = std::variant<std::nullptr_t, bool, double, std::string>;

/// One comparison of one field.
struct Comparison {
    enum class Operator : std::uint8_t { Eq, Ne, In, Nin, Gt, Gte, Lt, Lte, Regex };
    Operator op = Operator::Eq;
    std::vector<Literal> values{};    ///< of In and Nin any number, else one; of Regex none
    std::optional<Pattern> pattern{}; ///< of Regex
};

/// A condition's query as gateway-protocol 3.5 writes it, with its defects mended (section 11): all siblings
/// count, nested fields are reached, and a missing field matches nothing but $ne and $nin.
struct Query {
    enum class Kind : std::uint8_t { All, Any, Compare };
    Kind kind = Kind::All; ///< All of nothing is true
    std::vector<Query> parts{};
    Field field{};                         ///< of Compare
    std::vector<Comparison> comparisons{}; ///< of Compare: all must hold

    [[nodiscard]] bool holds(const Facts &facts) const;
};

} // namespace portolan::routing
