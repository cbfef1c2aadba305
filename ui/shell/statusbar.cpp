// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/statusbar.h"

#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/format.h"
#include "ui/widgets/plaintext.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

/// Below this many requests a percentage says less than the number does.
constexpr quint64 kEnoughForPercent = 100;

bool isOfStore(const control::Problem &problem)
{
    return problem.id.startsWith("store."_L1);
}

} // namespace

StatusItem::StatusItem(const QString &name, QWidget *parent)
    : QAbstractButton(parent)
{
    setObjectName(name);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setTextSize(this, TextSize::Data);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
}

void StatusItem::say(const QString &text, Role role)
{
    if (!m_hasIcon && text == this->text() && role == m_role)
        return;
    m_hasIcon = false;
    m_role = role;
    setText(text);
    updateGeometry();
    update();
}

void StatusItem::say(Icon icon, Role role, const QString &text)
{
    m_hasIcon = true;
    m_icon = icon;
    m_role = role;
    setText(text);
    updateGeometry();
    update();
}

QSize StatusItem::sizeHint() const
{
    const Metrics metrics;
    const int icon = m_hasIcon ? metrics.iconSmall() + metrics.px(space::kGroup) : 0;
    return {fontMetrics().horizontalAdvance(text()) + icon + 2 * metrics.px(9) + 1, metrics.statusBar()};
}

void StatusItem::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Metrics metrics;
    const auto of = [this](Role role) { return colour(role, palette()); };
    if (underMouse() || isDown())
        painter.fillRect(rect().adjusted(0, 1, 0, 0), of(isDown() ? Role::Pressed : Role::Hover));
    painter.fillRect(QRect(width() - 1, 1, 1, height() - 1), of(Role::Line));
    QRect inner = rect().adjusted(metrics.px(9), 1, -metrics.px(9), 0);
    if (m_hasIcon) {
        const int side = metrics.iconSmall();
        paintIcon(&painter, QRect(inner.x(), inner.y() + (inner.height() - side) / 2, side, side), m_icon,
                  of(m_role));
        inner.adjust(side + metrics.px(space::kGroup), 0, 0, 0);
    }
    painter.setPen(of(m_hasIcon ? Role::Text : m_role));
    painter.drawText(inner, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine, text());
    if (hasFocus())
        paintBox(&painter, rect().adjusted(0, 1, -1, 0), {.radius = 3, .focusRing = true}, palette());
}

void StatusItem::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        click();
    else
        QAbstractButton::keyPressEvent(event);
}

StatusBar::StatusBar(QWidget *parent)
    : QWidget(parent)
    , m_active(new StatusItem(u"statusActive"_s, this))
    , m_rate(new StatusItem(u"statusRate"_s, this))
    , m_errors(new StatusItem(u"statusErrors"_s, this))
    , m_p95(new StatusItem(u"statusP95"_s, this))
    , m_cost(new StatusItem(u"statusCost"_s, this))
    , m_problems(new StatusItem(u"statusProblems"_s, this))
    , m_store(new StatusItem(u"statusStore"_s, this))
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(Metrics().px(space::kGroup), 0, 0, 0);
    row->setSpacing(0);
    for (StatusItem *item : {m_active, m_rate, m_errors, m_p95, m_cost, m_problems})
        row->addWidget(item);
    row->addStretch(1);
    row->addWidget(m_store);
    m_active->setToolTip(tr("Requests in flight: show them in Logs"));
    m_rate->setToolTip(tr("Requests in the last minute: show them in Logs"));
    m_errors->setToolTip(tr("Errors in the last 15 minutes: show them in Logs"));
    m_p95->setToolTip(tr("95 of 100 requests of the last 15 minutes were faster: show them in Logs"));
    m_cost->setToolTip(tr("Cost since midnight: show the requests in Logs"));
    m_problems->setToolTip(tr("What needs you"));
    m_store->setToolTip(tr("State of the database: open its settings"));

    const auto link = [this](StatusItem *item, const Place &place) {
        connect(item, &StatusItem::clicked, this, [this, place] { emit goTo(place); });
    };
    link(m_active, {.panel = u"logs"_s, .query = u"is:active"_s});
    link(m_rate, {.panel = u"logs"_s, .query = u"last:live"_s});
    link(m_errors, {.panel = u"logs"_s, .query = u"is:error last:15m"_s});
    link(m_p95, {.panel = u"logs"_s, .query = u"last:15m"_s});
    link(m_cost, {.panel = u"logs"_s, .query = u"last:24h"_s});
    link(m_store, {.panel = u"settings"_s, .query = u"storage"_s});
    connect(m_problems, &StatusItem::clicked, this, &StatusBar::problemsClicked);
    setPulse({});
    setProblems({});
}

void StatusBar::setPulse(const control::Pulse &pulse)
{
    m_active->say(tr("%1 active").arg(format::count(pulse.active)));
    m_rate->say(tr("%1/min").arg(format::count(qint64(std::llround(pulse.perMinute)))));
    const trace::Rollup &recent = pulse.last15;
    if (recent.requests < kEnoughForPercent)
        m_errors->say(recent.errors == 1 ? tr("1 error") : tr("%n errors", nullptr, int(recent.errors)));
    else
        m_errors->say(tr("%1 errors").arg(format::percent(double(recent.errors) / double(recent.requests))));
    m_p95->say(tr("p95 %1").arg(format::duration(recent.total.percentile(0.95))));
    m_cost->say(tr("%1 today").arg(format::sum(pulse.today.cost)));
}

void StatusBar::setProblems(const std::vector<control::Problem> &problems)
{
    using Severity = control::Problem::Severity;
    m_problems->setVisible(!problems.empty());
    const bool error
        = std::ranges::any_of(problems, [](const auto &p) { return p.severity == Severity::Error; });
    m_problems->say(error ? Icon::CircleCross : Icon::Triangle, error ? Role::Error : Role::Warning,
                    problems.size() == 1 ? tr("1 problem")
                                         : tr("%n problems", nullptr, int(problems.size())));
    const auto sick = std::ranges::find_if(problems, isOfStore);
    if (sick == problems.end()) {
        m_store->say(Icon::Check, Role::Ok, tr("db ok"));
        m_store->setToolTip(tr("State of the database: open its settings"));
    } else {
        const bool bad = sick->severity == Severity::Error;
        m_store->say(bad ? Icon::CircleCross : Icon::Triangle, bad ? Role::Error : Role::Warning,
                     bad ? tr("db failing") : tr("db limited"));
        m_store->setToolTip(plainToolTip(sick->text));
    }
}

void StatusBar::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(QRect(0, 0, width(), 1), colour(Role::Line, palette()));
}

} // namespace portolan::ui
