// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/catalog/providerkindmodel.h"
#include "ui/widgets/formdialog.h"

#include <QPointer>

#include <functional>

class QLineEdit;
class QPushButton;

namespace portolan::ui {

class CredentialPicker;
class PlainLabel;
class SettingsForm;
class TestCard;

/// A small dialog about one account: fields, a test of what they say, and one main button whose answer may
/// fail.
class AccountDialog : public FormDialog
{
    Q_OBJECT

public:
    AccountDialog(control::Control &control, control::Account account, QWidget *parent);

protected:
    /// Adds the buttons; call it after the fields.
    void finish(const QString &action);
    void updateButtons() override;
    /// The account as the fields have it now: what a test calls.
    [[nodiscard]] virtual control::NewAccount draft() = 0;
    /// A test needs a credential: a stored one is never given out again.
    [[nodiscard]] virtual bool canTest() const = 0;
    void onEdited(); ///< what was tested is not what stands there any more

    const QPointer<control::Control> m_control; // outlives the window
    const control::Account m_account;
    const ProviderKind m_kind;

private:
    void test();

    TestCard *m_result = nullptr;
    QPushButton *m_test = nullptr;
    bool m_testing = false;
    quint64 m_generation = 0; // of the fields: a test of older ones says nothing
};

/// Replaces the credential and nothing else; for AWS also the way it is given.
class RotateDialog : public AccountDialog
{
    Q_OBJECT

public:
    RotateDialog(control::Control &control, const control::Account &account, QWidget *parent);

protected:
    void act() override;
    [[nodiscard]] bool isReady() const override;
    [[nodiscard]] control::NewAccount draft() override;
    [[nodiscard]] bool canTest() const override;

private:
    [[nodiscard]] QMap<QString, QString> settings() const;

    CredentialPicker *m_credential = nullptr;
};

/// Changes name, address and settings. Another address needs the credential again, so that a stored one is
/// never sent to a host it was not given for (threat-model E3).
class EditDialog : public AccountDialog
{
    Q_OBJECT

public:
    EditDialog(control::Control &control, const control::Account &account, QWidget *parent);

protected:
    void act() override;
    [[nodiscard]] bool isReady() const override;
    [[nodiscard]] control::NewAccount draft() override;
    [[nodiscard]] bool canTest() const override;

private:
    QWidget *createFields();
    QWidget *createAgain();
    [[nodiscard]] QMap<QString, QString> settings() const;
    [[nodiscard]] QString address() const;
    [[nodiscard]] QString fault() const;
    [[nodiscard]] bool hasChanged() const;
    [[nodiscard]] bool needsCredentialAgain() const;
    void onFieldsEdited();

    QLineEdit *m_name = nullptr;
    QLineEdit *m_address = nullptr;
    SettingsForm *m_settings = nullptr;
    SettingsForm *m_rare = nullptr;
    PlainLabel *m_fault = nullptr;
    QWidget *m_again = nullptr;
    CredentialPicker *m_credential = nullptr;
};

/// Asks before something that cannot be taken back; `yes` runs on the main button.
void askToRemove(const control::Account &account, QWidget *parent, std::function<void()> yes);

} // namespace portolan::ui
