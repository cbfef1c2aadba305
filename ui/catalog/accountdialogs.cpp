// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/accountdialogs.h"

#include "ui/catalog/credentialpicker.h"
#include "ui/catalog/testcard.h"
#include "ui/theme/style.h"
#include "ui/widgets/formgrid.h"

#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

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
    : FormDialog(parent)
    , m_control(&control)
    , m_account(std::move(account))
    , m_kind(kindOfAccount(control, m_account))
{
    m_result = new TestCard(this);
    layout()->addWidget(m_result);
}

void AccountDialog::finish(const QString &action)
{
    m_test = new QPushButton(tr("Test"), this);
    m_test->setObjectName(u"test"_s);
    FormDialog::finish(action);
    buttons()->insertWidget(0, m_test);
    connect(m_test, &QPushButton::clicked, this, &AccountDialog::test);
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
    FormDialog::updateButtons();
    if (!m_test)
        return;
    m_test->setVisible(canTest()); // never disabled: the focus would leave it for another field
    m_test->setText(m_testing ? tr("Testing...") : m_result->isHidden() ? tr("Test") : tr("Test again"));
}

void AccountDialog::test()
{
    if (m_testing || isActing())
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

RotateDialog::RotateDialog(control::Control &control, const control::Account &account, QWidget *parent)
    : AccountDialog(control, account, parent)
    , m_credential(new CredentialPicker(control, [this] { return settings(); }, this))
{
    setWindowTitle(tr("Rotate the credential of @%1").arg(account.slug));
    const QString profile = account.settings.value(kProfileSetting);
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
    const bool same = !m_credential->profile().isEmpty()
        && m_credential->profile() == m_account.settings.value(kProfileSetting);
    return !m_credential->isEmpty() && m_credential->fault().isEmpty() && !same;
}

bool RotateDialog::canTest() const
{
    return !m_credential->isEmpty() && m_credential->fault().isEmpty();
}

QMap<QString, QString> RotateDialog::settings() const
{
    auto settings = m_account.settings;
    settings.remove(kProfileSetting);
    if (const QString profile = m_credential->profile(); !profile.isEmpty())
        settings.insert(kProfileSetting, profile);
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
