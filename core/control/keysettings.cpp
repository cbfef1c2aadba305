// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/keysettings.h"

#include "core/base/jsonreader.h"
#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"
#include "core/control/keylimitsjson.h"

#include <QByteArray>

#include <algorithm>
#include <array>

namespace portolan::control {

namespace {

constexpr std::string_view kName = "name";
constexpr std::string_view kKind = "kind";
constexpr std::string_view kNote = "note";
constexpr std::string_view kDefaultConfig = "default_config";
constexpr std::string_view kAllowOverride = "allow_config_override";
constexpr std::string_view kMetadata = "metadata";
constexpr std::string_view kSlugs = "slugs";
constexpr std::string_view kModels = "models";
constexpr std::string_view kOldToken = "old_token";

constexpr std::array kClientKeyMembers{kKind,     kNote,  kDefaultConfig, kAllowOverride,
                                       kMetadata, kSlugs, kModels,        kOldToken};
constexpr std::array kVirtualKeyMembers{kName, kNote};

Result<JsonDocument> parsed(std::string_view json)
{
    return json.empty() ? Result<JsonDocument>(fail({})) : JsonDocument::parse(std::string(json));
}

std::optional<admission::OldToken> oldTokenFrom(JsonValue stored)
{
    admission::OldToken token;
    const auto hash = QByteArray::fromHex(QByteArray::fromStdString(stored["hash"].stringOr("")));
    const auto ends_us = stored["ends_us"].integer();
    if (!ends_us || std::size_t(hash.size()) != token.hash.size())
        return std::nullopt;
    std::ranges::copy(hash, token.hash.begin());
    token.ends_us = *ends_us;
    return token;
}

void write(JsonWriter &writer, const admission::OldToken &token)
{
    const QByteArray hash(reinterpret_cast<const char *>(token.hash.data()), qsizetype(token.hash.size()));
    writer.object();
    writer.member("hash", hash.toHex().toStdString());
    writer.member("ends_us", token.ends_us).end();
}

/// Closes the object, after the members of `before` that are not among the known ones.
template <std::size_t N>
std::string finished(std::string &text, JsonWriter &writer, std::string_view before,
                     const std::array<std::string_view, N> &known)
{
    if (const auto document = parsed(before)) {
        for (const JsonValue member : JsonValue(*document).members()) {
            const auto name = member.key();
            if (!isLimitMember(name) && std::ranges::find(known, name) == known.end())
                writer.key(name).raw(member.raw());
        }
    }
    writer.end();
    return text == "{}" ? std::string() : std::move(text);
}

admission::KeyLimits nothing()
{
    return {.budget = admission::Budget{.limit = 0}};
}

} // namespace

ClientKeySettings keySettingsFromStored(std::string_view json)
{
    if (json.empty())
        return {};
    const auto document = parsed(json);
    if (!document)
        return {.limits = nothing()};
    const JsonValue stored(*document);
    ClientKeySettings settings;
    settings.kind = stored[kKind].stringOr("");
    settings.note = stored[kNote].stringOr("");
    settings.default_config = stored[kDefaultConfig].stringOr("");
    settings.allow_config_override = stored[kAllowOverride].boolean().value_or(true);
    for (const JsonValue member : stored[kMetadata].members())
        settings.metadata.insert_or_assign(member.key(), member.stringOr(""));
    settings.slugs = namesFromStored(stored[kSlugs]);
    settings.models = namesFromStored(stored[kModels]);
    settings.limits = limitsFromStored(stored);
    settings.old_token = oldTokenFrom(stored[kOldToken]);
    return settings;
}

std::string withSettings(std::string_view json, const ClientKeySettings &settings)
{
    std::string text;
    JsonWriter writer(text);
    writer.object();
    if (!settings.kind.empty())
        writer.member(kKind, settings.kind);
    if (!settings.note.empty())
        writer.member(kNote, settings.note);
    if (!settings.default_config.empty())
        writer.member(kDefaultConfig, settings.default_config);
    if (!settings.allow_config_override)
        writer.member(kAllowOverride, false);
    if (!settings.metadata.empty()) {
        writer.key(kMetadata).object();
        for (const auto &[name, value] : settings.metadata)
            writer.member(name, value);
        writer.end();
    }
    if (!settings.slugs.empty())
        writeNames(writer.key(kSlugs), settings.slugs);
    if (!settings.models.empty())
        writeNames(writer.key(kModels), settings.models);
    writeLimits(writer, settings.limits);
    if (settings.old_token)
        write(writer.key(kOldToken), *settings.old_token);
    return finished(text, writer, json, kClientKeyMembers);
}

VirtualKeySettings virtualKeySettingsFromStored(std::string_view json)
{
    if (json.empty())
        return {};
    const auto document = parsed(json);
    if (!document)
        return {.limits = nothing()};
    const JsonValue stored(*document);
    return {.name = stored[kName].stringOr(""),
            .note = stored[kNote].stringOr(""),
            .limits = limitsFromStored(stored)};
}

std::string withSettings(std::string_view json, const VirtualKeySettings &settings)
{
    std::string text;
    JsonWriter writer(text);
    writer.object();
    if (!settings.name.empty())
        writer.member(kName, settings.name);
    if (!settings.note.empty())
        writer.member(kNote, settings.note);
    writeLimits(writer, settings.limits);
    return finished(text, writer, json, kVirtualKeyMembers);
}

std::vector<std::string> modelsFromStored(std::string_view json)
{
    if (json.empty())
        return {};
    const auto document = parsed(json);
    return document ? namesFromStored(JsonValue(*document)) : std::vector<std::string>{""};
}

std::string modelsToStored(const std::vector<std::string> &models)
{
    std::string text;
    if (models.empty())
        return text;
    JsonWriter writer(text);
    writeNames(writer, models);
    return text;
}

} // namespace portolan::control
