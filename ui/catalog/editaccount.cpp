// SPDX-License-Identifier: GPL-3.0-or-later
// EditDialog: what an account is told besides its credential.
#include "ui/catalog/accountdialogs.h"

#include "core/control/accountsettings.h"
#include "ui/catalog/credentialpicker.h"
#include "ui/catalog/settingsform.h"
#include "ui/widgets/formgrid.h"

#include <QLineEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

EditDialog::EditDialog(control::Control &control, const control::Account &account, QWidget *parent)
    : AccountDialog(control, account, parent)
{
    setWindowTitle(tr("Edit @%1").arg(account.slug));
    fields()->addWidget(createFields());
    fields()->addWidget(createAgain());
    finish(tr("Save"));
    onFieldsEdited();
    m_name->setFocus();
}

QWidget *EditDialog::createFields()
{
    auto *part = new QWidget(this);
    auto *column = new QVBoxLayout(part);
    column->setContentsMargins({});
    column->setSpacing(Metrics().px(space::kGroup));
    auto *lines = new QWidget(part);
    QGridLayout *grid = formGrid(lines);
    m_name = new QLineEdit(m_account.name, lines);
    m_name->setObjectName(u"name"_s);
    m_name->setPlaceholderText(tr("shown instead of the slug"));
    m_address = new QLineEdit(m_account.ownAddress, lines);
    m_address->setObjectName(u"address"_s);
    addFormRow(grid, 0, tr("Name"), m_name);
    addFormRow(grid, 1, tr("Address"), m_address);
    m_settings = new SettingsForm(part);
    m_settings->setFields(m_kind.fields);
    m_rare = new SettingsForm(part);
    m_rare->setFields(m_kind.rare);
    m_fault = formNote({}, part);
    m_fault->setObjectName(u"fault"_s);
    m_fault->setRole(Role::Warning);
    for (QWidget *row : {lines, static_cast<QWidget *>(m_settings), static_cast<QWidget *>(m_rare),
                         static_cast<QWidget *>(m_fault)})
        column->addWidget(row);
    for (SettingsForm *settings : {m_settings, m_rare}) {
        settings->setValues(m_account.settings);
        connect(settings, &SettingsForm::edited, this, &EditDialog::onFieldsEdited);
    }
    for (const QLineEdit *line : {m_name, m_address})
        connect(line, &QLineEdit::textChanged, this, &EditDialog::onFieldsEdited);
    return part;
}

QWidget *EditDialog::createAgain()
{
    m_again = new QWidget(this);
    auto *column = new QVBoxLayout(m_again);
    column->setContentsMargins({});
    column->setSpacing(Metrics().px(space::kGroup));
    column->addWidget(
        formNote(tr("Calls will go to another address. A stored credential is sent only where it "
                    "was given for: give it again."),
                 m_again));
    m_credential = new CredentialPicker(*m_control, [this] { return settings(); }, m_again);
    m_credential->ask(m_kind);
    column->addWidget(m_credential);
    connect(m_credential, &CredentialPicker::edited, this, &EditDialog::onEdited);
    return m_again;
}

QString EditDialog::address() const
{
    return m_address->text().trimmed();
}

QMap<QString, QString> EditDialog::settings() const
{
    QMap<QString, QString> settings = m_settings->values();
    settings.insert(m_rare->values());
    // The profile is changed by rotating, and by giving keys in its place here.
    const QString profile
        = m_again->isHidden() ? m_account.settings.value(kProfileSetting) : m_credential->profile();
    if (!profile.isEmpty())
        settings.insert(kProfileSetting, profile);
    return settings;
}

QString EditDialog::fault() const
{
    const auto *provider = m_control->catalog()->provider(m_account.provider.toStdString());
    if (!provider)
        return {};
    const auto checked
        = catalog::checkSettings(*provider, control::fromMap(settings()), address().toStdString());
    if (!checked)
        return QString::fromStdString(checked.error().message);
    return m_kind.form.needs_address && address().isEmpty()
        ? tr("Give the address of your own %1.").arg(m_kind.name)
        : QString();
}

bool EditDialog::needsCredentialAgain() const
{
    const auto *provider = m_control->catalog()->provider(m_account.provider.toStdString());
    if (m_account.credential.isEmpty() || !provider)
        return false;
    const auto before = catalog::destinationOf(*provider, control::fromMap(m_account.settings),
                                               m_account.ownAddress.toStdString());
    return catalog::destinationOf(*provider, control::fromMap(settings()), address().toStdString()) != before;
}

bool EditDialog::hasChanged() const
{
    return address() != m_account.ownAddress || m_name->text().trimmed() != m_account.name
        || settings() != m_account.settings;
}

void EditDialog::onFieldsEdited()
{
    const auto *provider = m_control->catalog()->provider(m_account.provider.toStdString());
    if (provider)
        m_address->setPlaceholderText(QString::fromStdString(
            catalog::addressOf(*provider, control::fromMap(settings()), std::string_view())));
    m_again->setVisible(needsCredentialAgain());
    const QString why = fault();
    m_fault->setText(why);
    m_fault->setVisible(!why.isEmpty());
    onEdited();
}

bool EditDialog::isReady() const
{
    const bool credential_missing
        = !m_again->isHidden() && (m_credential->isEmpty() || !m_credential->fault().isEmpty());
    return hasChanged() && fault().isEmpty() && !credential_missing;
}

bool EditDialog::canTest() const
{
    const bool own = !m_again->isHidden() && !m_credential->isEmpty() && m_credential->fault().isEmpty();
    const bool none = m_account.credential.isEmpty();
    return fault().isEmpty() && (own || none);
}

control::NewAccount EditDialog::draft()
{
    return {.provider = m_account.provider,
            .slug = m_account.slug,
            .name = m_name->text().trimmed(),
            .baseUrl = address(),
            .credential = m_again->isHidden() ? SharedSecret() : m_credential->credential(),
            .settings = settings()};
}

void EditDialog::act()
{
    control::NewAccount edited = draft();
    m_control->editAccount(m_account.id,
                           control::AccountEdit{.name = std::move(edited.name),
                                                .baseUrl = std::move(edited.baseUrl),
                                                .settings = std::move(edited.settings),
                                                .credential = std::move(edited.credential)},
                           reply());
}

} // namespace portolan::ui
