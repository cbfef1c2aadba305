// SPDX-License-Identifier: GPL-3.0-or-later
// Tests of accounts, and the offers that may become some.
#include "core/control/accountsettings.h"
#include "core/control/answers.h"
#include "core/control/awsprofile.h"
#include "core/control/controlimpl.h"
#include "core/control/credentialinput.h"
#include "core/control/probeplan.h"
#include "core/gateway/recorder.h"

#include <utility>

namespace portolan::control {

TestResult ControlImpl::testResult(const Probe &probe) const
{
    TestResult result;
    result.status = probe.status;
    result.ms = probe.ms;
    result.models = probe.models ? int(probe.models->size()) : -1;
    result.sent = QString::fromStdString(probe.sent);
    const auto words = QString::fromStdString(probe.error);
    // A provider that has no model list but answers in good order has still proved that the address is right.
    result.ok = probe.status >= 200 && probe.status < 300;
    if (result.ok)
        result.message
            = probe.models ? tr("It works: %n model(s) found.", nullptr, result.models) : tr("It works.");
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
    auto plan = planProbe(*target, *m_catalog);
    m_prober->probe(std::move(target), std::move(plan), m_snapshot->redactor,
                    [this, slug, reply](Probe probe) {
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
                                if (probe.models)
                                    m_listed[slug] = *probe.models;
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

Result<gateway::SharedTarget> ControlImpl::draftTarget(const NewAccount &account) const
{
    const auto *provider = m_catalog->provider(account.provider.toStdString());
    if (!provider)
        return refused("account.unknown_provider", tr("There is no provider \"%1\".").arg(account.provider));
    const auto settings = fromMap(account.settings);
    auto credential = readCredential(*provider, settings, account.credential);
    if (const auto profile = settings.find("profile"); credential && profile != settings.end())
        credential = awsProfile(AwsFiles::usual(), profile->second);
    if (!credential)
        return fail(std::move(credential).error());
    auto target = gateway::makeTarget(*m_catalog, provider->id, account.baseUrl.toStdString(),
                                      *std::move(credential), settings);
    return std::make_shared<const gateway::Target>(std::move(target));
}

void ControlImpl::testDraft(NewAccount account, Reply<TestResult> reply)
{
    auto target = draftTarget(account);
    if (!target) {
        post([reply, error = std::move(target).error()] { reply(fail(error)); });
        return;
    }
    probe(*std::move(target), {}, std::move(reply));
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
