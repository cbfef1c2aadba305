// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace portolan::ui {

/// Rows of the model table: the model with what it can do under it, "@slug/" muted, figures at the right. The
/// current row and the one under the pointer carry a copy mark in the slug's cell; a pen stands before prices
/// of the owner's.
class ModelDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    /// Where the copy mark is inside the slug's cell.
    [[nodiscard]] static QRect copyMark(const QRect &cell);
    /// Where the box of the column On is.
    [[nodiscard]] static QRect checkBox(const QRect &cell);
};

} // namespace portolan::ui
