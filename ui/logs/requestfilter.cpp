// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/requestfilter.h"

#include "ui/logs/requestlogmodel.h"

namespace portolan::ui {

void RequestFilter::setErrorsOnly(bool only)
{
    if (only == m_errorsOnly)
        return;
    m_errorsOnly = only;
    invalidateRowsFilter();
}

bool RequestFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    if (!m_errorsOnly)
        return true;
    const auto *model = static_cast<const RequestLogModel *>(sourceModel());
    return stateOf(model->entry(row)) == RequestState::Error;
}

} // namespace portolan::ui
