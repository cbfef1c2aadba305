// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/accountdialogs.h"

#include "ui/catalog/credentialfield.h"
#include "ui/theme/metrics.h"
#include "ui/theme/style.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

PlainLabel *addText(QVBoxLayout *column, const QString &text, QWidget *parent)
{
    auto *label = new PlainLabel(text, parent);
    label->setWordWrap(true);
    column->addWidget(label);
    return label;
}

PlainLabel *addNote(QVBoxLayout *column, const QString &text, QWidget *parent)
{
    PlainLabel *note = addText(column, text, parent);
    note->setSize(TextSize::Data);
    note->setRole(Role::TextMuted);
    return note;
}

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

} // namespace

AccountDialog::AccountDialog(control::Control &control, control::Account account, QWidget *parent)
    : QDialog(parent)
    , m_control(&control)
    , m_account(std::move(account))
{
    const Metrics metrics;
    setMinimumWidth(metrics.px(420));
    m_fields = new QVBoxLayout(this);
    m_fields->setContentsMargins(metrics.px(18), metrics.px(space::kCard), metrics.px(18), metrics.px(14));
    m_fields->setSpacing(metrics.px(space::kSmall));
    m_error = new Banner(this);
    m_fields->addWidget(m_error);
}

void AccountDialog::finish(const QString &action)
{
    m_fields->addSpacing(Metrics().px(space::kSmall));
    m_fields->addLayout(buttonRow(this, action, m_main));
    connect(m_main, &QPushButton::clicked, this, [this] {
        m_main->setEnabled(false);
        act();
    });
}

void AccountDialog::updateReady()
{
    m_main->setEnabled(isReady());
}

control::Reply<> AccountDialog::reply()
{
    return [dialog = QPointer(this)](Result<> done) {
        if (!dialog)
            return;
        if (done) {
            dialog->accept();
            return;
        }
        dialog->m_error->say(Banner::Kind::Error, QString::fromStdString(done.error().message));
        dialog->updateReady();
    };
}

RotateDialog::RotateDialog(control::Control &control, const control::Account &account, QWidget *parent)
    : AccountDialog(control, account, parent)
{
    setWindowTitle(tr("Rotate the credential of @%1").arg(account.slug));
    addText(fields(), tr("New API key for %1").arg(account.providerName), this);
    m_key = new CredentialField(this);
    m_key->setObjectName(u"credential"_s);
    fields()->addWidget(m_key);
    addNote(fields(),
            account.credential.isEmpty()
                ? tr("It is sealed; the key to it is kept %1. Later only its last four characters are shown.")
                      .arg(control.masterKeyHome())
                : tr("It takes the place of %1 from the next request on. Nothing else changes.")
                      .arg(account.credential),
            this);
    finish(tr("Rotate"));
    updateReady();
    connect(m_key, &QLineEdit::textChanged, this, &RotateDialog::updateReady);
}

bool RotateDialog::isReady() const
{
    return !m_key->isEmpty();
}

void RotateDialog::act()
{
    m_control->rotateAccount(m_account.id, m_key->take(), reply());
}

EditDialog::EditDialog(control::Control &control, const control::Account &account, QWidget *parent)
    : AccountDialog(control, account, parent)
{
    setWindowTitle(tr("Edit @%1").arg(account.slug));
    addText(fields(), tr("Name"), this);
    m_name = new QLineEdit(account.name, this);
    m_name->setAccessibleName(tr("Name"));
    fields()->addWidget(m_name);
    addText(fields(), tr("Address"), this);
    m_address = new QLineEdit(account.baseUrl, this);
    m_address->setObjectName(u"address"_s);
    m_address->setAccessibleName(tr("Address"));
    fields()->addWidget(m_address);
    m_again = new QWidget(this);
    auto *again = new QVBoxLayout(m_again);
    again->setContentsMargins({});
    addNote(again,
            tr("Another address needs the API key again: a stored key is sent only where it was given for."),
            m_again);
    m_key = new CredentialField(m_again);
    m_key->setObjectName(u"credential"_s);
    again->addWidget(m_key);
    fields()->addWidget(m_again);
    finish(tr("Save"));
    m_again->hide();
    updateReady();
    for (QLineEdit *field : {m_name, m_address, static_cast<QLineEdit *>(m_key)}) {
        connect(field, &QLineEdit::textChanged, this, [this] {
            m_again->setVisible(needsKeyAgain());
            updateReady();
        });
    }
}

bool EditDialog::addressChanged() const
{
    return m_address->text().trimmed() != m_account.baseUrl;
}

bool EditDialog::needsKeyAgain() const
{
    return addressChanged() && !m_account.credential.isEmpty();
}

bool EditDialog::isReady() const
{
    const bool changed = addressChanged() || m_name->text().trimmed() != m_account.name;
    return changed && (!needsKeyAgain() || !m_key->isEmpty());
}

void EditDialog::act()
{
    m_control->editAccount(m_account.id, m_name->text().trimmed(), m_address->text().trimmed(), m_key->take(),
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
    addText(column,
            AccountDialog::tr(
                "Calls to @%1 will be refused, and its sealed credential is destroyed. Logs of past "
                "requests stay.")
                .arg(account.slug),
            dialog);
    QPushButton *main = nullptr;
    column->addLayout(buttonRow(dialog, AccountDialog::tr("Remove account"), main));
    QObject::connect(main, &QPushButton::clicked, dialog, [dialog, yes = std::move(yes)] {
        dialog->accept();
        yes();
    });
    dialog->open();
}

} // namespace portolan::ui
