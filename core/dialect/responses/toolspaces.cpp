// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/toolspaces.h"

#include <algorithm>

namespace portolan::dialect::responses {

std::string flatToolName(std::string_view space, std::string_view name)
{
    std::string flat(space);
    if (!space.empty() && !space.ends_with("__"))
        flat += "__";
    return flat.append(name);
}

ToolSpaces::ToolSpaces(const Extras &echo)
{
    const auto tools = std::ranges::find(echo, "tools", &Extras::value_type::first);
    if (tools == echo.end() || tools->second.text.find("\"namespace\"") == std::string::npos)
        return;
    const auto document = JsonDocument::parse(tools->second.text);
    if (!document)
        return;
    for (const JsonValue tool : JsonValue(*document).elements()) {
        if (!tool["type"].equals("namespace"))
            continue;
        const std::string space = tool["name"].stringOr("");
        for (const JsonValue inner : tool["tools"].elements()) {
            const std::string name = inner["name"].stringOr("");
            m_places.emplace_back(flatToolName(space, name), Place{.space = space, .name = name});
        }
    }
}

ToolSpaces::Place ToolSpaces::placeOf(std::string_view flat_name) const
{
    const auto found = std::ranges::find(m_places, flat_name,
                                         [](const auto &place) -> const auto & { return place.first; });
    return found == m_places.end() ? Place{.name = std::string(flat_name)} : found->second;
}

} // namespace portolan::dialect::responses
