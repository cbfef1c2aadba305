// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"

#include "core/base/text.h"
#include "core/control/accountsettings.h"
#include "core/control/answers.h"
#include "core/control/auditjson.h"
#include "core/control/credentialinput.h"
#include "core/gateway/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

/// Fails with what keeps such an account from being called.
Result<> checkAccount(const catalog::Provider &provider, const catalog::AccountSettings &settings,
                      const std::string &base_url)
{
    if (auto form = catalog::accountForm(provider); !form.unavailable.empty())
        return fail({.origin = Origin::Client,
                     .code = "account.prices_only",
                     .message = std::move(form.unavailable)});
    if (auto checked = catalog::checkSettings(provider, settings, base_url); !checked)
        return checked;
    if (base_url.empty())
        return {};
    const auto filled = catalog::filledUrl(base_url, settings);
    if (!filled)
        return fail(filled.error());
    if (auto url = http::BaseUrl::parse(*filled); !url)
        return fail(std::move(url).error());
    return {};
}

/// Seals the credential into the row, whose id is part of what is sealed.
Result<> sealInto(store::AccountRow &row, const catalog::Provider *provider, const SecretBytes &secret,
                  const vault::Vault &vault)
{
    auto sealed = vault.seal(secret, {.account = row.id, .provider = row.provider});
    if (!sealed)
        return fail(std::move(sealed).error());
    row.sealed = *std::move(sealed);
    row.last_four = provider ? shownOf(*provider, secret.view()) : lastFour(secret.view());
    return {};
}

Account describe(const store::AccountRow &row, const catalog::Catalog &catalog)
{
    Account account;
    account.id = row.id;
    account.slug = QString::fromStdString(row.slug);
    account.provider = QString::fromStdString(row.provider);
    account.name = QString::fromStdString(row.name);
    account.settings = toMap(settingsFromStored(row.settings_json));
    account.ownAddress = QString::fromStdString(row.base_url);
    account.baseUrl = account.ownAddress.contains(u'{') ? QString() : account.ownAddress;
    account.credential = QString::fromStdString(row.last_four);
    account.enabled = row.enabled;
    account.created = fromUs(row.created_us);
    account.rotated = fromUs(row.rotated_us);
    account.notice = QString::fromStdString(row.notice);
    if (const auto *provider = catalog.provider(row.provider)) {
        account.providerName = QString::fromUtf8(provider->name.data(), qsizetype(provider->name.size()));
        account.local = provider->kind == catalog::ProviderKind::Local;
        if (account.baseUrl.isEmpty())
            account.baseUrl = QString::fromStdString(
                catalog::addressOf(*provider, settingsFromStored(row.settings_json), row.base_url));
    } else {
        account.providerName = account.provider;
    }
    return account;
}

AccountHealth::State stateOf(const LastCall &call)
{
    if (call.error.empty())
        return AccountHealth::State::Ok;
    return call.status == 429 ? AccountHealth::State::RateLimited : AccountHealth::State::Failing;
}

} // namespace

store::AccountRow *ControlImpl::accountRow(AccountId id)
{
    const auto found = std::ranges::find(m_stored.accounts, id, &store::AccountRow::id);
    return found == m_stored.accounts.end() ? nullptr : &*found;
}

AccountHealth ControlImpl::healthOf(const store::AccountRow &row, bool needs_credential) const
{
    AccountHealth health;
    if (!row.enabled) {
        health.state = AccountHealth::State::Disabled;
        return health;
    }
    if (needs_credential && row.sealed.empty()
        && !settingsFromStored(row.settings_json).contains("profile")) {
        health.state = AccountHealth::State::NoKey;
        health.reason = tr("No credential yet.");
        return health;
    }
    const auto calls = m_feed.lastCalls();
    const LastCall *last = nullptr;
    if (const auto test = m_tests.find(row.slug); test != m_tests.end())
        last = &test->second;
    if (const auto call = calls.find(row.slug);
        call != calls.end() && (!last || call->second.at_us > last->at_us))
        last = &call->second;
    if (!last)
        return health;
    health.state = stateOf(*last);
    health.latencyMs = last->latency_us < 0 ? -1 : static_cast<int>(last->latency_us / 1000);
    health.since = fromUs(last->since_us);
    health.reason = QString::fromStdString(last->error);
    return health;
}

/// Only where one has opened or closed: it is asked once a second.
void ControlImpl::refreshBreakers()
{
    const auto changes = m_services.circuits.changes();
    if (changes == m_breakers_seen)
        return;
    m_breakers_seen = changes;
    const QDateTime now = QDateTime::currentDateTime();
    m_breakers.clear();
    for (const auto &shown : m_services.circuits.shown()) {
        Breaker breaker{.key = QString::fromStdString(shown.config),
                        .pointer = QString::fromStdString(shown.pointer),
                        .target = QString::fromStdString(shown.label),
                        .since = fromUs(shown.opened_us),
                        .trialAt = now.addMSecs(shown.trial_in_ms)};
        const auto config = std::ranges::find_if(
            m_configs, [&](const ConfigInfo &info) { return QString::number(info.id.value) == breaker.key; });
        if (config != m_configs.end())
            breaker.configName = config->name;
        m_breakers.emplace_back(shown.slug, std::move(breaker));
    }
    std::ranges::sort(m_breakers, {}, [](const auto &entry) { return entry.second.since; });
}

void ControlImpl::closeBreaker(const Breaker &breaker)
{
    m_services.circuits.reset(breaker.key.toStdString(), breaker.pointer.toStdString());
    refreshAccounts();
}

void ControlImpl::refreshAccounts()
{
    refreshBreakers();
    std::vector<Account> accounts;
    for (const auto &row : m_stored.accounts) {
        const auto *provider = m_catalog->provider(row.provider);
        const bool needs_credential
            = provider && provider->auth.scheme != "none" && provider->kind != catalog::ProviderKind::Local;
        Account &account = accounts.emplace_back(describe(row, *m_catalog));
        account.health = healthOf(row, needs_credential);
        if (const auto listed = m_listed.find(row.id); listed != m_listed.end()) {
            account.listed = static_cast<int>(listed->second.models.size());
            account.listedAt = fromUs(listed->second.listed_us);
        }
    }
    for (const auto &[slug, breaker] : m_breakers) {
        const auto key = std::ranges::find(m_stored.virtual_keys, slug, &store::VirtualKeyRow::slug);
        if (key == m_stored.virtual_keys.end())
            continue;
        if (const auto account = std::ranges::find(accounts, key->account, &Account::id);
            account != accounts.end())
            account->breakers.push_back(breaker);
    }
    std::ranges::sort(accounts, {}, &Account::slug);

    Account practice;
    practice.slug
        = QString::fromUtf8(gateway::kPracticeSlug.data(), qsizetype(gateway::kPracticeSlug.size()));
    practice.provider = practice.slug;
    practice.providerName = tr("Built-in echo");
    practice.builtIn = true;
    practice.local = true;
    // Its failures are asked for by name, so they say nothing of its health.
    practice.health = {.state = AccountHealth::State::Ok, .latencyMs = 0};
    accounts.push_back(std::move(practice));

    if (accounts == m_accounts)
        return;
    m_accounts = std::move(accounts);
    emit accountsChanged();
}

QString ControlImpl::checkSlug(const QString &slug) const
{
    if (!isSlug(slug.toStdString()))
        return tr("A slug has lower-case letters, digits, '-' and '_', and begins with a letter or digit.");
    if (slug == u"cf" || slug == u"hf")
        return tr("@cf and @hf belong to model names of Workers AI and cannot be slugs.");
    const auto taken = [&](const store::VirtualKeyRow &key) { return key.slug == slug.toStdString(); };
    if (slug.toStdString() == gateway::kPracticeSlug || std::ranges::any_of(m_stored.virtual_keys, taken))
        return tr("@%1 is taken.").arg(slug);
    return {};
}

QString ControlImpl::proposeSlug(const QString &provider) const
{
    QString base;
    for (const QChar c : provider.toLower())
        base += (c.isLetterOrNumber() && c.unicode() < 128) || c == u'-' || c == u'_' ? c : QChar(u'-');
    while (!base.isEmpty() && !base.front().isLetterOrNumber())
        base.remove(0, 1);
    base = base.left(50);
    if (base.isEmpty())
        base = u"account"_s;
    if (checkSlug(base).isEmpty())
        return base;
    for (int i = 2;; ++i) {
        const auto slug = u"%1-%2"_s.arg(base).arg(i);
        if (checkSlug(slug).isEmpty())
            return slug;
    }
}

void ControlImpl::addAccount(NewAccount account, Reply<AccountId> reply)
{
    const auto answer = [this, reply](Result<AccountId> result) {
        post([reply, result = std::move(result)] { reply(result); });
    };
    const auto *provider = m_catalog->provider(account.provider.toStdString());
    if (!provider)
        return answer(
            refused("account.unknown_provider", tr("There is no provider \"%1\".").arg(account.provider)));
    if (account.slug.isEmpty())
        account.slug = proposeSlug(QString::fromUtf8(provider->id.data(), qsizetype(provider->id.size())));
    if (const auto why = checkSlug(account.slug); !why.isEmpty())
        return answer(refused("account.bad_slug", why));
    const auto settings = fromMap(account.settings);
    if (auto checked = checkAccount(*provider, settings, account.baseUrl.toStdString()); !checked)
        return answer(fail(std::move(checked).error()));
    auto credential = readCredential(*provider, settings, account.credential);
    if (!credential)
        return answer(fail(std::move(credential).error()));

    auto row = std::make_shared<store::AccountRow>();
    row->slug = account.slug.toStdString();
    row->provider = std::string(provider->id);
    row->name = account.name.toStdString();
    row->base_url = account.baseUrl.toStdString();
    row->settings_json = toStored(settings);
    row->created_us = gateway::wallClockUs();
    auto listed = std::make_shared<store::AccountModelsRow>();
    listed->models = modelsOfDraft(account);
    listed->listed_us = row->created_us;
    auto job = [row, listed, provider, secret = *credential, vault = m_vault,
                catalog = m_catalog](store::Changes &changes) -> Result<> {
        auto id = changes.insertAccount(*row);
        if (!id)
            return fail(std::move(id).error());
        row->id = listed->account = *id;
        if (!listed->models.empty()) {
            if (auto kept = changes.setAccountModels(*listed); !kept)
                return kept;
        }
        if (secret) {
            if (auto sealed = sealInto(*row, provider, *secret, *vault); !sealed)
                return sealed;
            if (auto updated = changes.updateAccount(*row); !updated)
                return updated;
        }
        return {};
    };
    change(
        {.action = "create",
         .resource = "account",
         .name = row->slug,
         .after = [row] { return auditJson(*row); }},
        std::move(job),
        [this, row, listed] {
            m_stored.accounts.push_back(*row);
            if (!listed->models.empty())
                m_listed.insert_or_assign(row->id, *listed);
        },
        [this, reply, row](Result<> done) {
            if (!done)
                return reply(fail(std::move(done).error()));
            takeVirtualKeys([reply, row](Result<> taken) {
                reply(taken ? Result<AccountId>(row->id) : fail(std::move(taken).error()));
            });
        });
}

void ControlImpl::takeVirtualKeys(Reply<> reply)
{
    const auto failed = [reply](Error error) { reply(fail(std::move(error))); };
    read(
        [this, reply, failed](store::Reader &reader) {
            auto keys = reader.virtualKeys();
            post([this, reply, failed, keys = std::move(keys)] {
                if (!keys)
                    return failed(keys.error());
                m_stored.virtual_keys = *keys;
                publish();
                refreshAccounts();
                refreshVirtualKeys();
                reply({});
            });
        },
        failed);
}

void ControlImpl::changeAccount(AccountId id, std::function<Result<>(store::AccountRow &)> edit,
                                Reply<> reply, const char *action)
{
    const auto *known = m_account_edits.latest(id);
    if (!known)
        known = accountRow(id);
    if (!known) {
        post([reply] { reply(refused("account.unknown", tr("This account is not there any more."))); });
        return;
    }
    auto row = std::make_shared<store::AccountRow>(*known);
    if (auto edited = edit(*row); !edited) {
        post([reply, error = std::move(edited).error()] { reply(fail(error)); });
        return;
    }
    // Another host has other models; another key or name changes none.
    const bool moved = destinationOf(*row) != destinationOf(*known);
    auto before = auditJson(*known);
    m_account_edits.begin(*row);
    change(
        {.action = action,
         .resource = "account",
         .name = row->slug,
         .before = std::move(before),
         .after = [row] { return auditJson(*row); }},
        [row, moved](store::Changes &changes) -> Result<> {
            if (auto forgotten = moved ? changes.removeAccountModels(row->id) : Result<>(); !forgotten)
                return forgotten;
            return changes.updateAccount(*row);
        },
        [this, row, moved] {
            if (auto *stored = accountRow(row->id))
                *stored = *row;
            m_tests.erase(row->slug);
            if (moved)
                m_listed.erase(row->id);
            refreshAccounts();
            refreshVirtualKeys();
        },
        [this, id, reply](Result<> done) {
            m_account_edits.end(id);
            reply(std::move(done));
        });
}

std::string ControlImpl::destinationOf(const store::AccountRow &row) const
{
    const auto *provider = m_catalog->provider(row.provider);
    return provider ? catalog::destinationOf(*provider, settingsFromStored(row.settings_json), row.base_url)
                    : row.base_url;
}

void ControlImpl::rotateAccount(AccountId id, SharedSecret credential, Reply<> reply)
{
    changeAccount(
        id,
        [this, credential](store::AccountRow &row) -> Result<> {
            const auto *provider = m_catalog->provider(row.provider);
            if (!provider)
                return refused("account.unknown_provider", tr("This version does not know its provider."));
            auto secret = readCredential(*provider, settingsFromStored(row.settings_json), credential);
            if (!secret)
                return fail(std::move(secret).error());
            if (!*secret)
                return refused("account.no_credential", tr("Give the new credential."));
            row.rotated_us = gateway::wallClockUs();
            row.notice.clear();
            return sealInto(row, provider, **secret, *m_vault);
        },
        std::move(reply), "rotate");
}

Result<> ControlImpl::applyEdit(store::AccountRow &row, const AccountEdit &edit) const
{
    row.name = edit.name.toStdString();
    const auto *provider = m_catalog->provider(row.provider);
    if (!provider)
        return refused("account.unknown_provider", tr("This version does not know its provider."));
    const auto before = destinationOf(row);
    // The address in effect, given back as it was shown, is not one of the owner's own.
    auto address = edit.baseUrl.toStdString();
    const auto shown = catalog::addressOf(*provider, settingsFromStored(row.settings_json), row.base_url);
    row.base_url = row.base_url.empty() && address == shown ? std::string() : std::move(address);
    if (edit.settings)
        row.settings_json = toStored(fromMap(*edit.settings));
    const auto settings = settingsFromStored(row.settings_json);
    if (auto checked = checkAccount(*provider, settings, row.base_url); !checked)
        return checked;
    auto secret = readCredential(*provider, settings, edit.credential);
    if (!secret)
        return fail(std::move(secret).error());
    if (settings.contains("profile")) {
        row.sealed.clear();
        row.last_four.clear();
        return {};
    }
    if (!*secret) {
        // A key goes only to the hosts it was saved with (threat-model E3).
        if (!row.sealed.empty() && destinationOf(row) != before)
            return refused("account.credential_needed", tr("Another address needs the credential again."));
        return {};
    }
    row.rotated_us = gateway::wallClockUs();
    return sealInto(row, provider, **secret, *m_vault);
}

void ControlImpl::editAccount(AccountId id, AccountEdit edit, Reply<> reply)
{
    changeAccount(
        id, [this, edit = std::move(edit)](store::AccountRow &row) { return applyEdit(row, edit); },
        std::move(reply));
}

void ControlImpl::setAccountEnabled(AccountId id, bool enabled, Reply<> reply)
{
    changeAccount(
        id,
        [enabled](store::AccountRow &row) -> Result<> {
            row.enabled = enabled;
            return {};
        },
        std::move(reply));
}

void ControlImpl::removeAccount(AccountId id, Reply<> reply)
{
    const auto *known = accountRow(id);
    if (!known) {
        post([reply] { reply(refused("account.unknown", tr("This account is not there any more."))); });
        return;
    }
    change(
        {.action = "delete", .resource = "account", .name = known->slug, .before = auditJson(*known)},
        [id](store::Changes &changes) { return changes.removeAccount(id); },
        [this, id] {
            m_listed.erase(id);
            std::erase_if(m_stored.model_choices, [id](const auto &row) { return row.account == id; });
            std::erase_if(m_stored.virtual_keys, [id](const auto &key) { return key.account == id; });
            std::erase_if(m_stored.accounts, [id](const auto &row) { return row.id == id; });
            refreshAccounts();
            refreshVirtualKeys();
        },
        std::move(reply));
}

} // namespace portolan::control
