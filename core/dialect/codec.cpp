// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/codec.h"

#include <algorithm>

namespace portolan::dialect {

std::string_view Exchange::clientToolName(std::string_view sent) const noexcept
{
    const auto found = std::ranges::find(tool_names, sent, &std::pair<std::string, std::string>::first);
    return found == tool_names.end() ? sent : std::string_view(found->second);
}

bool Exchange::isCustomTool(std::string_view name) const noexcept
{
    return std::ranges::find(custom_tools, name) != custom_tools.end();
}

} // namespace portolan::dialect
