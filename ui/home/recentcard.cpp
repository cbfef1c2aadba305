// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/home/recentcard.h"

#include "ui/home/tile.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"

#include <QGridLayout>
#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

RecentCard::RecentCard(QWidget *parent)
    : Card(tr("Last 15 minutes"), parent)
    , m_requests(new Tile(tr("Requests"), this))
    , m_errors(new Tile(tr("Errors"), this))
    , m_p95(new Tile(tr("p95"), this))
    , m_cost(new Tile(tr("Cost"), this))
{
    auto *logs = new LinkButton(tr("Logs"), this);
    logs->setSize(TextSize::Data);
    logs->setFlush();
    head()->addWidget(logs);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(Metrics().px(space::kPanel));
    grid->setVerticalSpacing(Metrics().px(space::kSmall));
    grid->addWidget(m_requests, 0, 0);
    grid->addWidget(m_errors, 0, 1);
    grid->addWidget(m_p95, 1, 0);
    grid->addWidget(m_cost, 1, 1);
    body()->addLayout(grid);
    body()->addStretch(1);

    const auto link = [this](QAbstractButton *button, const QString &query) {
        connect(button, &QAbstractButton::clicked, this,
                [this, query] { emit goTo({.panel = u"logs"_s, .query = query}); });
    };
    link(logs, u"last:15m"_s);
    link(m_requests, u"last:15m"_s);
    link(m_errors, u"is:error last:15m"_s);
    link(m_p95, u"last:15m"_s);
    link(m_cost, u"last:15m"_s);
    setPulse({});
}

void RecentCard::setPulse(const control::Pulse &pulse)
{
    const trace::Rollup &recent = pulse.last15;
    const quint64 good = recent.requests - std::min(recent.requests, recent.errors + recent.cancelled);
    // Together with the errors these add up to the figure.
    QStringList ends{tr("%1 ok").arg(format::count(qint64(good)))};
    if (recent.rescued > 0)
        ends += tr("%1 of them rescued").arg(format::count(qint64(recent.rescued)));
    if (recent.cancelled > 0)
        ends += tr("%1 cancelled").arg(format::count(qint64(recent.cancelled)));
    m_requests->say(format::count(qint64(recent.requests)), ends.join(u", "_s));
    m_errors->say(format::count(qint64(recent.errors)),
                  recent.errors == 0 ? tr("none")
                                     : format::percent(double(recent.errors)
                                                       / double(std::max<quint64>(1, recent.requests))),
                  recent.errors == 0 ? Role::Text : Role::Error);
    m_p95->say(format::duration(recent.total.percentile(0.95)),
               tr("TTFT p95 %1").arg(format::duration(recent.first_token.percentile(0.95))));
    m_cost->say(format::sum(recent.cost),
                recent.cost_unknown > 0 ? tr("unknown for %1").arg(recent.cost_unknown)
                                        : tr("%1 today").arg(format::sum(pulse.today.cost)));
}

} // namespace portolan::ui
