// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of LogsPanel.
#include "ui/logs/logspanel.h"

#include "ui/logs/requestfilter.h"
#include "ui/logs/requestview.h"
#include "ui/logs/snippets.h"
#include "ui/logs/tracedetail.h"
#include "ui/widgets/banner.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

QAction *LogsPanel::addCommand(const QString &text, const QKeySequence &key, void (LogsPanel::*slot)())
{
    auto *action = new QAction(text, this);
    action->setShortcut(key);
    // Keys without Ctrl act in the list alone, never while typing elsewhere in the panel.
    action->setShortcutContext(Qt::WidgetShortcut);
    m_view->addAction(action);
    connect(action, &QAction::triggered, this, slot);
    m_commands += action;
    return action;
}

void LogsPanel::addSeparator()
{
    auto *separator = new QAction(this);
    separator->setSeparator(true);
    m_commands += separator;
}

void LogsPanel::createActions()
{
    const auto needsCurrent = [this](QAction *action) {
        m_needCurrent += action;
        return action;
    };
    const auto inView = [](QAction *action) {
        setMenuPlace(action, MenuPlace::View);
        return action;
    };
    inView(addCommand(tr("Next request"), {Qt::Key_J}, &LogsPanel::nextRow));
    inView(addCommand(tr("Previous request"), {Qt::Key_K}, &LogsPanel::previousRow));
    inView(addCommand(tr("First request"), {Qt::Key_Home}, &LogsPanel::firstRow));
    inView(addCommand(tr("Newest request, and follow"), {Qt::Key_End}, &LogsPanel::lastRow));
    m_pauseAction = inView(addCommand(tr("Pause the list"), {Qt::Key_Space}, &LogsPanel::togglePause));
    inView(needsCurrent(addCommand(tr("Open the detail"), {Qt::Key_Return}, &LogsPanel::openDetail)));
    inView(addCommand(tr("Close the detail"), {Qt::Key_Escape}, &LogsPanel::closeDetail));
    QAction *toDetail = inView(addCommand(tr("Go to the detail"), {u"Ctrl+]"_s}, &LogsPanel::goToDetail));
    QAction *toList = inView(addCommand(tr("Go to the list"), {u"Ctrl+["_s}, &LogsPanel::goToList));
    for (QAction *action : {toDetail, toList}) {
        m_view->removeAction(action);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
    }
    addSeparator();
    m_copies = {
        addCommand(tr("Copy as cURL to this gateway"), {Qt::Key_C}, &LogsPanel::copyCurl),
        addCommand(tr("Copy the id"), {}, &LogsPanel::copyId),
        addCommand(tr("Copy the trace as JSON"), {}, &LogsPanel::copyJson),
        addCommand(tr("Copy the request body"), {}, &LogsPanel::copyRequest),
        addCommand(tr("Copy the response body"), {}, &LogsPanel::copyResponse),
    };
    m_needCurrent += m_copies;
    addSeparator();
    m_abortAction = addCommand(tr("Abort the request"), {}, &LogsPanel::abortCurrent);
    m_deleteAction = addCommand(tr("Delete from the history"), {Qt::Key_Delete}, &LogsPanel::deleteSelected);
}

QMenu *LogsPanel::createCopyMenu()
{
    auto *menu = new QMenu(tr("Copy"), this);
    menu->addActions(m_copies);
    return menu;
}

QList<QAction *> LogsPanel::commands() const
{
    return m_commands;
}

void LogsPanel::updateCommands()
{
    const bool current = bool(currentRequest());
    for (QAction *action : m_needCurrent)
        action->setEnabled(current);
    const RequestEntry *entry = entryOf(currentRequest());
    m_abortAction->setEnabled(entry && entry->active);
    m_deleteAction->setEnabled(std::ranges::any_of(selectedRequests(), [this](RequestId id) {
        const RequestEntry *selected = entryOf(id);
        return selected && !selected->active;
    }));
}

void LogsPanel::showContextMenu(const QPoint &at)
{
    updateCommands();
    // Asked for by key it belongs at the chosen row, wherever in the view Qt puts it.
    const QModelIndex current = m_view->currentIndex();
    const bool byKey = current.isValid() && m_view->indexAt(at).row() != current.row();
    const QPoint place = byKey ? m_view->visualRect(current).center() : at;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (QAction *action : std::as_const(m_commands)) {
        if (menuPlace(action) == MenuPlace::View && !m_needCurrent.contains(action))
            continue; // ways through the list, not things to do with this request
        if (!m_copies.contains(action))
            menu->addAction(action);
        else if (action == m_copies.first())
            menu->addMenu(m_copyMenu);
    }
    menu->popup(m_view->viewport()->mapToGlobal(place));
}

void LogsPanel::showHeaderMenu(const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QHeaderView *header = m_view->horizontalHeader();
    for (int column = RequestLogModel::Time; column < RequestLogModel::kColumns; ++column) {
        QAction *toggle = menu->addAction(m_filter->headerData(column, Qt::Horizontal).toString());
        toggle->setCheckable(true);
        toggle->setChecked(!header->isSectionHidden(column));
        connect(toggle, &QAction::toggled, this, [this, header, column](bool on) {
            header->setSectionHidden(column, !on);
            m_view->setFitting(m_view->isFitting());
            emit stateChanged();
        });
    }
    menu->popup(at);
}

void LogsPanel::nextRow()
{
    m_view->moveCurrent(1, QItemSelectionModel::ClearAndSelect);
}

void LogsPanel::previousRow()
{
    m_view->moveCurrent(-1, QItemSelectionModel::ClearAndSelect);
}

void LogsPanel::firstRow()
{
    m_view->moveCurrent(-m_filter->rowCount(), QItemSelectionModel::ClearAndSelect);
}

void LogsPanel::lastRow()
{
    m_view->moveCurrent(m_filter->rowCount(), QItemSelectionModel::ClearAndSelect);
    m_view->jumpToEnd();
}

void LogsPanel::withRecord(std::function<void(const trace::Record &)> use)
{
    const RequestId id = currentRequest();
    if (!id || !m_control)
        return;
    m_control->detail(
        id, [panel = QPointer(this), use = std::move(use)](Result<std::optional<control::Detail>> answer) {
            if (!panel)
                return;
            if (answer && *answer)
                use((*answer)->record);
            else
                emit panel->toast({.text = tr("The request could not be read, so nothing was copied.")});
        });
}

void LogsPanel::copyText(const QString &text, const QString &said)
{
    QGuiApplication::clipboard()->setText(text);
    emit toast({.text = said});
}

void LogsPanel::copyCurl()
{
    withRecord([this](const trace::Record &record) {
        const auto curl = curlFor(record, m_control->gateway().baseUrl);
        if (curl)
            copyText(*curl, tr("Copied as cURL; $PORTOLAN_KEY stands for the client key."));
        else
            emit toast({.text = QString::fromStdString(curl.error().message)});
    });
}

void LogsPanel::copyId()
{
    copyText(QString::number(currentRequest().value), tr("Copied the id."));
}

void LogsPanel::copyJson()
{
    withRecord([this](const trace::Record &record) {
        copyText(QString::fromUtf8(recordToJson(record)), tr("Copied the trace as JSON."));
    });
}

void LogsPanel::copyRequest()
{
    withRecord([this](const trace::Record &record) {
        if (record.request_body)
            copyText(QString::fromStdString(record.request_body->text), tr("Copied the request body."));
        else
            emit toast({.text = tr("The request body was not stored.")});
    });
}

void LogsPanel::copyResponse()
{
    withRecord([this](const trace::Record &record) {
        if (record.response_body)
            copyText(QString::fromStdString(record.response_body->text), tr("Copied the response body."));
        else
            emit toast({.text = tr("The response body was not stored.")});
    });
}

void LogsPanel::abortCurrent()
{
    const RequestEntry *entry = entryOf(currentRequest());
    if (entry && entry->active && m_control)
        m_control->abortRequest(entry->row.id);
}

std::vector<RequestEntry> LogsPanel::takeFrom(RequestLogModel *from, const std::vector<RequestId> &ids)
{
    std::vector<RequestEntry> taken;
    for (const RequestId id : ids) {
        if (const int row = from->rowOf(id); row >= 0)
            taken.push_back(from->entry(row));
    }
    from->remove(ids);
    return taken;
}

void LogsPanel::deleteSelected()
{
    std::vector<RequestId> ids;
    int first = m_filter->rowCount();
    for (const QModelIndex &row : m_view->selectionModel()->selectedRows()) {
        const RequestEntry &entry = model()->entry(m_filter->mapToSource(row).row());
        if (entry.active)
            continue;
        first = std::min(first, row.row());
        ids.push_back(entry.row.id);
    }
    if (ids.empty())
        return;
    if (std::ranges::find(ids, m_wanted) != ids.end())
        closeDetail();
    m_deleting.insert(ids.begin(), ids.end());
    auto live = takeFrom(m_live, ids);
    auto past = takeFrom(m_past, ids);
    if (m_filter->rowCount() > 0)
        m_view->selectRow(std::min(first, m_filter->rowCount() - 1));
    updateState();

    emit toast({
        .text = ids.size() == 1 ? tr("Deleted 1 request from the history.")
                                : tr("Deleted %n requests from the history.", nullptr, int(ids.size())),
        .undo =
            [panel = QPointer(this), ids, live = std::move(live), past = std::move(past)] {
                if (!panel)
                    return;
                for (const RequestId id : ids)
                    panel->m_deleting.erase(id);
                panel->m_live->restore(live);
                panel->m_past->restore(past);
                panel->updateState();
            },
        .commit =
            [panel = QPointer(this), control = m_control, ids] {
                if (control)
                    control->removeRequests(ids, [panel, ids](Result<> done) {
                        if (panel)
                            panel->onRemoved(ids, done);
                    });
            },
    });
}

void LogsPanel::onRemoved(const std::vector<RequestId> &ids, const Result<> &done)
{
    for (const RequestId id : ids)
        m_deleting.erase(id);
    if (done)
        return;
    m_banner->say(Banner::Kind::Error, QString::fromStdString(done.error().message));
    restart();
}

} // namespace portolan::ui
