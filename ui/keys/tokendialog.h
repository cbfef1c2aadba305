// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/widgets/formdialog.h"

#include <QPointer>

class QComboBox;
class QLineEdit;

namespace portolan::ui {

class SegmentedControl;
class TokenField;

/// Asks for something, makes a token with it, and shows that in the only moment it can be seen. Closing
/// forgets the token; Esc before it was copied asks first.
class TokenDialog : public FormDialog
{
    Q_OBJECT

public:
    TokenDialog(control::Control &control, QWidget *parent);
    void reject() override;
    void done(int result) override;

signals:
    void made(portolan::ClientKeyId id);

protected:
    [[nodiscard]] QWidget *form() const { return m_form; }
    [[nodiscard]] control::Reply<control::CreatedKey> tokenReply();

    const QPointer<control::Control> m_control; // outlives the window

private:
    void showToken(const control::CreatedKey &key);

    QWidget *m_form = nullptr;
    TokenField *m_token = nullptr; // null: not made yet
};

/// Makes a client key. Only the name is required.
class NewClientKeyDialog : public TokenDialog
{
    Q_OBJECT

public:
    NewClientKeyDialog(control::Control &control, QWidget *parent);

protected:
    void act() override;
    [[nodiscard]] bool isReady() const override;

private:
    QLineEdit *m_name = nullptr;
    QComboBox *m_config = nullptr;
};

/// Gives a client key another token; the old one stays valid for a while.
class RotateKeyDialog : public TokenDialog
{
    Q_OBJECT

public:
    RotateKeyDialog(control::Control &control, const control::ClientKeyInfo &key, QWidget *parent);

protected:
    void act() override;
    [[nodiscard]] bool isReady() const override { return true; }

private:
    const ClientKeyId m_key;
    SegmentedControl *m_grace = nullptr;
};

/// The saved configs to choose a default from, none first; data is the slug.
[[nodiscard]] QComboBox *createConfigChoice(const control::Control &control, const QString &chosen,
                                            QWidget *parent);

} // namespace portolan::ui
