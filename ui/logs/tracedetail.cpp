// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/tracedetail.h"

#include "ui/logs/attemptstab.h"
#include "ui/logs/bodyview.h"
#include "ui/logs/headerstab.h"
#include "ui/logs/numberslabel.h"
#include "ui/logs/overviewtab.h"
#include "ui/logs/routelabel.h"
#include "ui/logs/statestyle.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kOneLineFrom = 640; // px at 100 %
constexpr int kFirst = 1000; // stretch: the models get their width before the empty rest of the line does

QStringList numbersOf(const RequestEntry &entry, std::int64_t elapsed_us)
{
    const trace::RequestRow &row = entry.row;
    QStringList parts;
    if (!entry.active && row.status > 0)
        parts += QString::number(row.status);
    parts += TraceDetail::tr("total %1").arg(format::duration(entry.active ? elapsed_us : row.total_us));
    if (const std::int64_t first = entry.row.first_token_us; first >= 0)
        parts += TraceDetail::tr("TTFT %1").arg(format::duration(first));
    if (row.usage_state != UsageState::Unknown) {
        const QString sign = row.usage_state == UsageState::Estimated ? u"~"_s : QString();
        parts += TraceDetail::tr("%1 tok").arg(sign + format::tokens(row.tokens_in, row.tokens_out));
    }
    if (row.cost_state != trace::CostState::Unknown)
        parts
            += (row.cost_state == trace::CostState::Estimated ? u"~"_s : QString()) + format::cost(row.cost);
    return parts;
}

QString capitalised(const QString &word)
{
    return word.isEmpty() ? word : word.first(1).toUpper() + word.sliced(1);
}

} // namespace

TraceDetail::TraceDetail(QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Request detail"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(createHeader());
    column->addWidget(createTabs(), 1);
    setFocusProxy(m_tabs);
}

void TraceDetail::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    // In a narrow pane the models need the first line for themselves.
    const bool below = width() < Metrics().px(kOneLineFrom);
    if (below == (m_secondLine->indexOf(m_numbers) >= 0))
        return;
    if (below) {
        m_firstLine->removeWidget(m_numbers);
        m_secondLine->addWidget(m_numbers);
    } else {
        m_secondLine->removeWidget(m_numbers);
        m_firstLine->insertWidget(2, m_numbers);
    }
}

void TraceDetail::keyPressEvent(QKeyEvent *event)
{
    // Not a shortcut: the find bar inside has Esc for itself.
    if (event->key() == Qt::Key_Escape)
        emit closeRequested();
    else
        QWidget::keyPressEvent(event);
}

QWidget *TraceDetail::createHeader()
{
    const Metrics metrics;
    auto *header = new QWidget(this);
    auto *column = new QVBoxLayout(header);
    column->setContentsMargins(metrics.px(space::kPanel), metrics.px(space::kTight),
                               metrics.px(space::kSmall), metrics.px(space::kTight));
    column->setSpacing(metrics.px(space::kHair));
    auto *row = new QHBoxLayout;
    row->setSpacing(metrics.px(space::kPanel));
    column->addLayout(row);
    m_firstLine = row;
    m_secondLine = column;
    m_state = new StateLabel(header);
    m_state->setSize(TextSize::Body, Weight::Strong);
    m_route = new RouteLabel(header);
    m_numbers = new NumbersLabel(header);
    m_numbers->setObjectName(u"detailNumbers"_s);
    m_abort = new QPushButton(lineIcon(Icon::Stop), tr("Abort"), header);
    m_abort->setObjectName(u"abort"_s);
    m_abort->setToolTip(tr("End this request; its client gets an error"));
    m_copy = new QPushButton(lineIcon(Icon::Copy), tr("Copy"), header);
    auto *close = new IconButton(Icon::Close, tr("Close the detail (Esc)"), header);
    row->addWidget(m_state);
    row->addWidget(m_route, kFirst);
    row->addWidget(m_numbers);
    row->addStretch(1);
    row->addWidget(m_abort);
    row->addWidget(m_copy);
    row->addWidget(close);
    connect(close, &IconButton::clicked, this, &TraceDetail::closeRequested);
    connect(m_abort, &QPushButton::clicked, this, [this] {
        m_abort->setEnabled(false); // until the end is reported
        emit abortRequested(m_id);
    });
    return header;
}

QWidget *TraceDetail::createTabs()
{
    auto *whole = new QWidget(this);
    auto *column = new QVBoxLayout(whole);
    column->setContentsMargins({});
    column->setSpacing(0);
    m_tabs = new QTabBar(whole);
    m_tabs->setObjectName(u"detailTabs"_s);
    m_tabs->setAccessibleName(tr("Parts of the request"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_pages = new QStackedWidget(whole);
    m_overview = new OverviewTab(m_pages);
    m_attempts = new AttemptsTab(m_pages);
    m_request = new BodyView(tr("Request body"), m_pages);
    m_response = new BodyView(tr("Response body"), m_pages);
    m_request->setObjectName(u"requestBody"_s);
    m_response->setObjectName(u"responseBody"_s);
    m_headers = new HeadersTab(m_pages);
    const std::pair<QWidget *, QString> pages[] = {
        {m_overview, tr("Overview")}, {m_attempts, tr("Attempts")}, {m_request, tr("Request")},
        {m_response, tr("Response")}, {m_headers, tr("Headers")},
    };
    for (const auto &[page, name] : pages) {
        m_pages->addWidget(page);
        m_tabs->addTab(name);
    }
    m_notice = new PlainLabel(whole);
    m_notice->setAlignment(Qt::AlignCenter);
    m_notice->setRole(Role::TextMuted);
    m_notice->hide();
    column->addWidget(m_tabs);
    column->addWidget(new Rule(Qt::Horizontal, whole));
    column->addWidget(m_notice, 1);
    column->addWidget(m_pages, 1);
    connect(m_tabs, &QTabBar::currentChanged, m_pages, &QStackedWidget::setCurrentIndex);
    connect(m_request, &BodyView::storageSettingsRequested, this, &TraceDetail::storageSettingsRequested);
    connect(m_response, &BodyView::storageSettingsRequested, this, &TraceDetail::storageSettingsRequested);
    connect(m_headers, &HeadersTab::storageSettingsRequested, this, &TraceDetail::storageSettingsRequested);
    return whole;
}

void TraceDetail::setEntry(const RequestEntry &entry, std::int64_t elapsed_us)
{
    if (entry.row.id != m_id) {
        m_id = entry.row.id;
        m_detail.reset();
        m_abort->setEnabled(true);
    }
    m_active = entry.active;
    const StateStyle style = styleOf(stateOf(entry));
    m_state->setState(style.icon, capitalised(stateWord(entry)), style.colour);
    m_route->setModels(QString::fromStdString(entry.row.model_asked), servedBy(entry));
    const QStringList numbers = numbersOf(entry, elapsed_us);
    const int total = !entry.active && entry.row.status > 0 ? 2 : 1; // the status stands before it
    m_numbers->setNumbers(numbers, total);
    m_abort->setVisible(entry.active);
}

void TraceDetail::setDetail(control::Detail detail, bool active, std::int64_t elapsed_us)
{
    m_notice->hide();
    m_pages->show();
    m_detail = std::move(detail);
    fillTabs(active, elapsed_us);
}

void TraceDetail::setMissing(const QString &why)
{
    m_detail.reset();
    m_pages->hide();
    m_notice->setText(why);
    m_notice->show();
}

void TraceDetail::fillTabs(bool active, std::int64_t elapsed_us)
{
    const trace::Record &record = m_detail->record;
    const auto attempts = std::ssize(record.attempts);
    m_tabs->setTabText(Attempts,
                       attempts == 0 ? tr("Attempts") : tr("Attempts") + u'\t' + QString::number(attempts));
    m_overview->setRecord(record, active);
    m_attempts->setRecord(record, active ? elapsed_us : record.total_us);
    m_headers->setRecord(record, active);
    fillBody(m_request, record.request_body, active);
    fillBody(m_response, record.response_body, active);
}

void TraceDetail::fillBody(BodyView *view, const std::optional<trace::Body> &body, bool active)
{
    const trace::Record &record = m_detail->record;
    if (body && !body->text.empty()) {
        view->setBody(*body);
        return;
    }
    if (active) {
        view->setMessage(tr("The body is shown when the request has ended."), false);
    } else if (m_detail->bodiesExpired) {
        view->setMessage(tr("The body was removed because it was older than bodies are kept."), true);
    } else if (body) {
        view->setMessage(tr("The body is empty."), false);
    } else if (record.capture == trace::CaptureLevel::Full) {
        view->setMessage(tr("There was no body."), false);
    } else if (record.capture == trace::CaptureLevel::Errors) {
        view->setMessage(tr("Bodies of requests that went well are not stored."), true);
    } else {
        view->setMessage(tr("Bodies were not stored when this request was made."), true);
    }
}

int TraceDetail::currentTab() const
{
    return m_tabs->currentIndex();
}

void TraceDetail::setCurrentTab(int tab)
{
    m_tabs->setCurrentIndex(tab);
}

void TraceDetail::setCopyMenu(QMenu *menu)
{
    m_copy->setMenu(menu);
}

bool TraceDetail::openFind()
{
    auto *body = qobject_cast<BodyView *>(m_pages->currentWidget());
    if (!body || !body->canFind())
        return false;
    body->openFind();
    return true;
}

} // namespace portolan::ui
