// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/requestdelegate.h"

#include "ui/logs/requestlogmodel.h"
#include "ui/logs/statestyle.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/delegates.h"

#include <QPainter>

namespace portolan::ui {

namespace {

bool isSelected(const QStyleOptionViewItem &option)
{
    return option.state.testFlag(QStyle::State_Selected);
}

QRect contents(const QStyleOptionViewItem &option)
{
    const int margin = Metrics().px(space::kSmall);
    return option.rect.adjusted(margin, 0, -margin, 0);
}

RequestState stateAt(const QModelIndex &index)
{
    return RequestState(index.data(RequestLogModel::StateRole).toInt());
}

} // namespace

void RequestDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                            const QModelIndex &index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    item::paintPanel(painter, cell);
    painter->save();
    painter->setFont(scaledFont(cell.font, TextSize::Data));
    const QPalette &palette = cell.palette;
    switch (index.column()) {
    case RequestLogModel::State: paintState(painter, cell, index); break;
    case RequestLogModel::Status: paintStatus(painter, cell, index); break;
    case RequestLogModel::Attempts: paintMarks(painter, cell, index); break;
    case RequestLogModel::Model:
    case RequestLogModel::ServedBy: item::paintModelRef(painter, contents(cell), cell.text, palette); break;
    default: {
        const bool counting
            = index.column() == RequestLogModel::Total && stateAt(index) == RequestState::Active;
        item::paintText(painter, contents(cell), cell.text,
                        colour(counting ? Role::Accent : Role::Text, palette),
                        cell.displayAlignment & Qt::AlignHorizontal_Mask);
    }
    }
    painter->restore();
}

void RequestDelegate::paintState(QPainter *painter, const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const
{
    const StateStyle style = styleOf(stateAt(index));
    QRect bar = option.rect;
    bar.setWidth(Metrics().px(style.bar_width));
    painter->fillRect(bar, colour(isSelected(option) ? style.selected_bar : style.bar, option.palette));
}

void RequestDelegate::paintStatus(QPainter *painter, const QStyleOptionViewItem &option,
                                  const QModelIndex &index) const
{
    const Metrics metrics;
    const RequestState state = stateAt(index);
    const StateStyle style = styleOf(state);
    QRect rect = contents(option);
    const QRect mark(rect.left(), rect.top(), metrics.iconSmall(), rect.height());
    paintIcon(painter, mark, style.icon, colour(style.colour, option.palette));
    rect.setLeft(mark.right() + metrics.px(space::kGroup));
    // Only what needs a look is coloured; the icon tells the rest.
    const bool loud = state == RequestState::Error || state == RequestState::Rescued;
    item::paintText(painter, rect, option.text, colour(loud ? style.colour : Role::Text, option.palette));
}

void RequestDelegate::paintMarks(QPainter *painter, const QStyleOptionViewItem &option,
                                 const QModelIndex &index) const
{
    const Metrics metrics;
    const QRect rect = contents(option);
    const int step = metrics.iconTiny() + metrics.px(3);
    QRect mark(rect.left(), rect.top(), metrics.iconTiny(), rect.height());
    for (const QChar letter : index.data(RequestLogModel::MarksRole).toString()) {
        if (mark.right() > rect.right())
            break;
        switch (letter.unicode()) {
        case u'o': paintIcon(painter, mark, Icon::Circle, colour(Role::Ok, option.palette)); break;
        case u'x': paintIcon(painter, mark, Icon::Cross, colour(Role::Error, option.palette)); break;
        case u'r': paintIcon(painter, mark, Icon::CircleDashed, colour(Role::Accent, option.palette)); break;
        case u'c': paintIcon(painter, mark, Icon::CircleSlash, colour(Role::Neutral, option.palette)); break;
        default: paintIcon(painter, mark, Icon::Dash, colour(Role::TextMuted, option.palette)); break;
        }
        mark.translate(step, 0);
    }
}

QSize RequestDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Metrics metrics;
    const QFontMetrics font(scaledFont(option.font, TextSize::Data));
    int width
        = font.horizontalAdvance(index.data(Qt::DisplayRole).toString()) + 2 * metrics.px(space::kSmall);
    if (index.column() == RequestLogModel::Status)
        width += metrics.iconSmall() + metrics.px(space::kGroup);
    return {width, metrics.row()};
}

} // namespace portolan::ui
