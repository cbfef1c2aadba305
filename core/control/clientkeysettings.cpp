// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/clientkeysettings.h"

#include "core/base/jsonreader.h"
#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"

namespace portolan::control {

namespace {

constexpr std::string_view kDefaultConfig = "default_config";
constexpr std::string_view kAllowOverride = "allow_config_override";

} // namespace

ClientKeySettings keySettingsFromStored(std::string_view json)
{
    if (json.empty())
        return {};
    const auto document = JsonDocument::parse(std::string(json));
    if (!document)
        return {};
    const JsonValue stored(*document);
    return {.default_config = stored[kDefaultConfig].stringOr(""),
            .allow_config_override = stored[kAllowOverride].boolean().value_or(true)};
}

std::string withSettings(std::string_view json, const ClientKeySettings &settings)
{
    std::string text;
    JsonWriter writer(text);
    writer.object();
    if (!settings.default_config.empty())
        writer.member(kDefaultConfig, settings.default_config);
    if (!settings.allow_config_override)
        writer.member(kAllowOverride, false);
    const auto before
        = json.empty() ? Result<JsonDocument>(fail({})) : JsonDocument::parse(std::string(json));
    if (before) {
        for (const JsonValue member : JsonValue(*before).members()) {
            const auto name = member.key();
            if (name != kDefaultConfig && name != kAllowOverride)
                writer.key(name).raw(member.raw());
        }
    }
    writer.end();
    return text == "{}" ? std::string() : text;
}

} // namespace portolan::control
