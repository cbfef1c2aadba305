// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/auditjson.h"

#include "core/base/jsonwriter.h"
#include "core/control/accountsettings.h"
#include "core/control/answers.h"
#include "core/control/keylimitsjson.h"
#include "core/control/keysettings.h"

#include <QTimeZone>

namespace portolan::control {

namespace {

std::string isoTime(std::int64_t us)
{
    return fromUs(us).toUTC().toString(Qt::ISODateWithMs).toStdString();
}

void writeExpiry(JsonWriter &json, std::int64_t expires_us)
{
    if (expires_us != 0)
        json.member("expires", isoTime(expires_us));
}

void writeMap(JsonWriter &json, std::string_view name, const std::map<std::string, std::string> &map)
{
    if (map.empty())
        return;
    json.key(name).object();
    for (const auto &[key, value] : map)
        json.member(key, value);
    json.end();
}

void writeList(JsonWriter &json, std::string_view name, const std::vector<std::string> &list)
{
    if (!list.empty())
        writeNames(json.key(name), list);
}

} // namespace

std::string auditJson(const store::AccountRow &row)
{
    std::string text;
    JsonWriter json(text);
    json.object();
    json.member("slug", row.slug).member("provider", row.provider).member("name", row.name);
    json.member("base_url", row.base_url);
    const auto settings = settingsFromStored(row.settings_json);
    writeMap(json, "settings", {settings.begin(), settings.end()});
    json.member("credential", row.last_four).member("enabled", row.enabled).end();
    return text;
}

std::string auditJson(const store::VirtualKeyRow &row, std::string_view account_slug)
{
    const auto settings = virtualKeySettingsFromStored(row.limits_json);
    std::string text;
    JsonWriter json(text);
    json.object();
    json.member("slug", row.slug).member("account", account_slug).member("note", settings.note);
    json.member("enabled", row.enabled);
    writeExpiry(json, row.expires_us);
    writeList(json, "models", modelsFromStored(row.models_json));
    writeLimits(json, settings.limits);
    json.end();
    return text;
}

std::string auditJson(const store::ClientKeyRow &row)
{
    const auto settings = keySettingsFromStored(row.settings_json);
    std::string text;
    JsonWriter json(text);
    json.object();
    json.member("name", row.name).member("key", row.last_four).member("note", settings.note);
    writeList(json, "scopes", row.scopes);
    json.member("enabled", row.enabled);
    writeExpiry(json, row.expires_us);
    if (settings.old_token)
        json.member("old_token_ends", isoTime(settings.old_token->ends_us));
    json.member("default_config", settings.default_config);
    json.member("allow_config_override", settings.allow_config_override);
    writeMap(json, "metadata", settings.metadata);
    writeList(json, "slugs", settings.slugs);
    writeList(json, "models", settings.models);
    writeLimits(json, settings.limits);
    json.end();
    return text;
}

std::string auditJson(const store::ConfigRow &row)
{
    std::string text;
    JsonWriter json(text);
    json.object();
    json.member("slug", row.slug).member("name", row.name).member("archived", row.archived);
    json.member("version", row.current.version).end();
    return text;
}

std::string auditJson(const store::ModelChoiceRow &row)
{
    std::string text;
    JsonWriter json(text);
    const auto write = [&json](std::string_view name, const std::optional<std::int64_t> &price) {
        if (price)
            json.member(name, *price);
    };
    json.object();
    json.member("model", row.model).member("own", row.own).member("enabled", row.enabled);
    write("nano_usd_per_million_in", row.price_in);
    write("nano_usd_per_million_out", row.price_out);
    write("nano_usd_per_million_cache_read", row.price_cache_read);
    write("nano_usd_per_million_cache_write", row.price_cache_write);
    if (row.context != 0)
        json.member("context", row.context);
    if (!row.source.empty())
        json.member("source", row.source);
    json.end();
    return text;
}

std::string auditJson(const admission::KeyUse &use)
{
    std::string text;
    JsonWriter json(text);
    json.object().member("spent", use.spent).member("allowed_beside", use.extra).end();
    return text;
}

std::string auditJson(const std::map<std::string, std::string> &values)
{
    std::string text;
    JsonWriter json(text);
    json.object();
    for (const auto &[name, value] : values)
        json.member(name, value);
    json.end();
    return text;
}

} // namespace portolan::control
