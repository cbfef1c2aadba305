// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"

#include <string>
#include <utility>
#include <vector>

namespace portolan::dialect::openai {

/// OpenRouter's reasoning_details, put together from the pieces of a stream: text of one index is joined, so
/// that the whole can be sent back as OpenRouter wants it (others.md).
class ReasoningDetails
{
public:
    void add(const JsonValue &details);
    [[nodiscard]] bool empty() const noexcept { return m_items.empty(); }
    [[nodiscard]] RawJson json() const;

    /// The words in an array of details.
    [[nodiscard]] static std::string textOf(const JsonValue &details);

private:
    struct Item {
        std::string type{};
        std::string index{}; // as written; empty when absent
        std::string text{};
        std::vector<std::pair<std::string, std::string>> members{}; // name and JSON of all others
    };
    Item &itemFor(const JsonValue &piece);

    std::vector<Item> m_items{};
};

} // namespace portolan::dialect::openai
