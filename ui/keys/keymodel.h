// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/keys/limitwords.h"
#include "ui/widgets/delegates.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <algorithm>
#include <vector>

namespace portolan::ui {

/// What the cells of key tables carry beside the roles of ui/widgets/delegates.h.
enum KeyRole {
    BudgetRole = RawRole + 1, ///< BudgetLook of a budget's cell
    StrongRole,               ///< bool: the cell names the row
    CopyRole,                 ///< QString: what a copy mark in this cell takes along
};

/// Rows of keys of one kind. A change of some keys keeps the rows, so that selection and place in the list
/// stay; times are told against setNow.
class KeyModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setNow(const QDateTime &now); ///< words that say "in 9 h 28 min" follow
    /// What the search looks at, in lower case.
    [[nodiscard]] virtual QString words(int row) const = 0;

    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    /// What the delegate and screen readers need of one key.
    struct Row {
        const admission::KeyLimits &limits;
        const admission::KeyUse &use;
        control::KeyState state;
    };
    [[nodiscard]] virtual Row row(int row) const = 0;
    [[nodiscard]] virtual QString text(int row, int column) const = 0;
    [[nodiscard]] virtual QVariant raw(int row, int column) const = 0; ///< to sort by
    [[nodiscard]] virtual QString toolTip(int row, int column) const = 0;
    [[nodiscard]] virtual QString copied(int row, int column) const = 0; ///< empty: nothing to copy here
    [[nodiscard]] virtual QString title(int column) const = 0;
    /// Columns that look alike in both tables.
    struct Columns {
        int budget = 0;
        int limits = 0;
        int state = 0;
    };
    [[nodiscard]] virtual Columns columns() const = 0;
    [[nodiscard]] const QDateTime &now() const { return m_now; }

    template <typename Key, typename Id>
    void replace(std::vector<Key> &rows, std::vector<Key> next, Id id)
    {
        if (!std::ranges::equal(next, rows, {}, id, id)) {
            beginResetModel();
            rows = std::move(next);
            endResetModel();
            return;
        }
        for (std::size_t i = 0; i < next.size(); ++i) {
            if (next[i] == rows[i])
                continue;
            rows[i] = std::move(next[i]);
            emit dataChanged(index(int(i), 0), index(int(i), columnCount() - 1));
        }
    }

private:
    [[nodiscard]] QString accessibleText(const QModelIndex &index) const;

    QDateTime m_now = QDateTime::currentDateTime();
};

/// The rows that hold every word of the search.
class KeyFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit KeyFilter(KeyModel *keys, QObject *parent = nullptr);

    void setSearch(const QString &text);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    const KeyModel *m_keys; // outlives this: its source
    QStringList m_words;
};

} // namespace portolan::ui

Q_DECLARE_METATYPE(portolan::ui::BudgetLook)
