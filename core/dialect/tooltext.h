// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <string>
#include <string_view>

/// What every provider's codec does with tools whatever the wire form is.
namespace portolan::dialect {

/// The name as the provider gets it (fittingToolName); a change is remembered in the exchange, so that the
/// reply's calls bear the client's own name again.
[[nodiscard]] std::string sentToolName(std::string_view name, Exchange &exchange);

/// Schema of the function that stands for a custom tool: one string, "input".
inline constexpr std::string_view kCustomToolSchema
    = R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"]})";
/// The free text of a custom call as arguments of that function, and back. Arguments without such a string
/// come back as they are: the tool's own words for what is wrong are better than ours.
[[nodiscard]] std::string wrappedInput(std::string_view text);
[[nodiscard]] std::string unwrappedInput(std::string_view arguments);

/// JSON without white space between its tokens; strings and numbers stay as they are written.
[[nodiscard]] std::string compactJson(std::string_view json);
/// True for the text of one JSON object, with or without white space around it.
[[nodiscard]] bool isJsonObject(std::string_view text);

/// The texts of a result joined by LF; an image or document stands there as "[image]" or "[document]" (the
/// codec sends it another way or notes that it is left out), a document that is text as its text.
[[nodiscard]] std::string resultText(const ToolResultPart &result);

} // namespace portolan::dialect
