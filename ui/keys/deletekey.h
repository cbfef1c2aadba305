// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QDialog;
class QWidget;

namespace portolan::ui {

/// Asks before a key is deleted: what follows from it in `text`, and its `name`, which has to be typed.
QDialog *askToDelete(QWidget *over, const QString &title, const QString &text, const QString &name,
                     std::function<void()> yes);

} // namespace portolan::ui
