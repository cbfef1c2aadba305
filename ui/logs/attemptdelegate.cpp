// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/attemptdelegate.h"

#include "ui/logs/attemptmodel.h"
#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/delegates.h"

#include <QAbstractItemView>
#include <QPainter>

namespace portolan::ui {

namespace {

void paintMark(QPainter *painter, const QRect &rect, const QModelIndex &index, const QPalette &palette)
{
    switch (AttemptMark(index.data(AttemptModel::MarkRole).toInt())) {
    case AttemptMark::Ok: paintIcon(painter, rect, Icon::Circle, colour(Role::Ok, palette)); break;
    case AttemptMark::Failed: paintIcon(painter, rect, Icon::Cross, colour(Role::Error, palette)); break;
    case AttemptMark::Skipped: paintIcon(painter, rect, Icon::Dash, colour(Role::TextMuted, palette)); break;
    case AttemptMark::Cancelled:
        paintIcon(painter, rect, Icon::CircleSlash, colour(Role::Neutral, palette));
        break;
    case AttemptMark::Running:
        paintIcon(painter, rect, Icon::CircleDashed, colour(Role::Accent, palette));
        break;
    }
}

// A sentence between two attempts goes on through the cells that are empty in its line: each paints its part.
void paintSentence(QPainter *painter, const QStyleOptionViewItem &cell, const QModelIndex &index, int margin)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(cell.widget);
    const QModelIndex first = index.siblingAtColumn(AttemptModel::Target);
    QRect line = cell.rect;
    if (view)
        line = view->visualRect(first).united(view->visualRect(index.siblingAtColumn(AttemptModel::What)));
    painter->setClipRect(cell.rect);
    item::paintText(painter, line.adjusted(margin, 0, -margin, 0), first.data().toString(),
                    colour(Role::TextMuted, cell.palette));
}

} // namespace

void AttemptDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    const Metrics metrics;
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    item::paintPanel(painter, cell);
    painter->save();
    painter->setFont(scaledFont(cell.font, TextSize::Data));
    const int margin = metrics.px(space::kSmall);
    QRect rect = cell.rect.adjusted(margin, 0, -margin, 0);
    const bool between = index.data(AttemptModel::BetweenRole).toBool();
    const QColor muted = colour(Role::TextMuted, cell.palette);
    const Qt::Alignment across = cell.displayAlignment & Qt::AlignHorizontal_Mask;
    if (between && index.column() != AttemptModel::Number && index.column() != AttemptModel::Duration) {
        paintSentence(painter, cell, index, margin);
    } else if (between) {
        item::paintText(painter, rect, cell.text, muted, across);
    } else if (index.column() == AttemptModel::Target) {
        QRect mark = rect;
        mark.setWidth(metrics.iconTiny());
        paintMark(painter, mark, index, cell.palette);
        rect.setLeft(mark.right() + margin);
        item::paintModelRef(painter, rect, cell.text, cell.palette);
    } else if (index.column() == AttemptModel::Status) {
        painter->setFont(scaledFont(cell.font, TextSize::Data, Weight::Strong));
        const bool failed = index.data(AttemptModel::MarkRole).toInt() == int(AttemptMark::Failed);
        const bool known = index.data(RawRole).toInt() > 0;
        item::paintText(painter, rect, cell.text,
                        colour(failed      ? Role::Error
                                   : known ? Role::Ok
                                           : Role::TextMuted,
                               cell.palette),
                        across);
    } else {
        const bool plain = index.column() != AttemptModel::Number;
        item::paintText(painter, rect, cell.text, plain ? colour(Role::Text, cell.palette) : muted, across);
    }
    painter->restore();
}

QSize AttemptDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Metrics metrics;
    const QFontMetrics font(scaledFont(option.font, TextSize::Data));
    const int extra
        = index.column() == AttemptModel::Target ? metrics.iconTiny() + metrics.px(space::kSmall) : 0;
    return {font.horizontalAdvance(index.data().toString()) + extra + 2 * metrics.px(space::kSmall),
            metrics.px(26)};
}

} // namespace portolan::ui
