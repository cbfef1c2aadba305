// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/control.h"
#include "ui/catalog/accountdialogs.h"
#include "ui/catalog/addaccountdialog.h"
#include "ui/catalog/catalogpanel.h"
#include "ui/catalog/credentialfield.h"
#include "ui/catalog/testcard.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

const QString kCanary = u"sk-canary-0123456789abcdefkQ4A"_s;

} // namespace

/// The panel and its dialogs in front of a real Control with a store of its own.
class TestCatalogPanel : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<control::Control> m_control;
    std::unique_ptr<CatalogPanel> m_panel;

    [[nodiscard]] QListView *accounts() const { return m_panel->findChild<QListView *>(u"accounts"_s); }
    [[nodiscard]] QStringList slugs() const
    {
        QStringList out;
        for (int row = 0; row < accounts()->model()->rowCount(); ++row)
            out += accounts()->model()->index(row, 0).data().toString();
        return out;
    }
    [[nodiscard]] QString label(const QString &name) const
    {
        return m_panel->findChild<PlainLabel *>(name)->text();
    }
    AddAccountDialog *openDialog()
    {
        m_panel->visit({.panel = u"catalog"_s, .query = u"new"_s});
        return m_panel->findChild<AddAccountDialog *>();
    }
    template <typename T>
    static T *part(QDialog *dialog, const QString &name)
    {
        return dialog->findChild<T *>(name);
    }
    void trigger(const QString &text)
    {
        for (QAction *command : m_panel->commands()) {
            if (command->text() == text)
                command->trigger();
        }
    }
    bool addThrough(const QString &slug)
    {
        AddAccountDialog *dialog = openDialog();
        part<CredentialField>(dialog, u"credential"_s)->setText(kCanary);
        part<QLineEdit>(dialog, u"slug"_s)->setText(slug);
        part<QPushButton>(dialog, u"save"_s)->click();
        return QTest::qWaitFor([&] { return slugs().contains(u'@' + slug); }, 10'000);
    }

private slots:
    void initTestCase() { m_theme = std::make_unique<Theme>(); }

    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        control::ControlOptions options;
        options.dataDirectory = m_directory->path();
        options.listen = u"127.0.0.1:0"_s;
        options.useKeyring = false;
        auto opened = control::Control::open(std::move(options));
        QVERIFY2(opened.has_value(), opened ? "" : opened.error().message.c_str());
        m_control = *std::move(opened);
        m_panel = std::make_unique<CatalogPanel>(*m_control);
        m_panel->resize(1200, 700);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
    }

    void cleanup()
    {
        m_panel.reset();
        m_control.reset();
        m_directory.reset();
    }

    void cleanupTestCase() { m_theme.reset(); }

    void beginsWithThePracticeProvider()
    {
        QCOMPARE(slugs(), QStringList{u"@practice"_s});
        auto *table = m_panel->findChild<QTableView *>(u"models"_s);
        QVERIFY(table->model()->rowCount() > 0);
        QVERIFY(label(u"prices"_s).contains(u"2026-"));
    }

    void addsAnAccountAndChoosesIt()
    {
        QVERIFY(addThrough(u"openai-prod"_s));
        QCOMPARE(slugs(), (QStringList{u"@openai-prod"_s, u"@practice"_s}));
        QTRY_COMPARE(accounts()->currentIndex().data().toString(), u"@openai-prod"_s);
        QCOMPARE(m_control->accounts().front().credential, u"...kQ4A"_s);
    }

    void theCredentialLeavesItsFieldAtOnce()
    {
        AddAccountDialog *dialog = openDialog();
        auto *field = part<CredentialField>(dialog, u"credential"_s);
        QCOMPARE(field->echoMode(), QLineEdit::Password);
        QTest::keyClicks(field, kCanary);
        QTest::keyClick(field, Qt::Key_Tab);
        emit field->editingFinished();
        QVERIFY(field->text().isEmpty());
        QVERIFY(field->placeholderText().contains(u"...kQ4A"));
        for (const auto *line : dialog->findChildren<QLineEdit *>())
            QVERIFY(!line->text().contains(u"canary"));
        dialog->reject();
    }

    void proposesAndChecksTheSlug()
    {
        QVERIFY(addThrough(u"openai"_s));
        AddAccountDialog *dialog = openDialog();
        auto *slug = part<QLineEdit>(dialog, u"slug"_s);
        auto *save = part<QPushButton>(dialog, u"save"_s);
        QCOMPARE(slug->text(), u"openai-2"_s);
        QVERIFY(save->isEnabled());
        slug->selectAll();
        QTest::keyClicks(slug, u"openai"_s);
        QVERIFY(!save->isEnabled());
        QVERIFY(save->toolTip().contains(u"@openai is taken."));
        slug->selectAll();
        QTest::keyClicks(slug, u"Not A Slug"_s);
        QVERIFY(!save->isEnabled());
        // One's own slug stays when another kind is chosen.
        slug->selectAll();
        QTest::keyClicks(slug, u"mine"_s);
        part<QListView>(dialog, u"kinds"_s)
            ->setCurrentIndex(part<QListView>(dialog, u"kinds"_s)->model()->index(1, 0));
        QCOMPARE(slug->text(), u"mine"_s);
        dialog->reject();
    }

    void asksForTheAddressWhereThereIsNone()
    {
        AddAccountDialog *dialog = openDialog();
        QTest::keyClicks(part<QLineEdit>(dialog, u"kindSearch"_s), u"claude platform"_s);
        auto *kinds = part<QListView>(dialog, u"kinds"_s);
        QCOMPARE(kinds->model()->rowCount(), 1);
        kinds->setCurrentIndex(kinds->model()->index(0, 0));
        auto *address = part<QLineEdit>(dialog, u"address"_s);
        QVERIFY(address->isVisible());
        QVERIFY(!part<QPushButton>(dialog, u"save"_s)->isEnabled());
        QTest::keyClicks(address, u"https://aws-external-anthropic.us-east-1.api.aws/v1"_s);
        QVERIFY(part<QPushButton>(dialog, u"save"_s)->isEnabled());
        dialog->reject();
    }

    void asksForTheSettingsOfAKindAndSavesThem()
    {
        AddAccountDialog *dialog = openDialog();
        QTest::keyClicks(part<QLineEdit>(dialog, u"kindSearch"_s), u"azure open"_s);
        auto *kinds = part<QListView>(dialog, u"kinds"_s);
        QCOMPARE(kinds->model()->rowCount(), 1);
        kinds->setCurrentIndex(kinds->model()->index(0, 0));
        auto *save = part<QPushButton>(dialog, u"save"_s);
        QVERIFY(!save->isEnabled());
        auto *resource = part<QLineEdit>(dialog, u"setting.resource"_s);
        QVERIFY(resource->isVisible());
        QCOMPARE(resource->placeholderText(), u"my-resource"_s);
        QTest::keyClicks(resource, u"acme.evil/"_s);
        QVERIFY(!save->isEnabled());
        QVERIFY(save->toolTip().contains(u"letters, digits"_s));
        resource->selectAll();
        QTest::keyClicks(resource, u"acme"_s);
        QVERIFY(save->isEnabled());
        part<CredentialField>(dialog, u"credential"_s)->setText(kCanary);
        part<QLineEdit>(dialog, u"slug"_s)->setText(u"azure"_s);
        save->click();
        QTRY_VERIFY(slugs().contains(u"@azure"_s));
        const auto &accounts = m_control->accounts();
        const auto added = std::ranges::find(accounts, u"azure"_s, &control::Account::slug);
        QCOMPARE(added->settings.value(u"resource"_s), u"acme"_s);
        QCOMPARE(added->baseUrl, u"https://acme.openai.azure.com/openai/v1"_s);
    }

    void aKindWithoutSettingsShowsNone()
    {
        AddAccountDialog *dialog = openDialog();
        QTest::keyClicks(part<QLineEdit>(dialog, u"kindSearch"_s), u"bedrock"_s);
        QVERIFY(part<QLineEdit>(dialog, u"setting.region"_s));
        part<QLineEdit>(dialog, u"kindSearch"_s)->clear();
        auto *kinds = part<QListView>(dialog, u"kinds"_s);
        kinds->setCurrentIndex(kinds->model()->index(0, 0));
        QVERIFY(!dialog->findChild<QLineEdit *>(u"setting.region"_s));
        dialog->reject();
    }

    void enterOnAKindGoesOnToItsKeyAndSavesNothing()
    {
        AddAccountDialog *dialog = openDialog();
        QTest::keyClicks(part<QLineEdit>(dialog, u"kindSearch"_s), u"mistral"_s);
        QTest::keyClick(part<QLineEdit>(dialog, u"kindSearch"_s), Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        QCOMPARE(dialog->focusWidget(), part<QLineEdit>(dialog, u"credential"_s));
        QCOMPARE(m_control->accounts().size(), std::size_t(1)); // the built-in one
        part<QListView>(dialog, u"kinds"_s)->setFocus();
        QTest::keyClick(part<QListView>(dialog, u"kinds"_s), Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        dialog->reject();
    }

    void aTestStaysInTheDialogAndSavingDoesNotNeedIt()
    {
        AddAccountDialog *dialog = openDialog();
        auto *address = part<QLineEdit>(dialog, u"address"_s);
        QTest::keyClicks(address, u"http://127.0.0.1:1/v1"_s); // nobody listens there
        part<QPushButton>(dialog, u"test"_s)->click();
        auto *card = dialog->findChild<TestCard *>();
        QTRY_VERIFY(card->isVisible());
        QVERIFY2(card->headline().startsWith(u"Failed") || card->headline().startsWith(u"The test could not"),
                 qPrintable(card->headline()));
        QVERIFY(part<QPushButton>(dialog, u"save"_s)->isEnabled());
        // What was tested is no longer what stands there.
        QTest::keyClicks(address, u"x"_s);
        QVERIFY(!card->isVisible());
        dialog->reject();
    }

    void rotatesAndSaysSo()
    {
        QVERIFY(addThrough(u"openai"_s));
        QTRY_COMPARE(accounts()->currentIndex().data().toString(), u"@openai"_s);
        const QSignalSpy toasts(m_panel.get(), &Panel::toast);
        trigger(u"Rotate the credential..."_s);
        auto *dialog = m_panel->findChild<RotateDialog *>();
        QVERIFY(dialog);
        QVERIFY(!part<QPushButton>(dialog, u"main"_s)->isEnabled());
        QTest::keyClicks(part<CredentialField>(dialog, u"credential"_s),
                         u"sk-canary-another-key-00000009fGh"_s);
        part<QPushButton>(dialog, u"main"_s)->click();
        QTRY_COMPARE(m_control->accounts().front().credential, u"...9fGh"_s);
        QTRY_COMPARE(toasts.size(), 1);
    }

    void anotherAddressNeedsTheCredentialAgain()
    {
        QVERIFY(addThrough(u"openai"_s));
        QTRY_COMPARE(accounts()->currentIndex().data().toString(), u"@openai"_s);
        trigger(u"Edit the account..."_s);
        auto *dialog = m_panel->findChild<EditDialog *>();
        QVERIFY(dialog);
        auto *address = part<QLineEdit>(dialog, u"address"_s);
        auto *key = part<CredentialField>(dialog, u"credential"_s);
        QVERIFY(!key->isVisible());
        address->setText(u"https://proxy.example.com/v1"_s);
        QVERIFY(key->isVisible());
        QVERIFY(!part<QPushButton>(dialog, u"main"_s)->isEnabled());
        QTest::keyClicks(key, kCanary);
        QVERIFY(part<QPushButton>(dialog, u"main"_s)->isEnabled());
        dialog->reject();
    }

    void removesAfterAsking()
    {
        QVERIFY(addThrough(u"openai"_s));
        QTRY_COMPARE(accounts()->currentIndex().data().toString(), u"@openai"_s);
        trigger(u"Remove the account..."_s);
        auto *ask = m_panel->findChild<QDialog *>(u"askToRemove"_s);
        QVERIFY(ask);
        QCOMPARE(slugs().size(), 2);
        part<QPushButton>(ask, u"main"_s)->click();
        QTRY_COMPARE(slugs(), QStringList{u"@practice"_s});
    }

    void disablingHidesItsModelsAndCanBeTakenBack()
    {
        QVERIFY(addThrough(u"openai"_s));
        QTRY_COMPARE(accounts()->currentIndex().data().toString(), u"@openai"_s);
        auto *table = m_panel->findChild<QTableView *>(u"models"_s);
        const int before = table->model()->rowCount();
        std::vector<Toast> toasts;
        connect(m_panel.get(), &Panel::toast, m_panel.get(),
                [&](const Toast &toast) { toasts.push_back(toast); });
        trigger(u"Disable the account"_s);
        QTRY_VERIFY(table->model()->rowCount() < before);
        QCOMPARE(toasts.size(), std::size_t(1));
        toasts[0].undo();
        QTRY_COMPARE(table->model()->rowCount(), before);
    }

    void copiesTheReferenceOfAModel()
    {
        m_panel->visit({.panel = u"catalog"_s, .query = u"model:practice/echo"_s});
        trigger(u"Copy @slug/model"_s);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"@practice/echo"_s);
    }

    void searchCountsWhatItShows()
    {
        auto *search = m_panel->findChild<QLineEdit *>(u"modelSearch"_s);
        QTest::keyClicks(search, u"echo"_s);
        auto *table = m_panel->findChild<QTableView *>(u"models"_s);
        QVERIFY(table->model()->rowCount() >= 1);
        QVERIFY(label(u"modelCount"_s).startsWith(QString::number(table->model()->rowCount()) + u" of "_s));
        QTest::keyClicks(search, u"zzz"_s);
        QCOMPARE(table->model()->rowCount(), 0);
        QVERIFY(!table->isVisible());
    }
};

} // namespace portolan::ui

QTEST_MAIN(portolan::ui::TestCatalogPanel)
#include "tst_catalogpanel.moc"
