// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/requestlogmodel.h"

#include "ui/widgets/delegates.h"
#include "ui/widgets/format.h"

#include <QDateTime>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

QString fromUtf8(const std::string &text)
{
    return QString::fromStdString(text);
}

QString orDash(const QString &text)
{
    return text.isEmpty() ? u"-"_s : text;
}

QString orDash(const std::string &text)
{
    return orDash(fromUtf8(text));
}

// Rows of another day carry their date.
QString timeText(std::int64_t us, std::int64_t now_us)
{
    const QDate day = QDateTime::fromMSecsSinceEpoch(us / 1000).date();
    const bool today = now_us == 0 || day == QDateTime::fromMSecsSinceEpoch(now_us / 1000).date();
    return today ? format::clock(us) : format::locale().toString(day, u"d MMM "_s) + format::clock(us);
}

QString tokensText(const RequestEntry &entry)
{
    const trace::RequestRow &row = entry.row;
    if (row.usage_state == UsageState::Unknown)
        return u"-"_s;
    const QString text
        = format::tokens(row.tokens_in, entry.active ? std::nullopt : std::optional(row.tokens_out));
    return row.usage_state == UsageState::Estimated ? u'~' + text : text;
}

QString costText(const trace::RequestRow &row)
{
    if (row.cost_state == trace::CostState::Unknown)
        return u"-"_s;
    const QString text = format::cost(row.cost);
    return row.cost_state == trace::CostState::Estimated ? u'~' + text : text;
}

QString markLetters(const RequestEntry &entry)
{
    QString out;
    for (const AttemptMark mark : attemptMarks(entry)) {
        switch (mark) {
        case AttemptMark::Ok: out += u'o'; break;
        case AttemptMark::Failed: out += u'x'; break;
        case AttemptMark::Skipped: out += u'-'; break;
        case AttemptMark::Running: out += u'r'; break;
        case AttemptMark::Cancelled: out += u'c'; break;
        }
    }
    return out;
}

QString cacheWord(trace::CacheState state)
{
    switch (state) {
    case trace::CacheState::Disabled: return RequestLogModel::tr("off", "cache");
    case trace::CacheState::Miss: return RequestLogModel::tr("miss", "cache");
    case trace::CacheState::Hit: return RequestLogModel::tr("hit", "cache");
    case trace::CacheState::SemanticMiss: return RequestLogModel::tr("semantic miss", "cache");
    case trace::CacheState::SemanticHit: return RequestLogModel::tr("semantic hit", "cache");
    case trace::CacheState::Refresh: return RequestLogModel::tr("refreshed", "cache");
    }
    return {};
}

} // namespace

RequestLogModel::RequestLogModel(int capacity, QObject *parent)
    : QAbstractTableModel(parent)
    , m_capacity(capacity)
{ }

int RequestLogModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_entries.size());
}

int RequestLogModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kColumns;
}

bool RequestLogModel::isNumeric(int column)
{
    return column == FirstToken || column == Total || column == Tokens || column == Cost || column == Size;
}

QVariant RequestLogModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const RequestEntry &entry = m_entries[std::size_t(index.row())];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(entry, column);
    case Qt::AccessibleTextRole:
        return column == State   ? stateWord(entry)
            : column == Attempts ? attemptWords(entry)
                                 : text(entry, column);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter | (isNumeric(column) ? Qt::AlignRight : Qt::AlignLeft));
    case RawRole: return raw(entry, column);
    case StateRole: return int(stateOf(entry));
    case MarksRole: return markLetters(entry);
    default: return {};
    }
}

QVariant RequestLogModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (isNumeric(section) ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::AccessibleTextRole && section == State)
        return tr("State");
    if (role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case State: return QString();
    case Time: return tr("Time");
    case ClientKey: return tr("Client key");
    case Config: return tr("Config");
    case Model: return tr("Model");
    case ServedBy: return tr("Served by");
    case Status: return tr("Status");
    case Attempts: return tr("Attempts");
    case FirstToken: return tr("TTFT");
    case Total: return tr("Total");
    case Tokens: return tr("Tokens");
    case Cost: return tr("Cost");
    case Id: return tr("Request id");
    case Program: return tr("Program");
    case Stream: return tr("Stream");
    case Cache: return tr("Cache");
    case FinishReason: return tr("Finish reason");
    case Size: return tr("Size");
    case TraceId: return tr("Trace id");
    }
    return {};
}

QVariant RequestLogModel::raw(const RequestEntry &entry, int column) const
{
    const trace::RequestRow &row = entry.row;
    switch (Column(column)) {
    case Time: return qint64(row.started_us);
    case Status: return row.status;
    case Attempts: return int(row.attempt_marks.size());
    case FirstToken: return qint64(entry.row.first_token_us);
    case Total: return qint64(entry.active ? elapsed(entry) : row.total_us);
    case Tokens: return qint64(row.tokens_in + row.tokens_out);
    case Cost:
        return row.cost_state == trace::CostState::Unknown ? QVariant() : QVariant(qint64(row.cost.value));
    case Id: return qint64(row.id.value);
    case Size: return qint64(row.bytes_in + row.bytes_out);
    default: return text(entry, column);
    }
}

QString RequestLogModel::text(const RequestEntry &entry, int column) const
{
    const trace::RequestRow &row = entry.row;
    switch (Column(column)) {
    case State:
    case Attempts: return {}; // painted
    case Time: return timeText(row.started_us, m_now_us);
    case ClientKey: return orDash(row.client_key_name);
    case Config: return orDash(row.config);
    case Model: return orDash(row.model_asked);
    case ServedBy: return orDash(servedBy(entry));
    case Status: return statusText(entry);
    case FirstToken: return format::seconds(entry.row.first_token_us);
    case Total: return format::seconds(entry.active ? elapsed(entry) : row.total_us);
    case Tokens: return tokensText(entry);
    case Cost: return costText(row);
    case Id: return QString::number(row.id.value);
    case Program: return orDash(row.program);
    case Stream: return row.stream ? tr("stream") : u"-"_s;
    case Cache: return cacheWord(row.cache);
    case FinishReason: return orDash(row.finish_reason);
    case Size: return format::bytes(row.bytes_in) + u" + "_s + format::bytes(row.bytes_out);
    case TraceId: return orDash(row.trace_id);
    }
    return {};
}

std::int64_t RequestLogModel::elapsed(const RequestEntry &entry) const
{
    return m_now_us == 0 ? -1 : std::max<std::int64_t>(m_now_us - entry.row.started_us, 0);
}

int RequestLogModel::rowOf(RequestId id) const
{
    const auto at = m_numbers.find(id);
    return at == m_numbers.end() ? -1 : int(at->second - m_base);
}

void RequestLogModel::clear()
{
    beginResetModel();
    m_entries.clear();
    m_numbers.clear();
    m_base = 0;
    m_active = 0;
    m_trimmed = false;
    endResetModel();
}

void RequestLogModel::update(int row, const control::LiveEvent &event)
{
    RequestEntry &entry = m_entries[std::size_t(row)];
    // An end is final: a late change of another thread must not bring the request back to life.
    if (!entry.active && event.kind != control::LiveEvent::Kind::Finished)
        return;
    const bool active = event.kind != control::LiveEvent::Kind::Finished;
    m_active += int(active) - int(entry.active);
    entry = {.row = event.row, .active = active};
}

void RequestLogModel::apply(const control::LiveBatch &batch)
{
    std::vector<int> changed;
    std::vector<RequestEntry> fresh;
    std::unordered_map<RequestId, std::size_t> freshAt;
    for (const control::LiveEvent &event : batch) {
        const bool active = event.kind != control::LiveEvent::Kind::Finished;
        if (const int row = rowOf(event.row.id); row >= 0) {
            update(row, event);
            changed.push_back(row);
        } else if (const auto at = freshAt.find(event.row.id); at != freshAt.end()) {
            if (fresh[at->second].active)
                fresh[at->second] = {.row = event.row, .active = active};
        } else if (!m_trimmed || event.row.id > oldest()) {
            freshAt.emplace(event.row.id, fresh.size());
            fresh.push_back({.row = event.row, .active = active});
        }
    }
    announce(std::move(changed), 0, kColumns - 1);
    append(std::move(fresh));
}

void RequestLogModel::append(std::vector<RequestEntry> entries)
{
    // A batch larger than the window only ever shows its tail.
    if (std::ssize(entries) > m_capacity) {
        entries.erase(entries.begin(), entries.end() - m_capacity);
        m_trimmed = true;
    }
    const int incoming = int(entries.size());
    if (incoming == 0)
        return;
    if (const int excess = rowCount() + incoming - m_capacity; excess > 0) {
        beginRemoveRows({}, 0, excess - 1);
        for (int i = 0; i < excess; ++i) {
            m_active -= int(m_entries.front().active);
            m_numbers.erase(m_entries.front().row.id);
            m_entries.pop_front();
        }
        m_base += excess;
        m_trimmed = true;
        endRemoveRows();
    }
    const int first = rowCount();
    beginInsertRows({}, first, first + incoming - 1);
    for (RequestEntry &entry : entries) {
        m_active += int(entry.active);
        m_entries.push_back(std::move(entry));
    }
    renumber(first);
    endInsertRows();
}

void RequestLogModel::prependPage(const std::vector<trace::RequestRow> &page)
{
    std::vector<const trace::RequestRow *> rows;
    for (const trace::RequestRow &row : page) {
        if (!m_numbers.contains(row.id) && rowCount() + std::ssize(rows) < m_capacity)
            rows.push_back(&row);
    }
    if (rows.empty())
        return;
    const int count = int(rows.size());
    beginInsertRows({}, 0, count - 1);
    for (const trace::RequestRow *row : rows) { // newest first, so each goes before the last
        m_entries.push_front({.row = *row, .active = false});
        m_numbers[row->id] = --m_base;
    }
    endInsertRows();
}

void RequestLogModel::remove(const std::vector<RequestId> &ids)
{
    std::vector<int> rows;
    for (const RequestId id : ids) {
        if (const int row = rowOf(id); row >= 0)
            rows.push_back(row);
    }
    std::ranges::sort(rows, std::greater());
    for (auto it = rows.begin(); it != rows.end();) {
        const int last = *it;
        int first = last;
        for (++it; it != rows.end() && *it == first - 1; ++it)
            --first;
        beginRemoveRows({}, first, last);
        for (int row = first; row <= last; ++row) {
            m_active -= int(m_entries[std::size_t(row)].active);
            m_numbers.erase(m_entries[std::size_t(row)].row.id);
        }
        m_entries.erase(m_entries.begin() + first, m_entries.begin() + last + 1);
        renumber(first);
        endRemoveRows();
    }
}

void RequestLogModel::restore(const std::vector<RequestEntry> &entries)
{
    for (const RequestEntry &entry : entries) {
        if (m_numbers.contains(entry.row.id) || isFull())
            continue;
        const auto place = std::ranges::find_if(
            m_entries, [&](const RequestEntry &other) { return other.row.id > entry.row.id; });
        const int row = int(place - m_entries.begin());
        beginInsertRows({}, row, row);
        m_entries.insert(place, entry);
        m_active += int(entry.active);
        renumber(row);
        endInsertRows();
    }
}

void RequestLogModel::renumber(int first_row)
{
    for (int row = first_row; row < rowCount(); ++row)
        m_numbers[m_entries[std::size_t(row)].row.id] = m_base + row;
}

void RequestLogModel::tick(std::int64_t now_us)
{
    m_now_us = now_us;
    if (m_active == 0)
        return;
    std::vector<int> rows;
    for (int row = 0; row < rowCount(); ++row) {
        if (m_entries[std::size_t(row)].active)
            rows.push_back(row);
    }
    announce(std::move(rows), Total, Total);
}

void RequestLogModel::announce(std::vector<int> rows, int first_column, int last_column)
{
    std::ranges::sort(rows);
    const auto [end, stop] = std::ranges::unique(rows);
    rows.erase(end, stop);
    for (auto it = rows.begin(); it != rows.end();) {
        const int first = *it;
        int last = first;
        for (++it; it != rows.end() && *it == last + 1; ++it)
            ++last;
        emit dataChanged(index(first, first_column), index(last, last_column));
    }
}

} // namespace portolan::ui
