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
    const Role ink = index.data(MutedRole).toBool() ? Role::TextMuted : Role::Text;
    if (const QString corner = index.data(CornerRole).toString(); !corner.isEmpty()) {
        painter->save();
        painter->setFont(scaledFont(cell.font, TextSize::Caption));
        const int width
            = item::paintText(painter, rect, corner, colour(Role::TextMuted, cell.palette), Qt::AlignRight);
        painter->restore();
        rect.setRight(rect.right() - width - metrics.px(space::kGroup));
    }
    item::paintText(painter, rect, cell.text, colour(ink, cell.palette));
    painter->restore();
}

QSize KindDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    return {Metrics().px(120), Metrics().px(30)};
}

} // namespace portolan::ui
