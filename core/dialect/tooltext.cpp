// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/tooltext.h"

#include "core/base/jsonwriter.h"

#include <algorithm>

namespace portolan::dialect {
namespace {

bool isJsonSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::string_view textOf(const ResultPart &part)
{
    if (const auto *text = std::get_if<TextPart>(&part))
        return text->text;
    if (std::holds_alternative<ImagePart>(part))
        return "[image]";
    if (const auto *document = std::get_if<DocumentPart>(&part))
        return document->plain_text.empty() ? std::string_view("[document]") : document->plain_text;
    return {};
}

} // namespace

std::string sentToolName(std::string_view name, Exchange &exchange)
{
    std::string sent = fittingToolName(name);
    if (sent != name && exchange.clientToolName(sent) == sent)
        exchange.tool_names.emplace_back(sent, name);
    return sent;
}

std::string wrappedInput(std::string_view text)
{
    std::string arguments;
    JsonWriter(arguments).object().member("input", text).end();
    return arguments;
}

std::string unwrappedInput(std::string_view arguments)
{
    if (const auto document = JsonDocument::parse(std::string(arguments))) {
        if (auto input = JsonValue(*document)["input"].string())
            return *std::move(input);
    }
    return std::string(arguments);
}

std::string compactJson(std::string_view json)
{
    std::string compact;
    compact.reserve(json.size());
    bool in_string = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (!in_string && isJsonSpace(c))
            continue;
        compact += c;
        if (c == '"')
            in_string = !in_string;
        else if (c == '\\' && i + 1 < json.size())
            compact += json[++i];
    }
    return compact;
}

bool isJsonObject(std::string_view text)
{
    const auto begin = std::ranges::find_if_not(text, isJsonSpace);
    return begin != text.end() && *begin == '{' && validateJson(text).has_value();
}

std::string resultText(const ToolResultPart &result)
{
    std::string text;
    for (const ResultPart &part : result.parts) {
        const std::string_view piece = textOf(part);
        if (!text.empty() && !piece.empty())
            text += '\n';
        text += piece;
    }
    return text;
}

} // namespace portolan::dialect
