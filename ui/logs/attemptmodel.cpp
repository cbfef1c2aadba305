// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/attemptmodel.h"

#include "ui/logs/errorwords.h"
#include "ui/widgets/delegates.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

QString words(const char *text)
{
    return QCoreApplication::translate("AttemptReason", text);
}

AttemptMark markOf(const trace::Attempt &attempt)
{
    if (attempt.start_us < 0)
        return AttemptMark::Skipped;
    if (attempt.error_code == "upstream.cancelled")
        return AttemptMark::Cancelled;
    if (!attempt.error_code.empty())
        return AttemptMark::Failed;
    return attempt.end_us < 0 ? AttemptMark::Running : AttemptMark::Ok;
}

QString failureOfStatus(int status)
{
    switch (status) {
    case 401:
    case 403: return words(QT_TRANSLATE_NOOP("AttemptReason", "credential refused by the provider"));
    case 404: return words(QT_TRANSLATE_NOOP("AttemptReason", "not known to the provider"));
    case 429: return words(QT_TRANSLATE_NOOP("AttemptReason", "rate limit of the provider"));
    case 529: return words(QT_TRANSLATE_NOOP("AttemptReason", "provider overloaded"));
    default: break;
    }
    if (status >= 500)
        return words(QT_TRANSLATE_NOOP("AttemptReason", "provider failed"));
    return status >= 400 ? words(QT_TRANSLATE_NOOP("AttemptReason", "refused by the provider")) : QString();
}

} // namespace

QString attemptReason(const trace::Attempt &attempt)
{
    if (attempt.start_us < 0)
        return words(QT_TRANSLATE_NOOP("AttemptReason", "skipped"));
    if (attempt.error_code.empty()) {
        if (attempt.end_us < 0)
            return words(QT_TRANSLATE_NOOP("AttemptReason", "running"));
        const bool streamed = attempt.first_token_us >= 0 && attempt.end_us > attempt.first_token_us;
        return streamed ? words(QT_TRANSLATE_NOOP("AttemptReason", "ok, streamed"))
                        : words(QT_TRANSLATE_NOOP("AttemptReason", "ok"));
    }
    if (const QString known = errorWords(attempt.error_code); !known.isEmpty())
        return known;
    const QString byStatus = failureOfStatus(attempt.status);
    return byStatus.isEmpty() ? QString::fromStdString(attempt.error_code) : byStatus;
}

void AttemptModel::setAttempts(std::vector<trace::Attempt> attempts, std::int64_t now_us)
{
    beginResetModel();
    m_attempts = std::move(attempts);
    m_now_us = now_us;
    m_lines.clear();
    for (int i = 0; i < int(m_attempts.size()); ++i) {
        const trace::Attempt &attempt = m_attempts[std::size_t(i)];
        m_lines.push_back({.attempt = i});
        if (attempt.then.empty())
            continue;
        const bool last = i + 1 == int(m_attempts.size());
        const std::int64_t next = last ? -1 : m_attempts[std::size_t(i + 1)].start_us;
        const bool paused = attempt.end_us >= 0 && next >= attempt.end_us;
        m_lines.push_back({
            .attempt = i,
            .between = true,
            .from_us = paused ? attempt.end_us : -1,
            .to_us = paused ? next : -1,
        });
    }
    endResetModel();
}

int AttemptModel::lineOfAttempt(int attempt) const
{
    const auto at = std::ranges::find_if(
        m_lines, [&](const Line &line) { return !line.between && line.attempt == attempt; });
    return at == m_lines.end() ? -1 : int(at - m_lines.begin());
}

QModelIndex AttemptModel::index(int row, int column, const QModelIndex &parent) const
{
    return hasIndex(row, column, parent) ? createIndex(row, column) : QModelIndex();
}

QModelIndex AttemptModel::parent(const QModelIndex &) const
{
    return {};
}

int AttemptModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int AttemptModel::columnCount(const QModelIndex &) const
{
    return kColumns;
}

QString AttemptModel::text(const Line &line, int column) const
{
    const trace::Attempt &attempt = m_attempts[std::size_t(line.attempt)];
    if (line.between) {
        if (column == Target)
            return QString::fromStdString(attempt.then);
        return column == Duration && line.from_us >= 0 ? format::duration(line.to_us - line.from_us)
                                                       : QString();
    }
    switch (Column(column)) {
    case Number: return QString::number(line.attempt + 1);
    case Target: {
        const QString model = QString::fromStdString(attempt.model);
        return attempt.slug.empty() ? model : u'@' + QString::fromStdString(attempt.slug) + u'/' + model;
    }
    case Status: return attempt.status > 0 ? QString::number(attempt.status) : u"-"_s;
    case What: return attemptReason(attempt);
    case Duration: {
        if (attempt.start_us < 0)
            return u"-"_s;
        const std::int64_t end = attempt.end_us < 0 ? m_now_us : attempt.end_us;
        return format::duration(std::max<std::int64_t>(end - attempt.start_us, 0));
    }
    }
    return {};
}

QVariant AttemptModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Line &line = m_lines[std::size_t(index.row())];
    const trace::Attempt &attempt = m_attempts[std::size_t(line.attempt)];
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(line, column);
    case Qt::TextAlignmentRole:
        return int(Qt::AlignVCenter
                   | (column == Duration || column == Number ? Qt::AlignRight : Qt::AlignLeft));
    case AttemptRole: return line.attempt;
    case BetweenRole: return line.between;
    case MarkRole: return int(markOf(attempt));
    case RawRole: return column == Status ? QVariant(attempt.status) : QVariant(text(line, column));
    case Qt::AccessibleTextRole:
        return column == Target && !line.between
            ? QVariant(text(line, column) + u", "_s + attemptReason(attempt))
            : QVariant(text(line, column));
    default: return {};
    }
}

QVariant AttemptModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == Duration ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (Column(section)) {
    case Number: return u"#"_s;
    case Target: return tr("Target");
    case Status: return tr("Status");
    case What: return tr("What happened");
    case Duration: return tr("Time");
    }
    return {};
}

} // namespace portolan::ui
