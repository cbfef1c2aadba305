// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/stylepaint.h"

#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style.h"

#include <QAbstractScrollArea>
#include <QPushButton>
#include <QStyle>

#include <algorithm>

namespace portolan::ui {

namespace {

class Saved
{
public:
    explicit Saved(QPainter *painter)
        : m_painter(painter)
    {
        m_painter->save();
        m_painter->setRenderHint(QPainter::Antialiasing);
    }
    ~Saved() { m_painter->restore(); }
    Saved(const Saved &) = delete;
    Saved &operator=(const Saved &) = delete;

private:
    QPainter *const m_painter;
};

bool has(const QStyleOption &option, QStyle::StateFlag flag)
{
    return option.state.testFlag(flag);
}

bool isMainAction(const QWidget *widget)
{
    return widget && widget->property("mainAction").toBool();
}

QColor buttonFill(const QStyleOption &option, bool mainAction)
{
    const auto of = [&option](Role role) { return colour(role, option.palette); };
    if (!has(option, QStyle::State_Enabled))
        return of(Role::Window);
    if (mainAction) {
        const QColor accent = of(Role::Accent);
        const bool dark = modeOf(option.palette) == Mode::Dark;
        if (has(option, QStyle::State_Sunken))
            return dark ? accent.lighter(118) : accent.darker(125);
        return has(option, QStyle::State_MouseOver) ? (dark ? accent.lighter(108) : accent.darker(112))
                                                    : accent;
    }
    if (has(option, QStyle::State_Sunken))
        return of(Role::Pressed);
    if (has(option, QStyle::State_On))
        return of(Role::Selection);
    return of(has(option, QStyle::State_MouseOver) ? Role::Hover : Role::Raised);
}

} // namespace

void paintBox(QPainter *painter, const QRectF &rect, const BoxLook &look, const QPalette &palette)
{
    const Saved saved(painter);
    painter->setPen(look.line.isValid() ? QPen(look.line, 1) : QPen(Qt::NoPen));
    painter->setBrush(look.fill.isValid() ? QBrush(look.fill) : QBrush(Qt::NoBrush));
    const double inset = look.line.isValid() ? 0.5 : 0;
    painter->drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), look.radius, look.radius);
    if (!look.focusRing)
        return;
    painter->setPen(QPen(colour(Role::Accent, palette), 2));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(rect.adjusted(1, 1, -1, -1), std::max(0.0, look.radius - 0.5), look.radius);
}

namespace paint {

void button(QPainter *painter, const QStyleOption &option, const QWidget *widget)
{
    const auto *face = qstyleoption_cast<const QStyleOptionButton *>(&option);
    const bool flat = face && face->features.testFlag(QStyleOptionButton::Flat);
    const bool mainAction = isMainAction(widget);
    const bool quiet = flat && !has(option, QStyle::State_MouseOver) && !has(option, QStyle::State_Sunken)
        && !has(option, QStyle::State_On);
    const bool focus = has(option, QStyle::State_HasFocus);
    BoxLook look{.radius = double(Metrics().px(radius::kControl)), .focusRing = focus};
    if (!quiet)
        look.fill = buttonFill(option, mainAction);
    if (!flat)
        look.line = mainAction && has(option, QStyle::State_Enabled)
            ? look.fill
            : colour(Role::ButtonLine, option.palette);
    paintBox(painter, option.rect, look, option.palette);
    if (mainAction && focus) {
        // The accent ring vanishes on the accent face, so a line of the face's text colour parts them.
        paintBox(painter, QRectF(option.rect).adjusted(2, 2, -2, -2),
                 {.line = colour(Role::AccentText, option.palette), .radius = look.radius - 1},
                 option.palette);
    }
}

void buttonLabel(QPainter *painter, const QStyleOptionButton &option, const QWidget *widget)
{
    const Metrics metrics;
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool hasMenu = option.features.testFlag(QStyleOptionButton::HasMenu);
    const int gap = metrics.px(space::kGroup);
    const int text
        = option.text.isEmpty() ? 0 : option.fontMetrics.size(Qt::TextShowMnemonic, option.text).width();
    const QSize iconSize = option.icon.isNull() ? QSize(0, 0) : option.iconSize;
    const int chevron = hasMenu ? metrics.iconTiny() + gap : 0;
    const int lead = iconSize.width() + (iconSize.width() > 0 && text > 0 ? gap : 0);
    int x = option.rect.x() + std::max(0, (option.rect.width() - lead - text - chevron) / 2);

    const auto mirrored
        = [&option](const QRect &rect) { return QStyle::visualRect(option.direction, option.rect, rect); };
    if (iconSize.width() > 0) {
        const QRect at(x, option.rect.y() + (option.rect.height() - iconSize.height()) / 2, iconSize.width(),
                       iconSize.height());
        option.icon.paint(painter, mirrored(at), Qt::AlignCenter, enabled ? QIcon::Normal : QIcon::Disabled);
    }
    x += lead;
    const Role role = !enabled ? Role::TextDisabled : isMainAction(widget) ? Role::AccentText : Role::Text;
    const Saved saved(painter);
    painter->setPen(colour(role, option.palette));
    const QRect textRect(x, option.rect.y(), std::min(text, option.rect.right() - x + 1),
                         option.rect.height());
    painter->drawText(mirrored(textRect), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextHideMnemonic,
                      option.text);
    if (hasMenu) {
        const QRect at(x + text + gap, option.rect.y(), metrics.iconTiny(), option.rect.height());
        paintIcon(painter, mirrored(at), Icon::ChevronDown, colour(role, option.palette));
    }
}

void toolButtonPanel(QPainter *painter, const QStyleOption &option, const QWidget *)
{
    const bool raised = has(option, QStyle::State_AutoRaise);
    const bool on = has(option, QStyle::State_On);
    const auto of = [&option](Role role) { return colour(role, option.palette); };
    BoxLook look{.radius = double(Metrics().px(raised ? radius::kControl : radius::kChip)),
                 .focusRing = has(option, QStyle::State_HasFocus)};
    if (has(option, QStyle::State_Sunken))
        look.fill = of(Role::Pressed);
    else if (on)
        look.fill = of(raised ? Role::Pressed : Role::Selection);
    else if (has(option, QStyle::State_MouseOver) && has(option, QStyle::State_Enabled))
        look.fill = of(Role::Hover);
    if (!raised)
        look.line = of(on ? Role::Accent : Role::ButtonLine);
    paintBox(painter, option.rect, look, option.palette);
}

void field(QPainter *painter, const QStyleOption &option)
{
    const bool enabled = has(option, QStyle::State_Enabled);
    const QColor fill = colour(enabled ? Role::Base : Role::Window, option.palette);
    const QColor line = colour(enabled ? Role::LineControl : Role::ButtonLine, option.palette);
    paintBox(painter, option.rect,
             {.fill = fill,
              .line = line,
              .radius = double(Metrics().px(radius::kControl)),
              .focusRing = has(option, QStyle::State_HasFocus)},
             option.palette);
}

void checkBox(QPainter *painter, const QStyleOption &option)
{
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool set = has(option, QStyle::State_On) || has(option, QStyle::State_NoChange);
    const auto of = [&option](Role role) { return colour(role, option.palette); };
    const Role on = enabled ? Role::Accent : Role::TextDisabled;
    const int side = std::min(option.rect.width(), option.rect.height());
    const QRect box(option.rect.x(), option.rect.y() + (option.rect.height() - side) / 2, side, side);
    paintBox(painter, box,
             {.fill = of(set           ? on
                             : enabled ? Role::Base
                                       : Role::Window),
              .line = of(set           ? on
                             : enabled ? Role::LineControl
                                       : Role::ButtonLine),
              .radius = double(Metrics().px(radius::kChip))},
             option.palette);
    if (set) {
        const int inset = side / 8;
        paintIcon(painter, box.adjusted(inset, inset, -inset, -inset),
                  has(option, QStyle::State_NoChange) ? Icon::Dash : Icon::Check, of(Role::AccentText));
    }
}

void radioButton(QPainter *painter, const QStyleOption &option)
{
    const Saved saved(painter);
    const bool enabled = has(option, QStyle::State_Enabled);
    const bool set = has(option, QStyle::State_On);
    const auto of = [&option](Role role) { return colour(role, option.palette); };
    const Role on = enabled ? Role::Accent : Role::TextDisabled;
    const double side = std::min(option.rect.width(), option.rect.height());
    const QRectF circle(option.rect.x() + 0.5, option.rect.y() + 0.5, side - 1, side - 1);
    painter->setPen(QPen(of(set ? on : Role::LineControl), 1));
    painter->setBrush(of(set ? on : Role::Base));
    painter->drawEllipse(circle);
    if (!set)
        return;
    painter->setPen(Qt::NoPen);
    painter->setBrush(of(Role::AccentText));
    const double inset = side * 0.3;
    painter->drawEllipse(circle.adjusted(inset, inset, -inset, -inset));
}

void tab(QPainter *painter, const QStyleOptionTab &option)
{
    const Saved saved(painter);
    const Metrics metrics;
    const bool selected = has(option, QStyle::State_Selected);
    const auto of = [&option](Role role) { return colour(role, option.palette); };
    const auto [word, number] = tabParts(option.text);

    if (has(option, QStyle::State_MouseOver) && !selected)
        painter->fillRect(option.rect.adjusted(0, 0, 0, -1), of(Role::Hover));
    QFont font = painter->font();
    font.setWeight(selected ? QFont::DemiBold : QFont::Normal);
    painter->setFont(font);
    painter->setPen(of(!has(option, QStyle::State_Enabled) ? Role::TextDisabled
                           : selected                      ? Role::Text
                                                           : Role::TextMuted));
    const QRect inner = option.rect.adjusted(metrics.px(space::kPanel), 0, -metrics.px(space::kPanel), 0);
    QRect used;
    painter->drawText(inner, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextHideMnemonic, word, &used);
    if (!number.isEmpty()) {
        painter->setFont(scaledFont(font, TextSize::Caption));
        painter->setPen(of(Role::TextMuted));
        painter->drawText(
            QRect(used.right() + metrics.px(space::kGroup), inner.y(), inner.width(), inner.height()),
            Qt::AlignVCenter | Qt::AlignLeft, number);
    }
    if (selected) {
        const int mark = metrics.px(2);
        painter->fillRect(QRect(option.rect.x(), option.rect.bottom() - mark + 1, option.rect.width(), mark),
                          of(Role::Accent));
    }
    if (has(option, QStyle::State_HasFocus))
        paintBox(painter, option.rect.adjusted(1, 2, -1, -3), {.radius = 3, .focusRing = true},
                 option.palette);
}

void headerSection(QPainter *painter, const QStyleOption &option)
{
    const Saved saved(painter);
    painter->setRenderHint(QPainter::Antialiasing, false);
    painter->fillRect(
        option.rect,
        colour(has(option, QStyle::State_Sunken) ? Role::Pressed : Role::Window, option.palette));
    painter->setPen(colour(Role::Line, option.palette));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    painter->drawLine(option.rect.topRight(), option.rect.bottomRight());
}

void header(QPainter *painter, const QStyleOptionHeader &option)
{
    headerSection(painter, option);
    const Saved saved(painter);
    const Metrics metrics;
    const int margin = metrics.px(space::kSmall);
    const QColor ink
        = colour(has(option, QStyle::State_Enabled) ? Role::TextMuted : Role::TextDisabled, option.palette);
    QRect inner = option.rect.adjusted(margin, 0, -margin, -1);
    if (option.sortIndicator != QStyleOptionHeader::None) {
        const int side = metrics.iconTiny();
        const QRect arrow(inner.right() - side + 1, inner.y(), side, inner.height());
        paintIcon(painter, QStyle::visualRect(option.direction, inner, arrow),
                  option.sortIndicator == QStyleOptionHeader::SortUp ? Icon::ChevronUp : Icon::ChevronDown,
                  ink);
        inner = QStyle::visualRect(option.direction, inner,
                                   inner.adjusted(0, 0, -side - metrics.px(space::kTight), 0));
    }
    painter->setPen(ink);
    painter->drawText(inner, int(option.textAlignment) | Qt::TextSingleLine,
                      option.fontMetrics.elidedText(option.text, Qt::ElideRight, inner.width()));
}

void scrollBar(QPainter *painter, const QStyleOptionSlider &option, const QRect &handle,
               const QWidget *widget)
{
    const auto *area = widget ? qobject_cast<const QAbstractScrollArea *>(
                                    widget->parentWidget() ? widget->parentWidget()->parentWidget() : nullptr)
                              : nullptr;
    const bool onBase = !area || area->viewport()->backgroundRole() == QPalette::Base;
    painter->fillRect(option.rect, colour(onBase ? Role::Base : Role::Window, option.palette));
    if (option.maximum <= option.minimum)
        return;
    const Saved saved(painter);
    const bool grabbed = option.activeSubControls.testFlag(QStyle::SC_ScrollBarSlider)
        && (has(option, QStyle::State_Sunken) || has(option, QStyle::State_MouseOver));
    QColor shade = colour(Role::LineControl, option.palette);
    if (!grabbed)
        shade.setAlphaF(0.6F);
    painter->setPen(Qt::NoPen);
    painter->setBrush(shade);
    const bool upright = option.orientation == Qt::Vertical;
    const int thin = Metrics().px(6);
    const QRect bar = upright
        ? QRect(handle.center().x() - thin / 2 + 1, handle.y() + 2, thin, handle.height() - 4)
        : QRect(handle.x() + 2, handle.center().y() - thin / 2 + 1, handle.width() - 4, thin);
    painter->drawRoundedRect(bar, thin / 2.0, thin / 2.0);
}

void progressBar(QPainter *painter, const QStyleOptionProgressBar &option)
{
    const double thick = std::min(option.rect.height(), Metrics().px(4));
    QRectF groove = option.rect;
    groove.setTop(groove.center().y() - thick / 2);
    groove.setHeight(thick);
    paintBox(painter, groove, {.fill = colour(Role::Pressed, option.palette), .radius = thick / 2},
             option.palette);
    const double range = double(option.maximum) - option.minimum;
    const double share = range > 0 ? std::clamp((option.progress - option.minimum) / range, 0.0, 1.0) : 0;
    if (share <= 0)
        return;
    QRectF done = groove;
    done.setWidth(groove.width() * share);
    if (option.direction == Qt::RightToLeft)
        done.moveRight(groove.right());
    paintBox(painter, done, {.fill = colour(Role::Accent, option.palette), .radius = thick / 2},
             option.palette);
}

void menuBarItem(QPainter *painter, const QStyleOptionMenuItem &option)
{
    painter->fillRect(option.rect, colour(Role::Window, option.palette));
    const bool open = has(option, QStyle::State_Sunken);
    if (open || has(option, QStyle::State_Selected))
        paintBox(painter, option.rect.adjusted(1, 2, -1, -2),
                 {.fill = colour(open ? Role::Pressed : Role::Hover, option.palette),
                  .radius = double(radius::kControl)},
                 option.palette);
    const Saved saved(painter);
    painter->setPen(
        colour(has(option, QStyle::State_Enabled) ? Role::Text : Role::TextDisabled, option.palette));
    painter->drawText(option.rect, Qt::AlignCenter | Qt::TextHideMnemonic | Qt::TextSingleLine, option.text);
}

} // namespace paint

std::pair<QString, QString> tabParts(const QString &text)
{
    const auto at = text.indexOf(u'\t');
    return at < 0 ? std::pair(text, QString()) : std::pair(text.left(at), text.mid(at + 1));
}

} // namespace portolan::ui
