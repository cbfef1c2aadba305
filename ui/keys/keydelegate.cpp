// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keydelegate.h"

#include "ui/keys/keymodel.h"
#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"

#include <QAbstractItemView>
#include <QPainter>

namespace portolan::ui {

namespace {

constexpr int kBarWidth = 88; // px at 100 %
constexpr int kBarHeight = 8;

QColor inkOf(const QStyleOptionViewItem &cell, const QModelIndex &index)
{
    return colour(index.data(MutedRole).toBool() ? Role::TextMuted : Role::Text, cell.palette);
}

/// Two lines that stand in the middle of `rect`; what paints them gets each line's place.
template <typename First, typename Second>
void inTwoLines(QPainter *painter, const QRect &rect, const QFont &upper, const QFont &lower, First first,
                Second second)
{
    const int above = QFontMetrics(upper).height();
    const int below = QFontMetrics(lower).height();
    const int top = rect.top() + (rect.height() - above - below) / 2;
    painter->setFont(upper);
    first(QRect(rect.left(), top, rect.width(), above));
    painter->setFont(lower);
    second(QRect(rect.left(), top + above, rect.width(), below));
}

void paintBar(QPainter *painter, const QRect &bar, const BudgetLook &look, const QPalette &palette)
{
    const double round = Metrics().px(radius::kMark);
    paintBox(painter, bar, {.fill = colour(Role::Base, palette), .radius = round}, palette);
    // A first cent is to be seen, and only a full budget looks full.
    int width = int(double(bar.width() - 2) * look.share);
    if (look.share > 0)
        width = std::max(width, 2);
    if (look.share < 1)
        width = std::min(width, bar.width() - 4);
    painter->fillRect(QRect(bar.left() + 1, bar.top() + 1, width, bar.height() - 2),
                      colour(look.role, palette));
    paintBox(painter, bar, {.line = colour(Role::LineControl, palette), .radius = round}, palette);
}

void paintBudget(QPainter *painter, const QRect &rect, const QStyleOptionViewItem &cell,
                 const QModelIndex &index, const BudgetLook &look)
{
    const Metrics metrics;
    const QFont data = scaledFont(cell.font, TextSize::Data);
    const QFont strong = scaledFont(cell.font, TextSize::Data, Weight::Strong);
    const QColor ink = inkOf(cell, index);
    const auto numbers = [&](const QRect &line) {
        const int height = metrics.px(kBarHeight);
        const QRect bar(line.left(), line.center().y() - height / 2 + 1, metrics.px(kBarWidth), height);
        paintBar(painter, bar, look, cell.palette);
        QRect rest = line.adjusted(bar.width() + metrics.px(space::kSmall), 0, 0, 0);
        painter->setFont(strong);
        rest.adjust(item::paintText(painter, rest, look.spent, ink) + metrics.px(space::kTight), 0, 0, 0);
        painter->setFont(data);
        item::paintText(painter, rest, look.of, ink);
    };
    inTwoLines(painter, rect, data, scaledFont(cell.font, TextSize::Caption), numbers,
               [&](const QRect &line) {
                   item::paintText(painter, line, look.second, colour(Role::TextMuted, cell.palette));
               });
}

void paintState(QPainter *painter, const QRect &rect, const QStyleOptionViewItem &cell,
                const QModelIndex &index)
{
    const Metrics metrics;
    const int side = metrics.iconSmall();
    const QColor ink = colour(Role(index.data(LineIconColourRole).toInt()), cell.palette);
    paintIcon(painter, QRect(rect.left(), rect.center().y() - side / 2, side, side),
              Icon(index.data(LineIconRole).toInt()), ink);
    item::paintText(painter, rect.adjusted(side + metrics.px(space::kGroup), 0, 0, 0), cell.text, ink);
}

bool carriesCopyMark(const QStyleOptionViewItem &cell, const QModelIndex &index)
{
    const auto *view = qobject_cast<const QAbstractItemView *>(cell.widget);
    return view && !index.data(CopyRole).toString().isEmpty()
        && (view->currentIndex().row() == index.row() || cell.state.testFlag(QStyle::State_MouseOver));
}

} // namespace

QRect KeyDelegate::copyMark(const QRect &cell)
{
    const Metrics metrics;
    const int side = metrics.icon();
    return {cell.right() - side - metrics.px(space::kSmall), cell.center().y() - side / 2, side, side};
}

void KeyDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    const Metrics metrics;
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    item::paintPanel(painter, cell);
    painter->save();
    const int margin = metrics.px(space::kSmall);
    QRect rect = cell.rect.adjusted(margin, 0, -margin, 0);
    painter->fillRect(QRect(cell.rect.left(), cell.rect.bottom(), cell.rect.width(), 1),
                      colour(Role::Line, cell.palette));
    const QFont data = scaledFont(cell.font, TextSize::Data);
    const bool strong = index.data(StrongRole).toBool();
    painter->setFont(strong ? scaledFont(cell.font, TextSize::Data, Weight::Strong) : data);
    const QString second = index.data(SecondLineRole).toString();
    if (const QVariant budget = index.data(BudgetRole); budget.isValid()) {
        paintBudget(painter, rect, cell, index, budget.value<BudgetLook>());
    } else if (index.data(LineIconRole).isValid()) {
        paintState(painter, rect, cell, index);
    } else if (!second.isEmpty()) {
        const QColor muted = colour(Role::TextMuted, cell.palette);
        inTwoLines(
            painter, rect, data, data,
            [&](const QRect &line) { item::paintText(painter, line, cell.text, inkOf(cell, index)); },
            [&](const QRect &line) { item::paintText(painter, line, second, muted); });
    } else {
        if (carriesCopyMark(cell, index)) {
            const QRect mark = copyMark(cell.rect);
            paintIcon(painter, mark, Icon::Copy, colour(Role::TextMuted, cell.palette));
            rect.setRight(mark.left() - margin);
        }
        item::paintText(painter, rect, cell.text, inkOf(cell, index));
    }
    painter->restore();
}

QSize KeyDelegate::sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const
{
    const Metrics metrics;
    return {metrics.px(80), metrics.rowBudget()};
}

} // namespace portolan::ui
