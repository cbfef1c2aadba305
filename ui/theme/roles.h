// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QWidget>

namespace portolan::ui {

/// Gives the widget's text the role's colour and keeps to it when the theme changes.
void setTextRole(QWidget *widget, Role role);
/// Fills the widget with the role's colour and keeps to it when the theme changes.
void setFillRole(QWidget *widget, Role role);

} // namespace portolan::ui
