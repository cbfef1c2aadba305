// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/seal.h"

#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"
#include "core/dialect/base64.h"

namespace portolan::dialect {
namespace {

constexpr std::string_view kMark = "portolan";
constexpr std::string_view kSignatureMark = "portolan:";

void optional(JsonWriter &json, std::string_view name, std::string_view text)
{
    if (!text.empty())
        json.member(name, text);
}

std::string written(const Seal &seal)
{
    std::string text;
    JsonWriter json(text);
    json.object().key(kMark).object();
    optional(json, "encrypted", seal.encrypted);
    optional(json, "item_id", seal.item_id);
    optional(json, "signature", seal.signature);
    optional(json, "redacted", seal.redacted);
    optional(json, "call_id", seal.call_id);
    if (!seal.details.empty())
        json.member("details", seal.details);
    json.end().end();
    return text;
}

std::optional<Seal> read(std::string_view text)
{
    if (!text.starts_with('{'))
        return std::nullopt;
    const auto document = JsonDocument::parse(std::string(text));
    const JsonValue ours = document ? JsonValue(*document)[kMark] : JsonValue();
    if (!ours.isObject())
        return std::nullopt;
    return Seal{.encrypted = ours["encrypted"].stringOr(""),
                .item_id = ours["item_id"].stringOr(""),
                .signature = ours["signature"].stringOr(""),
                .redacted = ours["redacted"].stringOr(""),
                .details = ours["details"].rawJson(),
                .call_id = ours["call_id"].stringOr("")};
}

} // namespace

Seal sealOf(const ReasoningPart &part)
{
    return {.encrypted = part.encrypted,
            .item_id = part.item_id,
            .signature = part.signature,
            .redacted = part.redacted,
            .details = part.details};
}

std::string sealed(const Seal &seal)
{
    return seal.encrypted.empty() ? written(seal) : seal.encrypted;
}

Seal unsealed(std::string_view encrypted_content)
{
    return read(encrypted_content).value_or(Seal{.encrypted = std::string(encrypted_content)});
}

bool isSealed(std::string_view encrypted_content)
{
    return read(encrypted_content).has_value();
}

std::string sealedSignature(const Seal &seal)
{
    const bool keeps = seal != Seal{.item_id = seal.item_id, .call_id = seal.call_id};
    return keeps ? std::string(kSignatureMark) + base64Of(written(seal)) : std::string();
}

std::optional<Seal> unsealedSignature(std::string_view signature)
{
    if (!signature.starts_with(kSignatureMark))
        return std::nullopt;
    const auto text = bytesOfBase64(signature.substr(kSignatureMark.size()));
    return text ? read(*text).value_or(Seal{}) : Seal{};
}

} // namespace portolan::dialect
