// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/formgrid.h"

#include <utility>

namespace portolan::ui {

namespace {

void collect(QWidget *widget, QList<QWidget *> &fields);

void collect(const QLayout &layout, QList<QWidget *> &fields)
{
    for (int i = 0; i < layout.count(); ++i) {
        QLayoutItem *item = layout.itemAt(i);
        if (item->widget())
            collect(item->widget(), fields);
        else if (item->layout())
            collect(*item->layout(), fields);
    }
}

void collect(QWidget *widget, QList<QWidget *> &fields)
{
    if ((widget->focusPolicy() & Qt::TabFocus) && !widget->focusProxy())
        fields += widget;
    if (widget->layout())
        collect(*widget->layout(), fields);
}

} // namespace

QGridLayout *formGrid(QWidget *on)
{
    const Metrics metrics;
    auto *grid = new QGridLayout(on);
    grid->setContentsMargins({});
    grid->setHorizontalSpacing(metrics.px(space::kPanel));
    grid->setVerticalSpacing(metrics.px(space::kGroup));
    grid->setColumnMinimumWidth(0, metrics.px(112));
    grid->setColumnStretch(1, 1);
    return grid;
}

PlainLabel *addFormRow(QGridLayout *grid, int row, const QString &name, QWidget *field)
{
    auto *label = new PlainLabel(name, grid->parentWidget());
    label->setBuddy(field);
    grid->addWidget(label, row, 0);
    grid->addWidget(field, row, 1);
    field->setAccessibleName(name);
    return label;
}

PlainLabel *formNote(const QString &text, QWidget *parent)
{
    auto *note = new PlainLabel(text, parent);
    note->setSize(TextSize::Data);
    note->setRole(Role::TextMuted);
    note->setWordWrap(true);
    return note;
}

void orderTabs(QWidget *before, QWidget *form, QWidget *after)
{
    QList<QWidget *> fields;
    collect(form, fields);
    QWidget *last = before;
    for (QWidget *field : std::as_const(fields)) {
        QWidget::setTabOrder(last, field);
        last = field;
    }
    QWidget::setTabOrder(last, after);
}

} // namespace portolan::ui
