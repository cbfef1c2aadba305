// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"

#include "core/control/answers.h"
#include "core/control/auditjson.h"
#include "core/control/keylimitsjson.h"
#include "core/control/keyparts.h"
#include "core/control/keysettings.h"
#include "core/gateway/recorder.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMostVirtualKeys = 10'000;
constexpr qsizetype kLongestName = 200;

std::unexpected<Error> unknownKey()
{
    return refused("key.unknown", ControlImpl::tr("This virtual key is not there any more."));
}

VirtualKey describe(const store::VirtualKeyRow &row)
{
    auto settings = virtualKeySettingsFromStored(row.limits_json);
    VirtualKey key;
    key.id = row.id;
    key.slug = QString::fromStdString(row.slug);
    key.name = QString::fromStdString(settings.name);
    key.note = QString::fromStdString(settings.note);
    key.account = row.account;
    key.enabled = row.enabled;
    key.created = fromUs(row.created_us);
    key.expires = fromUs(row.expires_us);
    key.models = toList(modelsFromStored(row.models_json));
    key.limits = std::move(settings.limits);
    return key;
}

} // namespace

const store::VirtualKeyRow *ControlImpl::virtualKeyRow(VirtualKeyId id) const
{
    const auto found = std::ranges::find(m_stored.virtual_keys, id, &store::VirtualKeyRow::id);
    return found == m_stored.virtual_keys.end() ? nullptr : &*found;
}

std::string ControlImpl::slugOf(AccountId id) const
{
    const auto found = std::ranges::find(m_stored.accounts, id, &store::AccountRow::id);
    return found == m_stored.accounts.end() ? std::string() : found->slug;
}

bool ControlImpl::isSlugKnown(const QString &slug) const
{
    return slug.toStdString() == gateway::kPracticeSlug
        || std::ranges::count(m_stored.virtual_keys, slug.toStdString(), &store::VirtualKeyRow::slug) > 0;
}

void ControlImpl::refreshVirtualKeys()
{
    std::unordered_map<AccountId, const Account *> accounts;
    for (const auto &account : m_accounts)
        accounts.emplace(account.id, &account);
    std::unordered_map<std::string, QStringList> users;
    for (const auto &config : m_stored.configs) {
        for (const auto &slug : config->slugs)
            users[slug].append(QString::fromStdString(config->row.slug));
    }

    std::vector<VirtualKey> keys;
    const auto add = [&](VirtualKey key, const Account &account) {
        key.accountSlug = account.slug;
        key.providerName = account.providerName;
        key.first = key.slug == account.slug;
        if (const auto used = users.find(key.slug.toStdString()); used != users.end())
            key.usedBy = used->second;
        key.usedBy.sort();
        keys.push_back(std::move(key));
    };
    for (const auto &row : m_stored.virtual_keys) {
        if (const auto account = accounts.find(row.account); account != accounts.end())
            add(describe(row), *account->second);
    }
    std::ranges::sort(keys, {}, &VirtualKey::slug);
    for (const auto &account : m_accounts) {
        if (account.builtIn)
            add({.slug = account.slug}, account);
    }
    applyLimits(keys);
    freshen(keys);
    if (keys == m_virtual_keys)
        return;
    m_virtual_keys = std::move(keys);
    emit virtualKeysChanged();
}

void ControlImpl::freshen(std::vector<VirtualKey> &keys) const
{
    const auto calls = m_feed.lastCalls();
    std::unordered_map<AccountId, bool> accounts;
    for (const auto &account : m_stored.accounts)
        accounts.emplace(account.id, account.enabled);
    const auto now = QDateTime::currentDateTime();
    const auto now_both = admission::Instant::now();
    for (auto &key : keys) {
        if (const auto call = calls.find(key.slug.toStdString()); call != calls.end())
            key.lastUsed = fromUs(call->second.at_us);
        if (!key.limits.empty())
            key.use = m_ledger.use(admission::Party::of(key.id), now_both).value_or(admission::KeyUse());
        const auto account = accounts.find(key.account);
        if (account != accounts.end() && !account->second)
            key.state = KeyState::AccountOff;
        else
            key.state = stateOf(key, now);
    }
}

void ControlImpl::refreshKeyUse()
{
    if (auto keys = m_virtual_keys; freshen(keys), keys != m_virtual_keys) {
        m_virtual_keys = std::move(keys);
        emit virtualKeysChanged();
    }
    if (auto keys = m_client_keys; freshen(keys), keys != m_client_keys) {
        m_client_keys = std::move(keys);
        emit clientKeysChanged();
    }
}

Result<> ControlImpl::applyEdit(store::VirtualKeyRow &row, const VirtualKeyEdit &edit) const
{
    if (edit.account) {
        if (std::ranges::count(m_stored.accounts, *edit.account, &store::AccountRow::id) == 0)
            return refused("account.unknown", tr("This account is not there any more."));
        row.account = *edit.account;
    }
    auto settings = virtualKeySettingsFromStored(row.limits_json);
    if (edit.name)
        settings.name = edit.name->trimmed().left(kLongestName).toStdString();
    if (edit.note)
        settings.note = edit.note->toStdString();
    if (edit.limits) {
        if (auto checked = checkLimits(*edit.limits); !checked)
            return checked;
        settings.limits = *edit.limits;
    }
    if (edit.name || edit.note || edit.limits)
        row.limits_json = withSettings(row.limits_json, settings);
    row.enabled = edit.enabled.value_or(row.enabled);
    if (edit.expires)
        row.expires_us = toUs(*edit.expires);
    if (edit.models) {
        auto models = toNames(*edit.models);
        if (!models)
            return fail(std::move(models).error());
        row.models_json = modelsToStored(*models);
    }
    return {};
}

void ControlImpl::addVirtualKey(NewVirtualKey key, Reply<VirtualKeyId> reply)
{
    const auto refuse
        = [this, reply](std::unexpected<Error> why) { post([reply, why = std::move(why)] { reply(why); }); };
    if (m_stored.virtual_keys.size() >= kMostVirtualKeys)
        return refuse(refused("key.too_many", tr("Remove a virtual key first: 10,000 are the most.")));
    if (const auto why = checkSlug(key.slug); !why.isEmpty())
        return refuse(refused("key.bad_slug", why));
    auto row = std::make_shared<store::VirtualKeyRow>();
    row->slug = key.slug.toStdString();
    row->created_us = gateway::wallClockUs();
    const VirtualKeyEdit whole{.account = key.account,
                               .name = key.name,
                               .note = key.note,
                               .expires = key.expires,
                               .models = key.models,
                               .limits = key.limits};
    if (auto applied = applyEdit(*row, whole); !applied)
        return refuse(fail(std::move(applied).error()));
    change(
        {.action = "create",
         .resource = "virtual key",
         .name = row->slug,
         .after = [row, account = slugOf(row->account)] { return auditJson(*row, account); }},
        [row](store::Changes &changes) -> Result<> {
            auto id = changes.insertVirtualKey(*row);
            if (!id)
                return fail(std::move(id).error());
            row->id = *id;
            return {};
        },
        [this, row] {
            m_stored.virtual_keys.push_back(*row);
            refreshVirtualKeys();
        },
        [reply, row](Result<> done) {
            reply(done ? Result<VirtualKeyId>(row->id) : fail(std::move(done).error()));
        });
}

void ControlImpl::editVirtualKey(VirtualKeyId id, VirtualKeyEdit edit, Reply<> reply)
{
    changeVirtualKey(
        id, [this, &edit](store::VirtualKeyRow &row) { return applyEdit(row, edit); }, std::move(reply));
}

void ControlImpl::changeVirtualKey(VirtualKeyId id,
                                   const std::function<Result<>(store::VirtualKeyRow &)> &edit, Reply<> reply)
{
    const auto *known = m_virtual_key_edits.latest(id);
    if (!known)
        known = virtualKeyRow(id);
    auto row = std::make_shared<store::VirtualKeyRow>(known ? *known : store::VirtualKeyRow());
    if (auto edited = known ? edit(*row) : Result<>(unknownKey()); !edited) {
        post([reply, edited = std::move(edited)] { reply(edited); });
        return;
    }
    auto before = auditJson(*known, slugOf(known->account));
    m_virtual_key_edits.begin(*row);
    change(
        {.action = "update",
         .resource = "virtual key",
         .name = row->slug,
         .before = std::move(before),
         .after = [row, account = slugOf(row->account)] { return auditJson(*row, account); }},
        [row](store::Changes &changes) { return changes.updateVirtualKey(*row); },
        [this, row] {
            const auto stored = std::ranges::find(m_stored.virtual_keys, row->id, &store::VirtualKeyRow::id);
            if (stored != m_stored.virtual_keys.end())
                *stored = *row;
            refreshVirtualKeys();
        },
        [this, id, reply](Result<> done) {
            m_virtual_key_edits.end(id);
            reply(std::move(done));
        });
}

void ControlImpl::removeVirtualKey(VirtualKeyId id, Reply<> reply)
{
    const auto *known = virtualKeyRow(id);
    if (!known) {
        post([reply] { reply(unknownKey()); });
        return;
    }
    change(
        {.action = "delete",
         .resource = "virtual key",
         .name = known->slug,
         .before = auditJson(*known, slugOf(known->account))},
        [id](store::Changes &changes) { return changes.removeVirtualKey(id); },
        [this, id] {
            std::erase_if(m_stored.virtual_keys, [id](const auto &row) { return row.id == id; });
            refreshVirtualKeys();
        },
        std::move(reply));
}

} // namespace portolan::control
