// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/requestview.h"

#include "ui/logs/requestlogmodel.h"
#include "ui/theme/metrics.h"

#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QScopedValueRollback>
#include <QScrollBar>

#include <algorithm>

namespace portolan::ui {

RequestView::RequestView(QWidget *parent)
    : QTableView(parent)
{
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(NoEditTriggers);
    setVerticalScrollMode(ScrollPerPixel);
    setHorizontalScrollMode(ScrollPerPixel);
    setTabKeyNavigation(false);
    setShowGrid(false);
    setWordWrap(false);
    setFrameShape(NoFrame);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setCornerButtonEnabled(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    horizontalHeader()->setSectionsMovable(true);
    horizontalHeader()->setFirstSectionMovable(false);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this] {
        if (QGuiApplication::mouseButtons().testFlag(Qt::LeftButton) && horizontalHeader()->underMouse())
            m_fitting = false;
    });
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &RequestView::onScrolled);
    applyMetrics();
}

void RequestView::applyMetrics()
{
    const Metrics metrics;
    verticalHeader()->setMinimumSectionSize(metrics.row());
    verticalHeader()->setDefaultSectionSize(metrics.row());
    horizontalHeader()->setMinimumSectionSize(metrics.px(4));
    verticalScrollBar()->setSingleStep(metrics.row());
}

void RequestView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        applyMetrics();
}

void RequestView::setModel(QAbstractItemModel *model)
{
    QTableView::setModel(model);
    connect(model, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex &, int start, int end) { onRowsRemoved(start, end); });
    connect(model, &QAbstractItemModel::modelReset, this, [this] {
        m_unseen = 0;
        setFollowing(true);
    });
}

void RequestView::setFitting(bool fitting)
{
    m_fitting = fitting;
    fitColumns();
}

void RequestView::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitColumns();
    if (m_following) {
        const QScopedValueRollback guard(m_adjusting, true);
        scrollToBottom();
    }
}

void RequestView::fitColumns()
{
    QHeaderView *header = horizontalHeader();
    if (!m_fitting || header->count() < RequestLogModel::kColumns)
        return;
    constexpr RequestLogModel::Column kElastic[] = {RequestLogModel::Model, RequestLogModel::ServedBy};
    const int least = Metrics().px(150);
    int spare = viewport()->width() - header->length();
    int left = int(std::size(kElastic));
    for (const auto column : kElastic) {
        const int share = spare / left--;
        const int before = header->sectionSize(column);
        if (header->isSectionHidden(column))
            continue;
        header->resizeSection(column, std::max(before + share, least));
        spare -= header->sectionSize(column) - before;
    }
}

void RequestView::setFollowing(bool following)
{
    if (following)
        m_unseen = 0;
    const bool changed = m_following != following;
    m_following = following;
    if (changed)
        emit followingChanged();
}

void RequestView::jumpToEnd()
{
    setFollowing(true);
    const QScopedValueRollback guard(m_adjusting, true);
    scrollToBottom();
}

void RequestView::stopFollowing()
{
    setFollowing(false);
}

void RequestView::onScrolled(int value)
{
    if (m_adjusting)
        return;
    setFollowing(value >= verticalScrollBar()->maximum());
    if (value == verticalScrollBar()->minimum())
        emit topReached();
}

void RequestView::rowsInserted(const QModelIndex &parent, int start, int end)
{
    const QScopedValueRollback guard(m_adjusting, true);
    const int before = verticalScrollBar()->value();
    QTableView::rowsInserted(parent, start, end);
    const int count = end - start + 1;
    const bool atEnd = end == model()->rowCount() - 1;
    if (m_following) {
        scrollToBottom();
    } else if (atEnd && start > 0) {
        m_unseen += count;
        emit followingChanged();
    } else if (start * verticalHeader()->defaultSectionSize() <= before) {
        executeDelayedItemsLayout(); // the bar's range has to know the rows before it can move past them
        verticalScrollBar()->setValue(before + count * verticalHeader()->defaultSectionSize());
    }
}

void RequestView::rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end)
{
    const int height = std::max(verticalHeader()->defaultSectionSize(), 1);
    const int firstShown = verticalScrollBar()->value() / height;
    m_removedAbove = std::clamp(firstShown - start, 0, end - start + 1);
    // The base class would hand the current row, and with it the selection, to a neighbour.
    if (const QModelIndex current = currentIndex(); current.row() >= start && current.row() <= end)
        selectionModel()->clearCurrentIndex();
    QTableView::rowsAboutToBeRemoved(parent, start, end);
}

void RequestView::onRowsRemoved(int start, int)
{
    const QScopedValueRollback guard(m_adjusting, true);
    if (m_following)
        return; // the insert that follows goes to the end
    if (m_removedAbove > 0 && start >= 0) {
        const int target
            = verticalScrollBar()->value() - m_removedAbove * verticalHeader()->defaultSectionSize();
        executeDelayedItemsLayout();
        verticalScrollBar()->setValue(std::max(target, 0));
    }
    m_removedAbove = 0;
}

void RequestView::moveCurrent(int step, QItemSelectionModel::SelectionFlags flags)
{
    const int rows = model() ? model()->rowCount() : 0;
    if (rows == 0)
        return;
    const QModelIndex current = currentIndex();
    const int row = current.isValid() ? std::clamp(current.row() + step, 0, rows - 1) : rows - 1;
    const QModelIndex target
        = model()->index(row, current.isValid() ? current.column() : RequestLogModel::Time);
    selectionModel()->setCurrentIndex(target, flags | QItemSelectionModel::Rows);
    scrollTo(target);
    if (row < rows - 1)
        setFollowing(false);
}

QModelIndex RequestView::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers)
{
    const int rows = model() ? model()->rowCount() : 0;
    if (rows == 0)
        return {};
    const QModelIndex current = currentIndex();
    const int column = current.isValid() ? current.column() : int(RequestLogModel::Time);
    QModelIndex target;
    // In a list that grows downwards the newest row is where one begins.
    if (action == MoveEnd || !current.isValid())
        target = model()->index(rows - 1, column);
    else if (action == MoveHome)
        target = model()->index(0, column);
    else
        target = QTableView::moveCursor(action, modifiers);
    if (action != MoveNext || current.isValid())
        setFollowing(target.row() == rows - 1);
    return target;
}

void RequestView::keyPressEvent(QKeyEvent *event)
{
    const bool plain = (event->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) == 0;
    const auto flags = event->modifiers().testFlag(Qt::ShiftModifier) ? QItemSelectionModel::Select
                                                                      : QItemSelectionModel::ClearAndSelect;
    if (plain) {
        switch (event->key()) {
        case Qt::Key_J: moveCurrent(1, flags); return;
        case Qt::Key_K: moveCurrent(-1, flags); return;
        case Qt::Key_Space: emit pauseRequested(); return;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (!currentIndex().isValid())
                moveCurrent(0, flags);
            emit openRequested();
            return;
        case Qt::Key_Escape: emit closeRequested(); return;
        default: break;
        }
    }
    QTableView::keyPressEvent(event);
}

void RequestView::mouseReleaseEvent(QMouseEvent *event)
{
    QTableView::mouseReleaseEvent(event);
    const QModelIndex under = indexAt(event->position().toPoint());
    if (event->button() != Qt::LeftButton || !under.isValid())
        return;
    if (under.row() < model()->rowCount() - 1)
        setFollowing(false);
    if (event->modifiers() == Qt::NoModifier)
        emit openRequested();
}

void RequestView::keyboardSearch(const QString &) { }

} // namespace portolan::ui
