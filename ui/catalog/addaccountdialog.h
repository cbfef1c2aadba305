// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/catalog/providerkindmodel.h"

#include <QDialog>
#include <QPointer>

class QLineEdit;
class QListView;
class QPushButton;
class QSortFilterProxyModel;

namespace portolan::ui {

class Banner;
class CredentialPicker;
class LinkButton;
class OfferList;
class PlainLabel;
class SettingsForm;
class StateLabel;
class TestCard;

/// Adds a provider account: a kind from the list, the fields of that kind only, a slug that is proposed and
/// checked. A test sends one cheap call; saving does not need it. Credentials leave their fields for locked
/// memory at once. Kinds that this build cannot call say so and ask for nothing.
class AddAccountDialog : public QDialog
{
    Q_OBJECT

public:
    explicit AddAccountDialog(control::Control &control, QWidget *parent = nullptr);
    ~AddAccountDialog() override;

signals:
    void saved(const QString &slug);

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QWidget *createKinds();
    QWidget *createForm();
    QWidget *createHead(QWidget *form);
    QWidget *createFields(QWidget *form);
    QWidget *createAddress(QWidget *form);
    QWidget *createSlug(QWidget *form);
    QWidget *createExtra(QWidget *form);
    QWidget *createFooter();
    void findOffers();
    void takeOffer(const control::Offer &offer);
    void chooseKind(const QModelIndex &index);
    void placeAddress();
    void setMoreShown(bool shown);
    void showAddress();
    void focusFirstField();
    void checkSlug();
    void forgetTest();
    [[nodiscard]] const catalog::Provider *provider() const;
    [[nodiscard]] QMap<QString, QString> settings() const;
    [[nodiscard]] control::NewAccount draft();
    [[nodiscard]] QString whyNotSavable() const;
    void updateButtons();
    void test();
    void save();

    const QPointer<control::Control> m_control; // outlives the window
    ProviderKindModel *m_kinds;
    QSortFilterProxyModel *m_found;
    ProviderKind m_kind{};
    bool m_slugEdited = false; // the person's own slug is not replaced by a proposal
    bool m_testing = false;
    bool m_saving = false;
    quint64 m_generation = 0; // of the draft: a test of an older one says nothing

    QLineEdit *m_search = nullptr;
    QListView *m_list = nullptr;
    OfferList *m_offers = nullptr;
    PlainLabel *m_title = nullptr;
    PlainLabel *m_host = nullptr;
    QWidget *m_fields = nullptr; // all that a kind which can be called is asked
    SettingsForm *m_settings = nullptr;
    QWidget *m_addressRow = nullptr;
    QLineEdit *m_address = nullptr;
    CredentialPicker *m_credential = nullptr;
    QLineEdit *m_slug = nullptr;
    StateLabel *m_slugState = nullptr;
    PlainLabel *m_slugNote = nullptr;
    LinkButton *m_more = nullptr;
    QWidget *m_extra = nullptr;
    SettingsForm *m_rare = nullptr;
    QLineEdit *m_name = nullptr;
    TestCard *m_result = nullptr;
    Banner *m_error = nullptr;
    QPushButton *m_test = nullptr;
    PlainLabel *m_testNote = nullptr;
    QPushButton *m_save = nullptr;
};

} // namespace portolan::ui
