// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/delegates.h"

#include "ui/theme/stylepaint.h"
#include "ui/widgets/plaintext.h"

#include <QApplication>
#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace portolan::ui {

namespace item {

void paintPanel(QPainter *painter, const QStyleOptionViewItem &option)
{
    const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
}

int paintText(QPainter *painter, const QRect &rect, const QString &text, const QColor &ink,
              Qt::Alignment alignment)
{
    if (rect.width() <= 0)
        return 0;
    const QString fit = painter->fontMetrics().elidedText(shown(text), Qt::ElideRight, rect.width());
    painter->setPen(ink);
    painter->drawText(rect, int(alignment) | Qt::AlignVCenter | Qt::TextSingleLine, fit);
    return painter->fontMetrics().horizontalAdvance(fit);
}

void paintModelRef(QPainter *painter, const QRect &rect, const QString &ref, const QPalette &palette,
                   bool muted)
{
    const auto border = ref.startsWith(u'@') ? ref.indexOf(u'/') : -1;
    const QColor ink = colour(muted ? Role::TextMuted : Role::Text, palette);
    if (border < 0) {
        paintText(painter, rect, ref, ink);
        return;
    }
    const int used = paintText(painter, rect, ref.left(border + 1), colour(Role::TextMuted, palette));
    paintText(painter, rect.adjusted(used, 0, 0, 0), ref.mid(border + 1), ink);
}

int paintChip(QPainter *painter, const QPoint &topLeft, int height, const QString &word,
              const QPalette &palette)
{
    const Metrics metrics;
    painter->save();
    painter->setFont(scaledFont(QApplication::font(), TextSize::Caption));
    const QString text = shown(word);
    const int width = painter->fontMetrics().horizontalAdvance(text) + 2 * metrics.px(5);
    const QRect box(topLeft, QSize(width, height));
    paintBox(painter, box,
             {.line = colour(Role::ButtonLine, palette), .radius = double(metrics.px(radius::kChip))},
             palette);
    painter->setPen(colour(Role::TextMuted, palette));
    painter->drawText(box, Qt::AlignCenter | Qt::TextSingleLine, text);
    painter->restore();
    return width;
}

} // namespace item

void TwoLineDelegate::paint(QPainter *painter, const QStyleOptionViewItem &given,
                            const QModelIndex &index) const
{
    QStyleOptionViewItem option = given;
    initStyleOption(&option, index);
    const Metrics metrics;
    const QPalette &palette = option.palette;
    const auto of = [&palette](Role role) { return colour(role, palette); };
    const bool muted = index.data(MutedRole).toBool();

    painter->save();
    item::paintPanel(painter, option);
    if (m_ruled)
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                          of(Role::Line));

    QRect inner = option.rect.adjusted(metrics.px(space::kPanel), 0, -metrics.px(space::kPanel), -1);
    const int first = painter->fontMetrics().height();
    const int lines = first + metrics.px(2) + QFontMetrics(scaledFont(option.font, TextSize::Data)).height();
    const int top = inner.y() + (inner.height() - lines) / 2;
    if (const QVariant icon = index.data(LineIconRole); icon.isValid()) {
        const QVariant role = index.data(LineIconColourRole);
        const int side = metrics.icon();
        paintIcon(painter, QRect(inner.x(), top + (first - side) / 2, side, side), Icon(icon.toInt()),
                  of(role.isValid() ? Role(role.toInt()) : Role::TextMuted));
        inner.adjust(side + metrics.px(9), 0, 0, 0);
    }

    QRect line(inner.x(), top, inner.width(), first);
    if (const QString corner = index.data(CornerRole).toString(); !corner.isEmpty()) {
        painter->setFont(scaledFont(option.font, TextSize::Caption));
        line.adjust(0, 0, -item::paintText(painter, line, corner, of(Role::TextMuted), Qt::AlignRight), 0);
        line.adjust(0, 0, -metrics.px(space::kSmall), 0);
    }
    painter->setFont(scaledFont(option.font, TextSize::Body, Weight::Strong));
    item::paintText(painter, line, index.data(Qt::DisplayRole).toString(),
                    of(muted ? Role::TextMuted : Role::Text));

    painter->setFont(scaledFont(option.font, TextSize::Data));
    QRect second(inner.x(), top + first + metrics.px(2), inner.width(), painter->fontMetrics().height());
    const QVariant role = index.data(SecondColourRole);
    const QColor ink = of(role.isValid() ? Role(role.toInt()) : Role::TextMuted);
    if (const QVariant icon = index.data(SecondIconRole); icon.isValid()) {
        const int side = metrics.iconTiny();
        paintIcon(painter, QRect(second.x(), second.y() + (second.height() - side) / 2, side, side),
                  Icon(icon.toInt()), ink);
        second.adjust(side + metrics.px(space::kTight), 0, 0, 0);
    }
    const int used = item::paintText(painter, second, index.data(SecondLineRole).toString(), ink);
    item::paintText(painter, second.adjusted(used + metrics.px(space::kTight), 0, 0, 0),
                    index.data(SecondNoteRole).toString(), of(Role::TextMuted));
    painter->restore();

    if (option.state.testFlag(QStyle::State_HasFocus)) {
        QStyleOptionFocusRect focus;
        focus.QStyleOption::operator=(option);
        const QStyle *style = option.widget ? option.widget->style() : QApplication::style();
        style->drawPrimitive(QStyle::PE_FrameFocusRect, &focus, painter, option.widget);
    }
}

QSize TwoLineDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    const Metrics metrics;
    return {option.rect.width(), m_height > 0 ? metrics.px(m_height) : metrics.rowTwoLines()};
}

} // namespace portolan::ui
