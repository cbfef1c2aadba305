// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"

#include <QDialog>
#include <QPointer>

class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace portolan::ui {

class Banner;
class CredentialField;
class PlainLabel;

/// A small dialog about one account: a sentence, fields, and one main button whose answer may fail.
class AccountDialog : public QDialog
{
    Q_OBJECT

public:
    AccountDialog(control::Control &control, control::Account account, QWidget *parent);

protected:
    /// Adds the buttons; call it after the fields.
    void finish(const QString &action);
    [[nodiscard]] control::Reply<> reply(); ///< closes the dialog, or says what failed
    virtual void act() = 0;
    [[nodiscard]] virtual bool isReady() const = 0;
    [[nodiscard]] QVBoxLayout *fields() const { return m_fields; }
    void updateReady();

    const QPointer<control::Control> m_control; // outlives the window
    const control::Account m_account;

private:
    QVBoxLayout *m_fields = nullptr;
    Banner *m_error = nullptr;
    QPushButton *m_main = nullptr;
};

/// Replaces the credential and nothing else.
class RotateDialog : public AccountDialog
{
    Q_OBJECT

public:
    RotateDialog(control::Control &control, const control::Account &account, QWidget *parent);

protected:
    void act() override;
    [[nodiscard]] bool isReady() const override;

private:
    CredentialField *m_key = nullptr;
};

/// Changes name and address. Another address needs the credential again, so that a stored one is never sent
/// to a host it was not given for (threat-model E3).
class EditDialog : public AccountDialog
{
    Q_OBJECT

public:
    EditDialog(control::Control &control, const control::Account &account, QWidget *parent);

protected:
    void act() override;
    [[nodiscard]] bool isReady() const override;

private:
    [[nodiscard]] bool addressChanged() const;
    [[nodiscard]] bool needsKeyAgain() const;

    QLineEdit *m_name = nullptr;
    QLineEdit *m_address = nullptr;
    QWidget *m_again = nullptr;
    CredentialField *m_key = nullptr;
};

/// Asks before something that cannot be taken back; `yes` runs on the main button.
void askToRemove(const control::Account &account, QWidget *parent, std::function<void()> yes);

} // namespace portolan::ui
