// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secretbytes.h"

#include <QWidget>

class QPushButton;

namespace portolan::ui {

/// Shows a token that can be seen only now, with Copy. The text is painted straight from the locked memory:
/// no label or field keeps a copy of it, a screen reader hears only that it is there, and forget() takes it
/// off the screen.
class TokenField : public QWidget
{
    Q_OBJECT

public:
    explicit TokenField(QWidget *parent = nullptr);

    void setToken(SharedSecret token);
    void forget();
    [[nodiscard]] bool wasCopied() const { return m_copied; }

    void copy(); ///< to the clipboard, marked so that clipboard histories leave it out

signals:
    void copied();

private:
    class Face;

    SharedSecret m_token;
    Face *m_face = nullptr;
    QPushButton *m_button = nullptr;
    bool m_copied = false;
};

} // namespace portolan::ui
