// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/keyjson.h"

#include "core/admin/limitsjson.h"
#include "core/admin/parts.h"

namespace portolan::admin {

namespace {

using control::Account;
using control::ClientKeyInfo;
using control::VirtualKey;

void writeList(JsonWriter &json, std::string_view name, const QStringList &list)
{
    json.key(name).array();
    for (const auto &entry : list)
        json.string(entry.toStdString());
    json.end();
}

QString shownName(const VirtualKey &key)
{
    return key.name.isEmpty() ? key.slug : key.name;
}

/// What both forms of a virtual key have.
void writeCommon(JsonWriter &json, const VirtualKey &key)
{
    const auto slug = key.slug.toStdString();
    json.member("id", slug).member("slug", slug).member("name", shownName(key).toStdString());
    writeText(json, "note", key.note);
    json.member("status", statusWord(key.state));
    writeLimits(json, key.limits, key.use);
    writeTime(json, "expires_at", key.expires);
    writeTime(json, "created_at", key.created);
    writeList(json, "models", key.models);
}

} // namespace

void writeVirtualKey(JsonWriter &json, const VirtualKey &key, const Account &account)
{
    json.object();
    writeCommon(json, key);
    json.member("ai_provider_name", account.provider.toStdString());
    json.member("integration_id", account.slug.toStdString());
    json.member("masked_api_key", account.credential.toStdString());
    json.key("model_config").object();
    for (auto it = account.settings.begin(); it != account.settings.end(); ++it)
        json.member(it.key().toStdString(), it.value().toStdString());
    json.end().member("object", "virtual-key").end();
}

void writeProvider(JsonWriter &json, const VirtualKey &key)
{
    json.object();
    writeCommon(json, key);
    json.member("integration_id", key.accountSlug.toStdString());
    json.key("workspace_id").null();
    json.member("object", "provider").end();
}

void writeApiKey(JsonWriter &json, const ClientKeyInfo &key)
{
    const bool made_here = key.kind.isEmpty();
    json.object();
    json.member("id", std::to_string(key.id.value)).member("key", key.lastFour.toStdString());
    json.member("name", key.name.toStdString());
    writeText(json, "description", key.note);
    json.member("type", made_here ? std::string("workspace-service") : key.kind.toStdString());
    json.key("organisation_id").null().key("workspace_id").null().key("user_id").null();
    json.member("status", statusWord(key.state)).member("creation_mode", made_here ? "ui" : "api");
    writeTime(json, "created_at", key.created);
    writeTime(json, "expires_at", key.expires);
    writeTime(json, "last_used_at", key.lastUsed);
    writeTime(json, "key_transition_expires_at", key.oldTokenEnds);
    writeLimits(json, key.limits, key.use);
    writeList(json, "scopes", key.scopes);
    json.key("defaults").object();
    writeText(json, "config_id", key.defaultConfig);
    json.member("allow_config_override", key.allowConfigOverride);
    json.key("metadata").object();
    for (auto it = key.metadata.begin(); it != key.metadata.end(); ++it)
        json.member(it.key().toStdString(), it.value().toStdString());
    json.end().end();
    writeList(json, "virtual_keys", key.slugs);
    writeList(json, "models", key.models);
    json.member("object", "api-key").end();
}

} // namespace portolan::admin
