// SPDX-License-Identifier: GPL-3.0-or-later
// Where LogsPanel is, and what of it the session keeps.
#include "ui/logs/logspanel.h"

#include "ui/logs/requestfilter.h"
#include "ui/logs/requestview.h"
#include "ui/logs/statestyle.h"
#include "ui/logs/tracedetail.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"

#include <QHeaderView>
#include <QJsonArray>
#include <QLineEdit>
#include <QSplitter>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr QLatin1StringView kRangeNames[] = {"live"_L1, "15m"_L1, "1h"_L1, "24h"_L1, "7d"_L1};

// -1: no range has that name.
int rangeNamed(QStringView name)
{
    const auto *found
        = std::ranges::find_if(kRangeNames, [name](QLatin1StringView known) { return known == name; });
    return found == std::end(kRangeNames) ? -1 : int(found - kRangeNames);
}

} // namespace

void LogsPanel::focusFind()
{
    // In a body's text it finds there, else in the list.
    if (m_detail->isVisible() && m_detail->isAncestorOf(focusWidget()) && m_detail->openFind())
        return;
    m_search->setFocus();
    m_search->selectAll();
}

void LogsPanel::visit(const Place &place)
{
    auto show = RequestFilter::Show::All;
    QStringList words;
    for (const QString &term : place.query.split(u' ', Qt::SkipEmptyParts)) {
        if (term == u"is:error")
            show = RequestFilter::Show::Errors;
        else if (term == u"is:active")
            show = RequestFilter::Show::Active;
        else if (!term.startsWith(u"last:"))
            words += term;
        else if (const int range = rangeNamed(QStringView(term).sliced(5)); range >= 0)
            setRange(range);
    }
    if (!place.query.isEmpty()) {
        setSearch(words.join(u' '));
        setShow(int(show));
    }
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
    if (m_filter->show() != RequestFilter::Show::All)
        terms += m_filter->show() == RequestFilter::Show::Errors ? u"is:error"_s : u"is:active"_s;
    if (m_range != Live)
        terms += u"last:"_s + kRangeNames[m_range];
    if (const QString words = m_filter->search(); !words.isEmpty())
        terms += words;
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
        {u"detailBeside"_s, m_splitter->orientation() == Qt::Horizontal},
        {u"range"_s, QString(kRangeNames[m_range])},
        {u"show"_s, int(m_filter->show())},
        {u"search"_s, m_filter->search()},
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
    if (sizes.size() == 2 && sizes[0] > 0 && sizes[1] > 0) {
        // With the way they were taken: the next resize turns it, and begins anew, where it no longer fits.
        m_splitter->setOrientation(state[u"detailBeside"_s].toBool() ? Qt::Horizontal : Qt::Vertical);
        shareGrowth();
        m_splitter->setSizes(sizes);
    }
    if (const int range = rangeNamed(state[u"range"_s].toString()); range >= 0)
        setRange(range);
    setSearch(state[u"search"_s].toString());
    setShow(std::clamp(state[u"show"_s].toInt(), 0, int(RequestFilter::Show::Errors)));
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
