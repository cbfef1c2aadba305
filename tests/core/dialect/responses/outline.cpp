// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/responses/outline.h"

#include "core/dialect/mediaurl.h"

#include <variant>

namespace portolan::dialect::responses {
namespace {

std::string media(const Media &media)
{
    return media.file_id.empty() ? urlOfMedia(media) : media.file_id;
}

std::string word(const TextPart &part)
{
    return part.text;
}

std::string word(const ImagePart &part)
{
    return "image(" + media(part.media) + (part.detail.empty() ? "" : " " + part.detail) + ')';
}

std::string word(const DocumentPart &part)
{
    return "file(" + media(part.media) + part.plain_text + (part.name.empty() ? "" : " " + part.name) + ')';
}

std::string word(const AudioPart &part)
{
    return "audio(" + part.base64 + ' ' + part.format + ')';
}

std::string word(const ToolCallPart &part)
{
    return (part.custom ? "custom(" : "call(") + part.id + ' ' + part.name + ' ' + part.arguments
        + (part.signature.empty() ? "" : " ~" + part.signature) + ')';
}

std::string word(const ForeignPart &part)
{
    return "foreign(" + part.type + ')';
}

std::string word(const ToolResultPart &part)
{
    std::string text = "result(" + part.call_id;
    for (const ResultPart &piece : part.parts)
        text += ' ' + std::visit([](const auto &content) { return word(content); }, piece);
    return text + ')';
}

std::string word(const ReasoningPart &part)
{
    std::string text = "think(" + part.text;
    const auto add = [&](std::string_view name, const std::string &value) {
        if (!value.empty())
            text.append(" ").append(name).append("=").append(value);
    };
    add("signature", part.signature);
    add("redacted", part.redacted);
    add("encrypted", part.encrypted);
    add("id", part.item_id);
    add("details", part.details.text);
    return text + ')';
}

std::string word(const RefusalPart &part)
{
    return "refusal(" + part.text + ')';
}

} // namespace

std::string outline(const std::vector<Part> &parts)
{
    std::string text;
    for (const Part &part : parts) {
        text += text.empty() ? "" : " ";
        text += std::visit([](const auto &content) { return word(content); }, part.content);
        text += part.cache ? "*" : "";
    }
    return text;
}

std::string outline(const std::vector<Message> &messages)
{
    std::string text;
    for (const Message &message : messages) {
        text += text.empty() ? "" : " ";
        text += "SDUA"[std::size_t(message.role)];
        text += '[' + outline(message.parts) + ']';
    }
    return text;
}

std::string outline(const std::vector<Tool> &tools)
{
    std::string text;
    for (const Tool &tool : tools) {
        text += text.empty() ? "" : " ";
        text += "FCH"[std::size_t(tool.kind)];
        text += ':' + tool.name;
        if (tool.strict)
            text += *tool.strict ? "+" : "-";
        text += tool.parameters.text + tool.format.text + tool.json.text;
    }
    return text;
}

} // namespace portolan::dialect::responses
