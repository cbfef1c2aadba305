// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QHBoxLayout>

#include <string_view>

namespace portolan::ui {

/// The layout of every part of an account's form: names at the left, all as wide, fields at the right.
inline QGridLayout *formGrid(QWidget *on)
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

/// A row of the form: a name that leads the focus to its field.
inline PlainLabel *addFormRow(QGridLayout *grid, int row, const QString &name, QWidget *field)
{
    auto *label = new PlainLabel(name, grid->parentWidget());
    label->setBuddy(field);
    grid->addWidget(label, row, 0);
    grid->addWidget(field, row, 1);
    field->setAccessibleName(name);
    return label;
}

/// A muted sentence under a field.
inline PlainLabel *formNote(const QString &text, QWidget *parent)
{
    auto *note = new PlainLabel(text, parent);
    note->setSize(TextSize::Data);
    note->setRole(Role::TextMuted);
    note->setWordWrap(true);
    return note;
}

/// What the core's pure rooms say, as the window shows it.
inline QString fromCore(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

} // namespace portolan::ui
