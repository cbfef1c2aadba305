// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"

#include "core/admission/clientkeys.h"
#include "core/admission/scopes.h"
#include "core/control/answers.h"
#include "core/control/auditjson.h"
#include "core/control/keylimitsjson.h"
#include "core/control/keyparts.h"
#include "core/control/keysettings.h"
#include "core/gateway/recorder.h"

#include <algorithm>
#include <map>
#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

// As a request's own (gateway/recorder.cpp).
constexpr std::size_t kMostMetadata = 64;
constexpr qsizetype kLongestMetadataName = 128;
constexpr qsizetype kLongestMetadataValue = 1024;
constexpr qsizetype kLongestName = 200;
constexpr std::size_t kMostScopes = 200;
constexpr std::chrono::hours kLongestGrace{24 * 30};

ClientKeyInfo describe(const store::ClientKeyRow &row)
{
    auto settings = keySettingsFromStored(row.settings_json);
    ClientKeyInfo info;
    info.id = row.id;
    info.name = QString::fromStdString(row.name);
    info.kind = QString::fromStdString(settings.kind);
    info.note = QString::fromStdString(settings.note);
    info.lastFour = QString::fromStdString(row.last_four);
    info.scopes = toList(row.scopes);
    info.enabled = row.enabled;
    info.created = fromUs(row.created_us);
    info.expires = fromUs(row.expires_us);
    info.lastUsed = fromUs(row.last_used_us);
    if (settings.old_token)
        info.oldTokenEnds = fromUs(settings.old_token->ends_us);
    info.defaultConfig = QString::fromStdString(settings.default_config);
    info.allowConfigOverride = settings.allow_config_override;
    for (const auto &[name, value] : settings.metadata)
        info.metadata.insert(QString::fromStdString(name), QString::fromStdString(value));
    info.slugs = toList(settings.slugs);
    info.models = toList(settings.models);
    info.limits = std::move(settings.limits);
    return info;
}

std::unexpected<Error> unknownKey()
{
    return refused("key.unknown", ControlImpl::tr("This client key is not there any more."));
}

Result<> applyName(store::ClientKeyRow &row, const QString &given)
{
    const auto name = given.trimmed();
    if (name.isEmpty() || name.size() > kLongestName)
        return refused("key.bad_request",
                       ControlImpl::tr("A client key needs a name of 200 letters at most."));
    row.name = name.toStdString();
    return {};
}

Result<> applyScopes(store::ClientKeyRow &row, const QStringList &scopes)
{
    std::vector<std::string> words;
    for (const auto &scope : scopes) {
        if (std::ranges::count(words, scope.toStdString()) == 0)
            words.push_back(scope.toStdString());
    }
    if (words.empty() || words.size() > kMostScopes || !std::ranges::all_of(words, admission::isScope))
        return refused("key.bad_request",
                       ControlImpl::tr("A client key needs scopes: use, admin, or such as configs.read."));
    row.scopes = std::move(words);
    return {};
}

Result<std::map<std::string, std::string>> readMetadata(const QMap<QString, QString> &given)
{
    const auto isBad = [](const QString &text, qsizetype longest) {
        return text.toUtf8().size() > longest
            || std::ranges::any_of(text, [](QChar c) { return c.category() == QChar::Other_Control; });
    };
    std::map<std::string, std::string> metadata;
    for (auto it = given.begin(); it != given.end(); ++it) {
        if (it.key().isEmpty() || isBad(it.key(), kLongestMetadataName)
            || isBad(it.value(), kLongestMetadataValue))
            return refused("key.bad_metadata",
                           ControlImpl::tr("Metadata has names of 128 bytes and values of 1 KiB at most."));
        metadata.emplace(it.key().toStdString(), it.value().toStdString());
    }
    if (metadata.size() > kMostMetadata)
        return refused("key.bad_metadata", ControlImpl::tr("A client key has at most 64 metadata."));
    return metadata;
}

} // namespace

store::ClientKeyRow *ControlImpl::clientKeyRow(ClientKeyId id)
{
    const auto found = std::ranges::find(m_stored.client_keys, id, &store::ClientKeyRow::id);
    return found == m_stored.client_keys.end() ? nullptr : &*found;
}

void ControlImpl::refreshClientKeys()
{
    std::vector<ClientKeyInfo> keys;
    for (const auto &row : m_stored.client_keys)
        keys.push_back(describe(row));
    applyLimits(keys);
    freshen(keys);
    if (keys == m_client_keys)
        return;
    m_client_keys = std::move(keys);
    emit clientKeysChanged();
    refreshConfigs(); // they say which keys use them
}

void ControlImpl::freshen(std::vector<ClientKeyInfo> &keys) const
{
    const auto uses = m_feed.lastUses();
    const auto now = QDateTime::currentDateTime();
    const auto now_both = admission::Instant::now();
    for (auto &key : keys) {
        if (const auto use = uses.find(key.id); use != uses.end())
            key.lastUsed = fromUs(use->second);
        if (key.oldTokenEnds.isValid() && key.oldTokenEnds <= now)
            key.oldTokenEnds = {};
        if (!key.limits.empty())
            key.use = m_ledger.use(admission::Party::of(key.id), now_both).value_or(admission::KeyUse());
        key.state = stateOf(key, now);
    }
}

Result<> ControlImpl::applyEdit(store::ClientKeyRow &row, const ClientKeyEdit &edit) const
{
    auto settings = keySettingsFromStored(row.settings_json);
    if (edit.name) {
        if (auto named = applyName(row, *edit.name); !named)
            return named;
    }
    if (edit.scopes) {
        if (auto scoped = applyScopes(row, *edit.scopes); !scoped)
            return scoped;
    }
    row.enabled = edit.enabled.value_or(row.enabled);
    if (edit.expires)
        row.expires_us = toUs(*edit.expires);
    if (edit.note)
        settings.note = edit.note->toStdString();
    if (edit.config) {
        const auto *config = configNamed(*this, *edit.config);
        if (!config && !edit.config->isEmpty())
            return refused("config.unknown", tr("There is no config %1.").arg(*edit.config));
        settings.default_config = config ? config->slug.toStdString() : std::string();
    }
    settings.allow_config_override = edit.allowConfigOverride.value_or(settings.allow_config_override);
    if (edit.metadata) {
        auto metadata = readMetadata(*edit.metadata);
        if (!metadata)
            return fail(std::move(metadata).error());
        settings.metadata = *std::move(metadata);
    }
    if (edit.slugs) {
        auto slugs = toNames(*edit.slugs);
        if (!slugs)
            return fail(std::move(slugs).error());
        for (const auto &slug : *slugs) {
            // One that was removed may stay in the list, where it allows nothing.
            if (!isSlugKnown(QString::fromStdString(slug)) && std::ranges::count(settings.slugs, slug) == 0)
                return refused("key.unknown_slug",
                               tr("There is no virtual key @%1.").arg(QString::fromStdString(slug)));
        }
        settings.slugs = *std::move(slugs);
    }
    if (edit.models) {
        auto models = toNames(*edit.models);
        if (!models)
            return fail(std::move(models).error());
        settings.models = *std::move(models);
    }
    if (edit.limits) {
        if (auto checked = checkLimits(*edit.limits); !checked)
            return checked;
        settings.limits = *edit.limits;
    }
    row.settings_json = withSettings(row.settings_json, settings);
    return {};
}

void ControlImpl::createClientKey(NewClientKey key, Reply<CreatedKey> reply)
{
    auto token = std::make_shared<const SecretBytes>(admission::makeToken());
    auto row = std::make_shared<store::ClientKeyRow>(newKeyRow({}, *token));
    const ClientKeyEdit whole{.name = key.name,
                              .note = key.note,
                              .scopes = key.scopes,
                              .expires = key.expires,
                              .config = key.defaults.config,
                              .allowConfigOverride = key.defaults.allowConfigOverride,
                              .metadata = key.metadata,
                              .slugs = key.slugs,
                              .models = key.models,
                              .limits = key.limits};
    if (auto applied = applyEdit(*row, whole); !applied) {
        post([reply, error = std::move(applied).error()] { reply(fail(error)); });
        return;
    }
    if (!key.kind.isEmpty()) {
        auto settings = keySettingsFromStored(row->settings_json);
        settings.kind = key.kind.toStdString();
        row->settings_json = withSettings(row->settings_json, settings);
    }
    change(
        {.action = "create",
         .resource = "client key",
         .name = row->name,
         .after = [row] { return auditJson(*row); }},
        [row](store::Changes &changes) -> Result<> {
            auto id = changes.insertClientKey(*row);
            if (!id)
                return fail(std::move(id).error());
            row->id = *id;
            return {};
        },
        [this, row] {
            m_stored.client_keys.push_back(*row);
            refreshClientKeys();
        },
        [reply, row, token](Result<> done) {
            if (done)
                reply(CreatedKey{.info = describe(*row), .token = token});
            else
                reply(fail(std::move(done).error()));
        });
}

void ControlImpl::setClientKeyEnabled(ClientKeyId id, bool enabled, Reply<> reply)
{
    editClientKey(id, {.enabled = enabled}, std::move(reply));
}

void ControlImpl::setClientKeyDefaults(ClientKeyId id, KeyDefaults defaults, Reply<> reply)
{
    editClientKey(id,
                  {.config = std::move(defaults.config), .allowConfigOverride = defaults.allowConfigOverride},
                  std::move(reply));
}

void ControlImpl::editClientKey(ClientKeyId id, ClientKeyEdit edit, Reply<> reply)
{
    changeClientKey(
        id, [this, &edit](store::ClientKeyRow &row) { return applyEdit(row, edit); }, std::move(reply));
}

void ControlImpl::rotateClientKey(ClientKeyId id, std::chrono::milliseconds grace, Reply<CreatedKey> reply)
{
    auto token = std::make_shared<const SecretBytes>(admission::makeToken());
    auto rotated = std::make_shared<ClientKeyInfo>();
    const auto rotate = [&](store::ClientKeyRow &row) -> Result<> {
        if (grace < std::chrono::milliseconds::zero() || grace > kLongestGrace)
            return refused("key.bad_grace", tr("The old token may hold for 30 days at most."));
        const auto now_us = gateway::wallClockUs();
        auto settings = keySettingsFromStored(row.settings_json);
        if (grace > std::chrono::milliseconds::zero() && settings.old_token
            && settings.old_token->ends_us > now_us)
            return refused("key.rotating",
                           tr("The token before this one still holds until %1. Wait, or rotate without a "
                              "grace time, which ends both.")
                               .arg(fromUs(settings.old_token->ends_us).toString(Qt::ISODate)));
        settings.old_token
            = admission::OldToken{.ends_us = now_us + std::chrono::microseconds(grace).count()};
        std::ranges::copy(row.token_hash, settings.old_token->hash.begin());
        const auto fresh = newKeyRow({}, *token);
        row.token_hash = fresh.token_hash;
        row.last_four = fresh.last_four;
        row.settings_json = withSettings(row.settings_json, settings);
        *rotated = describe(row);
        return {};
    };
    const auto done = [reply, rotated, token](Result<> result) {
        if (result)
            reply(CreatedKey{.info = *rotated, .token = token});
        else
            reply(fail(std::move(result).error()));
    };
    changeClientKey(id, rotate, done, "rotate");
}

void ControlImpl::changeClientKey(ClientKeyId id, const std::function<Result<>(store::ClientKeyRow &)> &edit,
                                  Reply<> reply, const char *action)
{
    const auto *known = m_client_key_edits.latest(id);
    if (!known)
        known = clientKeyRow(id);
    auto row = std::make_shared<store::ClientKeyRow>(known ? *known : store::ClientKeyRow());
    if (auto edited = known ? edit(*row) : Result<>(unknownKey()); !edited) {
        post([reply, edited = std::move(edited)] { reply(edited); });
        return;
    }
    auto before = auditJson(*known);
    m_client_key_edits.begin(*row);
    change(
        {.action = action,
         .resource = "client key",
         .name = row->name,
         .before = std::move(before),
         .after = [row] { return auditJson(*row); }},
        [row](store::Changes &changes) { return changes.updateClientKey(*row); },
        [this, row] {
            if (auto *stored = clientKeyRow(row->id))
                *stored = *row;
            refreshClientKeys();
        },
        [this, id, reply](Result<> done) {
            m_client_key_edits.end(id);
            reply(std::move(done));
        });
}

void ControlImpl::removeClientKey(ClientKeyId id, Reply<> reply)
{
    const auto *known = clientKeyRow(id);
    if (!known) {
        post([reply] { reply(unknownKey()); });
        return;
    }
    change(
        {.action = "delete", .resource = "client key", .name = known->name, .before = auditJson(*known)},
        [id](store::Changes &changes) { return changes.removeClientKey(id); },
        [this, id] {
            std::erase_if(m_stored.client_keys, [id](const auto &row) { return row.id == id; });
            refreshClientKeys();
        },
        std::move(reply));
}

} // namespace portolan::control
