// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/overviewtab.h"

#include "core/trace/requestrow.h"
#include "ui/logs/errorwords.h"
#include "ui/logs/facts.h"
#include "ui/logs/notecard.h"
#include "ui/logs/requeststate.h"
#include "ui/logs/routewords.h"
#include "ui/theme/metrics.h"
#include "ui/theme/roles.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QDateTime>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

/// "unknown slug, route.unknown_slug": for the person, and for whoever is asked for help.
QString codeWords(const std::string &code)
{
    const QString words = errorWords(code);
    return words.isEmpty() ? text(code) : words + u", "_s + text(code);
}

bool isFailure(trace::Outcome outcome)
{
    return outcome != trace::Outcome::Ok && outcome != trace::Outcome::Cancelled;
}

bool fromProvider(const trace::Record &record)
{
    return !record.attempts.empty() && record.attempts.back().status > 0
        && record.outcome == trace::Outcome::Error;
}

} // namespace

QString failureHeadline(const trace::Record &record)
{
    switch (record.outcome) {
    case trace::Outcome::TimedOut: return OverviewTab::tr("The request took longer than it may.");
    case trace::Outcome::Refused:
        return OverviewTab::tr("Portolan refused the request; no provider was asked.");
    case trace::Outcome::Truncated:
        return OverviewTab::tr("The provider broke off in the middle of its answer.");
    case trace::Outcome::Unknown:
        return OverviewTab::tr("Portolan ended while the request ran; how it went is not known.");
    default: break;
    }
    if (!fromProvider(record))
        return OverviewTab::tr("The request failed before a provider answered.");
    return OverviewTab::tr("%1 answered with status %2.")
        .arg(record.slug.empty() ? text(record.provider) : u'@' + text(record.slug))
        .arg(record.attempts.back().status);
}

OverviewTab::OverviewTab(QWidget *parent)
    : QScrollArea(parent)
{
    setFrameShape(NoFrame);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    const Metrics metrics;
    auto *page = new QWidget(this);
    setFillRole(page, Role::Base);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins({});
    column->setSpacing(0);
    m_error = new NoteCard(page);
    // Its margins go with it when it hides.
    m_errorFrame = new QWidget(page);
    auto *framed = new QVBoxLayout(m_errorFrame);
    framed->setContentsMargins(metrics.px(space::kPanel), metrics.px(space::kPanel),
                               metrics.px(space::kPanel), 0);
    framed->addWidget(m_error);
    column->addWidget(m_errorFrame);
    m_route = new PlainLabel(page);
    m_route->setObjectName(u"routeWords"_s);
    m_route->setAccessibleName(tr("Why it went this way"));
    m_route->setSize(TextSize::Data);
    m_route->setWordWrap(true);
    m_route->setSelectable();
    m_route->setContentsMargins(metrics.px(space::kPanel), metrics.px(space::kPanel),
                                metrics.px(space::kPanel), 0);
    column->addWidget(m_route);
    auto *groups = new FactColumns(page);
    m_numbers = new Facts(tr("Numbers"), groups);
    m_cost = new Facts(tr("Cost"), groups);
    m_caller = new Facts(tr("Request"), groups);
    m_metadata = new Facts(tr("Metadata"), groups);
    m_ids = new Facts(tr("Ids"), groups);
    auto *last = new QWidget(groups);
    auto *both = new QVBoxLayout(last);
    both->setContentsMargins({});
    both->setSpacing(metrics.px(space::kPanel));
    both->addWidget(m_metadata);
    both->addWidget(m_ids);
    groups->setGroups({m_numbers, m_cost, m_caller, last});
    column->addWidget(groups, 1);
    setWidget(page);
}

void OverviewTab::setRecord(const trace::Record &record, bool active)
{
    const bool failed = !active && isFailure(record.outcome);
    m_errorFrame->setVisible(failed);
    if (failed) {
        const QString said = text(record.error_message);
        m_error->say(failureHeadline(record),
                     fromProvider(record) && !said.isEmpty() ? u'"' + said + u'"' : said,
                     codeWords(record.error_code));
    }
    const QString route = routeWords(record);
    m_route->setText(route);
    m_route->setVisible(!route.isEmpty());
    fillNumbers(record, active);
    fillCost(record, active);
    fillCaller(record);
    fillIds(record);
    m_metadata->clear();
    for (const auto &[name, value] : record.metadata)
        m_metadata->add(text(name), text(value));
    m_metadata->setVisible(!m_metadata->isEmpty());
}

void OverviewTab::fillNumbers(const trace::Record &record, bool active)
{
    m_numbers->clear();
    if (!active)
        m_numbers->add(tr("Total"), format::duration(record.total_us));
    const std::int64_t first = record.first_token_us;
    m_numbers->add(tr("TTFT"),
                   first >= 0   ? format::duration(first)
                       : active ? tr("not yet")
                                : tr("no token came"));
    if (record.queue_us > 0)
        m_numbers->add(tr("Queue"), format::duration(record.queue_us));
    m_numbers->add(tr("Attempts"), format::count(std::ssize(record.attempts)));
    if (record.usage_state == UsageState::Unknown) {
        m_numbers->add(tr("Tokens"), active ? tr("not yet known") : tr("unknown: none were reported"));
    } else {
        const Usage &usage = record.usage;
        const QString sign = record.usage_state == UsageState::Estimated ? u"~"_s : QString();
        m_numbers->add(tr("Tokens in"), sign + format::count(usage.input));
        if (usage.cache_read > 0)
            m_numbers->add(tr("of them cached"), sign + format::count(usage.cache_read));
        m_numbers->add(tr("Tokens out"), sign + format::count(usage.output));
        if (usage.reasoning > 0)
            m_numbers->add(tr("of them reasoning"), sign + format::count(usage.reasoning));
        if (record.usage_state == UsageState::Estimated)
            m_numbers->add(QString(), tr("counted by Portolan, not reported"), Role::TextMuted);
    }
    m_numbers->add(tr("Size"),
                   tr("%1 in, %2 out").arg(format::bytes(record.bytes_in), format::bytes(record.bytes_out)));
    if (!record.finish_reason.empty())
        m_numbers->add(tr("Finish reason"), text(record.finish_reason));
}

void OverviewTab::fillCost(const trace::Record &record, bool active)
{
    m_cost->clear();
    switch (record.cost_state) {
    case trace::CostState::Unknown:
        m_cost->add(tr("Total"),
                    active ? tr("not yet known")
                        : record.usage_state == UsageState::Unknown
                        ? tr("unknown: no tokens were reported")
                        : tr("unknown: no price is known for this model"));
        break;
    case trace::CostState::Free: m_cost->add(tr("Total"), tr("$0, nothing is billed")); break;
    case trace::CostState::Exact:
    case trace::CostState::Estimated:
        m_cost->addAmount(tr("Input"), format::cost(record.cost_input));
        m_cost->addAmount(tr("Cached input"), format::cost(record.cost_cached));
        m_cost->addAmount(tr("Output"), format::cost(record.cost_output));
        m_cost->addAmount(tr("Total"), format::cost(record.cost), Weight::Strong);
        break;
    }
    if (record.cost_state == trace::CostState::Estimated)
        m_cost->add(QString(), tr("estimated: the price or the tokens are not exact"), Role::TextMuted);
    if (!record.priced_as.empty())
        m_cost->add(tr("Price of"), text(record.priced_as));
    if (!record.price_version.empty())
        m_cost->add(tr("Price list"), text(record.price_version));
}

void OverviewTab::fillCaller(const trace::Record &record)
{
    m_caller->clear();
    const auto add = [this](const QString &name, const std::string &value, const QString &none) {
        m_caller->add(name, value.empty() ? none : text(value), value.empty() ? Role::TextMuted : Role::Text);
    };
    if (record.started_us > 0)
        m_caller->add(tr("Started"),
                      format::locale().toString(
                          QDateTime::fromMSecsSinceEpoch(record.started_us / 1000).date(), u"d MMM yyyy")
                          + u' ' + format::clock(record.started_us));
    add(tr("Client key"), record.client_key_name, tr("none"));
    add(tr("Program"), record.program, tr("did not say"));
    m_caller->add(tr("Call"), text(record.method) + u' ' + text(record.path));
    m_caller->add(tr("Streamed"), record.stream ? tr("yes") : tr("no"));
    if (!record.config.empty())
        m_caller->add(tr("Config"), text(record.config));
    if (!record.note.empty())
        m_caller->add(tr("Chosen by"), text(record.note));
}

void OverviewTab::fillIds(const trace::Record &record)
{
    m_ids->clear();
    m_ids->addCopyable(tr("Request"), QString::number(record.id.value));
    if (!record.trace_id.empty())
        m_ids->addCopyable(tr("Trace"), text(record.trace_id));
    if (!record.span_id.empty())
        m_ids->addCopyable(tr("Span"), text(record.span_id));
    for (std::size_t i = 0; i < record.attempts.size(); ++i) {
        const std::string &id = record.attempts[i].provider_request_id;
        if (!id.empty())
            m_ids->addCopyable(
                record.attempts.size() == 1 ? tr("At the provider") : tr("Attempt %1").arg(i + 1), text(id));
    }
}

} // namespace portolan::ui
