// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"

#include "core/base/text.h"
#include "core/control/answers.h"
#include "core/gateway/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

/// The credential without the blanks and line breaks that pasting brings.
Result<SharedSecret> cleaned(const SharedSecret &credential)
{
    if (!credential)
        return SharedSecret{};
    auto text = credential->view();
    while (!text.empty()
           && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    if (text.empty())
        return SharedSecret{};
    if (!http::isFieldValue(text))
        return refused(
            "account.bad_credential",
            ControlImpl::tr("The credential has line breaks or control characters in it. Copy it again."));
    return std::make_shared<const SecretBytes>(SecretBytes::copy(text));
}

Account describe(const store::AccountRow &row, const catalog::Catalog &catalog)
{
    Account account;
    account.id = row.id;
    account.slug = QString::fromStdString(row.slug);
    account.provider = QString::fromStdString(row.provider);
    account.name = QString::fromStdString(row.name);
    account.baseUrl = QString::fromStdString(row.base_url);
    account.credential = QString::fromStdString(row.last_four);
    account.enabled = row.enabled;
    account.created = fromUs(row.created_us);
    account.rotated = fromUs(row.rotated_us);
    account.notice = QString::fromStdString(row.notice);
    if (const auto *provider = catalog.provider(row.provider)) {
        account.providerName = QString::fromUtf8(provider->name.data(), qsizetype(provider->name.size()));
        account.local = provider->kind == catalog::ProviderKind::Local;
        if (account.baseUrl.isEmpty())
            account.baseUrl
                = QString::fromUtf8(provider->base_url.data(), qsizetype(provider->base_url.size()));
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
    if (needs_credential && row.sealed.empty()) {
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

void ControlImpl::refreshAccounts()
{
    std::vector<Account> accounts;
    for (const auto &row : m_stored.accounts) {
        const auto *provider = m_catalog->provider(row.provider);
        const bool needs_credential
            = provider && provider->auth.scheme != "none" && provider->kind != catalog::ProviderKind::Local;
        accounts.push_back(describe(row, *m_catalog));
        accounts.back().health = healthOf(row, needs_credential);
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
    if (!account.baseUrl.isEmpty()) {
        if (auto url = http::BaseUrl::parse(account.baseUrl.toStdString()); !url)
            return answer(fail(std::move(url).error()));
    }
    auto credential = cleaned(account.credential);
    if (!credential)
        return answer(fail(std::move(credential).error()));

    auto row = std::make_shared<store::AccountRow>();
    row->slug = account.slug.toStdString();
    row->provider = std::string(provider->id);
    row->name = account.name.toStdString();
    row->base_url = account.baseUrl.toStdString();
    row->created_us = gateway::wallClockUs();
    auto job = [row, secret = *credential, vault = m_vault](store::Changes &changes) -> Result<> {
        if (secret)
            row->last_four = lastFour(secret->view());
        auto id = changes.insertAccount(*row);
        if (!id)
            return fail(std::move(id).error());
        row->id = *id;
        if (secret) {
            // The id is part of what is sealed, so the row exists before its credential does.
            auto sealed = vault->seal(*secret, {.account = row->id, .provider = row->provider});
            if (!sealed)
                return fail(std::move(sealed).error());
            row->sealed = *std::move(sealed);
            if (auto updated = changes.updateAccount(*row); !updated)
                return updated;
        }
        return {};
    };
    change(
        std::move(job), [this, row] { m_stored.accounts.push_back(*row); },
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
                reply({});
            });
        },
        failed);
}

void ControlImpl::changeAccount(AccountId id, std::function<Result<>(store::AccountRow &)> edit,
                                Reply<> reply)
{
    const auto *known = accountRow(id);
    if (!known) {
        post([reply] { reply(refused("account.unknown", tr("This account is not there any more."))); });
        return;
    }
    auto row = std::make_shared<store::AccountRow>(*known);
    if (auto edited = edit(*row); !edited) {
        post([reply, error = std::move(edited).error()] { reply(fail(error)); });
        return;
    }
    change([row](store::Changes &changes) { return changes.updateAccount(*row); },
           [this, row] {
               if (auto *stored = accountRow(row->id))
                   *stored = *row;
               m_tests.erase(row->slug);
               refreshAccounts();
           },
           std::move(reply));
}

void ControlImpl::rotateAccount(AccountId id, SharedSecret credential, Reply<> reply)
{
    changeAccount(
        id,
        [this, credential](store::AccountRow &row) -> Result<> {
            auto secret = cleaned(credential);
            if (!secret)
                return fail(std::move(secret).error());
            if (!*secret)
                return refused("account.no_credential", tr("Give the new credential."));
            auto sealed = m_vault->seal(**secret, {.account = row.id, .provider = row.provider});
            if (!sealed)
                return fail(std::move(sealed).error());
            row.sealed = *std::move(sealed);
            row.last_four = lastFour((*secret)->view());
            row.rotated_us = gateway::wallClockUs();
            row.notice.clear();
            return {};
        },
        std::move(reply));
}

void ControlImpl::editAccount(AccountId id, QString name, QString baseUrl, SharedSecret credential,
                              Reply<> reply)
{
    changeAccount(
        id,
        [this, name, baseUrl, credential](store::AccountRow &row) -> Result<> {
            row.name = name.toStdString();
            const auto address = baseUrl.toStdString();
            if (address == row.base_url)
                return {};
            if (!address.empty()) {
                if (auto url = http::BaseUrl::parse(address); !url)
                    return fail(std::move(url).error());
            }
            auto secret = cleaned(credential);
            if (!secret)
                return fail(std::move(secret).error());
            // A key goes only to the hosts it was saved with (threat-model E3).
            if (!row.sealed.empty() && !*secret)
                return refused("account.credential_needed",
                               tr("Another address needs the credential again."));
            row.base_url = address;
            if (*secret) {
                auto sealed = m_vault->seal(**secret, {.account = row.id, .provider = row.provider});
                if (!sealed)
                    return fail(std::move(sealed).error());
                row.sealed = *std::move(sealed);
                row.last_four = lastFour((*secret)->view());
                row.rotated_us = gateway::wallClockUs();
            }
            return {};
        },
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
    change([id](store::Changes &changes) { return changes.removeAccount(id); },
           [this, id] {
               std::erase_if(m_stored.virtual_keys, [id](const auto &key) { return key.account == id; });
               std::erase_if(m_stored.accounts, [id](const auto &row) { return row.id == id; });
               refreshAccounts();
           },
           std::move(reply));
}

TestResult ControlImpl::testResult(const Probe &probe) const
{
    TestResult result;
    result.status = probe.status;
    result.ms = probe.ms;
    result.models = probe.models;
    result.sent = QString::fromStdString(probe.sent);
    const auto words = QString::fromStdString(probe.error);
    // A provider that has no model list but answers in good order has still proved that the address is right.
    result.ok = probe.status >= 200 && probe.status < 300;
    if (result.ok)
        result.message
            = probe.models >= 0 ? tr("It works: %n model(s) found.", nullptr, probe.models) : tr("It works.");
    else if (probe.status == 401 || probe.status == 403)
        result.message = tr("The provider does not accept this credential: %1").arg(words);
    else if (probe.status == 404)
        result.message = tr("The address answers, but lists no models: %1").arg(words);
    else if (probe.status != 0)
        result.message = tr("The provider answered %1: %2").arg(probe.status).arg(words);
    else
        result.message = words;
    return result;
}

void ControlImpl::probe(gateway::SharedTarget target, std::string slug, Reply<TestResult> reply)
{
    m_prober->probe(std::move(target), m_snapshot->redactor, [this, slug, reply](Probe probe) {
        post([this, slug, reply, probe = std::move(probe)] {
            const auto result = testResult(probe);
            if (!slug.empty()) {
                LastCall call;
                call.status = probe.status;
                call.error = result.ok ? std::string() : result.message.toStdString();
                call.latency_us = probe.ms < 0 ? -1 : std::int64_t{probe.ms} * 1000;
                call.at_us = gateway::wallClockUs();
                call.since_us = call.at_us;
                m_tests[slug] = std::move(call);
                refreshAccounts();
            }
            reply(result);
        });
    });
}

void ControlImpl::testAccount(AccountId id, Reply<TestResult> reply)
{
    const auto *row = accountRow(id);
    const std::string slug = row ? row->slug : std::string(gateway::kPracticeSlug);
    auto target = m_snapshot->target(slug);
    if ((!row && id) || !target) {
        post([reply] { reply(refused("account.unknown", tr("This account is not there any more."))); });
        return;
    }
    probe(std::move(target), slug, std::move(reply));
}

void ControlImpl::testDraft(NewAccount account, Reply<TestResult> reply)
{
    auto credential = cleaned(account.credential);
    if (!credential) {
        post([reply, error = std::move(credential).error()] { reply(fail(error)); });
        return;
    }
    auto target = gateway::makeTarget(*m_catalog, account.provider.toStdString(),
                                      account.baseUrl.toStdString(), *std::move(credential));
    probe(std::make_shared<const gateway::Target>(std::move(target)), {}, std::move(reply));
}

void ControlImpl::findOffers(Reply<std::vector<Offer>> reply)
{
    m_discovery.find([this, reply = std::move(reply)](Result<std::vector<Offer>> offers) {
        if (offers) {
            for (Offer &offer : *offers)
                offer.proposedSlug = proposeSlug(offer.provider);
        }
        reply(std::move(offers));
    });
}

Result<NewAccount> ControlImpl::draftFrom(const Offer &offer) const
{
    auto draft = draftFor(offer, *m_catalog);
    if (draft)
        draft->slug = proposeSlug(offer.provider);
    return draft;
}

} // namespace portolan::control
