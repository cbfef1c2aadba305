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
        paintBox(painter, option->rect, {.line = colour(Role::LineControl, palette)}, palette);
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
    case CE_Header:
        // The common style takes its label's place from itself and cuts the letters of our low headers.
        if (const auto *header = qstyleoption_cast<const QStyleOptionHeader *>(option)) {
            paint::header(painter, *header);
            return;
        }
        break;
    case CE_HeaderSection: paint::headerSection(painter, *option); return;
    case CE_HeaderEmptyArea:
        line(painter, option->rect, Role::Window, palette);
        line(painter, QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1), Role::Line,
             palette);
        return;
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

} // namespace portolan::ui
