// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/replycontent.h"

#include "core/dialect/replyshapes.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace portolan::dialect {

namespace {

using Value = simdjson::ondemand::value;
namespace ondemand = simdjson::ondemand;

constexpr int kMostDepth = 16; // of content inside content

/// Members whose strings are output, and those that lead to such.
constexpr auto kText = std::to_array<std::string_view>({
    "content",   "text",    "reasoning_content", "reasoning",  "refusal", "arguments",   "partial_json",
    "thinking",  "delta",   "transcript",        "tool_calls", "parts",   "function",    "function_call",
    "tool_plan", "summary", "functionCall",      "code",       "message", "output_text",
});

/// Tool input that is an object of the tool's own: its size as JSON counts.
constexpr auto kRaw = std::to_array<std::string_view>({"input", "args"});

constexpr auto kOpaque = std::to_array<std::string_view>({
    "data",
    "audio",
    "b64_json",
    "partial_image_b64",
    "inlineData",
    "reasoning_details",
    "result",
});

bool contains(std::span<const std::string_view> names, std::string_view name)
{
    return std::ranges::find(names, name) != names.end();
}

/// The value as it is written, blanks behind it included; empty when it breaks off.
std::string_view rawText(Value value)
{
    ondemand::json_type type{};
    std::string_view text;
    if (value.type().get(type) != simdjson::SUCCESS)
        return {};
    if (type == ondemand::json_type::object) {
        ondemand::object object;
        return value.get_object().get(object) == simdjson::SUCCESS
                && object.raw_json().get(text) == simdjson::SUCCESS
            ? text
            : std::string_view{};
    }
    if (type == ondemand::json_type::array) {
        ondemand::array array;
        return value.get_array().get(array) == simdjson::SUCCESS
                && array.raw_json().get(text) == simdjson::SUCCESS
            ? text
            : std::string_view{};
    }
    return value.raw_json_token();
}

void add(Value value, ReplyContent &content, int depth);

/// Bytes of a string; without escapes it needs no decoding to know them.
std::size_t stringSize(Value value)
{
    const std::string_view token = value.raw_json_token();
    if (!token.contains('\\'))
        return std::max<std::size_t>(token.find_last_of('"'), 1) - 1;
    std::string_view text;
    return value.get_string().get(text) == simdjson::SUCCESS ? text.size() : 0;
}

void addRaw(Value value, ReplyContent &content)
{
    const std::string_view text = rawText(value);
    if (text.size() > 2) { // more than {} or ""
        content.bytes += text.size();
        content.any = true;
    }
}

void addObject(ondemand::object object, ReplyContent &content, int depth)
{
    eachMember(object, [&](std::string_view name, Value value) {
        if (contains(kText, name))
            add(value, content, depth + 1);
        else if (contains(kRaw, name))
            addRaw(value, content);
        else if (name == "name" || contains(kOpaque, name))
            addOpaque(value, content);
    });
}

void add(Value value, ReplyContent &content, int depth)
{
    ondemand::json_type type{};
    if (depth > kMostDepth || value.type().get(type) != simdjson::SUCCESS)
        return;
    if (type == ondemand::json_type::string) {
        const std::size_t size = stringSize(value);
        content.bytes += size;
        content.any = content.any || size > 0;
    } else if (type == ondemand::json_type::array) {
        ondemand::array list;
        if (value.get_array().get(list) == simdjson::SUCCESS)
            eachElement(list, [&](Value element) { add(element, content, depth + 1); });
    } else if (type == ondemand::json_type::object) {
        ondemand::object object;
        if (value.get_object().get(object) == simdjson::SUCCESS)
            addObject(object, content, depth);
    }
}

} // namespace

void addContent(Value value, ReplyContent &content)
{
    add(value, content, 0);
}

void addOpaque(Value value, ReplyContent &content)
{
    const std::string_view text = rawText(value);
    // "", {}, [] and null are nothing.
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    const bool holds = text.starts_with('"') || text.starts_with('{') || text.starts_with('[');
    const bool something = holds && text.find_first_not_of(" \t\r\n", 1) != last;
    content.any = content.any || something;
}

} // namespace portolan::dialect
