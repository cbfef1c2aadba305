// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secretbytes.h"

#include <QLineEdit>

namespace portolan::ui {

/// Takes a credential: dots instead of letters, no undo, no drag, nothing to copy out. take() moves what was
/// typed into locked memory and empties the field.
class CredentialField : public QLineEdit
{
    Q_OBJECT

public:
    explicit CredentialField(QWidget *parent = nullptr);
    ~CredentialField() override;

    [[nodiscard]] bool isEmpty() const { return text().trimmed().isEmpty(); }
    /// Null when nothing was typed. Blanks around a pasted credential are not part of it.
    [[nodiscard]] SharedSecret take();

    /// Shows a credential that was taken already by its last four characters.
    void showTaken(const QString &last_four);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
};

} // namespace portolan::ui
