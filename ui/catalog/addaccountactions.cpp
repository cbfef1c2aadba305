// SPDX-License-Identifier: GPL-3.0-or-later
// What AddAccountDialog does with what is typed: offers, checks, the test and saving.
#include "ui/catalog/addaccountdialog.h"

#include "core/base/redact.h"
#include "ui/catalog/credentialfield.h"
#include "ui/catalog/offerlist.h"
#include "ui/catalog/settingsform.h"
#include "ui/catalog/testcard.h"
#include "ui/theme/icon.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/plaintext.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSortFilterProxyModel>

using namespace Qt::StringLiterals;

namespace portolan::ui {

void AddAccountDialog::keyPressEvent(QKeyEvent *event)
{
    // Enter on a kind chooses it and goes on to what it needs; an account is not saved by choosing its kind.
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && (focusWidget() == m_search || focusWidget() == m_list))
        (m_kind.needs_key ? static_cast<QLineEdit *>(m_key) : m_slug)->setFocus();
    else
        QDialog::keyPressEvent(event);
}

void AddAccountDialog::findOffers()
{
    m_control->findOffers([dialog = QPointer(this)](Result<std::vector<control::Offer>> offers) {
        if (dialog && offers)
            dialog->m_offers->setOffers(*offers);
    });
}

void AddAccountDialog::takeOffer(const control::Offer &offer)
{
    auto offered = m_control->draftFrom(offer);
    if (!offered) {
        m_error->say(Banner::Kind::Error, QString::fromStdString(offered.error().message));
        return;
    }
    m_search->clear();
    if (const int row = m_kinds->rowOf(offered->provider); row >= 0)
        m_list->setCurrentIndex(m_found->mapFromSource(m_kinds->index(row)));
    m_credential = std::move(offered->credential);
    m_key->showTaken(m_credential ? QString::fromStdString(lastFour(m_credential->view())) : QString());
    m_slug->setText(offered->slug);
    m_slugEdited = false;
    m_address->setText(offered->baseUrl);
    m_name->setText(offered->name);
    checkSlug();
    forgetTest();
    m_save->setFocus();
}

void AddAccountDialog::chooseKind(const QModelIndex &index)
{
    const QModelIndex source = m_found->mapToSource(index);
    if (!source.isValid())
        return;
    m_kind = m_kinds->kind(source.row());
    m_title->setText(m_kind.name);
    const QString host = m_kind.base_url.section(u"://"_s, 1).section(u'/', 0, 0);
    m_host->setText(m_kind.needsAddress() ? tr("It has no fixed address: give yours under More.")
                                          : tr("%1. Only what this kind needs is asked for.").arg(host));
    // A credential belongs to the provider it was typed for.
    m_credential.reset();
    m_key->clear();
    m_key->showTaken({});
    m_settings->setFields(m_kind.form.fields);
    m_keyName->setText(m_kind.needs_key ? tr("API key") : tr("API key, if any"));
    m_keyNote->setText(
        tr("It is sealed; the key to it is kept %1. Later only its last four characters are shown.")
            .arg(m_control->masterKeyHome()));
    if (m_kind.form.takes(catalog::CredentialForm::AwsKeys))
        m_keyNote->setText(
            tr("A Bedrock API key, or none with a profile. An access key id and its secret go in "
               "through portolan-gateway account add --key-stdin."));
    m_address->clear();
    m_address->setPlaceholderText(m_kind.base_url);
    if (!m_slugEdited)
        m_slug->setText(m_control->proposeSlug(m_kind.id));
    setMoreShown(m_kind.needsAddress());
    checkSlug();
    forgetTest();
}

void AddAccountDialog::setMoreShown(bool shown)
{
    m_extra->setVisible(shown);
    m_more->setText(shown ? tr("Less") : tr("More: address, name"));
}

void AddAccountDialog::holdCredential()
{
    if (m_key->isEmpty())
        return;
    m_credential = m_key->take();
    m_key->showTaken(QString::fromStdString(lastFour(m_credential->view())));
    updateButtons();
}

void AddAccountDialog::checkSlug()
{
    const QString why = m_control->checkSlug(m_slug->text());
    if (why.isEmpty())
        m_slugState->setState(Icon::Check, tr("free"), Role::Ok);
    else
        m_slugState->setState(Icon::Triangle, tr("not possible"), Role::Warning);
    m_slugNote->setText(why.isEmpty() ? tr("Programs and configs name it as @%1/model.").arg(m_slug->text())
                                      : why);
    updateButtons();
}

void AddAccountDialog::forgetTest()
{
    ++m_generation;
    m_testing = false;
    m_result->hide();
    updateButtons();
}

control::NewAccount AddAccountDialog::draft() const
{
    return {
        .provider = m_kind.id,
        .slug = m_slug->text(),
        .name = m_name->text().trimmed(),
        .baseUrl = m_address->text().trimmed(),
        .credential = m_credential,
        .settings = m_settings->values(),
    };
}

QString AddAccountDialog::whyNotSavable() const
{
    if (m_kind.id.isEmpty())
        return tr("Choose a kind.");
    if (const QString why = m_control->checkSlug(m_slug->text()); !why.isEmpty())
        return why;
    const QString address = m_address->text().trimmed();
    if (const QString fault = m_settings->fault(!address.isEmpty()); !fault.isEmpty())
        return fault;
    if (m_kind.needsAddress() && address.isEmpty())
        return tr("Give the address of your own %1.").arg(m_kind.name);
    return {};
}

void AddAccountDialog::updateButtons()
{
    const QString why = whyNotSavable();
    m_save->setEnabled(why.isEmpty() && !m_saving);
    m_save->setToolTip(why.isEmpty() ? why : plainToolTip(why));
    m_test->setEnabled(!m_testing && !m_kind.id.isEmpty());
    m_test->setText(m_testing ? tr("Testing...") : m_result->isHidden() ? tr("Test") : tr("Test again"));
}

void AddAccountDialog::test()
{
    holdCredential();
    m_testing = true;
    updateButtons();
    m_control->testDraft(
        draft(), [dialog = QPointer(this), generation = m_generation](Result<control::TestResult> result) {
            if (!dialog || generation != dialog->m_generation)
                return;
            dialog->m_testing = false;
            if (result)
                dialog->m_result->setResult(*result);
            else
                dialog->m_result->setFailure(QString::fromStdString(result.error().message));
            dialog->updateButtons();
        });
}

void AddAccountDialog::save()
{
    holdCredential();
    m_saving = true;
    updateButtons();
    m_control->addAccount(draft(), [dialog = QPointer(this), slug = m_slug->text()](Result<AccountId> added) {
        if (!dialog)
            return;
        dialog->m_saving = false;
        if (added) {
            emit dialog->saved(slug);
            dialog->accept();
            return;
        }
        dialog->m_error->say(Banner::Kind::Error, QString::fromStdString(added.error().message));
        dialog->updateButtons();
    });
}

} // namespace portolan::ui
