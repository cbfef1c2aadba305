// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/jsonschema.h"

#include "core/base/jsonvalue.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace portolan::dialect {
namespace {

constexpr std::string_view kNoParameters = R"({"type":"object","properties":{}})";
constexpr std::string_view kObjectType = R"("type":"object")";
constexpr std::string_view kClosed = R"("additionalProperties":false)";

using Places = std::vector<std::pair<std::size_t, bool>>; // offset just behind a '{'; whether members follow

bool isObjectSchema(const JsonValue &schema)
{
    const JsonValue type = schema["type"];
    const auto types = type.elements();
    return type.equals("object") || schema["properties"].isObject()
        || std::any_of(types.begin(), types.end(), [](JsonValue one) { return one.equals("object"); });
}

void findOpen(const JsonValue &schema, Places &open)
{
    if (schema.isArray()) {
        for (const JsonValue one : schema.elements())
            findOpen(one, open);
        return;
    }
    if (!schema.isObject())
        return;
    if (isObjectSchema(schema) && !schema["additionalProperties"].present())
        open.emplace_back(schema.range().offset + 1, !schema.empty());
    for (const std::string_view name : {"properties", "$defs", "definitions"}) {
        for (const JsonValue one : schema[name].members())
            findOpen(one, open);
    }
    for (const std::string_view name : {"items", "prefixItems", "anyOf", "allOf", "oneOf"})
        findOpen(schema[name], open);
}

RawJson withMember(std::string_view text, Places places, std::string_view member)
{
    std::ranges::sort(places);
    RawJson edited;
    std::size_t at = 0;
    for (const auto &[offset, members_follow] : places) {
        edited.text.append(text.substr(at, offset - at)).append(member).append(members_follow ? "," : "");
        at = offset;
    }
    edited.text.append(text.substr(at));
    return edited;
}

} // namespace

RawJson objectSchema(const RawJson &schema)
{
    const auto document = JsonDocument::parse(schema.text);
    if (!document || !JsonValue(*document))
        return {std::string(kNoParameters)};
    const JsonValue root(*document);
    if (!root.isObject() || root["type"])
        return schema;
    return withMember(document->text(), {{root.range().offset + 1, !root.empty()}}, kObjectType);
}

RawJson closedSchema(const RawJson &schema)
{
    const auto document = JsonDocument::parse(schema.text);
    if (!document)
        return schema;
    Places open;
    findOpen(JsonValue(*document), open);
    return withMember(document->text(), std::move(open), kClosed);
}

} // namespace portolan::dialect
