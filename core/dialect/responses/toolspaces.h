// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/conversation.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portolan::dialect::responses {

/// Name of a tool that stands in a namespace, as APIs without namespaces know it: "mcp__docs__search".
[[nodiscard]] std::string flatToolName(std::string_view space, std::string_view name);

/// The namespaces that the client declared, for the way back.
class ToolSpaces
{
public:
    ToolSpaces() = default;
    /// `echo` as ClientCodec::echo gave it; without its "tools" no name is in a namespace.
    explicit ToolSpaces(const Extras &echo);

    struct Place {
        std::string space{}; ///< empty: in none
        std::string name{};
    };
    [[nodiscard]] Place placeOf(std::string_view flat_name) const;

private:
    std::vector<std::pair<std::string, Place>> m_places{};
};

} // namespace portolan::dialect::responses
