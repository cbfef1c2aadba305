// SPDX-License-Identifier: GPL-3.0-or-later
// The half of Style that answers sizes, icons and hints.
#include "ui/theme/icon.h"
#include "ui/theme/style.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/tokens.h"

#include <QApplication>
#include <QStyleOption>

#include <algorithm>

namespace portolan::ui {

QRect Style::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    if (element == SE_LineEditContents) {
        const int side = Metrics().px(space::kSmall) - 2;
        const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
        return frame && frame->lineWidth > 0 ? option->rect.adjusted(side, 1, -side, -1) : option->rect;
    }
    return QProxyStyle::subElementRect(element, option, widget);
}

QRect Style::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl part,
                            const QWidget *widget) const
{
    if (control == CC_ScrollBar) {
        // No end buttons: the groove is the whole bar.
        const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option);
        if (!slider || part == SC_ScrollBarAddLine || part == SC_ScrollBarSubLine)
            return {};
        const QRect r = slider->rect;
        const bool upright = slider->orientation == Qt::Vertical;
        const int length = upright ? r.height() : r.width();
        const qint64 range = qint64(slider->maximum) - slider->minimum;
        const int least = std::min(length, Metrics().px(24));
        const int handle = range > 0
            ? std::max(least, int(qint64(slider->pageStep) * length / (range + slider->pageStep)))
            : length;
        const int at = sliderPositionFromValue(slider->minimum, slider->maximum, slider->sliderPosition,
                                               length - handle, slider->upsideDown);
        const auto span = [&r, upright](int from, int size) {
            return upright ? QRect(r.x(), r.y() + from, r.width(), size)
                           : QRect(r.x() + from, r.y(), size, r.height());
        };
        switch (part) {
        case SC_ScrollBarSlider: return span(at, handle);
        case SC_ScrollBarSubPage: return span(0, at);
        case SC_ScrollBarAddPage: return span(at + handle, length - at - handle);
        default: return r;
        }
    }
    if (control == CC_ComboBox) {
        const int arrow = Metrics().px(24);
        const QRect r = option->rect;
        QRect found = r;
        if (part == SC_ComboBoxArrow)
            found = QRect(r.right() - arrow + 1, r.y(), arrow, r.height());
        else if (part == SC_ComboBoxEditField)
            found = r.adjusted(Metrics().px(space::kSmall), 1, -arrow, -1);
        return visualRect(option->direction, r, found);
    }
    const QRect base = QProxyStyle::subControlRect(control, option, part, widget);
    // The number begins where the text of a field does.
    return control == CC_SpinBox && part == SC_SpinBoxEditField
        ? base.adjusted(Metrics().px(space::kHair), 0, 0, 0)
        : base;
}

QSize Style::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &size,
                              const QWidget *widget) const
{
    const Metrics metrics;
    switch (type) {
    case CT_PushButton: {
        const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option);
        const bool menu = button && button->features.testFlag(QStyleOptionButton::HasMenu);
        const int chevron = menu ? metrics.iconTiny() : 0;
        return {size.width() + metrics.px(22) + chevron, std::max(metrics.control(), size.height() + 4)};
    }
    case CT_LineEdit: return {size.width() + metrics.px(8), std::max(metrics.control(), size.height() + 4)};
    case CT_ComboBox: return {size.width() + metrics.px(36), std::max(metrics.control(), size.height() + 4)};
    case CT_SpinBox: {
        const QSize base = QProxyStyle::sizeFromContents(type, option, size, widget);
        return {base.width() + metrics.px(8),
                std::max(metrics.control(), QFontMetrics(QApplication::font()).height() + 6)};
    }
    case CT_ToolButton: {
        const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
        const bool words
            = button && button->toolButtonStyle != Qt::ToolButtonIconOnly && !button->text.isEmpty();
        const bool chip = button && !button->state.testFlag(State_AutoRaise);
        const int height = chip ? metrics.px(20) : metrics.control();
        return {std::max(size.width() + metrics.px(words ? 12 : 10), height),
                std::max(size.height(), height)};
    }
    case CT_MenuItem: {
        const QSize base = QProxyStyle::sizeFromContents(type, option, size, widget);
        const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option);
        if (item && item->menuItemType == QStyleOptionMenuItem::Separator)
            return base;
        return {base.width() + metrics.px(12), std::max(base.height(), metrics.row())};
    }
    case CT_MenuBarItem: return {size.width() + metrics.px(14), metrics.px(23)};
    case CT_HeaderSection: {
        const QSize base = QProxyStyle::sizeFromContents(type, option, size, widget);
        return {base.width(), metrics.header()};
    }
    case CT_TabBarTab: {
        const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option);
        if (!tab)
            break;
        // As wide as when selected, so that nothing moves.
        const auto [word, number] = tabParts(tab->text);
        const QFont font = widget ? widget->font() : QApplication::font();
        const int words = QFontMetrics(scaledFont(font, TextSize::Body, Weight::Strong))
                              .size(Qt::TextShowMnemonic, word)
                              .width();
        const int digits = number.isEmpty()
            ? 0
            : QFontMetrics(scaledFont(font, TextSize::Caption)).horizontalAdvance(number)
                + metrics.px(space::kGroup);
        return {words + digits + 2 * metrics.px(space::kPanel), metrics.tab()};
    }
    default: break;
    }
    return QProxyStyle::sizeFromContents(type, option, size, widget);
}

QIcon Style::standardIcon(StandardPixmap name, const QStyleOption *option, const QWidget *widget) const
{
    if (name == SP_LineEditClearButton)
        return lineIcon(Icon::Close, Role::TextMuted);
    return QProxyStyle::standardIcon(name, option, widget);
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    const Metrics metrics;
    switch (metric) {
    case PM_ScrollBarExtent: return metrics.px(12);
    case PM_DefaultFrameWidth: return 1;
    case PM_HeaderMargin: return metrics.px(space::kSmall);
    case PM_SmallIconSize:
    case PM_ListViewIconSize: return metrics.icon();
    case PM_ButtonIconSize: return metrics.iconSmall();
    case PM_ToolBarIconSize: return metrics.icon();
    case PM_IndicatorWidth:
    case PM_IndicatorHeight:
    case PM_ExclusiveIndicatorWidth:
    case PM_ExclusiveIndicatorHeight: return metrics.px(15);
    case PM_CheckBoxLabelSpacing:
    case PM_RadioButtonLabelSpacing: return metrics.px(space::kGroup);
    case PM_SplitterWidth: return 1; // a line; Qt lets the mouse take it from some pixels beside
    case PM_LayoutHorizontalSpacing:
    case PM_LayoutVerticalSpacing: return metrics.px(space::kGroup);
    case PM_LayoutLeftMargin:
    case PM_LayoutTopMargin:
    case PM_LayoutRightMargin:
    case PM_LayoutBottomMargin: return metrics.px(space::kPanel);
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
    case PM_TabBarBaseOverlap:
    case PM_TabBarTabShiftVertical:
    case PM_TabBarTabShiftHorizontal:
    case PM_MenuBarPanelWidth:
    case PM_MenuBarItemSpacing: return 0;
    case PM_MenuPanelWidth: return 1; // without it Qt paints no frame
    case PM_MenuVMargin: return metrics.px(space::kTight);
    case PM_MenuBarHMargin: return metrics.px(space::kSmall);
    case PM_MenuBarVMargin: return 1;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                     QStyleHintReturn *data) const
{
    switch (int(hint)) {
    case SH_Density: return int(m_density);
    case SH_Widget_Animate: return m_reducedMotion ? 0 : 1;
    case SH_EtchDisabledText:
    case SH_DialogButtonBox_ButtonsHaveIcons:
    case SH_UnderlineShortcut: return 0;
    case SH_ItemView_ActivateItemOnSingleClick: return 0;
    case SH_Menu_SubMenuPopupDelay: return 120;
    case SH_ToolTip_WakeUpDelay: return 500;
    case SH_TitleBar_NoBorder: return 1;
    default: return QProxyStyle::styleHint(hint, option, widget, data);
    }
}

} // namespace portolan::ui
