// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"

#include "core/control/accountsettings.h"
#include "core/gateway/recorder.h"

#include <QTimeZone>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::minutes kProfilesLast{5}; // keys out of ~/.aws are read anew after that
constexpr int kPulseEveryTicks = 15; // without traffic; the day and the last 15 minutes move on by themselves

void add(trace::Rollup &into, const trace::Rollup &minute)
{
    into.requests += minute.requests;
    into.errors += minute.errors;
    into.cancelled += minute.cancelled;
    into.rescued += minute.rescued;
    into.cached += minute.cached;
    into.tokens_in += minute.tokens_in;
    into.tokens_out += minute.tokens_out;
    into.cost += minute.cost;
    into.cost_unknown += minute.cost_unknown;
    into.total.merge(minute.total);
    into.first_token.merge(minute.first_token);
}

} // namespace

void ControlImpl::read(std::function<void(store::Reader &)> job, std::function<void(Error)> failed)
{
    m_reading.post([this, job = std::move(job), failed = std::move(failed)] {
        if (!m_reader) {
            auto reader = m_store->openReader();
            if (!reader) {
                post([failed, error = std::move(reader).error()] { failed(error); });
                return;
            }
            m_reader = *std::move(reader);
        }
        job(*m_reader);
    });
}

void ControlImpl::history(HistoryQuery query, Reply<std::vector<trace::RequestRow>> reply)
{
    store::PageQuery page;
    page.before = query.before;
    page.from_us = query.fromUs;
    page.to_us = query.toUs;
    page.errors_only = query.errorsOnly;
    page.limit = query.limit;
    read(
        [this, page, reply](store::Reader &reader) {
            auto rows = reader.page(page);
            post([reply, rows = std::move(rows)] { reply(rows); });
        },
        [reply](Error error) { reply(fail(std::move(error))); });
}

void ControlImpl::detail(RequestId id, Reply<std::optional<Detail>> reply)
{
    read(
        [this, id, reply](store::Reader &reader) {
            auto found = reader.request(id);
            post([reply, found = std::move(found)] {
                if (!found)
                    return reply(fail(found.error()));
                if (!*found)
                    return reply(std::optional<Detail>{});
                reply(std::optional<Detail>(Detail{(*found)->record, (*found)->bodies_expired}));
            });
        },
        [reply](Error error) { reply(fail(std::move(error))); });
}

void ControlImpl::rollups(qint64 fromS, qint64 toS, int stepS, Reply<std::vector<trace::Rollup>> reply)
{
    read(
        [this, fromS, toS, stepS, reply](store::Reader &reader) {
            auto rows = reader.rollups(fromS, toS, stepS);
            post([reply, rows = std::move(rows)] { reply(rows); });
        },
        [reply](Error error) { reply(fail(std::move(error))); });
}

void ControlImpl::removeRequests(std::vector<RequestId> ids, Reply<> reply)
{
    change([ids = std::move(ids)](store::Changes &changes) { return changes.removeRequests(ids); }, [] {},
           std::move(reply));
}

void ControlImpl::removeAllRequests(Reply<> reply)
{
    change([](store::Changes &changes) { return changes.removeAllRequests(); },
           [this] { m_pulse_seen = ~quint64{0}; }, std::move(reply));
}

void ControlImpl::sendTestRequest(Reply<RequestId> reply)
{
    if (!m_listener) {
        post([reply] {
            reply(fail({.origin = Origin::Client,
                        .code = "gateway.stopped",
                        .message = "The gateway is stopped. Start it first."}));
        });
        return;
    }
    const bool any
        = m_listener->options().address == "0.0.0.0" || m_listener->options().address == "localhost";
    const std::string address = any ? "127.0.0.1" : m_listener->options().address;
    m_prober->testRequest(address, m_listener->port(), m_own_token, [this, reply](Result<RequestId> done) {
        post([reply, done = std::move(done)] { reply(done); });
    });
}

void ControlImpl::abortRequest(RequestId id)
{
    if (m_listener)
        m_listener->abort(id);
}

bool ControlImpl::readsProfiles() const
{
    return std::ranges::any_of(m_stored.accounts, [](const store::AccountRow &row) {
        return settingsFromStored(row.settings_json).contains("profile");
    });
}

void ControlImpl::drainFeed()
{
    const auto batch = m_feed.take();
    if (batch.empty())
        return;
    noteActive();
    emit live(batch);
}

void ControlImpl::noteActive()
{
    const int active = m_services.active.load(std::memory_order_relaxed);
    if (active == m_gateway.active)
        return;
    m_gateway.active = active;
    emit gatewayChanged();
}

void ControlImpl::tick()
{
    noteActive();
    // A request that began while the listener was told to stop.
    if (const auto draining = m_draining.lock(); draining && m_cuts)
        draining->abortAll();
    refreshAccounts();
    refreshKeyUse();
    refreshProblems();
    refreshPulse();
    if (std::chrono::steady_clock::now() - m_published >= kProfilesLast && readsProfiles())
        publish();
    ++m_ticks;
}

void ControlImpl::refreshPulse()
{
    const auto finished = m_feed.finishedCount();
    const qint64 now_s = gateway::wallClockUs() / 1'000'000;
    m_counts.emplace_back(now_s, finished);
    while (m_counts.size() > 1 && m_counts.front().first < now_s - 60)
        m_counts.pop_front();
    const double rate = static_cast<double>(finished - m_counts.front().second);
    const int active = m_services.active.load(std::memory_order_relaxed);
    const bool same = finished == m_pulse_seen && m_ticks % kPulseEveryTicks != 0;
    if (same && rate == m_pulse.perMinute && active == m_pulse.active)
        return;
    m_pulse.perMinute = rate;
    m_pulse.active = active;
    if (same) {
        emit pulseChanged();
        return;
    }
    m_pulse_seen = finished;
    const qint64 midnight_s = QDateTime(QDate::currentDate(), QTime(0, 0)).toSecsSinceEpoch();
    rollups(std::min(midnight_s, now_s - 15 * 60), now_s + 60, 60,
            [this, now_s, midnight_s](Result<std::vector<trace::Rollup>> minutes) {
                if (minutes)
                    takePulse(*std::move(minutes), now_s, midnight_s);
            });
}

void ControlImpl::takePulse(std::vector<trace::Rollup> minutes, qint64 now_s, qint64 midnight_s)
{
    m_pulse.last15 = {};
    m_pulse.today = {};
    for (const auto &minute : minutes) {
        if (minute.bucket_s > now_s - 15 * 60)
            add(m_pulse.last15, minute);
        if (minute.bucket_s >= midnight_s)
            add(m_pulse.today, minute);
    }
    m_pulse.everRequests = std::max<quint64>(m_pulse.everRequests, m_pulse.today.requests);
    emit pulseChanged();
}

void ControlImpl::refreshProblems()
{
    std::vector<Problem> problems;
    const auto report = [&](QString id, Problem::Severity severity, QString words, QString panel) {
        const auto known = std::ranges::find(m_problems, id, &Problem::id);
        const auto since = known == m_problems.end() ? QDateTime::currentDateTime() : known->since;
        problems.push_back({std::move(id), severity, std::move(words), std::move(panel), since});
    };
    using Severity = Problem::Severity;
    if (!m_gateway.reason.isEmpty())
        report(u"gateway.failed"_s, Severity::Error, m_gateway.reason, u"settings"_s);
    const auto health = m_store->health();
    if (health.state != store::StoreHealth::State::Ok)
        report(u"store.state"_s, Severity::Error, QString::fromStdString(health.reason), u"settings"_s);
    if (!health.set_aside.empty()) {
        report(
            u"store.set_aside"_s, Severity::Warning,
            tr("The history file was damaged and has been set aside as %1. Accounts and keys were restored.")
                .arg(QString::fromStdString(health.set_aside)),
            u"settings"_s);
    }
    if (health.bodies_shed > 0 || health.rows_dropped > 0) {
        report(u"store.shed"_s, Severity::Warning,
               tr("The disk was slower than the traffic: %1 bodies and %2 rows were not stored.")
                   .arg(health.bodies_shed)
                   .arg(health.rows_dropped),
               u"settings"_s);
    }
    if (m_feed.unrecordedCount() > 0) {
        report(u"auth.guessing"_s, Severity::Warning,
               tr("%n call(s) with a wrong key were refused and counted, but not listed one by one.", nullptr,
                  static_cast<int>(std::min<std::uint64_t>(m_feed.unrecordedCount(), 1'000'000'000))),
               u"logs"_s);
    }
    for (const auto &account : m_accounts) {
        if (account.health.state == AccountHealth::State::Failing) {
            report(u"account."_s + account.slug, Severity::Warning,
                   tr("@%1 is failing: %2").arg(account.slug, account.health.reason), u"catalog"_s);
            problems.back().since = account.health.since;
        }
    }
    for (const auto &config : m_configs) {
        if (!config.broken.isEmpty()) {
            report(
                u"config."_s + config.slug, Severity::Error,
                tr("The config %1 cannot be read, and requests that name it are refused: %2 Restore one of "
                   "its versions.")
                    .arg(config.name, config.broken),
                {});
        }
    }
    if (problems == m_problems)
        return;
    m_problems = std::move(problems);
    emit problemsChanged();
}

} // namespace portolan::control
