// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"

#include "core/admission/clientkeys.h"
#include "core/control/answers.h"
#include "core/control/clientkeysettings.h"

#include <algorithm>
#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

ClientKeyInfo describe(const store::ClientKeyRow &row)
{
    ClientKeyInfo info;
    info.id = row.id;
    info.name = QString::fromStdString(row.name);
    info.lastFour = QString::fromStdString(row.last_four);
    for (const auto &scope : row.scopes)
        info.scopes.append(QString::fromStdString(scope));
    info.enabled = row.enabled;
    info.created = fromUs(row.created_us);
    info.expires = fromUs(row.expires_us);
    info.lastUsed = fromUs(row.last_used_us);
    const auto defaults = keySettingsFromStored(row.settings_json);
    info.defaultConfig = QString::fromStdString(defaults.default_config);
    info.allowConfigOverride = defaults.allow_config_override;
    return info;
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
    if (keys == m_client_keys)
        return;
    m_client_keys = std::move(keys);
    emit clientKeysChanged();
    refreshConfigs(); // they say which keys use them
}

Result<> ControlImpl::applyDefaults(store::ClientKeyRow &row, const KeyDefaults &defaults) const
{
    ClientKeySettings settings{.allow_config_override = defaults.allowConfigOverride};
    if (!defaults.config.isEmpty()) {
        const auto *config = configNamed(*this, defaults.config);
        if (!config)
            return refused("config.unknown", tr("There is no config %1.").arg(defaults.config));
        settings.default_config = config->slug.toStdString();
    }
    row.settings_json = withSettings(row.settings_json, settings);
    return {};
}

void ControlImpl::createClientKey(NewClientKey key, Reply<CreatedKey> reply)
{
    const bool known
        = std::ranges::all_of(key.scopes, [](const QString &s) { return s == u"use" || s == u"admin"; });
    if (key.name.trimmed().isEmpty() || key.scopes.isEmpty() || !known) {
        post([reply] {
            reply(refused("key.bad_request",
                          tr("A client key needs a name and the scopes use, admin or both.")));
        });
        return;
    }
    auto token = std::make_shared<const SecretBytes>(admission::makeToken());
    auto row = std::make_shared<store::ClientKeyRow>(newKeyRow(key.name.trimmed().toStdString(), *token));
    row->scopes.clear();
    for (const auto &scope : key.scopes)
        row->scopes.push_back(scope.toStdString());
    if (auto applied = applyDefaults(*row, key.defaults); !applied) {
        post([reply, error = std::move(applied).error()] { reply(fail(error)); });
        return;
    }
    change(
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
    changeClientKey(
        id,
        [enabled](store::ClientKeyRow &row) -> Result<> {
            row.enabled = enabled;
            return {};
        },
        std::move(reply));
}

void ControlImpl::setClientKeyDefaults(ClientKeyId id, KeyDefaults defaults, Reply<> reply)
{
    changeClientKey(
        id, [this, &defaults](store::ClientKeyRow &row) { return applyDefaults(row, defaults); },
        std::move(reply));
}

/// `edit` runs at once.
void ControlImpl::changeClientKey(ClientKeyId id, std::function<Result<>(store::ClientKeyRow &)> edit,
                                  Reply<> reply)
{
    const auto *known = clientKeyRow(id);
    if (!known) {
        post([reply] { reply(refused("key.unknown", tr("This client key is not there any more."))); });
        return;
    }
    auto row = std::make_shared<store::ClientKeyRow>(*known);
    if (auto edited = edit(*row); !edited) {
        post([reply, error = std::move(edited).error()] { reply(fail(error)); });
        return;
    }
    change([row](store::Changes &changes) { return changes.updateClientKey(*row); },
           [this, row] {
               if (auto *stored = clientKeyRow(row->id))
                   *stored = *row;
               refreshClientKeys();
           },
           std::move(reply));
}

void ControlImpl::removeClientKey(ClientKeyId id, Reply<> reply)
{
    change([id](store::Changes &changes) { return changes.removeClientKey(id); },
           [this, id] {
               std::erase_if(m_stored.client_keys, [id](const auto &row) { return row.id == id; });
               refreshClientKeys();
           },
           std::move(reply));
}

} // namespace portolan::control
