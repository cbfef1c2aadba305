// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/requeststate.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

using trace::Outcome;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(RequestState)
};

bool isCached(const trace::RequestRow &row)
{
    return row.cache == trace::CacheState::Hit || row.cache == trace::CacheState::SemanticHit;
}

} // namespace

RequestState stateOf(const RequestEntry &entry)
{
    const trace::RequestRow &row = entry.row;
    if (entry.active)
        return row.provider.empty() && row.attempt_marks.empty() ? RequestState::Queued
                                                                 : RequestState::Active;
    switch (row.outcome) {
    case Outcome::Ok: break;
    case Outcome::Cancelled:
    case Outcome::Unknown: return RequestState::Cancelled;
    case Outcome::Error:
    case Outcome::TimedOut:
    case Outcome::Refused:
    case Outcome::Truncated: return RequestState::Error;
    }
    if (isCached(row))
        return RequestState::Cached;
    return row.attempt_marks.contains('x') ? RequestState::Rescued : RequestState::Ok;
}

QString stateWord(const RequestEntry &entry)
{
    switch (stateOf(entry)) {
    case RequestState::Queued: return Words::tr("queued");
    case RequestState::Active: return Words::tr("active");
    case RequestState::Ok: return Words::tr("ok");
    case RequestState::Rescued: return Words::tr("rescued");
    case RequestState::Cached: return Words::tr("cached");
    case RequestState::Cancelled:
        return entry.row.outcome == Outcome::Unknown ? Words::tr("interrupted") : Words::tr("cancelled");
    case RequestState::Error: break;
    }
    switch (entry.row.outcome) {
    case Outcome::TimedOut: return Words::tr("timed out");
    case Outcome::Refused: return Words::tr("refused");
    case Outcome::Truncated: return Words::tr("cut off");
    default: return Words::tr("error");
    }
}

QString statusText(const RequestEntry &entry)
{
    if (entry.active || entry.row.status <= 0)
        return stateWord(entry);
    return QString::number(entry.row.status) + u' ' + stateWord(entry);
}

std::vector<AttemptMark> attemptMarks(const RequestEntry &entry)
{
    std::vector<AttemptMark> marks;
    for (const char c : entry.row.attempt_marks) {
        marks.push_back(c == 'o' ? AttemptMark::Ok : c == 'x' ? AttemptMark::Failed : AttemptMark::Skipped);
    }
    if (!entry.active && entry.row.outcome == Outcome::Cancelled && !marks.empty()
        && marks.back() == AttemptMark::Failed)
        marks.back() = AttemptMark::Cancelled;
    if (!entry.active || stateOf(entry) == RequestState::Queued)
        return marks;
    // A live row marks its running attempt as ok, for it has no error yet; after a failed one the next
    // begins.
    if (!marks.empty() && marks.back() == AttemptMark::Ok)
        marks.back() = AttemptMark::Running;
    else
        marks.push_back(AttemptMark::Running);
    return marks;
}

QString attemptWords(const RequestEntry &entry)
{
    const auto marks = attemptMarks(entry);
    if (marks.empty())
        return Words::tr("no attempt");
    QStringList words;
    const auto count = [&](AttemptMark mark) { return int(std::ranges::count(marks, mark)); };
    if (const int n = count(AttemptMark::Failed))
        words += Words::tr("%n failed", nullptr, n);
    if (const int n = count(AttemptMark::Skipped))
        words += Words::tr("%n skipped", nullptr, n);
    if (const int n = count(AttemptMark::Ok))
        words += Words::tr("%n ok", nullptr, n);
    if (const int n = count(AttemptMark::Cancelled))
        words += Words::tr("%n cancelled", nullptr, n);
    if (const int n = count(AttemptMark::Running))
        words += Words::tr("%n running", nullptr, n);
    return words.join(u", "_s);
}

QString servedBy(const RequestEntry &entry)
{
    const trace::RequestRow &row = entry.row;
    const bool answered = entry.active ? row.first_token_us >= 0
                                       : row.outcome == Outcome::Ok || row.outcome == Outcome::Truncated
            || (row.outcome == Outcome::Cancelled && row.first_token_us >= 0);
    if (!answered || row.model_served.empty())
        return {};
    const QString model = QString::fromStdString(row.model_served);
    return row.slug.empty() ? model : u'@' + QString::fromStdString(row.slug) + u'/' + model;
}

} // namespace portolan::ui
