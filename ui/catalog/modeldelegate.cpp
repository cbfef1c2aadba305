// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/modeldelegate.h"

#include "ui/catalog/modeltablemodel.h"
#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/delegates.h"

#include <QAbstractItemView>
#include <QPainter>
#include <QStyle>
#include <QStyleOptionButton>

namespace portolan::ui {

namespace {

void paintTwoLines(QPainter *painter, const QRect &rect, const QStyleOptionViewItem &cell,
                   const QModelIndex &index, bool muted)
{
    const QFont strong = scaledFont(cell.font, TextSize::Data, Weight::Strong);
    const QFont small = scaledFont(cell.font, TextSize::Caption);
    const int first = QFontMetrics(strong).height();
    const int second = QFontMetrics(small).height();
    const int top = rect.top() + (rect.height() - first - second) / 2;
    painter->setFont(strong);
    item::paintText(painter, QRect(rect.left(), top, rect.width(), first), cell.text,
                    colour(muted ? Role::TextMuted : Role::Text, cell.palette));
    painter->setFont(small);
    item::paintText(painter, QRect(rect.left(), top + first, rect.width(), second),
                    index.data(SecondLineRole).toString(), colour(Role::TextMuted, cell.palette));
}

bool carriesCopyMark(const QStyleOptionViewItem &cell, const QModelIndex &index)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(cell.widget);
    if (!view)
        return false;
    return view->currentIndex().row() == index.row() || cell.state.testFlag(QStyle::State_MouseOver);
}

} // namespace

QRect ModelDelegate::copyMark(const QRect &cell)
{
    const Metrics metrics;
    const int side = metrics.icon();
    return {cell.right() - side - metrics.px(space::kSmall), cell.center().y() - side / 2, side, side};
}

QRect ModelDelegate::checkBox(const QRect &cell)
{
    const int side = Metrics().px(14);
    return {cell.center().x() - side / 2, cell.center().y() - side / 2, side, side};
}

void ModelDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option,
                          const QModelIndex &index) const
{
    const Metrics metrics;
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    item::paintPanel(painter, cell);
    painter->save();
    const int margin = metrics.px(space::kSmall);
    QRect rect = cell.rect.adjusted(margin, 0, -margin, 0);
    const bool muted = index.data(MutedRole).toBool();
    painter->fillRect(QRect(cell.rect.left(), cell.rect.bottom(), cell.rect.width(), 1),
                      colour(Role::Line, cell.palette));
    painter->setFont(scaledFont(cell.font, TextSize::Data));
    switch (index.column()) {
    case ModelTableModel::Model: paintTwoLines(painter, rect, cell, index, muted); break;
    case ModelTableModel::Slug: {
        const QRect mark = copyMark(cell.rect);
        if (carriesCopyMark(cell, index)) {
            paintIcon(painter, mark, Icon::Copy, colour(Role::TextMuted, cell.palette));
            rect.setRight(mark.left() - margin);
        }
        item::paintModelRef(painter, rect, cell.text, cell.palette, muted);
        break;
    }
    case ModelTableModel::On: {
        QStyleOptionButton box;
        box.rect = checkBox(cell.rect);
        box.palette = cell.palette;
        box.state = QStyle::State_Enabled
            | (index.data(Qt::CheckStateRole).toInt() == Qt::Checked ? QStyle::State_On : QStyle::State_Off);
        cell.widget->style()->drawPrimitive(QStyle::PE_IndicatorCheckBox, &box, painter, cell.widget);
        break;
    }
    default:
        if (index.data(ModelTableModel::OwnPriceRole).toBool()) {
            const int side = metrics.iconSmall();
            const int width = painter->fontMetrics().horizontalAdvance(cell.text);
            paintIcon(painter,
                      QRect(rect.right() - width - side - metrics.px(space::kTight),
                            rect.center().y() - side / 2, side, side),
                      Icon::Pen, colour(Role::Warning, cell.palette));
        }
        item::paintText(painter, rect, cell.text, colour(muted ? Role::TextMuted : Role::Text, cell.palette),
                        cell.displayAlignment & Qt::AlignHorizontal_Mask);
    }
    painter->restore();
}

QSize ModelDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    const Metrics metrics;
    return {metrics.px(80), metrics.rowTwoLines()};
}

} // namespace portolan::ui
