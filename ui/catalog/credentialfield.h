// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secretbytes.h"

#include <QLineEdit>

namespace portolan::ui {

/// Takes one line of a credential: dots instead of letters, no undo, no drag, nothing to copy out. What was
/// typed moves into locked memory when the field is left or asked; the field then shows its last four
/// characters only.
class CredentialField : public QLineEdit
{
    Q_OBJECT

public:
    explicit CredentialField(QWidget *parent = nullptr);
    ~CredentialField() override;

    [[nodiscard]] bool isEmpty() const { return !m_held && text().trimmed().isEmpty(); }
    /// Null when nothing was given. Blanks around a pasted credential are not part of it.
    [[nodiscard]] SharedSecret held();
    void hold(SharedSecret secret); ///< in place of what was there; null: nothing

signals:
    void changed(); ///< by the person

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void takeTyped();
    void forget();

    SharedSecret m_held{};
};

} // namespace portolan::ui
