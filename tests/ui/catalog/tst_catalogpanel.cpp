// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/serviceaccountfile.h"
#include "tests/core/http/scriptedupstream.h"
#include "tests/ui/world.h"
#include "ui/catalog/accountdialogs.h"
#include "ui/catalog/accountfacts.h"
#include "ui/catalog/accountlistmodel.h"
#include "ui/catalog/addaccountdialog.h"
#include "ui/catalog/catalogpanel.h"
#include "ui/catalog/credentialfield.h"
#include "ui/catalog/keyfilefield.h"
#include "ui/catalog/modeldialogs.h"
#include "ui/catalog/testcard.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/labels.h"

#include <QClipboard>
#include <QComboBox>
#include <QDirIterator>
#include <QDropEvent>
#include <QFile>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <algorithm>
#include <cmath>
#include <memory>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

const QString kCanary = u"sk-canary-0123456789abcdefkQ4A"_s;

SharedSecret secret(const QString &text)
{
    return std::make_shared<const SecretBytes>(SecretBytes::copy(text.toStdString()));
}

} // namespace

/// The panel and its dialogs in front of a real Control with a store of its own.
class TestCatalogPanel : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<World> m_world;
    control::Control *m_control = nullptr; // of the world
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
    /// The dialog with the first kind that is found by these words.
    AddAccountDialog *openDialogFor(const QString &words)
    {
        AddAccountDialog *dialog = openDialog();
        QTest::keyClicks(part<QLineEdit>(dialog, u"kindSearch"_s), words);
        auto *kinds = part<QListView>(dialog, u"kinds"_s);
        if (kinds->model()->rowCount() == 0)
            qFatal("No kind is called so.");
        kinds->setCurrentIndex(kinds->model()->index(0, 0));
        return dialog;
    }
    [[nodiscard]] const control::Account &account(const QString &slug) const
    {
        const auto found = std::ranges::find(m_control->accounts(), slug, &control::Account::slug);
        if (found == m_control->accounts().end())
            qFatal("There is no such account.");
        return *found;
    }
    /// Through the core, which sends nothing for it.
    bool add(control::NewAccount account)
    {
        const QString slug = account.slug;
        m_control->addAccount(std::move(account), [](const Result<AccountId> &) { });
        if (!QTest::qWaitFor([&] { return slugs().contains(u'@' + slug); }, 10'000))
            return false;
        m_panel->visit({.panel = u"catalog"_s, .query = u"account:"_s + slug});
        return accounts()->currentIndex().data().toString() == u'@' + slug;
    }
    /// Nothing of it is cut off, sentences that wrap included.
    static bool isShownWhole(QDialog *dialog)
    {
        const auto parts = dialog->findChildren<QWidget *>();
        return std::ranges::all_of(parts, [&](QWidget *part) {
            const int needed = part->hasHeightForWidth() ? part->heightForWidth(part->width())
                                                         : part->minimumSizeHint().height();
            return !part->isVisible() || part->isWindow()
                || (part->height() >= needed && dialog->rect().contains(part->mapTo(dialog, QPoint())));
        });
    }
    template <typename T>
    static T *part(QDialog *dialog, const QString &name)
    {
        return dialog->findChild<T *>(name);
    }
    void trigger(const QString &text) { World::trigger(*m_panel, text); }
    bool addThrough(const QString &slug)
    {
        AddAccountDialog *dialog = openDialog();
        part<CredentialField>(dialog, u"credential"_s)->setText(kCanary);
        part<QLineEdit>(dialog, u"slug"_s)->setText(slug);
        part<QPushButton>(dialog, u"save"_s)->click();
        return QTest::qWaitFor([&] { return slugs().contains(u'@' + slug); }, 10'000);
    }

private slots:
    void init()
    {
        m_world = std::make_unique<World>();
        QVERIFY(m_world->open());
        m_control = &m_world->control();
        m_panel = m_world->show<CatalogPanel>();
        QVERIFY(m_panel);
    }

    void cleanup()
    {
        m_panel.reset();
        m_world.reset();
    }

    void beginsWithThePracticeProvider()
    {
        QCOMPARE(slugs(), QStringList{u"@practice"_s});
        auto *table = m_panel->findChild<QTableView *>(u"models"_s);
        QVERIFY(table->model()->rowCount() > 0);
        QVERIFY(label(u"prices"_s).contains(u"2026-"));
    }

    void modelsTakeTheirPartOfTheRoomThereIs()
    {
        const auto *header = m_panel->findChild<QTableView *>(u"models"_s)->horizontalHeader();
        const auto share = [&] {
            const int model = header->sectionSize(ModelTableModel::Model);
            return double(model) / (model + header->sectionSize(ModelTableModel::Slug));
        };
        for (const int width : {1100, 1350, 1200}) {
            m_panel->resize(width, 700);
            QTRY_COMPARE(m_panel->width(), width);
            QTRY_VERIFY2(std::abs(share() - 0.4) < 0.02, qPrintable(QString::number(share())));
        }
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
        AddAccountDialog *dialog = openDialogFor(u"claude platform"_s);
        auto *address = part<QLineEdit>(dialog, u"address"_s);
        QVERIFY(address->isVisible());
        QVERIFY(!part<QPushButton>(dialog, u"save"_s)->isEnabled());
        QTest::keyClicks(address, u"https://aws-external-anthropic.us-east-1.api.aws/v1"_s);
        QVERIFY(part<QPushButton>(dialog, u"save"_s)->isEnabled());
        dialog->reject();
    }

    void asksForTheSettingsOfAKindAndSavesThem()
    {
        AddAccountDialog *dialog = openDialogFor(u"azure open"_s);
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
        QCOMPARE(account(u"azure"_s).settings.value(u"resource"_s), u"acme"_s);
        QCOMPARE(account(u"azure"_s).baseUrl, u"https://acme.openai.azure.com/openai/v1"_s);
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

    void bedrockTakesKeysInTwoOrThreeParts()
    {
        AddAccountDialog *dialog = openDialogFor(u"bedrock"_s);
        auto *save = part<QPushButton>(dialog, u"save"_s);
        QTest::keyClicks(part<QLineEdit>(dialog, u"setting.region"_s), u"eu-west-1"_s);
        QCOMPARE(part<PlainLabel>(dialog, u"host"_s)->text().section(u". "_s, 0, 0),
                 u"bedrock-runtime.eu-west-1.amazonaws.com"_s);
        QTest::keyClicks(part<CredentialField>(dialog, u"awsId"_s), u"AKIA0123456789ABCDEF"_s);
        QVERIFY(!save->isEnabled());
        QVERIFY(save->toolTip().contains(u"secret access key is missing"_s));
        QTest::keyClicks(part<CredentialField>(dialog, u"awsSecret"_s), u"wJalrXUtnFEMI/K7MDENG/bPxRf"_s);
        QTest::keyClicks(part<CredentialField>(dialog, u"awsToken"_s), u"session-token-0123456789"_s);
        QVERIFY(save->isEnabled());
        part<QLineEdit>(dialog, u"slug"_s)->setText(u"aws"_s);
        save->click();
        QTRY_VERIFY(slugs().contains(u"@aws"_s));
        QCOMPARE(account(u"aws"_s).credential, u"...CDEF"_s);
        QCOMPARE(account(u"aws"_s).settings, (QMap<QString, QString>{{u"region"_s, u"eu-west-1"_s}}));
    }

    void bedrockTakesAProfileInstead()
    {
        const QTemporaryDir home;
        QFile file(home.filePath(u"credentials"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("[work]\naws_access_key_id=AKIA1\naws_secret_access_key=s\n[play]\n");
        file.close();
        qputenv("AWS_SHARED_CREDENTIALS_FILE", file.fileName().toUtf8());
        qputenv("AWS_CONFIG_FILE", home.filePath(u"none"_s).toUtf8());
        AddAccountDialog *dialog = openDialogFor(u"bedrock"_s);
        auto *form = part<SegmentedControl>(dialog, u"credentialForm"_s);
        QCOMPARE(form->count(), 3);
        form->setCurrent(1);
        auto *profile = part<QComboBox>(dialog, u"awsProfile"_s);
        QVERIFY(profile->isVisible());
        QVERIFY(!part<CredentialField>(dialog, u"awsId"_s)->isVisible());
        QTRY_COMPARE(profile->count(), 2);
        QCOMPARE(profile->currentText(), u"work"_s);
        QTest::keyClicks(part<QLineEdit>(dialog, u"setting.region"_s), u"eu-west-1"_s);
        part<QLineEdit>(dialog, u"slug"_s)->setText(u"aws"_s);
        part<QPushButton>(dialog, u"save"_s)->click();
        QTRY_VERIFY(slugs().contains(u"@aws"_s));
        QCOMPARE(account(u"aws"_s).settings.value(u"profile"_s), u"work"_s);
        QCOMPARE(account(u"aws"_s).credential, QString());
        qunsetenv("AWS_SHARED_CREDENTIALS_FILE");
        qunsetenv("AWS_CONFIG_FILE");
    }

    void vertexTakesAFileOfWhichOnlyTheContentIsKept()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(u"very-private-name.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(test::toJsonText(test::serviceAccountFile())));
        file.close();
        AddAccountDialog *dialog = openDialogFor(u"vertex"_s);
        QTest::keyClicks(part<QLineEdit>(dialog, u"setting.location"_s), u"europe-west1"_s);
        auto *field = part<KeyFileField>(dialog, u"keyFile"_s);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(file.fileName())});
        QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(field, &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(field, &drop);
        QTRY_VERIFY(field->held());
        QVERIFY2(field->text().contains(u"@") && field->text().contains(u", key ..."),
                 qPrintable(field->text()));
        part<QLineEdit>(dialog, u"slug"_s)->setText(u"vertex"_s);
        part<QPushButton>(dialog, u"save"_s)->click();
        QTRY_VERIFY(slugs().contains(u"@vertex"_s));
        QVERIFY(account(u"vertex"_s).credential.startsWith(u"..."));
        QCOMPARE(account(u"vertex"_s).settings.value(u"location"_s), u"europe-west1"_s);
        m_panel.reset();
        const QString directory = m_world->directory();
        QDirIterator files(directory, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile each(files.next());
            QVERIFY(each.open(QIODevice::ReadOnly));
            QVERIFY2(!each.readAll().contains("very-private-name"), qPrintable(each.fileName()));
        }
    }

    void aFileThatIsNoKeySaysWhyAndCannotBeSaved()
    {
        AddAccountDialog *dialog = openDialogFor(u"vertex"_s);
        QTest::keyClicks(part<QLineEdit>(dialog, u"setting.location"_s), u"europe-west1"_s);
        QVERIFY(part<QPushButton>(dialog, u"save"_s)->isEnabled());
        auto *field = part<KeyFileField>(dialog, u"keyFile"_s);
        QGuiApplication::clipboard()->setText(u"{\"type\": \"authorized_user\"}"_s);
        QTest::keyClick(field, Qt::Key_V, Qt::ControlModifier);
        QVERIFY(!field->held());
        QVERIFY2(field->text().contains(u"another kind of login"), qPrintable(field->text()));
        QVERIFY(!part<QPushButton>(dialog, u"save"_s)->isEnabled());
        field->read(u"/nowhere/at/all.json"_s);
        QTRY_COMPARE(field->text(), u"This file cannot be read."_s);
        dialog->reject();
    }

    void kindsWithPricesOnlySaySoAndAskForNothing()
    {
        AddAccountDialog *dialog = openDialogFor(u"sagemaker"_s);
        QVERIFY(part<PlainLabel>(dialog, u"host"_s)->text().startsWith(u"Prices only"));
        QVERIFY(!part<QLineEdit>(dialog, u"slug"_s)->isVisible());
        QVERIFY(!part<QPushButton>(dialog, u"save"_s)->isEnabled());
        QVERIFY(part<QPushButton>(dialog, u"save"_s)->toolTip().contains(u"Prices only"));
        QVERIFY(!part<QPushButton>(dialog, u"test"_s)->isEnabled());
        dialog->reject();
    }

    void aLocalServersAddressIsAskedForAtOnce()
    {
        AddAccountDialog *dialog = openDialogFor(u"ollama"_s);
        auto *address = part<QLineEdit>(dialog, u"address"_s);
        QVERIFY(address->isVisible());
        QCOMPARE(address->placeholderText(), u"http://127.0.0.1:11434/v1"_s);
        QVERIFY(part<QPushButton>(dialog, u"save"_s)->isEnabled());
        dialog->reject();
    }

    void tabGoesThroughTheFormAsItReads_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QStringList>("fields");
        QTest::newRow("a key") << u"mistral"_s << QStringList{u"credential"_s, u"slug"_s, u"more"_s,
                                                              u"address"_s,    u"name"_s, u"test"_s};
        QTest::newRow("a server") << u"ollama"_s << QStringList{u"address"_s, u"credential"_s, u"slug"_s,
                                                                u"more"_s,    u"name"_s,       u"test"_s};
        QTest::newRow("keys") << u"bedrock"_s << QStringList{u"setting.region"_s, u"credentialForm"_s,
                                                             u"awsId"_s,          u"awsSecret"_s,
                                                             u"awsToken"_s,       u"slug"_s,
                                                             u"more"_s,           u"address"_s,
                                                             u"name"_s,           u"test"_s};
    }

    void tabGoesThroughTheFormAsItReads()
    {
        QFETCH(QString, kind);
        QFETCH(QStringList, fields);
        AddAccountDialog *dialog = openDialogFor(kind);
        part<LinkButton>(dialog, u"more"_s)->click();
        QVERIFY(QTest::qWaitForWindowActive(dialog));
        auto *list = part<QListView>(dialog, u"kinds"_s);
        list->setFocus();
        QStringList met;
        for (int i = 0; i < fields.size(); ++i) {
            QTest::keyClick(dialog->focusWidget(), Qt::Key_Tab);
            met += dialog->focusWidget()->objectName();
        }
        QCOMPARE(met, fields);
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

    void theNewCredentialIsShownWhole()
    {
        QVERIFY(addThrough(u"openai"_s));
        QTRY_COMPARE(accounts()->currentIndex().data().toString(), u"@openai"_s);
        trigger(u"Rotate the credential..."_s);
        auto *dialog = m_panel->findChild<RotateDialog *>();
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        QTRY_VERIFY(isShownWhole(dialog));
        auto *test = part<QPushButton>(dialog, u"test"_s);
        QVERIFY(!test->isVisible());
        QTest::keyClicks(part<CredentialField>(dialog, u"credential"_s), kCanary);
        QVERIFY(test->isVisible());
        dialog->reject();
    }

    void anotherAddressNeedsTheCredentialAgain()
    {
        QVERIFY(addThrough(u"openai"_s));
        QTRY_COMPARE(accounts()->currentIndex().data().toString(), u"@openai"_s);
        trigger(u"Edit the account..."_s);
        auto *dialog = m_panel->findChild<EditDialog *>();
        QVERIFY(dialog);
        QVERIFY(QTest::qWaitForWindowExposed(dialog));
        QTRY_VERIFY(isShownWhole(dialog));
        auto *address = part<QLineEdit>(dialog, u"address"_s);
        auto *key = part<CredentialField>(dialog, u"credential"_s);
        QVERIFY(!key->isVisible());
        address->setText(u"https://proxy.example.com/v1"_s);
        QVERIFY(key->isVisible());
        QTRY_VERIFY(isShownWhole(dialog));
        QVERIFY(!part<QPushButton>(dialog, u"main"_s)->isEnabled());
        QTest::keyClicks(key, kCanary);
        QVERIFY(part<QPushButton>(dialog, u"main"_s)->isEnabled());
        dialog->reject();
    }

    void editsSettingsAndKeepsTheCredentialOnTheSameHost()
    {
        QVERIFY(add({.provider = u"azure-openai"_s,
                     .slug = u"azure"_s,
                     .credential = secret(kCanary),
                     .settings = {{u"resource"_s, u"acme"_s}}}));
        trigger(u"Edit the account..."_s);
        auto *dialog = m_panel->findChild<EditDialog *>();
        auto *main = part<QPushButton>(dialog, u"main"_s);
        QVERIFY(!main->isEnabled());
        QCOMPARE(part<QLineEdit>(dialog, u"setting.resource"_s)->text(), u"acme"_s);
        QTest::keyClicks(part<QLineEdit>(dialog, u"setting.deployment"_s), u"prod"_s);
        QVERIFY(!main->isEnabled()); // the classic API needs its version
        QVERIFY(part<PlainLabel>(dialog, u"fault"_s)->text().contains(u"api_version"));
        QTest::keyClicks(part<QLineEdit>(dialog, u"setting.api_version"_s), u"2024-10-21"_s);
        // Another path of the same host counts as another place: the core asks for the key again.
        QVERIFY(part<CredentialField>(dialog, u"credential"_s)->isVisible());
        QTest::keyClicks(part<CredentialField>(dialog, u"credential"_s), kCanary);
        QVERIFY(main->isEnabled());
        main->click();
        QTRY_COMPARE(account(u"azure"_s).settings.value(u"deployment"_s), u"prod"_s);
        QCOMPARE(account(u"azure"_s).credential, u"...kQ4A"_s);
    }

    void rotatesFromKeysToAProfileAndBack()
    {
        QVERIFY(add({.provider = u"bedrock"_s,
                     .slug = u"aws"_s,
                     .credential = secret(u"AKIA0123456789ABCDEF\nwJalrXUtnFEMI/K7MDENG"_s),
                     .settings = {{u"region"_s, u"eu-west-1"_s}}}));
        trigger(u"Rotate the credential..."_s);
        auto *dialog = m_panel->findChild<RotateDialog *>();
        part<SegmentedControl>(dialog, u"credentialForm"_s)->setCurrent(1);
        part<QComboBox>(dialog, u"awsProfile"_s)->setEditText(u"work"_s);
        part<QPushButton>(dialog, u"main"_s)->click();
        QTRY_COMPARE(account(u"aws"_s).settings.value(u"profile"_s), u"work"_s);
        QCOMPARE(account(u"aws"_s).credential, QString());
        QTRY_VERIFY(!m_panel->findChild<RotateDialog *>());

        trigger(u"Rotate the credential..."_s);
        dialog = m_panel->findChild<RotateDialog *>();
        auto *form = part<SegmentedControl>(dialog, u"credentialForm"_s);
        QCOMPARE(form->current(), 1);
        QVERIFY(!part<QPushButton>(dialog, u"main"_s)->isEnabled()); // the same profile
        form->setCurrent(2);
        QTest::keyClicks(part<CredentialField>(dialog, u"credential"_s), kCanary);
        part<QPushButton>(dialog, u"main"_s)->click();
        QTRY_COMPARE(account(u"aws"_s).credential, u"...kQ4A"_s);
        QVERIFY(!account(u"aws"_s).settings.contains(u"profile"_s));
        QCOMPARE(account(u"aws"_s).settings.value(u"region"_s), u"eu-west-1"_s);
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

    void saysWhichBreakerIsOpenAndAsksToCloseIt()
    {
        const QDateTime now = QDateTime::currentDateTime();
        control::Account account;
        account.slug = u"openai"_s;
        account.health = {.state = control::AccountHealth::State::Ok, .latencyMs = 12};
        QMenu menu;
        AccountFacts facts(&menu);
        facts.setAccount(account, 1);
        auto *words = facts.findChild<PlainLabel *>(u"breakers"_s);
        auto *close = facts.findChild<QPushButton *>(u"closeBreakers"_s);
        QVERIFY(words && words->isHidden() && close && close->isHidden());

        const control::Breaker breaker{.key = u"7"_s,
                                       .pointer = u"/targets/0"_s,
                                       .configName = u"nightly"_s,
                                       .target = u"@openai/gpt-4o"_s,
                                       .since = now,
                                       .trialAt = now.addSecs(20)};
        account.breakers = {breaker};
        facts.setAccount(account, 1);
        QVERIFY(!words->isHidden() && !close->isHidden());
        QVERIFY2(words->text().startsWith(u"Breaker of nightly, /targets/0 (@openai/gpt-4o): open since "),
                 qPrintable(words->text()));
        QSignalSpy asked(&facts, &AccountFacts::closeBreakersRequested);
        close->click();
        QCOMPARE(asked.size(), qsizetype(1));

        QVERIFY(breakerWords(breaker, now).endsWith(u", trial in 20 s."_s));
        QVERIFY(breakerWords(breaker, now.addSecs(21)).endsWith(u", the next call is its trial."_s));
        control::Breaker sent = breaker;
        sent.configName.clear();
        QVERIFY(breakerWords(sent, now).startsWith(u"Breaker of a config sent with requests, "_s));
        QVERIFY(healthText(account).startsWith(u"breaker open since "_s));
        QVERIFY(latencyText(account).isEmpty());
        account.enabled = false;
        QCOMPARE(healthText(account), u"disabled"_s);
    }

    void aModelGetsAPriceAndIsSwitchedOff()
    {
        QVERIFY(addThrough(u"openai"_s));
        auto *search = m_panel->findChild<QLineEdit *>(u"modelSearch"_s);
        search->setText(u"@openai/gpt-4o-mini"_s);
        auto *table = m_panel->findChild<QTableView *>(u"models"_s);
        const auto at = [&](int column) { return table->model()->index(0, column); };
        table->setCurrentIndex(at(0));
        const QString listed = at(ModelTableModel::In).data().toString();
        trigger(u"Set the model's price..."_s);
        auto *dialog = m_panel->findChild<ModelDialog *>();
        QVERIFY(dialog);
        auto *save = part<QPushButton>(dialog, u"main"_s);
        part<QLineEdit>(dialog, u"priceIn"_s)->setText(u"0.25"_s);
        QVERIFY(!save->isEnabled()); // what output costs is not said
        part<QLineEdit>(dialog, u"priceOut"_s)->setText(u"1,5"_s);
        part<QLineEdit>(dialog, u"priceSource"_s)->setText(u"contract"_s);
        QVERIFY(save->isEnabled());
        save->click();
        QTRY_COMPARE(at(ModelTableModel::In).data().toString(), u"0.25"_s);
        QCOMPARE(at(ModelTableModel::Out).data().toString(), u"1.50"_s);
        QVERIFY(label(u"prices"_s).contains(u"1 with a price of your own"));

        QCOMPARE(table->currentIndex().row(), 0); // it stays the chosen one
        trigger(u"Switch the model off"_s);
        QTRY_COMPARE(at(ModelTableModel::On).data(Qt::CheckStateRole).toInt(), int(Qt::Unchecked));
        trigger(u"Forget what was set for the model"_s);
        QTRY_COMPARE(at(ModelTableModel::In).data().toString(), listed);
        QCOMPARE(at(ModelTableModel::On).data(Qt::CheckStateRole).toInt(), int(Qt::Checked));
    }

    void aModelOfOnesOwnIsAddedAndFound()
    {
        QVERIFY(addThrough(u"openai"_s));
        trigger(u"Add a model to the account..."_s);
        auto *dialog = m_panel->findChild<ModelDialog *>();
        QVERIFY(dialog);
        auto *add = part<QPushButton>(dialog, u"main"_s);
        QVERIFY(!add->isEnabled());
        part<QLineEdit>(dialog, u"modelName"_s)->setText(u"my-finetune"_s);
        part<QLineEdit>(dialog, u"modelContext"_s)->setText(u"8k"_s);
        QVERIFY(!add->isEnabled());
        part<QLineEdit>(dialog, u"modelContext"_s)->setText(u"8192"_s);
        add->click();
        m_panel->findChild<QLineEdit *>(u"modelSearch"_s)->setText(u"my-finetune"_s);
        auto *table = m_panel->findChild<QTableView *>(u"models"_s);
        QTRY_COMPARE(table->model()->rowCount(), 1);
        QCOMPARE(table->model()->index(0, ModelTableModel::Context).data().toString(), u"8k"_s);
    }

    void aListIsShownBeforeItIsAccepted()
    {
        control::ModelSync sync{.first = false,
                                .models = {{.id = u"a"_s}, {.id = u"b"_s}},
                                .added = {u"a"_s},
                                .removed = {u"c"_s},
                                .changed = {{.id = u"b"_s, .before = 8'192, .now = 131'072}},
                                .breaks
                                = {{.config = u"nightly"_s, .pointer = u"/targets/1"_s, .model = u"c"_s}}};
        QCOMPARE(syncWords(sync),
                 u"Models listed: 2.\nNew (1): a\nGone (1): c\n"
                 "Changed (1): b: context 128k instead of 8k\n"
                 "Configs that would break (1): nightly at /targets/1 names c"_s);
        QCOMPARE(syncWords({.first = false, .models = {{.id = u"a"_s}}}),
                 u"Models listed: 1.\nNothing has changed since the list was accepted."_s);
    }

    void syncingChangesNothingUntilItIsAccepted()
    {
        test::ScriptedUpstream provider([](test::ScriptedUpstream::Peer &peer) {
            while (peer.readRequest() && peer.send(test::answer(R"({"data":[{"id":"my-finetune"}]})")))
                ;
        });
        QVERIFY(add({.provider = u"openai"_s,
                     .slug = u"openai"_s,
                     .baseUrl = u"http://127.0.0.1:%1/v1"_s.arg(provider.port()),
                     .credential = secret(kCanary)}));
        const auto listed = [&] { return m_control->accounts().front().listed; };
        for (const bool accepts : {false, true}) {
            trigger(u"Sync the account's models..."_s);
            const auto dialogs = m_panel->findChildren<SyncDialog *>();
            SyncDialog *dialog = dialogs.back();
            auto *words = part<PlainLabel>(dialog, u"syncWords"_s);
            QTRY_VERIFY2(words->text().startsWith(u"Models listed: 1."), qPrintable(words->text()));
            QCOMPARE(listed(), -1);
            if (accepts)
                part<QPushButton>(dialog, u"main"_s)->click();
            else
                dialog->reject();
        }
        QTRY_COMPARE(listed(), 1);
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
