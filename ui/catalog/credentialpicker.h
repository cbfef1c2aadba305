// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/catalog/providerkindmodel.h"

#include <QPointer>
#include <QWidget>

#include <functional>
#include <vector>

class QComboBox;
class QGridLayout;

namespace portolan::ui {

class CredentialField;
class KeyFileField;
class PlainLabel;
class SegmentedControl;

/// Asks for the credential of an account in the forms that its kind takes: a key, AWS's keys, a profile of
/// ~/.aws, a service account's file. Where there are several one is chosen, and only that one counts.
class CredentialPicker : public QWidget
{
    Q_OBJECT

public:
    using Settings = std::function<QMap<QString, QString>()>;
    /// `settings` answers what the account's are now: they decide what a key file may say.
    CredentialPicker(control::Control &control, Settings settings, QWidget *parent = nullptr);

    /// Starts over for that kind, with this profile if it is not empty. Hidden where no credential is taken.
    void ask(const ProviderKind &kind, const QString &profile = {});
    void hold(SharedSecret secret); ///< a key that was found elsewhere

    /// Null: none was given, or not all of its parts. Moves what was typed into locked memory.
    [[nodiscard]] SharedSecret credential();
    /// Of ~/.aws; empty unless that form is chosen.
    [[nodiscard]] QString profile() const;
    /// Nothing of the chosen form was given.
    [[nodiscard]] bool isEmpty() const;
    /// What keeps that which was given from being a credential, in a sentence; empty: nothing.
    [[nodiscard]] QString fault() const;
    void focusFirst();

signals:
    void edited();

private:
    struct Page {
        catalog::CredentialForm form{};
        QWidget *widget = nullptr;
    };
    void addPage(catalog::CredentialForm form);
    void addKey(QWidget *page);
    void addAwsKeys(QWidget *page);
    void addProfile(QWidget *page);
    void addKeyFile(QWidget *page);
    CredentialField *addField(QGridLayout *grid, const QString &name, const QString &object);
    [[nodiscard]] catalog::CredentialForm form() const;
    void choose(int page);
    void showNote();

    const QPointer<control::Control> m_control; // outlives the window
    const Settings m_settings;
    ProviderKind m_kind{};
    std::vector<Page> m_pages;
    QWidget *m_content = nullptr; // thrown away and made anew by ask()
    SegmentedControl *m_choice = nullptr;
    CredentialField *m_key = nullptr;
    CredentialField *m_awsId = nullptr;
    CredentialField *m_awsSecret = nullptr;
    CredentialField *m_awsToken = nullptr;
    QComboBox *m_profile = nullptr;
    KeyFileField *m_file = nullptr;
    PlainLabel *m_note = nullptr;
};

} // namespace portolan::ui
