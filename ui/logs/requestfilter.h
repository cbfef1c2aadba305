// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>

namespace portolan::ui {

/// Lets all requests through, or only those that ended with an error.
class RequestFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setErrorsOnly(bool only);
    [[nodiscard]] bool errorsOnly() const { return m_errorsOnly; }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    bool m_errorsOnly = false;
};

} // namespace portolan::ui
