// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/kinddelegate.h"

#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/delegates.h"

#include <QPainter>

namespace portolan::ui {

void KindDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                         const QModelIndex &index) const
{
    const Metrics metrics;
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    item::paintPanel(painter, cell);
    painter->save();
    const bool chosen = cell.state.testFlag(QStyle::State_Selected);
    painter->setFont(scaledFont(cell.font, TextSize::Body, chosen ? Weight::Strong : Weight::Normal));
    QRect rect = cell.rect.adjusted(metrics.px(space::kPanel), 0, -metrics.px(space::kSmall), 0);
    const QRect mark(rect.left(), rect.center().y() - metrics.iconSmall() / 2, metrics.iconSmall(),
                     metrics.iconSmall());
    paintIcon(painter, mark, Icon(index.data(LineIconRole).toInt()), colour(Role::TextMuted, cell.palette));
    rect.setLeft(mark.right() + metrics.px(space::kSmall));
    item::paintText(painter, rect, cell.text, colour(Role::Text, cell.palette));
    painter->restore();
}

QSize KindDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {Metrics().px(120), Metrics().px(30)};
}

} // namespace portolan::ui
