// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of LogsPanel, its selection and the detail that follows it.
#include "ui/logs/logspanel.h"

#include "ui/logs/requestfilter.h"
#include "ui/logs/requestview.h"
#include "ui/logs/snippets.h"
#include "ui/logs/statestyle.h"
#include "ui/logs/tracedetail.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QJsonArray>
#include <QMenu>
#include <QSplitter>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

// A finished request is in the store after the writer's group commit; its detail is asked for again until
// then.
constexpr int kDetailTries = 8;
constexpr int kDetailRetryMs = 120;

constexpr QLatin1StringView kRangeNames[] = {"live"_L1, "15m"_L1, "1h"_L1, "24h"_L1, "7d"_L1};

// -1: no range has that name.
int rangeNamed(QStringView name)
{
    const auto *found
        = std::ranges::find_if(kRangeNames, [name](QLatin1StringView known) { return known == name; });
    return found == std::end(kRangeNames) ? -1 : int(found - kRangeNames);
}

// A row alone says enough for the header and the overview until the record has been read, or while it still
// runs.
trace::Record recordOf(const trace::RequestRow &row)
{
    trace::Record record;
    record.id = row.id;
    record.started_us = row.started_us;
    record.outcome = row.outcome;
    record.status = row.status;
    record.error_code = row.error_code;
    record.error_message = row.error_message;
    record.client_key_name = row.client_key_name;
    record.program = row.program;
    record.path = row.path;
    record.endpoint = row.endpoint;
    record.model_asked = row.model_asked;
    record.model_served = row.model_served;
    record.provider = row.provider;
    record.slug = row.slug;
    record.config = row.config;
    record.stream = row.stream;
    record.finish_reason = row.finish_reason;
    record.first_token_us = row.first_token_us;
    record.total_us = row.total_us;
    record.bytes_in = row.bytes_in;
    record.bytes_out = row.bytes_out;
    record.usage_state = row.usage_state;
    record.usage.input = row.tokens_in;
    record.usage.output = row.tokens_out;
    record.usage.cache_read = row.tokens_cached;
    record.usage.reasoning = row.tokens_reasoning;
    record.cost_state = row.cost_state;
    record.cost = row.cost;
    record.trace_id = row.trace_id;
    return record;
}

} // namespace

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
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (QAction *action : std::as_const(m_commands)) {
        if (!m_copies.contains(action))
            menu->addAction(action);
        else if (action == m_copies.first())
            menu->addMenu(m_copyMenu);
    }
    menu->popup(m_view->viewport()->mapToGlobal(at));
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

RequestId LogsPanel::currentRequest() const
{
    const QModelIndex current = m_filter->mapToSource(m_view->currentIndex());
    return current.isValid() ? model()->entry(current.row()).row.id : RequestId{};
}

std::vector<RequestId> LogsPanel::selectedRequests() const
{
    std::vector<RequestId> ids;
    for (const QModelIndex &row : m_view->selectionModel()->selectedRows())
        ids.push_back(model()->entry(m_filter->mapToSource(row).row()).row.id);
    return ids;
}

const RequestEntry *LogsPanel::entryOf(RequestId id) const
{
    const int row = model()->rowOf(id);
    return row < 0 ? nullptr : &model()->entry(row);
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

void LogsPanel::openDetail()
{
    if (const RequestId id = currentRequest())
        showRequest(id);
}

void LogsPanel::closeDetail()
{
    m_wanted = {};
    ++m_detailGeneration;
    m_detailRetry.stop();
    const bool hadFocus = m_detail->isAncestorOf(focusWidget());
    m_detail->hide();
    if (hadFocus)
        m_view->setFocus();
    emit stateChanged();
}

void LogsPanel::goToDetail()
{
    openDetail();
    if (m_detail->isVisible())
        m_detail->setFocus();
}

void LogsPanel::goToList()
{
    m_view->setFocus();
}

void LogsPanel::showRequest(RequestId id)
{
    const bool fresh = id != m_wanted;
    m_wanted = id;
    placeDetail();
    m_detail->show();
    if (fresh)
        refreshDetail();
}

void LogsPanel::refreshDetail()
{
    if (const RequestEntry *entry = entryOf(m_wanted)) {
        m_detail->setEntry(*entry, model()->elapsed(*entry));
        // A finished one is in the store in a moment; until then the tabs keep what they show.
        if (entry->active)
            m_detail->setDetail({.record = recordOf(entry->row)}, true, model()->elapsed(*entry));
    }
    m_detailTries = 0;
    askDetail();
}

void LogsPanel::askDetail()
{
    if (!m_wanted || !m_control)
        return;
    const quint64 generation = ++m_detailGeneration;
    m_control->detail(m_wanted, [panel = QPointer(this), generation, id = m_wanted](auto answer) {
        if (panel)
            panel->onDetail(generation, id, std::move(answer));
    });
}

void LogsPanel::onDetail(quint64 generation, RequestId id, Result<std::optional<control::Detail>> answer)
{
    if (generation != m_detailGeneration)
        return;
    const RequestEntry *entry = entryOf(id);
    const bool active = entry && entry->active;
    if (!answer) {
        m_detail->setMissing(
            tr("The request could not be read: %1").arg(QString::fromStdString(answer.error().message)));
        return;
    }
    if (!*answer) {
        if (!active && ++m_detailTries < kDetailTries)
            m_detailRetry.start(kDetailRetryMs);
        else if (!active)
            m_detail->setMissing(tr("This request is no longer in the history."));
        return;
    }
    control::Detail found = **std::move(answer);
    if (!entry)
        m_detail->setEntry({.row = trace::rowOf(found.record)}, -1);
    m_detail->setDetail(std::move(found), active, entry ? model()->elapsed(*entry) : -1);
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

void LogsPanel::focusFind()
{
    if (m_detail->isVisible())
        m_detail->openFind();
}

void LogsPanel::visit(const Place &place)
{
    for (const QString &term : place.query.split(u' ', Qt::SkipEmptyParts)) {
        if (term == u"is:error")
            setErrorsOnly(true);
        if (term.startsWith(u"last:")) {
            if (const int range = rangeNamed(QStringView(term).sliced(5)); range >= 0)
                setRange(range);
        }
    }
    if (!place.query.isEmpty() && !place.query.contains(u"is:error"))
        setErrorsOnly(false);
    if (place.id == 0)
        return;
    const RequestId id{place.id};
    if (const int row = model()->rowOf(id); row >= 0) {
        const QModelIndex index = m_filter->mapFromSource(model()->index(row, RequestLogModel::Time));
        m_view->stopFollowing();
        m_view->setCurrentIndex(index);
        m_view->scrollTo(index);
    }
    showRequest(id);
}

Place LogsPanel::place() const
{
    QStringList terms;
    if (m_filter->errorsOnly())
        terms += u"is:error"_s;
    if (m_range != Live)
        terms += u"last:"_s + kRangeNames[m_range];
    return {.panel = id(), .query = terms.join(u' '), .id = m_wanted.value};
}

QJsonObject LogsPanel::saveState() const
{
    const QByteArray header = m_view->horizontalHeader()->saveState();
    QJsonArray sizes;
    for (const int size : m_splitter->sizes())
        sizes.append(size);
    return {
        {u"columns"_s, QString::fromLatin1(header.toBase64())},
        {u"columnsFit"_s, m_view->isFitting()},
        {u"splitter"_s, sizes},
        {u"range"_s, QString(kRangeNames[m_range])},
        {u"errorsOnly"_s, m_filter->errorsOnly()},
        {u"tab"_s, m_detail->currentTab()},
    };
}

void LogsPanel::restoreState(const QJsonObject &state)
{
    const QByteArray header = QByteArray::fromBase64(state[u"columns"_s].toString().toLatin1());
    if (!header.isEmpty())
        m_view->horizontalHeader()->restoreState(header);
    m_view->setFitting(state[u"columnsFit"_s].toBool(true));
    QList<int> sizes;
    for (const QJsonValue &size : state[u"splitter"_s].toArray())
        sizes += size.toInt();
    if (sizes.size() == 2 && sizes[0] > 0 && sizes[1] > 0)
        m_splitter->setSizes(sizes);
    if (const int range = rangeNamed(state[u"range"_s].toString()); range >= 0)
        setRange(range);
    setErrorsOnly(state[u"errorsOnly"_s].toBool());
    m_detail->setCurrentTab(std::clamp(state[u"tab"_s].toInt(), 0, int(TraceDetail::Headers)));
}

std::vector<Finding> LogsPanel::find(const QString &text) const
{
    constexpr int kMost = 10;
    const QString wanted = text.startsWith(u'#') ? text.sliced(1).trimmed() : QString();
    std::vector<Finding> found;
    if (wanted.isEmpty())
        return found;
    for (int row = m_live->rowCount() - 1; row >= 0 && int(found.size()) < kMost; --row) {
        const RequestEntry &entry = m_live->entry(row);
        const QString number = QString::number(entry.row.id.value);
        if (!number.endsWith(wanted) && !number.startsWith(wanted))
            continue;
        const StateStyle style = styleOf(stateOf(entry));
        found.push_back({
            .group = tr("Requests"),
            .icon = style.icon,
            .iconRole = style.colour,
            .text = QString::fromStdString(entry.row.model_asked),
            .detail = statusText(entry) + u", "_s + format::clock(entry.row.started_us),
            .hint = u'#' + number,
            .place = {.panel = id(), .id = entry.row.id.value},
        });
    }
    return found;
}

} // namespace portolan::ui
