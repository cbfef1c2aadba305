// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/requestfilter.h"

#include "ui/logs/requestlogmodel.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

// What the list shows of a request in words, and what of it stands in its error and its ids.
QString searchable(const RequestEntry &entry)
{
    const trace::RequestRow &row = entry.row;
    std::string text;
    for (const std::string *part :
         {&row.model_asked, &row.model_served, &row.slug, &row.provider, &row.client_key_name, &row.program,
          &row.config, &row.path, &row.finish_reason, &row.error_code, &row.error_message, &row.trace_id}) {
        text += *part;
        text += '\n';
    }
    if (row.stream)
        text += "stream\n";
    return QString::fromStdString(text) + servedBy(entry) + u'\n' + statusText(entry) + u'\n'
        + QString::number(row.id.value);
}

} // namespace

void RequestFilter::setShow(Show show)
{
    if (show == m_show)
        return;
    m_show = show;
    invalidateRowsFilter();
}

void RequestFilter::setSearch(const QString &text)
{
    QStringList words = text.split(u' ', Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = std::move(words);
    invalidateRowsFilter();
}

bool RequestFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    if (!isNarrowed())
        return true;
    const RequestEntry &entry = static_cast<const RequestLogModel *>(sourceModel())->entry(row);
    if (m_show == Show::Active && !entry.active)
        return false;
    if (m_show == Show::Errors && stateOf(entry) != RequestState::Error)
        return false;
    if (m_words.isEmpty())
        return true;
    const QString text = searchable(entry);
    return std::ranges::all_of(
        m_words, [&text](const QString &word) { return text.contains(word, Qt::CaseInsensitive); });
}

} // namespace portolan::ui
