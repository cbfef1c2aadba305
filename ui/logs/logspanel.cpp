// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/logspanel.h"

#include "ui/logs/requestdelegate.h"
#include "ui/logs/requestfilter.h"
#include "ui/logs/requestview.h"
#include "ui/logs/tracedetail.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/card.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kTickMs = 250;
constexpr int kSearchAfterMs = 150;
constexpr int kDetailBesideFrom = 1500; // px; narrower, the detail goes under the list
constexpr int kColumnsNeed = 1080;      // px at 100 %, of the default columns; the rest is the detail's
constexpr std::size_t kHeldEvents = 30'000;

// Widths at 100 %, in the order of RequestLogModel::Column; what is not named in kHidden is shown.
constexpr int kWidths[] = {4, 96, 104, 72, 218, 218, 116, 80, 68, 68, 96, 92, 140, 120, 70, 80, 96, 130, 150};
constexpr RequestLogModel::Column kHidden[] = {
    RequestLogModel::Config, RequestLogModel::Id,      RequestLogModel::Program,
    RequestLogModel::Stream, RequestLogModel::Cache,   RequestLogModel::FinishReason,
    RequestLogModel::Size,   RequestLogModel::TraceId,
};

qint64 nowUs()
{
    return QDateTime::currentMSecsSinceEpoch() * 1000;
}

} // namespace

LogsPanel::LogsPanel(control::Control &control, QWidget *parent)
    : Panel(parent)
    , m_control(&control)
    , m_live(new RequestLogModel(10'000, this))
    , m_past(new RequestLogModel(100'000, this))
    , m_filter(new RequestFilter(this))
{
    m_filter->setSourceModel(m_live);
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(createList());
    m_detail = new TraceDetail(m_splitter);
    m_detail->hide();
    m_splitter->addWidget(m_detail);
    shareGrowth();
    m_banner = new Banner(this);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(createToolbar());
    column->addWidget(m_banner);
    column->addWidget(m_splitter, 1);

    setFocusProxy(m_view);
    createActions();
    m_copyMenu = createCopyMenu();
    m_detail->setCopyMenu(m_copyMenu);
    connectAll();
    restart();
}

LogsPanel::~LogsPanel() = default;

QWidget *LogsPanel::createToolbar()
{
    const Metrics metrics;
    auto *bar = new QWidget(this);
    bar->setFixedHeight(metrics.toolbar());
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(metrics.px(space::kPanel), 0, metrics.px(space::kPanel), 0);
    row->setSpacing(metrics.px(space::kSmall));
    m_search = new QLineEdit(bar);
    m_search->setObjectName(u"search"_s);
    m_search->setPlaceholderText(tr("Search requests"));
    m_search->setAccessibleName(tr("Search requests"));
    m_search->setToolTip(tr("Words in model, slug, key, program, status, error or id (Ctrl+F)"));
    m_search->addAction(lineIcon(Icon::Search, Role::TextMuted), QLineEdit::LeadingPosition)
        ->setText(tr("Search requests"));
    m_search->setClearButtonEnabled(true);
    m_search->setMinimumWidth(metrics.px(140));
    m_search->setMaximumWidth(metrics.px(320));
    m_ranges
        = new SegmentedControl(tr("Range"), {tr("Live"), tr("15 m"), tr("1 h"), tr("24 h"), tr("7 d")}, bar);
    m_shows = new SegmentedControl(
        tr("Show"), {tr("All", "requests"), tr("Active", "requests"), tr("Errors", "requests")}, bar);
    m_shows->setObjectName(u"shows"_s);
    m_pause = new QPushButton(bar);
    m_pause->setObjectName(u"pause"_s);
    m_columns = new IconButton(Icon::More, tr("Columns"), bar);
    row->addWidget(m_search, 2);
    row->addWidget(m_ranges);
    row->addWidget(m_shows);
    row->addStretch(1);
    row->addWidget(m_pause);
    row->addWidget(m_columns);
    return bar;
}

QWidget *LogsPanel::createList()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins({});
    column->setSpacing(0);
    m_stack = new QStackedWidget(page);
    m_view = new RequestView(m_stack);
    m_view->setObjectName(u"requests"_s);
    m_view->setAccessibleName(tr("Requests"));
    m_view->setModel(m_filter);
    m_view->setItemDelegate(new RequestDelegate(m_view));
    const Metrics metrics;
    QHeaderView *header = m_view->horizontalHeader();
    for (int i = 0; i < RequestLogModel::kColumns; ++i)
        header->resizeSection(i, metrics.px(kWidths[i]));
    header->setSectionResizeMode(RequestLogModel::State, QHeaderView::Fixed);
    for (const auto hidden : kHidden)
        header->hideSection(hidden);
    m_empty = new EmptyState(m_stack);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    column->addWidget(new Rule(Qt::Horizontal, page));
    column->addWidget(m_stack, 1);
    column->addWidget(createStatusLine());
    return page;
}

QWidget *LogsPanel::createStatusLine()
{
    const Metrics metrics;
    m_line = new QWidget(this);
    m_line->setFixedHeight(metrics.px(26));
    auto *row = new QHBoxLayout(m_line);
    row->setContentsMargins(metrics.px(space::kPanel), 0, metrics.px(space::kPanel), 0);
    row->setSpacing(metrics.px(space::kPanel));
    m_followLink = new LinkButton(QString(), m_line);
    m_followLink->setObjectName(u"follow"_s);
    m_followLink->setSize(TextSize::Data);
    m_shownLabel = new PlainLabel(m_line);
    m_shownLabel->setObjectName(u"shown"_s);
    m_windowLabel = new PlainLabel(m_line);
    for (PlainLabel *label : {m_shownLabel, m_windowLabel}) {
        label->setSize(TextSize::Data);
        label->setRole(Role::TextMuted);
    }
    row->addWidget(m_followLink);
    row->addWidget(m_shownLabel);
    row->addStretch();
    row->addWidget(m_windowLabel);
    return m_line;
}

void LogsPanel::connectAll()
{
    connect(m_control, &control::Control::live, this, &LogsPanel::onLive);
    connect(m_control, &control::Control::gatewayChanged, this, &LogsPanel::updateEmptyState);
    connect(m_ranges, &SegmentedControl::currentChanged, this, &LogsPanel::setRange);
    connect(m_shows, &SegmentedControl::currentChanged, this, &LogsPanel::setShow);
    connect(m_search, &QLineEdit::textChanged, this, [this] { m_searchSoon.start(); });
    connect(m_search, &QLineEdit::returnPressed, this, [this] {
        search();
        m_view->setFocus();
    });
    auto *leave = new QShortcut(QKeySequence(Qt::Key_Escape), m_search);
    leave->setContext(Qt::WidgetShortcut);
    connect(leave, &QShortcut::activated, this, [this] {
        setSearch(QString());
        m_view->setFocus();
    });
    m_searchSoon.setSingleShot(true);
    m_searchSoon.setInterval(kSearchAfterMs);
    connect(&m_searchSoon, &QTimer::timeout, this, &LogsPanel::search);
    connect(m_pause, &QPushButton::clicked, this, &LogsPanel::togglePause);
    connect(m_columns, &IconButton::clicked, this, [this] { showHeaderMenu(QCursor::pos()); });
    connect(m_banner, &Banner::actionClicked, this, &LogsPanel::refresh);
    connect(m_view->horizontalHeader(), &QHeaderView::customContextMenuRequested, this,
            [this](const QPoint &at) { showHeaderMenu(m_view->horizontalHeader()->mapToGlobal(at)); });
    connect(m_view, &RequestView::customContextMenuRequested, this, &LogsPanel::showContextMenu);
    connect(m_view, &RequestView::followingChanged, this, &LogsPanel::updateStatusLine);
    connect(m_view, &RequestView::topReached, this, &LogsPanel::loadPage);
    connect(m_view, &RequestView::openRequested, this, &LogsPanel::openDetail);
    connect(m_view, &RequestView::closeRequested, this, &LogsPanel::closeDetail);
    connect(m_view, &RequestView::pauseRequested, this, &LogsPanel::togglePause);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        if (m_detail->isVisible() && currentRequest())
            showRequest(currentRequest());
        updateCommands();
    });
    // The selection changes after the current row does.
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &LogsPanel::updateCommands);
    connect(m_followLink, &LinkButton::clicked, this, [this] {
        if (m_paused)
            setPaused(false);
        m_view->jumpToEnd();
    });
    connect(m_detail, &TraceDetail::closeRequested, this, &LogsPanel::closeDetail);
    connect(m_detail, &TraceDetail::abortRequested, this, [this](RequestId id) {
        if (m_control)
            m_control->abortRequest(id);
    });
    connect(m_detail, &TraceDetail::storageSettingsRequested, this,
            [this] { emit goTo({.panel = u"settings"_s, .query = u"storage"_s}); });
    connect(m_view->horizontalHeader(), &QHeaderView::sectionResized, this, &Panel::stateChanged);
    connect(m_view->horizontalHeader(), &QHeaderView::sectionMoved, this, &Panel::stateChanged);
    connect(m_splitter, &QSplitter::splitterMoved, this, &Panel::stateChanged);
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &LogsPanel::tick);
    m_detailRetry.setSingleShot(true);
    connect(&m_detailRetry, &QTimer::timeout, this, &LogsPanel::askDetail);
}

void LogsPanel::onLive(const control::LiveBatch &batch)
{
    if (m_paused) {
        hold(batch);
    } else {
        m_live->tick(nowUs());
        m_live->apply(batch);
    }
    const bool concerned = std::ranges::any_of(
        batch, [this](const control::LiveEvent &event) { return event.row.id == m_wanted; });
    if (concerned && !m_paused)
        refreshDetail();
    updateState();
}

void LogsPanel::hold(const control::LiveBatch &batch)
{
    m_held.insert(m_held.end(), batch.begin(), batch.end());
    for (const control::LiveEvent &event : batch) {
        if (m_live->rowOf(event.row.id) < 0)
            m_waiting.insert(event.row.id);
    }
    if (m_held.size() <= kHeldEvents)
        return;
    // The oldest half goes at once, not one batch at a time; it stays in the history, and is still counted.
    m_held.erase(m_held.begin(), m_held.end() - kHeldEvents / 2);
    const std::size_t before = m_waiting.size();
    m_waiting.clear();
    for (const control::LiveEvent &event : m_held) {
        if (m_live->rowOf(event.row.id) < 0)
            m_waiting.insert(event.row.id);
    }
    m_waitingElsewhere += before - m_waiting.size();
}

void LogsPanel::setPaused(bool paused)
{
    if (paused == m_paused)
        return;
    m_paused = paused;
    if (!paused) {
        const auto held = std::exchange(m_held, {});
        m_waiting.clear();
        m_waitingElsewhere = 0;
        onLive(held);
    }
    updateState();
}

void LogsPanel::tick()
{
    if (!m_paused)
        m_live->tick(nowUs());
    if (const RequestEntry *entry = entryOf(m_wanted); entry && entry->active)
        m_detail->setEntry(*entry, m_live->elapsed(*entry));
}

void LogsPanel::entered()
{
    updateState();
}

void LogsPanel::hideEvent(QHideEvent *event)
{
    Panel::hideEvent(event);
    m_tick.stop();
}

void LogsPanel::resizeEvent(QResizeEvent *event)
{
    Panel::resizeEvent(event);
    placeDetail();
}

void LogsPanel::placeDetail()
{
    // A larger font needs more, a smaller one no less: the eye does not shrink with it.
    const int from = std::max(kDetailBesideFrom, Metrics().px(kDetailBesideFrom));
    const auto wanted = width() >= from ? Qt::Horizontal : Qt::Vertical;
    if (m_splitter->orientation() == wanted)
        return;
    m_splitter->setOrientation(wanted);
    shareGrowth();
    // A share that suits a height suits no width: each way begins with its own.
    const int detail = wanted == Qt::Horizontal ? from - Metrics().px(kColumnsNeed) : height() * 2 / 5;
    m_splitter->setSizes({(wanted == Qt::Horizontal ? width() : height()) - detail, detail});
}

void LogsPanel::shareGrowth()
{
    // Beside the list the detail keeps its width, so that the columns are never the ones to pay.
    const bool beside = m_splitter->orientation() == Qt::Horizontal;
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, beside ? 0 : 2);
}

} // namespace portolan::ui
