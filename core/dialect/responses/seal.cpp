// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/seal.h"

#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"

namespace portolan::dialect::responses {
namespace {

constexpr std::string_view kMark = "portolan";

void optional(JsonWriter &json, std::string_view name, std::string_view text)
{
    if (!text.empty())
        json.member(name, text);
}

} // namespace

Seal sealOf(const ReasoningPart &part)
{
    return {.encrypted = part.encrypted,
            .signature = part.signature,
            .redacted = part.redacted,
            .details = part.details};
}

std::string sealed(const Seal &seal)
{
    if (!seal.encrypted.empty() || seal == Seal{})
        return seal.encrypted;
    std::string text;
    JsonWriter json(text);
    json.object().key(kMark).object();
    optional(json, "signature", seal.signature);
    optional(json, "redacted", seal.redacted);
    optional(json, "call_id", seal.call_id);
    if (!seal.details.empty())
        json.member("details", seal.details);
    json.end().end();
    return text;
}

Seal unsealed(std::string_view encrypted_content)
{
    if (!encrypted_content.starts_with('{'))
        return {.encrypted = std::string(encrypted_content)};
    const auto document = JsonDocument::parse(std::string(encrypted_content));
    const JsonValue ours = document ? JsonValue(*document)[kMark] : JsonValue();
    if (!ours.isObject())
        return {.encrypted = std::string(encrypted_content)};
    return {.signature = ours["signature"].stringOr(""),
            .redacted = ours["redacted"].stringOr(""),
            .details = ours["details"].rawJson(),
            .call_id = ours["call_id"].stringOr("")};
}

} // namespace portolan::dialect::responses
