// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonpeek.h"
#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan {

struct JsonLimits {
    std::size_t depth = 128;       ///< containers inside one another
    std::size_t nodes = 2'000'000; ///< values; names of members do not count
};

/// Says whether the text is one JSON value as RFC 8259 writes it: UTF-8, no byte order mark, no lone
/// surrogates in escapes, numbers of any size, nothing after it. The error's sentence names byte, line and
/// column. "json.encoding", "json.syntax", "json.too_deep", "json.too_many_nodes".
Result<> validateJson(std::string_view text, const JsonLimits &limits = {});

/// The value of a JSON string given with its quotes; nothing when it is not a well-formed one.
[[nodiscard]] std::optional<std::string> decodeJsonString(std::string_view quoted);

/// One value of a JsonDocument and its place in the text.
struct JsonNode {
    enum class Kind : std::uint8_t { Null, Bool, Number, String, Array, Object };
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    Kind kind = Kind::Null;
    ByteRange range{}; ///< of the value, quotes and brackets included
    ByteRange key{};   ///< of its name with the quotes when it is a member, else of size 0
    std::uint32_t first_child = kNone;
    std::uint32_t next = kNone; ///< the sibling after it
};

/// A JSON text that a person owns, with the place of every value in it: problems are reported at their line
/// and column, and an edit replaces one range and leaves the rest as it was written. A value: copies share
/// nothing.
class JsonDocument
{
public:
    /// Errors as in validateJson.
    static Result<JsonDocument> parse(std::string text, const JsonLimits &limits = {});

    struct Position {
        std::size_t line = 1;
        std::size_t column = 1; ///< in characters (code points)
        friend bool operator==(const Position &, const Position &) = default;
    };

    [[nodiscard]] const std::string &text() const noexcept { return m_text; }
    [[nodiscard]] std::string_view text(ByteRange range) const;
    [[nodiscard]] const JsonNode &root() const noexcept { return m_nodes.front(); }
    [[nodiscard]] const JsonNode &node(std::uint32_t index) const { return m_nodes.at(index); }

    /// The value that a JSON Pointer (RFC 6901) names, or null. Of members with one name the last counts, as
    /// it does for most readers.
    [[nodiscard]] const JsonNode *find(std::string_view pointer) const;
    /// Where a byte offset lies for a person; lines end at LF.
    [[nodiscard]] Position position(std::size_t offset) const;

private:
    JsonDocument() = default;
    [[nodiscard]] const JsonNode *child(const JsonNode &parent, const std::string &token) const;

    std::string m_text;
    std::vector<JsonNode> m_nodes; // in the order of the text; the root first
};

} // namespace portolan
