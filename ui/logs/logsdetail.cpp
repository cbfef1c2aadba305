// SPDX-License-Identifier: GPL-3.0-or-later
// The selection of LogsPanel and the detail that follows it.
#include "ui/logs/logspanel.h"

#include "ui/logs/requestfilter.h"
#include "ui/logs/requestview.h"
#include "ui/logs/tracedetail.h"

#include <QTimer>

namespace portolan::ui {

namespace {

// A finished request is in the store after the writer's group commit; its detail is asked for again until
// then.
constexpr int kDetailTries = 8;
constexpr int kDetailRetryMs = 120;

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

} // namespace portolan::ui
