// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keymodel.h"

#include "ui/widgets/plaintext.h"

using namespace Qt::StringLiterals;

namespace portolan::ui {

void KeyModel::setNow(const QDateTime &now)
{
    m_now = now;
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {Qt::DisplayRole});
}

QVariant KeyModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const int column = index.column();
    const Row key = row(index.row());
    const Columns shared = columns();
    switch (role) {
    case Qt::DisplayRole: return text(index.row(), column);
    case Qt::AccessibleTextRole: return accessibleText(index);
    case Qt::ToolTipRole: {
        const QString tip = toolTip(index.row(), column);
        return tip.isEmpty() ? QVariant() : plainToolTip(tip);
    }
    case RawRole:
        if (column == shared.budget)
            return key.limits.budget ? QVariant(budgetLook(key.limits, key.use, key.state, m_now)->share)
                                     : QVariant();
        return column == shared.state ? QVariant(int(key.state)) : raw(index.row(), column);
    case SecondLineRole:
        if (const QStringList lines = limitLines(key.limits); column == shared.limits && lines.size() > 1)
            return lines[1];
        return {};
    case BudgetRole:
        if (column != shared.budget || !key.limits.budget)
            return {};
        return QVariant::fromValue(*budgetLook(key.limits, key.use, key.state, m_now));
    case LineIconRole: return column == shared.state ? QVariant(int(lookOf(key.state).icon)) : QVariant();
    case LineIconColourRole:
        return column == shared.state ? QVariant(int(lookOf(key.state).role)) : QVariant();
    case MutedRole: return isMuted(key.state);
    case StrongRole: return column == 0;
    case CopyRole: return copied(index.row(), column);
    default: return {};
    }
}

QString KeyModel::accessibleText(const QModelIndex &index) const
{
    const Row key = row(index.row());
    if (index.column() == columns().limits)
        return limitLines(key.limits).join(u", "_s);
    if (index.column() == columns().budget) {
        if (const auto look = budgetLook(key.limits, key.use, key.state, m_now))
            return look->spent + u' ' + look->of + u", "_s + look->second;
    }
    return text(index.row(), index.column());
}

QVariant KeyModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | Qt::AlignLeft);
    return role == Qt::DisplayRole ? QVariant(title(section)) : QVariant();
}

KeyFilter::KeyFilter(KeyModel *keys, QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_keys(keys)
{
    setSourceModel(keys);
    setSortRole(RawRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
    setDynamicSortFilter(true);
}

void KeyFilter::setSearch(const QString &text)
{
    m_words = text.toLower().split(u' ', Qt::SkipEmptyParts);
    invalidateRowsFilter();
}

bool KeyFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    if (m_words.isEmpty())
        return true;
    const QString words = m_keys->words(row);
    return std::ranges::all_of(m_words, [&](const QString &word) { return words.contains(word); });
}

bool KeyFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const QVariant a = left.data(RawRole);
    const QVariant b = right.data(RawRole);
    // What is not there (no budget, never used) comes after everything that is.
    if (a.isValid() != b.isValid())
        return a.isValid();
    return QSortFilterProxyModel::lessThan(left, right);
}

} // namespace portolan::ui
