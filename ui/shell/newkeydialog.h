// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"

#include <QDialog>

class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace portolan::ui {

class Banner;
class TokenField;

/// Makes a client key: asks for a name, then shows the token, which can be seen only there. The token is
/// forgotten when the dialog closes.
class NewKeyDialog : public QDialog
{
    Q_OBJECT

public:
    NewKeyDialog(control::Control &control, QWidget *parent);
    void done(int result) override;

private:
    void make();
    void showToken(const control::CreatedKey &key);
    QWidget *createNamePage();

    control::Control &m_control;
    QStackedWidget *m_pages = nullptr;
    QLineEdit *m_name = nullptr;
    QPushButton *m_make = nullptr;
    Banner *m_error = nullptr;
    TokenField *m_token = nullptr;
};

} // namespace portolan::ui
