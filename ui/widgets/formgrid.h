// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QHBoxLayout>

#include <string_view>

namespace portolan::ui {

/// The layout of a form: names at the left, all as wide, fields at the right.
QGridLayout *formGrid(QWidget *on);
/// A row of the form: a name that leads the focus to its field.
PlainLabel *addFormRow(QGridLayout *grid, int row, const QString &name, QWidget *field);
/// A muted sentence under a field.
PlainLabel *formNote(const QString &text, QWidget *parent);
/// Tab goes from `before` through the form as its layouts read, then to `after`. Fields that are made anew
/// would come last.
void orderTabs(QWidget *before, QWidget *form, QWidget *after);

/// What the core's pure rooms say, as the window shows it.
inline QString fromCore(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

} // namespace portolan::ui
