// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace portolan::ui {

/// Cells of the key tables: a budget as bar, numbers and its next reset; limits in two lines; a state as
/// icon, word and colour; a copy mark in the current row and the one under the pointer.
class KeyDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// Where the copy mark is inside its cell.
    [[nodiscard]] static QRect copyMark(const QRect &cell);
};

} // namespace portolan::ui
