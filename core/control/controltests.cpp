// SPDX-License-Identifier: GPL-3.0-or-later
// Tests of accounts, and the offers that may become some.
#include "core/control/accountsettings.h"
#include "core/control/answers.h"
#include "core/control/awsprofile.h"
#include "core/control/controlimpl.h"
#include "core/control/credentialinput.h"
#include "core/control/probeplan.h"
#include "core/gateway/recorder.h"

#include <QCoreApplication>

#include <utility>

namespace portolan::control {

namespace {

constexpr qsizetype kShownModels = 3;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(TestResult)
};

/// What happened and what to do, with the provider's own words where it said some.
QString withWords(const QString &sentence, const QString &words)
{
    return words.isEmpty() ? sentence : Words::tr("%1 It says: %2").arg(sentence, words);
}

QString explained(const Probe &probe)
{
    const auto words = QString::fromStdString(probe.error);
    const int status = probe.status;
    if (status == 0)
        return words;
    if (status < 300)
        return Words::tr("The address answers, but not as an API does: it may be a web page. Check the "
                         "address.");
    if (status < 400)
        return Words::tr("The address sends on to another one (%1). Give the one it leads to.").arg(status);
    switch (status) {
    case 401:
    case 403:
        return withWords(Words::tr("The provider does not accept this credential. Check that it is whole, "
                                   "still valid and allowed to do this."),
                         words);
    case 404:
        return withWords(Words::tr("The address answers, but what was asked for is not there. Check the "
                                   "address and its parts."),
                         words);
    case 407: return withWords(Words::tr("The proxy wants a login, which Portolan does not have."), words);
    case 429:
        return withWords(Words::tr("The provider knows this credential, but its limit is used up for now. "
                                   "Try again later."),
                         words);
    default: break;
    }
    if (status >= 500)
        return withWords(Words::tr("The provider is in trouble (%1), which says nothing of the account. Try "
                                   "again later.")
                             .arg(status),
                         words);
    return withWords(Words::tr("The provider refused the call (%1).").arg(status), words);
}

TestResult testResult(const Probe &probe)
{
    TestResult result;
    result.status = probe.status;
    result.ms = probe.ms;
    result.models = probe.models ? int(probe.models->size()) : -1;
    result.sent = QString::fromStdString(probe.sent);
    // A provider that has no model list but answers in good order has still proved that the address is right.
    result.ok = probe.status >= 200 && probe.status < 300 && probe.understood;
    if (probe.models) {
        for (const auto &model : *probe.models) {
            if (result.firstModels.size() < kShownModels)
                result.firstModels.append(QString::fromStdString(model.id));
        }
    }
    result.message = result.ok ? Words::tr("It works.") : explained(probe);
    return result;
}

std::unexpected<Error> unknownProvider(const QString &id)
{
    return refused("account.unknown_provider", Words::tr("There is no provider \"%1\".").arg(id));
}

} // namespace

void ControlImpl::probe(gateway::SharedTarget target, SharedRedactor redactor,
                        std::function<void(const Probe &)> done)
{
    auto plan = planProbe(*target, *m_catalog);
    m_prober->probe(std::move(target), std::move(plan), std::move(redactor),
                    [this, done = std::move(done)](Probe probe) {
                        post([done, probe = std::move(probe)] { done(probe); });
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
    const auto destination = row ? destinationOf(*row) : std::string();
    probe(std::move(target), m_snapshot->redactor, [this, id, slug, destination, reply](const Probe &probe) {
        takeTest(id, slug, destination, probe);
        reply(testResult(probe));
    });
}

void ControlImpl::takeTest(AccountId id, const std::string &slug, const std::string &destination,
                           const Probe &probe)
{
    const auto *row = accountRow(id);
    // It may have gone, or to another host, while it was tested.
    if (id && (!row || destinationOf(*row) != destination))
        return;
    const auto result = testResult(probe);
    LastCall call;
    call.status = probe.status;
    call.error = result.ok ? std::string() : result.message.toStdString();
    call.latency_us = probe.ms < 0 ? -1 : std::int64_t{probe.ms} * 1000;
    call.at_us = gateway::wallClockUs();
    call.since_us = call.at_us;
    m_tests[slug] = std::move(call);
    // The first list is taken as it is; what changes later is looked at before (compareModels).
    if (row && probe.models && !probe.models->empty() && !m_listed.contains(id))
        takeModels({.account = id, .models = *probe.models, .listed_us = gateway::wallClockUs()});
    refreshAccounts();
}

void ControlImpl::takeModels(store::AccountModelsRow row)
{
    // Not stored, it is asked for again after the next start.
    m_store->change([row](store::Changes &changes) { return changes.setAccountModels(row); },
                    [](const Result<> &) {});
    m_listed.insert_or_assign(row.account, std::move(row));
}

Result<SharedSecret> ControlImpl::draftCredential(const NewAccount &account) const
{
    const auto *provider = m_catalog->provider(account.provider.toStdString());
    if (!provider)
        return unknownProvider(account.provider);
    const auto settings = fromMap(account.settings);
    auto credential = readCredential(*provider, settings, account.credential);
    if (const auto profile = settings.find("profile"); credential && profile != settings.end())
        return awsProfile(AwsFiles::usual(), profile->second);
    return credential;
}

void ControlImpl::testDraft(NewAccount account, Reply<TestResult> reply)
{
    auto credential = draftCredential(account);
    if (!credential) {
        post([reply, error = std::move(credential).error()] { reply(fail(error)); });
        return;
    }
    auto target = std::make_shared<const gateway::Target>(
        gateway::makeTarget(*m_catalog, account.provider.toStdString(), account.baseUrl.toStdString(),
                            *credential, fromMap(account.settings)));
    // What is not saved yet is not among the secrets that the snapshot masks.
    auto redactor = std::make_shared<const Redactor>(*credential ? secretParts(*credential)
                                                                 : std::vector<SharedSecret>());
    const std::weak_ptr<const SecretBytes> given = account.credential;
    account.credential.reset();
    probe(std::move(target), std::move(redactor), [this, account, given, reply](const Probe &probe) {
        m_tested = {.draft = account,
                    .credential = given,
                    .models = probe.models.value_or(std::vector<store::ListedModel>())};
        reply(testResult(probe));
    });
}

std::vector<store::ListedModel> ControlImpl::modelsOfDraft(const NewAccount &account) const
{
    const NewAccount &tested = m_tested.draft;
    const bool same = tested.provider == account.provider && tested.baseUrl == account.baseUrl
        && tested.settings == account.settings && m_tested.credential.lock() == account.credential;
    return same ? m_tested.models : std::vector<store::ListedModel>();
}

Result<QString> ControlImpl::describeCredential(const NewAccount &account) const
{
    const auto *provider = m_catalog->provider(account.provider.toStdString());
    if (!provider)
        return unknownProvider(account.provider);
    const auto credential = readCredential(*provider, fromMap(account.settings), account.credential);
    if (!credential)
        return fail(credential.error());
    if (!*credential)
        return refused("account.no_credential", tr("There is nothing in it."));
    return QString::fromStdString(describedAs(*provider, (*credential)->view()));
}

void ControlImpl::findAwsProfiles(Reply<QStringList> reply)
{
    m_reading.post([this, reply = std::move(reply)] {
        QStringList names;
        for (const auto &name : awsProfileNames(AwsFiles::usual()))
            names.append(QString::fromStdString(name));
        post([reply, names] { reply(names); });
    });
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
