// SPDX-License-Identifier: GPL-3.0-or-later
// What AddAccountDialog does with what is typed: offers, checks, the test and saving.
#include "ui/catalog/addaccountdialog.h"

#include "core/control/accountsettings.h"
#include "ui/catalog/credentialpicker.h"
#include "ui/catalog/offerlist.h"
#include "ui/catalog/settingsform.h"
#include "ui/catalog/testcard.h"
#include "ui/theme/icon.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/formgrid.h"
#include "ui/widgets/plaintext.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

void AddAccountDialog::keyPressEvent(QKeyEvent *event)
{
    // Enter on a kind chooses it and goes on to what it needs; an account is not saved by choosing its kind.
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (enter && (focusWidget() == m_search || focusWidget() == m_list))
        focusFirstField();
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
    m_credential->hold(std::move(offered->credential));
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
    m_fields->setVisible(m_kind.canBeCalled());
    m_settings->setFields(m_kind.fields);
    m_rare->setFields(m_kind.rare);
    m_credential->ask(m_kind); // a credential belongs to the provider it was typed for
    m_address->clear();
    placeAddress();
    if (!m_slugEdited)
        m_slug->setText(m_control->proposeSlug(m_kind.id));
    setMoreShown(false);
    orderTabs(m_list, m_fields, m_test);
    checkSlug();
    forgetTest();
}

/// Where it is asked for it stands among the first fields, else with the rest that hardly anybody changes:
/// nothing above moves when that is shown.
void AddAccountDialog::placeAddress()
{
    if (m_kind.asksForAddress())
        static_cast<QVBoxLayout *>(m_fields->layout())->insertWidget(1, m_addressRow);
    else
        static_cast<QVBoxLayout *>(m_extra->layout())->insertWidget(0, m_addressRow);
    m_addressRow->show();
}

void AddAccountDialog::setMoreShown(bool shown)
{
    m_extra->setVisible(shown);
    m_more->setText(shown                         ? tr("Less")
                        : m_kind.asksForAddress() ? tr("More: name")
                                                  : tr("More: address, name"));
}

void AddAccountDialog::focusFirstField()
{
    if (auto *setting = m_settings->findChild<QLineEdit *>())
        setting->setFocus();
    else if (m_kind.form.needs_address)
        m_address->setFocus();
    else if (m_kind.needs_key)
        m_credential->focusFirst();
    else
        m_slug->setFocus();
}

void AddAccountDialog::showAddress()
{
    if (!m_kind.canBeCalled()) {
        m_host->setText(fromCore(m_kind.form.unavailable));
        return;
    }
    const QString address = QString::fromStdString(catalog::addressOf(
        *provider(), control::fromMap(settings()), m_address->text().trimmed().toStdString()));
    m_address->setPlaceholderText(QString::fromStdString(
        catalog::addressOf(*provider(), control::fromMap(settings()), std::string_view())));
    const QString host = address.section(u"://"_s, 1).section(u'/', 0, 0);
    m_host->setText(host.isEmpty() ? tr("It has no address of its own: give yours.")
                                   : tr("%1. Only what this kind needs is asked for.").arg(host));
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
    showAddress();
    updateButtons();
}

const catalog::Provider *AddAccountDialog::provider() const
{
    return m_control->catalog()->provider(m_kind.id.toStdString());
}

QMap<QString, QString> AddAccountDialog::settings() const
{
    QMap<QString, QString> settings = m_settings->values();
    settings.insert(m_rare->values());
    if (const QString profile = m_credential->profile(); !profile.isEmpty())
        settings.insert(kProfileSetting, profile);
    return settings;
}

control::NewAccount AddAccountDialog::draft()
{
    return {
        .provider = m_kind.id,
        .slug = m_slug->text(),
        .name = m_name->text().trimmed(),
        .baseUrl = m_address->text().trimmed(),
        .credential = m_credential->credential(),
        .settings = settings(),
    };
}

QString AddAccountDialog::whyNotSavable() const
{
    if (m_kind.id.isEmpty())
        return tr("Choose a kind.");
    if (!m_kind.canBeCalled())
        return fromCore(m_kind.form.unavailable);
    if (const QString why = m_control->checkSlug(m_slug->text()); !why.isEmpty())
        return why;
    const QString address = m_address->text().trimmed();
    if (const auto checked
        = catalog::checkSettings(*provider(), control::fromMap(settings()), address.toStdString());
        !checked)
        return QString::fromStdString(checked.error().message);
    if (m_kind.form.needs_address && address.isEmpty())
        return tr("Give the address of your own %1.").arg(m_kind.name);
    return m_credential->fault();
}

void AddAccountDialog::updateButtons()
{
    const QString why = whyNotSavable();
    m_save->setEnabled(why.isEmpty() && !m_saving);
    m_save->setToolTip(why.isEmpty() ? why : plainToolTip(why));
    m_test->setEnabled(m_kind.canBeCalled()); // also while it runs: the focus would leave it for a field
    m_testNote->setText(m_kind.canBeCalled() ? tr("A test sends one cheap call. Saving does not need it.")
                                             : QString());
    m_test->setText(m_testing ? tr("Testing...") : m_result->isHidden() ? tr("Test") : tr("Test again"));
}

void AddAccountDialog::test()
{
    if (m_testing)
        return;
    m_testing = true;
    updateButtons();
    m_control->testDraft(
        draft(), [dialog = QPointer(this), generation = m_generation](Result<control::TestResult> result) {
            if (!dialog || generation != dialog->m_generation)
                return;
            dialog->m_testing = false;
            dialog->m_result->setAnswer(result);
            dialog->updateButtons();
        });
}

void AddAccountDialog::save()
{
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
