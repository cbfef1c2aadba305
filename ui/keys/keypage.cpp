// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keypage.h"

#include "ui/keys/keydelegate.h"
#include "ui/keys/keydetail.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style.h"
#include "ui/widgets/card.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/labels.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonArray>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>

#include <numeric>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kGatherMs = 100;
constexpr int kMinuteMs = 60'000;
constexpr int kFlexible = 3; // the first columns share what the others leave: a half, a quarter, a quarter

} // namespace

KeyPage::KeyPage(control::Control &control, QWidget *parent)
    : QWidget(parent)
    , m_control(&control)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(kGatherMs);
    connect(&m_soon, &QTimer::timeout, this, &KeyPage::refresh);
    m_minute.setInterval(kMinuteMs);
    connect(&m_minute, &QTimer::timeout, this, [this] {
        if (isVisible()) {
            m_model->setNow(QDateTime::currentDateTime());
            showCurrent();
        }
    });
}

QAction *KeyPage::addCommand(const QString &text, const QKeySequence &key, std::function<void()> act)
{
    auto *action = new QAction(text, this);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    addAction(action);
    connect(action, &QAction::triggered, this, [act = std::move(act)] { act(); });
    m_commands += action;
    return action;
}

void KeyPage::addSeparator()
{
    auto *separator = new QAction(this);
    separator->setSeparator(true);
    m_commands += separator;
}

void KeyPage::create(KeyModel *model, const Look &look, const QList<QAction *> &buttons,
                     const QList<QAction *> &ways)
{
    m_model = model;
    m_found = new KeyFilter(model, this);
    m_widths = look.widths;
    QWidget *tools = createTools(look, buttons); // first: Tab goes the way one reads
    m_stack = new QStackedWidget(this);
    createTable(look);
    m_nothing = new EmptyState(m_stack);
    m_stack->addWidget(m_table);
    m_stack->addWidget(m_nothing);
    m_detailPart = new QWidget(this);
    auto *part = new QVBoxLayout(m_detailPart);
    part->setContentsMargins({});
    part->setSpacing(0);
    m_detail = new KeyDetail(ways, m_detailPart);
    part->addWidget(new Rule(Qt::Horizontal, m_detailPart));
    part->addWidget(m_detail);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(tools);
    column->addWidget(new Rule(Qt::Horizontal, this));
    column->addWidget(m_stack, 1);
    column->addWidget(m_detailPart);
    setFocusProxy(m_table);
    take();
    m_minute.start();
}

QWidget *KeyPage::createTools(const Look &look, const QList<QAction *> &buttons)
{
    const Metrics metrics;
    auto *bar = new QWidget(this);
    bar->setFixedHeight(metrics.toolbar());
    auto *row = new QHBoxLayout(bar);
    row->setContentsMargins(metrics.px(space::kPanel), 0, metrics.px(space::kPanel), 0);
    row->setSpacing(metrics.px(space::kSmall));
    for (QAction *action : buttons) {
        auto *button = new ActionButton(action, bar);
        if (action == buttons.first()) {
            setMainAction(button);
            button->setIcon(lineIcon(Icon::Plus, Role::AccentText));
        }
        row->addWidget(button);
    }
    row->addStretch();
    auto *question = new ElidedLabel(look.question, bar);
    question->setSize(TextSize::Data);
    question->setRole(Role::TextMuted);
    row->addWidget(question);
    m_search = new QLineEdit(bar);
    m_search->setObjectName(u"search"_s);
    m_search->setPlaceholderText(look.search);
    m_search->setAccessibleName(look.search);
    m_search->addAction(lineIcon(Icon::Search, Role::TextMuted), QLineEdit::LeadingPosition);
    m_search->setClearButtonEnabled(true);
    m_search->setFixedWidth(metrics.px(220));
    row->addWidget(m_search);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_found->setSearch(text);
        updateShown();
    });
    return bar;
}

void KeyPage::createTable(const Look &look)
{
    const Metrics metrics;
    m_table = new QTableView(m_stack);
    m_table->setObjectName(look.tableName);
    m_table->setAccessibleName(look.title);
    m_table->setModel(m_found);
    m_table->setItemDelegate(new KeyDelegate(m_table));
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setTabKeyNavigation(false);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(-1, Qt::AscendingOrder);
    m_table->setMouseTracking(true);
    m_table->viewport()->installEventFilter(this);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    m_table->verticalHeader()->setDefaultSectionSize(metrics.rowBudget());
    QHeaderView *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setStretchLastSection(true);
    fit();
    connect(header, &QHeaderView::sectionResized, this, [this, header] {
        if (QGuiApplication::mouseButtons().testFlag(Qt::LeftButton) && header->underMouse()) {
            m_fitting = false; // the person's own widths stay
            emit stateChanged();
        }
    });
    connect(m_table, &QTableView::activated, this, [this] { editCurrent(); });
    connect(m_table, &QTableView::customContextMenuRequested, this, [this](const QPoint &at) {
        auto *menu = new QMenu(this);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addActions(m_commands);
        menu->popup(m_table->viewport()->mapToGlobal(at));
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] {
        showCurrent();
        updateShown();
        m_table->viewport()->update(); // the copy mark moves with the current row
    });
}

void KeyPage::fit()
{
    if (!m_fitting)
        return;
    const Metrics metrics;
    const int wanted = metrics.px(std::accumulate(m_widths.begin(), m_widths.end(), 0));
    const int spare = std::max(0, m_table->viewport()->width() - wanted);
    for (int i = 0; i < int(m_widths.size()); ++i) {
        const int share = i >= kFlexible ? 0 : i == 0 ? spare / 2 : spare / 4;
        m_table->setColumnWidth(i, metrics.px(m_widths[std::size_t(i)]) + share);
    }
}

void KeyPage::takeSoon()
{
    if (!m_soon.isActive())
        m_soon.start();
}

void KeyPage::refresh()
{
    if (!isVisible())
        return; // comes when it is shown
    const int scrolled = m_table->verticalScrollBar()->value();
    take();
    m_table->verticalScrollBar()->setValue(scrolled);
}

void KeyPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_model->setNow(QDateTime::currentDateTime());
    refresh();
}

int KeyPage::currentRow() const
{
    const QModelIndex current = m_table->currentIndex();
    return current.isValid() ? m_found->mapToSource(current).row() : -1;
}

void KeyPage::choose(int row)
{
    if (!m_found->mapFromSource(m_model->index(row, 0)).isValid())
        m_search->clear(); // it hides what is to be shown
    const QModelIndex index = m_found->mapFromSource(m_model->index(row, 0));
    m_table->setCurrentIndex(index);
    m_table->scrollTo(index);
}

void KeyPage::keep(int row)
{
    if (const QModelIndex index = m_found->mapFromSource(m_model->index(row, 0));
        index.isValid() && currentRow() != row)
        m_table->setCurrentIndex(index);
    if (!m_table->currentIndex().isValid() && m_found->rowCount() > 0)
        m_table->setCurrentIndex(m_found->index(0, 0));
    showCurrent();
    updateShown();
}

void KeyPage::updateShown()
{
    const bool none = m_found->rowCount() == 0;
    if (m_model->rowCount() == 0) {
        sayEmpty(*m_nothing);
    } else if (none) {
        m_nothing->say(tr("Nothing matches this search."), {},
                       {{.text = tr("Show all"), .go = [this] { m_search->clear(); }, .main = true}});
    }
    if (!none && !m_table->currentIndex().isValid())
        m_table->setCurrentIndex(m_found->index(0, 0));
    m_stack->setCurrentWidget(none ? static_cast<QWidget *>(m_nothing) : m_table);
    setFocusProxy(m_stack->currentWidget());
    m_detailPart->setVisible(currentRow() >= 0);
}

void KeyPage::focusFind()
{
    m_search->setFocus();
    m_search->selectAll();
}

std::function<void(const Result<> &)> KeyPage::sayWhenFailed()
{
    return [page = QPointer(this)](const Result<> &done) {
        if (page && !done)
            emit page->failed(QString::fromStdString(done.error().message));
        else if (page)
            emit page->succeeded();
    };
}

std::function<void(const Result<> &)> KeyPage::sayWhenDone(const QString &text)
{
    return [page = QPointer(this), text, said = sayWhenFailed()](const Result<> &done) {
        said(done);
        if (page && done)
            emit page->toast({.text = text});
    };
}

void KeyPage::copyCell(const QModelIndex &index)
{
    const QString text = index.data(CopyRole).toString();
    QGuiApplication::clipboard()->setText(text);
    emit toast({.text = tr("Copied %1").arg(text)});
}

bool KeyPage::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table->viewport() && event->type() == QEvent::Resize)
        fit();
    if (watched == m_table->viewport() && event->type() == QEvent::MouseButtonRelease) {
        const QPoint at = static_cast<QMouseEvent *>(event)->position().toPoint();
        const QModelIndex under = m_table->indexAt(at);
        if (!under.data(CopyRole).toString().isEmpty()
            && KeyDelegate::copyMark(m_table->visualRect(under)).contains(at))
            copyCell(under);
    }
    return QWidget::eventFilter(watched, event);
}

QJsonObject KeyPage::saveState() const
{
    if (m_fitting)
        return {};
    QJsonArray widths;
    for (int i = 0; i < m_model->columnCount(); ++i)
        widths.append(m_table->columnWidth(i));
    return {{u"widths"_s, widths}};
}

void KeyPage::restoreState(const QJsonObject &state)
{
    const QJsonArray widths = state[u"widths"_s].toArray();
    if (widths.size() != m_model->columnCount())
        return;
    m_fitting = false;
    for (int i = 0; i < int(widths.size()); ++i)
        m_table->setColumnWidth(i, std::max(20, widths[i].toInt()));
}

} // namespace portolan::ui
