// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/accountdialogs.h"

#include "core/control/accountsettings.h"
#include "ui/catalog/credentialpicker.h"
#include "ui/catalog/formgrid.h"
#include "ui/catalog/settingsform.h"
#include "ui/catalog/testcard.h"
#include "ui/theme/style.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/fit.h"

#include <QEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

const QString kProfile = u"profile"_s;

QHBoxLayout *buttonRow(QDialog *dialog, const QString &action, QPushButton *&main)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(Metrics().px(space::kSmall));
    row->addStretch();
    auto *cancel = new QPushButton(QDialog::tr("Cancel"), dialog);
    main = new QPushButton(action, dialog);
    main->setObjectName(u"main"_s);
    main->setDefault(true);
    setMainAction(main);
    row->addWidget(cancel);
    row->addWidget(main);
    QObject::connect(cancel, &QPushButton::clicked, dialog, &QDialog::reject);
    return row;
}

ProviderKind kindOfAccount(const control::Control &control, const control::Account &account)
{
    const catalog::Provider *provider = control.catalog()->provider(account.provider.toStdString());
    return provider ? kindOf(*provider) : ProviderKind{.id = account.provider, .name = account.providerName};
}

} // namespace

AccountDialog::AccountDialog(control::Control &control, control::Account account, QWidget *parent)
    : QDialog(parent)
    , m_control(&control)
    , m_account(std::move(account))
    , m_kind(kindOfAccount(control, m_account))
{
    const Metrics metrics;
    setMinimumWidth(metrics.px(520));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metrics.px(18), metrics.px(space::kCard), metrics.px(18), metrics.px(14));
    column->setSpacing(metrics.px(space::kPanel));
    m_error = new Banner(this);
    column->addWidget(m_error);
    m_fields = new QVBoxLayout;
    m_fields->setSpacing(metrics.px(space::kPanel));
    column->addLayout(m_fields);
    m_result = new TestCard(this);
    column->addWidget(m_result);
}

void AccountDialog::finish(const QString &action)
{
    auto *column = static_cast<QVBoxLayout *>(layout());
    column->addStretch();
    column->addSpacing(Metrics().px(space::kTight));
    QHBoxLayout *row = buttonRow(this, action, m_main);
    m_test = new QPushButton(tr("Test"), this);
    m_test->setObjectName(u"test"_s);
    row->insertWidget(0, m_test);
    column->addLayout(row);
    connect(m_test, &QPushButton::clicked, this, &AccountDialog::test);
    connect(m_main, &QPushButton::clicked, this, [this] {
        m_acting = true;
        updateButtons();
        act();
    });
    updateButtons();
}

bool AccountDialog::event(QEvent *event)
{
    const bool handled = QDialog::event(event);
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::Show)
        fitHeight();
    return handled;
}

void AccountDialog::fitHeight()
{
    const int needed = heightAt(*layout(), width());
    if (needed == minimumHeight())
        return;
    setMinimumHeight(needed);
    resize(width(), needed);
}

void AccountDialog::onEdited()
{
    ++m_generation;
    m_testing = false;
    m_result->hide();
    updateButtons();
}

void AccountDialog::updateButtons()
{
    if (!m_main)
        return;
    m_main->setEnabled(!m_acting && isReady());
    m_test->setVisible(canTest()); // never disabled: the focus would leave it for another field
    m_test->setText(m_testing ? tr("Testing...") : m_result->isHidden() ? tr("Test") : tr("Test again"));
}

void AccountDialog::test()
{
    if (m_testing || m_acting)
        return;
    m_testing = true;
    updateButtons();
    m_control->testDraft(
        draft(),
        [dialog = QPointer(this), generation = m_generation](const Result<control::TestResult> &result) {
            if (!dialog || generation != dialog->m_generation)
                return;
            dialog->m_testing = false;
            dialog->m_result->setAnswer(result);
            dialog->updateButtons();
        });
}

control::Reply<> AccountDialog::reply()
{
    return [dialog = QPointer(this)](const Result<> &done) {
        if (!dialog)
            return;
        dialog->m_acting = false;
        if (done) {
            dialog->accept();
            return;
        }
        dialog->m_error->say(Banner::Kind::Error, QString::fromStdString(done.error().message));
        dialog->updateButtons();
    };
}

RotateDialog::RotateDialog(control::Control &control, const control::Account &account, QWidget *parent)
    : AccountDialog(control, account, parent)
    , m_credential(new CredentialPicker(control, [this] { return settings(); }, this))
{
    setWindowTitle(tr("Rotate the credential of @%1").arg(account.slug));
    const QString profile = account.settings.value(kProfile);
    const QString now = profile.isEmpty() ? account.credential : tr("profile %1").arg(profile);
    fields()->addWidget(formNote(
        now.isEmpty()
            ? tr("@%1 has no credential yet. Nothing else changes.").arg(account.slug)
            : tr("It takes the place of %1 from the next request on. Nothing else changes.").arg(now),
        this));
    fields()->addWidget(m_credential);
    m_credential->ask(m_kind, profile);
    finish(tr("Rotate"));
    connect(m_credential, &CredentialPicker::edited, this, &RotateDialog::onEdited);
    m_credential->focusFirst();
}

bool RotateDialog::isReady() const
{
    const bool same
        = !m_credential->profile().isEmpty() && m_credential->profile() == m_account.settings.value(kProfile);
    return !m_credential->isEmpty() && m_credential->fault().isEmpty() && !same;
}

bool RotateDialog::canTest() const
{
    return !m_credential->isEmpty() && m_credential->fault().isEmpty();
}

QMap<QString, QString> RotateDialog::settings() const
{
    auto settings = m_account.settings;
    settings.remove(kProfile);
    if (const QString profile = m_credential->profile(); !profile.isEmpty())
        settings.insert(kProfile, profile);
    return settings;
}

control::NewAccount RotateDialog::draft()
{
    return {.provider = m_account.provider,
            .slug = m_account.slug,
            .baseUrl = m_account.ownAddress,
            .credential = m_credential->credential(),
            .settings = settings()};
}

void RotateDialog::act()
{
    if (settings() == m_account.settings) {
        m_control->rotateAccount(m_account.id, m_credential->credential(), reply());
        return;
    }
    m_control->editAccount(m_account.id,
                           control::AccountEdit{.name = m_account.name,
                                                .baseUrl = m_account.ownAddress,
                                                .settings = settings(),
                                                .credential = m_credential->credential()},
                           reply());
}

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
        = m_again->isHidden() ? m_account.settings.value(kProfile) : m_credential->profile();
    if (!profile.isEmpty())
        settings.insert(kProfile, profile);
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

void askToRemove(const control::Account &account, QWidget *parent, std::function<void()> yes)
{
    auto *dialog = new QDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(u"askToRemove"_s);
    dialog->setWindowTitle(AccountDialog::tr("Remove @%1?").arg(account.slug));
    const Metrics metrics;
    dialog->setMinimumWidth(metrics.px(420));
    auto *column = new QVBoxLayout(dialog);
    column->setContentsMargins(metrics.px(18), metrics.px(space::kCard), metrics.px(18), metrics.px(14));
    column->setSpacing(metrics.px(space::kSmall));
    auto *words = new PlainLabel(
        AccountDialog::tr(
            "Calls to @%1 will be refused, and its sealed credential is destroyed. Logs of past "
            "requests stay.")
            .arg(account.slug),
        dialog);
    words->setWordWrap(true);
    column->addWidget(words);
    QPushButton *main = nullptr;
    column->addLayout(buttonRow(dialog, AccountDialog::tr("Remove account"), main));
    QObject::connect(main, &QPushButton::clicked, dialog, [dialog, yes = std::move(yes)] {
        dialog->accept();
        yes();
    });
    dialog->open();
}

} // namespace portolan::ui
