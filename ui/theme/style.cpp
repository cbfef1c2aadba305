// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style.h"

#include "ui/theme/icon.h"
#include "ui/theme/stylepaint.h"
#include "ui/theme/tokens.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QStyleFactory>
#include <QStyleOption>
#include <QTabBar>
#include <QTreeView>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

void line(QPainter *painter, const QRect &rect, Role role, const QPalette &palette)
{
    painter->fillRect(rect, colour(role, palette));
}

void paintItemPanel(QPainter *painter, const QStyleOption &option, const QWidget *widget)
{
    if (option.state.testFlag(QStyle::State_Selected)) {
        const bool active = option.state.testFlag(QStyle::State_Active);
        line(painter, option.rect, active ? Role::Selection : Role::SelectionIdle, option.palette);
        return;
    }
    // A table hovers by cell, which would light a lone cell of a row.
    const bool rows = qobject_cast<const QListView *>(widget) || qobject_cast<const QTreeView *>(widget);
    if (rows && option.state.testFlag(QStyle::State_MouseOver)
        && option.state.testFlag(QStyle::State_Enabled))
        line(painter, option.rect, Role::Hover, option.palette);
}

void paintFocusFrame(QPainter *painter, const QStyleOption &option, const QWidget *widget)
{
    if (qobject_cast<const QPushButton *>(widget) || qobject_cast<const QTabBar *>(widget))
        return; // they paint their ring with their face
    if (qobject_cast<const QAbstractItemView *>(widget)) {
        if (!option.state.testFlag(QStyle::State_Selected))
            paintBox(painter, option.rect, {.line = colour(Role::Accent, option.palette)}, option.palette);
        return;
    }
    paintBox(painter, option.rect, {.radius = double(radius::kControl), .focusRing = true}, option.palette);
}

Icon chevronOf(QStyle::PrimitiveElement element)
{
    switch (element) {
    case QStyle::PE_IndicatorArrowUp: return Icon::ChevronUp;
    case QStyle::PE_IndicatorArrowLeft: return Icon::ChevronLeft;
    case QStyle::PE_IndicatorArrowRight: return Icon::ChevronRight;
    default: return Icon::ChevronDown;
    }
}

void paintChevron(QPainter *painter, const QStyleOption &option, Icon name)
{
    const int side = std::min({Metrics().iconTiny(), option.rect.width(), option.rect.height()});
    QRect at(0, 0, side, side);
    at.moveCenter(option.rect.center());
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    paintIcon(painter, at, name, colour(enabled ? Role::TextMuted : Role::TextDisabled, option.palette));
}

void paintBranch(QPainter *painter, const QStyleOption &option)
{
    if (option.state.testFlag(QStyle::State_Children))
        paintChevron(painter, option,
                     option.state.testFlag(QStyle::State_Open) ? Icon::ChevronDown
                         : option.direction == Qt::RightToLeft ? Icon::ChevronLeft
                                                               : Icon::ChevronRight);
}

} // namespace

void setMainAction(QWidget *button)
{
    button->setProperty("mainAction", true);
    button->update();
}

Style::Style()
    : QProxyStyle(QStyleFactory::create(u"Fusion"_s))
{ }

void Style::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    if (auto *view = qobject_cast<QAbstractItemView *>(widget))
        view->viewport()->setAttribute(Qt::WA_Hover);
    if (qobject_cast<QTabBar *>(widget) || qobject_cast<QLineEdit *>(widget))
        widget->setAttribute(Qt::WA_Hover);
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                          const QWidget *widget) const
{
    const QPalette &palette = option->palette;
    switch (element) {
    case PE_PanelButtonCommand: paint::button(painter, *option, widget); return;
    case PE_PanelButtonTool: paint::toolButtonPanel(painter, *option, widget); return;
    case PE_FrameDefaultButton: return;
    case PE_FrameFocusRect: paintFocusFrame(painter, *option, widget); return;
    case PE_PanelLineEdit:
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
            frame && frame->lineWidth > 0)
            paint::field(painter, *option);
        return;
    case PE_FrameLineEdit: return;
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck: paint::checkBox(painter, *option); return;
    case PE_IndicatorRadioButton: paint::radioButton(painter, *option); return;
    case PE_IndicatorArrowUp:
    case PE_IndicatorArrowDown:
    case PE_IndicatorArrowLeft:
    case PE_IndicatorArrowRight: paintChevron(painter, *option, chevronOf(element)); return;
    case PE_IndicatorHeaderArrow: {
        const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option);
        const bool up = header && header->sortIndicator == QStyleOptionHeader::SortUp;
        paintChevron(painter, *option, up ? Icon::ChevronUp : Icon::ChevronDown);
        return;
    }
    case PE_IndicatorBranch: paintBranch(painter, *option); return;
    case PE_IndicatorSpinUp: paintChevron(painter, *option, Icon::ChevronUp); return;
    case PE_IndicatorSpinDown: paintChevron(painter, *option, Icon::ChevronDown); return;
    case PE_PanelItemViewItem:
    case PE_PanelItemViewRow: paintItemPanel(painter, *option, widget); return;
    case PE_Frame:
        paintBox(painter, option->rect, {.line = colour(Role::Line, palette)}, palette);
        if (option->state.testFlag(State_HasFocus) && !qobject_cast<const QAbstractItemView *>(widget))
            paintBox(painter, option->rect, {.radius = double(radius::kMark), .focusRing = true}, palette);
        return;
    case PE_FrameMenu:
        paintBox(painter, option->rect, {.line = colour(Role::ButtonLine, palette)}, palette);
        return;
    case PE_PanelMenu: line(painter, option->rect, Role::Raised, palette); return;
    case PE_PanelTipLabel:
        paintBox(painter, option->rect,
                 {.fill = colour(Role::Raised, palette), .line = colour(Role::ButtonLine, palette)}, palette);
        return;
    case PE_FrameTabBarBase:
        line(painter, QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), Role::Line,
             palette);
        return;
    case PE_FrameTabWidget:
    case PE_PanelStatusBar:
    case PE_FrameStatusBarItem: return;
    default: QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void Style::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                        const QWidget *widget) const
{
    const QPalette &palette = option->palette;
    switch (element) {
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option)) {
            paint::buttonLabel(painter, *button, widget);
            return;
        }
        break;
    case CE_PushButtonBevel:
        // Fusion would add its own arrow for a menu: the label paints ours.
        proxy()->drawPrimitive(PE_PanelButtonCommand, option, painter, widget);
        return;
    case CE_TabBarTabShape: return;
    case CE_TabBarTabLabel:
        if (const auto *tab = qstyleoption_cast<const QStyleOptionTab *>(option)) {
            paint::tab(painter, *tab);
            return;
        }
        break;
    case CE_HeaderSection: paint::headerSection(painter, *option); return;
    case CE_HeaderEmptyArea:
        line(painter, option->rect, Role::Window, palette);
        line(painter, QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), Role::Line,
             palette);
        return;
    case CE_HeaderLabel:
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            QStyleOptionHeader muted = *header;
            muted.palette.setColor(QPalette::ButtonText, colour(Role::TextMuted, palette));
            muted.state &= ~State_On; // no bold for the columns of the selection
            QProxyStyle::drawControl(element, &muted, painter, widget);
            return;
        }
        break;
    case CE_ProgressBarGroove:
    case CE_ProgressBarLabel: return;
    case CE_ProgressBarContents:
        if (const auto *bar = qstyleoption_cast<const QStyleOptionProgressBar *>(option)) {
            paint::progressBar(painter, *bar);
            return;
        }
        break;
    case CE_Splitter: {
        const QRect r = option->rect;
        const bool upright = option->state.testFlag(State_Horizontal);
        line(painter,
             upright ? QRect(r.center().x(), r.y(), 1, r.height())
                     : QRect(r.x(), r.center().y(), r.width(), 1),
             option->state.testFlag(State_MouseOver) ? Role::Accent : Role::Line, palette);
        return;
    }
    case CE_MenuBarItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option)) {
            paint::menuBarItem(painter, *item);
            return;
        }
        break;
    case CE_MenuBarEmptyArea: line(painter, option->rect, Role::Window, palette); return;
    case CE_MenuItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option);
            item && item->menuItemType != QStyleOptionMenuItem::Separator) {
            if (item->state.testFlag(State_Selected) && item->state.testFlag(State_Enabled))
                line(painter, item->rect, Role::Selection, palette);
            QStyleOptionMenuItem plain = *item; // Fusion frames a selected item, which we do not
            plain.state &= ~State_Selected;
            QProxyStyle::drawControl(element, &plain, painter, widget);
            return;
        }
        break;
    default: break;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                               const QWidget *widget) const
{
    if (control == CC_ScrollBar) {
        if (const auto *slider = qstyleoption_cast<const QStyleOptionSlider *>(option)) {
            paint::scrollBar(painter, *slider, subControlRect(control, option, SC_ScrollBarSlider, widget),
                             widget);
            return;
        }
    }
    if (control == CC_ComboBox) {
        paint::field(painter, *option);
        QStyleOption arrow = *option;
        arrow.rect = subControlRect(control, option, SC_ComboBoxArrow, widget);
        paintChevron(painter, arrow, Icon::ChevronDown);
        return;
    }
    if (control == CC_SpinBox) {
        paint::field(painter, *option);
        QStyleOption arrow = *option;
        arrow.rect = subControlRect(control, option, SC_SpinBoxUp, widget);
        paintChevron(painter, arrow, Icon::ChevronUp);
        arrow.rect = subControlRect(control, option, SC_SpinBoxDown, widget);
        paintChevron(painter, arrow, Icon::ChevronDown);
        return;
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
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
    return QProxyStyle::subControlRect(control, option, part, widget);
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
        return {base.width() + metrics.px(8), std::max(metrics.control(), size.height() + 4)};
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
    case PM_SplitterWidth: return metrics.px(5);
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
