// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/responses/outline.h"

#include "core/dialect/mediaurl.h"

#include <array>
#include <string_view>
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

std::string finishWord(FinishReason reason)
{
    static constexpr std::array<std::string_view, 8> kWords{
        "stop",       "stop_sequence",  "length",  "context_window",
        "tool_calls", "content_filter", "refusal", "pause"};
    return std::string(kWords.at(std::size_t(reason)));
}

std::string word(const StreamStart &start)
{
    return "start(" + start.id + ' ' + start.model + ')';
}

std::string word(const TextDelta &delta)
{
    return "text(" + delta.text + ')';
}

std::string word(const RefusalDelta &delta)
{
    return "refuse(" + delta.text + ')';
}

std::string word(const ReasoningDelta &delta)
{
    return "reason(" + delta.text + ')';
}

std::string word(const ReasoningEnd &end)
{
    return word(end.part);
}

std::string word(const ToolCallStart &start)
{
    return (start.part.custom ? "custom" : "call") + std::to_string(start.call) + '(' + start.part.id + ' '
        + start.part.name + ')';
}

std::string word(const ToolCallDelta &delta)
{
    return "args" + std::to_string(delta.call) + '(' + delta.arguments + ')';
}

std::string word(const ToolCallEnd &end)
{
    return "end" + std::to_string(end.call);
}

std::string word(const WholePart &whole)
{
    return "whole(" + outline(std::vector<Part>{whole.part}) + ')';
}

std::string word(const AnnotationDelta &delta)
{
    return "cite(" + delta.annotations.text + ')';
}

std::string word(const LogprobsDelta &delta)
{
    return "logprobs(" + delta.logprobs.text + ')';
}

std::string word(const ChoiceFinish &finish)
{
    return "finish(" + finishWord(finish.finish.reason) + ')';
}

std::string word(const UsageReport &report)
{
    return "usage(" + std::to_string(report.usage.input) + '/' + std::to_string(report.usage.output) + ')';
}

std::string word(const StreamFailure &failure)
{
    return "fail(" + std::to_string(failure.error.status) + ' ' + failure.error.code + ')';
}

std::string word(const StreamEnd & /*end*/)
{
    return "end";
}

} // namespace

std::string outline(const StreamEvents &events)
{
    std::string text;
    for (const StreamEvent &event : events) {
        text += text.empty() ? "" : " ";
        text += std::visit([](const auto &said) { return word(said); }, event);
    }
    return text;
}

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
