// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>
#include <vector>

class QDialog;
class QWidget;

namespace portolan::ui {

/// One answer of a question.
struct Answer {
    QString text{};
    std::function<void()> act{};
    bool main = false; ///< Enter chooses it
};

/// Asks over the window without stopping it: `title` in one line, `text` what follows from each answer. Esc
/// and Cancel (the first button, always there) do nothing. Only where data would be lost (ux "Undo"):
/// elsewhere there is undo.
QDialog *ask(QWidget *over, const QString &title, const QString &text, std::vector<Answer> answers);

} // namespace portolan::ui
