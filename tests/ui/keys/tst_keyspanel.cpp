// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/world.h"
#include "ui/keys/clientkeypage.h"
#include "ui/keys/keymodel.h"
#include "ui/keys/keyspanel.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/codeblock.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tokenfield.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QGuiApplication>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTableView>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

SharedSecret secret(const QString &text)
{
    return std::make_shared<const SecretBytes>(SecretBytes::copy(text.toStdString()));
}

} // namespace

/// The panel and its dialogs in front of a real Control with a store of its own.
class TestKeysPanel : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<World> m_world;
    control::Control *m_control = nullptr; // of the world
    std::unique_ptr<KeysPanel> m_panel;
    std::vector<Toast> m_toasts;

    [[nodiscard]] QTableView *table(const QString &name) const
    {
        return m_panel->findChild<QTableView *>(name);
    }
    [[nodiscard]] QTableView *clients() const { return table(u"clientKeys"_s); }
    [[nodiscard]] QTableView *virtuals() const { return table(u"virtualKeys"_s); }
    static QStringList names(const QTableView *view)
    {
        QStringList out;
        for (int row = 0; row < view->model()->rowCount(); ++row)
            out += view->model()->index(row, 0).data().toString();
        return out;
    }
    static QString current(const QTableView *view)
    {
        return view->currentIndex().siblingAtColumn(0).data().toString();
    }
    /// The dialog that is open, the one on top of others.
    [[nodiscard]] QDialog *dialog() const
    {
        for (QDialog *each : m_panel->findChildren<QDialog *>()) {
            const auto above = each->findChildren<QDialog *>();
            if (each->isVisible() && std::ranges::none_of(above, &QDialog::isVisible))
                return each;
        }
        qFatal("No dialog is open.");
    }
    [[nodiscard]] bool noDialog() const
    {
        const auto all = m_panel->findChildren<QDialog *>();
        return std::ranges::none_of(all, &QDialog::isVisible);
    }
    template <typename T>
    T *part(const QString &name) const
    {
        T *found = dialog()->findChild<T *>(name);
        if (!found)
            qFatal("The dialog has no such part.");
        return found;
    }
    void trigger(const QString &text) { World::trigger(*m_panel, text); }
    void press(const QString &button) { part<QPushButton>(button)->click(); }
    /// "Throw away", "Delete": an answer of the question that is open.
    void answer(const QString &text)
    {
        for (QPushButton *button : dialog()->findChildren<QPushButton *>()) {
            if (button->text() == text) {
                button->click();
                return;
            }
        }
        qFatal("The question has no such answer.");
    }
    [[nodiscard]] const control::ClientKeyInfo &key(const QString &name) const
    {
        const auto found = std::ranges::find(m_control->clientKeys(), name, &control::ClientKeyInfo::name);
        if (found == m_control->clientKeys().end())
            qFatal("There is no such key.");
        return *found;
    }
    [[nodiscard]] const control::VirtualKey &slug(const QString &slug) const
    {
        const auto found = std::ranges::find(m_control->virtualKeys(), slug, &control::VirtualKey::slug);
        if (found == m_control->virtualKeys().end())
            qFatal("There is no such slug.");
        return *found;
    }
    bool makeKey(const QString &name)
    {
        trigger(u"New client key..."_s);
        QTest::keyClicks(part<QLineEdit>(u"name"_s), name);
        press(u"main"_s);
        QDialog *made = dialog();
        if (!QTest::qWaitFor([&] { return made->findChild<TokenField *>() != nullptr; }, 10'000))
            return false;
        press(u"done"_s);
        return QTest::qWaitFor([&] { return current(clients()) == name && noDialog(); }, 10'000);
    }
    bool addAccount(const QString &slug)
    {
        m_control->addAccount({.provider = u"openai"_s,
                               .slug = slug,
                               .credential = secret(u"sk-canary-0123456789abcdefkQ4A"_s)},
                              [](const Result<AccountId> &) { });
        m_panel->visit({.panel = u"keys"_s, .query = u"virtual:"_s + slug});
        return QTest::qWaitFor([&] { return current(virtuals()) == u'@' + slug; }, 10'000);
    }
    bool makeSlug(const QString &slug)
    {
        trigger(u"New slug..."_s);
        auto *field = part<QLineEdit>(u"slug"_s);
        field->selectAll();
        QTest::keyClicks(field, slug);
        press(u"main"_s);
        return QTest::qWaitFor([&] { return current(virtuals()) == u'@' + slug && noDialog(); }, 10'000);
    }

private slots:
    void init()
    {
        m_world = std::make_unique<World>();
        QVERIFY(m_world->open());
        m_control = &m_world->control();
        m_panel = m_world->show<KeysPanel>();
        QVERIFY(m_panel);
        m_toasts.clear();
        connect(m_panel.get(), &Panel::toast, this,
                [this](const Toast &toast) { m_toasts.push_back(toast); });
    }

    void cleanup()
    {
        m_panel.reset();
        m_world.reset();
    }

    void beginsWithWhatThereIs()
    {
        QCOMPARE(names(clients()).size(), qsizetype(m_control->clientKeys().size()));
        QCOMPARE(names(virtuals()), QStringList{u"@practice"_s});
        auto *tabs = m_panel->findChild<QTabBar *>(u"tabs"_s);
        QCOMPARE(tabs->tabText(1), u"Virtual keys\t1"_s);
    }

    void aKeyNeedsOnlyANameAndShowsItsTokenOnce()
    {
        trigger(u"New client key..."_s);
        QVERIFY(!part<QPushButton>(u"main"_s)->isEnabled());
        QTest::keyClicks(part<QLineEdit>(u"name"_s), u"web-app"_s);
        QTest::keyClick(part<QLineEdit>(u"name"_s), Qt::Key_Return);
        QTRY_VERIFY(dialog()->findChild<TokenField *>());
        auto *token = dialog()->findChild<TokenField *>();
        token->copy();
        const QString copied = QGuiApplication::clipboard()->text();
        QVERIFY(copied.endsWith(key(u"web-app"_s).lastFour.right(4)));
        for (const auto *text : dialog()->findChildren<QPlainTextEdit *>())
            QVERIFY(!text->toPlainText().contains(copied));
        press(u"done"_s);
        QTRY_COMPARE(current(clients()), u"web-app"_s);
        QTRY_VERIFY(noDialog());
        QVERIFY(m_panel->findChildren<TokenField *>().isEmpty()
                || !m_panel->findChild<TokenField *>()->isVisible());
    }

    void escapeAsksBeforeATokenIsLost()
    {
        trigger(u"New client key..."_s);
        QTest::keyClicks(part<QLineEdit>(u"name"_s), u"web-app"_s);
        press(u"main"_s);
        QTRY_VERIFY(dialog()->findChild<TokenField *>());
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QCOMPARE(dialog()->objectName(), u"throwAway"_s);
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QTRY_VERIFY(dialog()->findChild<TokenField *>());
        dialog()->findChild<TokenField *>()->copy();
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QTRY_VERIFY(noDialog());
    }

    void theOldTokenStaysValidForAsLongAsWasChosen()
    {
        QVERIFY(makeKey(u"laptop"_s));
        const QString before = key(u"laptop"_s).lastFour;
        trigger(u"Rotate..."_s);
        part<SegmentedControl>(u"grace"_s)->setCurrent(2);
        press(u"main"_s);
        QTRY_VERIFY(dialog()->findChild<TokenField *>());
        press(u"done"_s);
        QTRY_VERIFY(key(u"laptop"_s).oldTokenEnds.isValid());
        const qint64 left = QDateTime::currentDateTime().secsTo(key(u"laptop"_s).oldTokenEnds);
        QVERIFY2(left > 23 * 3600 && left <= 24 * 3600, qPrintable(QString::number(left)));
        QVERIFY(key(u"laptop"_s).lastFour != before);
    }

    void turningOffCanBeTakenBack()
    {
        QVERIFY(makeKey(u"laptop"_s));
        m_toasts.clear();
        trigger(u"Turn off"_s);
        QTRY_VERIFY(!key(u"laptop"_s).enabled);
        const auto *page = m_panel->findChild<ClientKeyPage *>();
        QTRY_COMPARE(page->findChild<PlainLabel *>(u"verdict"_s)->text(),
                     u"Calls get 403: laptop is turned off."_s);
        QCOMPARE(m_toasts.size(), std::size_t(1));
        m_toasts[0].undo();
        QTRY_VERIFY(key(u"laptop"_s).enabled);
    }

    void aSpentBudgetSaysSoAndCanBeRaised()
    {
        QVERIFY(makeKey(u"laptop"_s));
        m_control->editClientKey(
            key(u"laptop"_s).id,
            {.limits
             = admission::KeyLimits{.budget
                                    = admission::Budget{.period = {.kind = admission::Period::Kind::Day}}}},
            [](const Result<> &) { });
        QTRY_COMPARE(key(u"laptop"_s).state, control::KeyState::LimitReached);
        const auto *page = m_panel->findChild<ClientKeyPage *>();
        const auto *verdict = page->findChild<PlainLabel *>(u"verdict"_s);
        QTRY_VERIFY2(verdict->text().startsWith(u"Calls get 412"), qPrintable(verdict->text()));
        trigger(u"Allow $1 more today"_s);
        QTRY_COMPARE(key(u"laptop"_s).use.extra, 1'000'000'000);
        QTRY_COMPARE(key(u"laptop"_s).state, control::KeyState::On);
        QTRY_COMPARE(verdict->text(), u"Calls go through. $1.00 are left today."_s);
    }

    void deletingAsksForTheName()
    {
        QVERIFY(makeKey(u"laptop"_s));
        const std::size_t before = m_control->clientKeys().size();
        trigger(u"Delete the key..."_s);
        QVERIFY(!part<QPushButton>(u"main"_s)->isEnabled());
        QTest::keyClicks(part<QLineEdit>(u"typed"_s), u"lap"_s);
        QVERIFY(!part<QPushButton>(u"main"_s)->isEnabled());
        QTest::keyClicks(part<QLineEdit>(u"typed"_s), u"top"_s);
        press(u"main"_s);
        QTRY_COMPARE(m_control->clientKeys().size(), before - 1);
        QTRY_VERIFY(!names(clients()).contains(u"laptop"_s));
    }

    void limitsAreCheckedWhileTheyAreTyped()
    {
        QVERIFY(makeKey(u"laptop"_s));
        trigger(u"Limits..."_s);
        auto *main = part<QPushButton>(u"main"_s);
        auto *meaning = part<PlainLabel>(u"meaning"_s);
        QVERIFY(!main->isEnabled()); // nothing changed
        part<QAbstractButton>(u"budget"_s)->click();
        auto *limit = part<QLineEdit>(u"limit"_s);
        QVERIFY(!main->isEnabled());
        QTest::keyClicks(limit, u"12.5x"_s);
        QVERIFY(!main->isEnabled());
        QVERIFY(meaning->text().contains(u"number of dollars"));
        QTest::keyClick(limit, Qt::Key_Backspace);
        part<QComboBox>(u"zone"_s)->setEditText(u"Europe/Atlantis"_s);
        QVERIFY(meaning->text().contains(u"no time zone"));
        part<QComboBox>(u"zone"_s)->setEditText(u"Europe/Berlin"_s);
        QVERIFY2(meaning->text().startsWith(
                     u"$12.50 in each calendar month of Europe/Berlin. The next begins on 1 "),
                 qPrintable(meaning->text()));
        part<QPushButton>(u"addRate"_s)->click();
        QVERIFY(!main->isEnabled());
        QTest::keyClicks(part<QLineEdit>(u"most"_s), u"600"_s);
        QVERIFY(main->isEnabled());
        main->click();
        QTRY_VERIFY(key(u"laptop"_s).limits.budget.has_value());
        const admission::KeyLimits &limits = key(u"laptop"_s).limits;
        QCOMPARE(limits.budget->limit, 12'500'000'000);
        QCOMPARE(limits.budget->period.kind, admission::Period::Kind::Month);
        QCOMPARE(limits.budget->period.zone, "Europe/Berlin");
        QCOMPARE(limits.rates.size(), std::size_t(1));
        QCOMPARE(limits.rates[0].most, 600);
        QTRY_VERIFY(clients()->currentIndex().siblingAtColumn(4).data(BudgetRole).isValid());
        QVERIFY(noDialog());
    }

    void aBudgetCanCountTokensOverSomeDays()
    {
        QVERIFY(makeKey(u"laptop"_s));
        trigger(u"Limits..."_s);
        part<QAbstractButton>(u"budget"_s)->click();
        part<QComboBox>(u"unit"_s)->setCurrentIndex(1);
        QTest::keyClicks(part<QLineEdit>(u"limit"_s), u"2M"_s);
        QVERIFY(!part<QSpinBox>(u"days"_s)->isVisible());
        part<QComboBox>(u"period"_s)->setCurrentIndex(4);
        QVERIFY(part<QSpinBox>(u"days"_s)->isVisible());
        part<QSpinBox>(u"days"_s)->setValue(10);
        part<QLineEdit>(u"alerts"_s)->clear();
        QTest::keyClicks(part<QLineEdit>(u"alerts"_s), u"90, 40"_s);
        press(u"main"_s);
        QTRY_VERIFY(key(u"laptop"_s).limits.budget.has_value());
        const admission::Budget &budget = *key(u"laptop"_s).limits.budget;
        QCOMPARE(budget.unit, admission::Budget::Unit::Tokens);
        QCOMPARE(budget.limit, 2'000'000);
        QCOMPARE(budget.period.days, 10);
        QCOMPARE(QString::fromStdString(budget.period.from), QDate::currentDate().toString(Qt::ISODate));
        QCOMPARE(budget.alert_percents, (std::vector<int>{40, 90}));
    }

    void twoLimitsOfOneKindAreRefused()
    {
        QVERIFY(makeKey(u"laptop"_s));
        trigger(u"Limits..."_s);
        press(u"addRate"_s);
        press(u"addRate"_s);
        const auto most = dialog()->findChildren<QLineEdit *>(u"most"_s);
        const auto per = dialog()->findChildren<QComboBox *>(u"per"_s);
        QCOMPARE(most.size(), 2);
        for (QLineEdit *line : most)
            QTest::keyClicks(line, u"20"_s);
        QVERIFY(part<QPushButton>(u"main"_s)->isEnabled()); // another span was proposed
        per[1]->setCurrentIndex(per[0]->currentIndex());
        QVERIFY(!part<QPushButton>(u"main"_s)->isEnabled());
        QVERIFY(part<PlainLabel>(u"ratesMeaning"_s)->text().contains(u"Two lines"));
        dialog()->findChildren<QAbstractButton *>(u"removeRate"_s)[1]->click();
        QTRY_VERIFY(part<QPushButton>(u"main"_s)->isEnabled());
    }

    void escapeAsksBeforeEditsAreLost()
    {
        QVERIFY(makeKey(u"laptop"_s));
        trigger(u"Limits..."_s);
        QTest::keyClick(dialog(), Qt::Key_Escape); // nothing was changed
        QTRY_VERIFY(noDialog());
        trigger(u"Limits..."_s);
        part<QAbstractButton>(u"concurrency"_s)->click();
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QCOMPARE(dialog()->objectName(), u"throwAway"_s);
        answer(u"Cancel"_s);
        QTRY_VERIFY(part<QPushButton>(u"main"_s)->isEnabled());
        QTest::keyClick(dialog(), Qt::Key_Escape);
        answer(u"Throw away"_s);
        QTRY_VERIFY(noDialog());
        QVERIFY(key(u"laptop"_s).limits.empty());
    }

    void everythingOfAClientKeyCanBeEdited()
    {
        QVERIFY(addAccount(u"openai-prod"_s));
        m_panel->visit({.panel = u"keys"_s, .query = u"clients"_s});
        QVERIFY(makeKey(u"laptop"_s));
        trigger(u"Edit the key..."_s);
        auto *main = part<QPushButton>(u"main"_s);
        QVERIFY(!main->isEnabled());
        part<QLineEdit>(u"note"_s)->setFocus();
        QTest::keyClicks(part<QLineEdit>(u"note"_s), u"of the road"_s);
        QVERIFY(main->isEnabled());
        part<QTabBar>(u"editTabs"_s)->setCurrentIndex(1);
        auto *slugs = part<QWidget>(u"slugs"_s);
        slugs->findChild<QRadioButton *>(u"some"_s)->click();
        QVERIFY(!main->isEnabled()); // nothing is ticked
        auto *list = slugs->findChild<QListWidget *>(u"choices"_s);
        list->findItems(u"openai-prod"_s, Qt::MatchExactly).first()->setCheckState(Qt::Checked);
        QVERIFY(main->isEnabled());
        auto *models = part<QWidget>(u"models"_s);
        models->findChild<QRadioButton *>(u"some"_s)->click();
        auto *search = models->findChild<QLineEdit *>(u"choiceSearch"_s);
        QTest::keyClicks(search, u"my-own-model"_s);
        QTest::keyClick(search, Qt::Key_Return); // takes the name, saves nothing
        QVERIFY(dialog()->isVisible());
        part<QTabBar>(u"editTabs"_s)->setCurrentIndex(2);
        QTest::keyClicks(part<QPlainTextEdit>(u"metadata"_s), u"team"_s);
        QVERIFY(!main->isEnabled());
        QVERIFY(part<PlainLabel>(u"fault"_s)->text().contains(u"name=value"));
        QTest::keyClicks(part<QPlainTextEdit>(u"metadata"_s), u"=road"_s);
        main->click();
        QTRY_COMPARE(key(u"laptop"_s).note, u"of the road"_s);
        QCOMPARE(key(u"laptop"_s).slugs, QStringList{u"openai-prod"_s});
        QCOMPARE(key(u"laptop"_s).models, QStringList{u"my-own-model"_s});
        QCOMPARE(key(u"laptop"_s).metadata.value(u"team"_s), u"road"_s);
    }

    void anAccountGetsAnotherSlugWithLimits()
    {
        QVERIFY(addAccount(u"openai-prod"_s));
        trigger(u"New slug..."_s);
        auto *field = part<QLineEdit>(u"slug"_s);
        field->selectAll();
        QTest::keyClicks(field, u"openai-prod"_s);
        QVERIFY(!part<QPushButton>(u"main"_s)->isEnabled());
        QVERIFY(part<PlainLabel>(u"slugVerdict"_s)->text().contains(u"taken"));
        field->selectAll();
        QTest::keyClicks(field, u"agents"_s);
        press(u"setLimits"_s);
        part<QAbstractButton>(u"concurrency"_s)->click();
        press(u"main"_s);
        QTRY_COMPARE(part<PlainLabel>(u"limitWords"_s)->text(), u"4 at once"_s);
        press(u"main"_s);
        QTRY_COMPARE(current(virtuals()), u"@agents"_s);
        QCOMPARE(slug(u"agents"_s).limits.concurrency, 4);
        QCOMPARE(slug(u"agents"_s).account, slug(u"openai-prod"_s).account);
        QVERIFY(!slug(u"agents"_s).first);
    }

    void aSlugMovesToAnotherAccount()
    {
        QVERIFY(addAccount(u"openai-prod"_s));
        QVERIFY(addAccount(u"openai-trial"_s));
        QVERIFY(makeSlug(u"agents"_s));
        trigger(u"Move to another account..."_s);
        auto *account = part<QComboBox>(u"account"_s);
        QCOMPARE(dialog()->focusWidget(), account);
        const AccountId before = slug(u"agents"_s).account;
        account->setCurrentIndex(1 - account->currentIndex());
        press(u"main"_s);
        QTRY_VERIFY(slug(u"agents"_s).account != before);
    }

    void theFirstSlugStaysWithItsAccount()
    {
        QVERIFY(addAccount(u"openai-prod"_s));
        for (const QAction *command : m_panel->commands()) {
            if (command->text() == u"Move to another account..." || command->text() == u"Delete the slug...")
                QVERIFY(!command->isEnabled());
        }
        trigger(u"Edit the slug..."_s);
        QVERIFY(!part<QComboBox>(u"account"_s)->isEnabled());
    }

    void deletingASlugNamesTheConfigsThatUseIt()
    {
        QVERIFY(addAccount(u"openai-prod"_s));
        QVERIFY(makeSlug(u"agents"_s));
        m_control->createConfig({.name = u"nightly"_s, .text = R"({"provider": "@agents"})"},
                                [](const Result<control::ConfigSave> &) { });
        QTRY_VERIFY(!slug(u"agents"_s).usedBy.isEmpty());
        const QString config = slug(u"agents"_s).usedBy.first();
        QTRY_VERIFY(virtuals()->currentIndex().siblingAtColumn(5).data().toString() == u"1 config");
        trigger(u"Delete the slug..."_s);
        const auto words = dialog()->findChildren<PlainLabel *>();
        QVERIFY(std::ranges::any_of(words,
                                    [&](const PlainLabel *label) { return label->text().contains(config); }));
        answer(u"Delete"_s);
        QTRY_VERIFY(!names(virtuals()).contains(u"@agents"_s));
    }

    void thePracticeProviderCannotBeChanged()
    {
        m_panel->visit({.panel = u"keys"_s, .query = u"virtual:practice"_s});
        QCOMPARE(current(virtuals()), u"@practice"_s);
        for (const QAction *command : m_panel->commands()) {
            if (command->text() == u"Limits..." || command->text() == u"Turn off")
                QVERIFY(!command->isEnabled());
        }
    }

    void tabsAndTheirCommandsAreReachedByKeyboard()
    {
        QVERIFY(QTest::qWaitForWindowActive(m_panel.get()));
        clients()->setFocus();
        QTest::keyClick(clients(), Qt::Key_N, Qt::ControlModifier);
        QCOMPARE(dialog()->windowTitle(), u"New client key"_s);
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QTRY_VERIFY(noDialog());
        QVERIFY(addAccount(u"openai-prod"_s));
        m_panel->activateWindow();
        QTRY_VERIFY(m_panel->isActiveWindow());
        m_panel->visit({.panel = u"keys"_s, .query = u"clients"_s});
        QCOMPARE(QApplication::focusWidget(), clients());
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_PageDown, Qt::ControlModifier);
        QCOMPARE(QApplication::focusWidget(), virtuals());
        QTest::keyClick(virtuals(), Qt::Key_N, Qt::ControlModifier);
        QCOMPARE(dialog()->windowTitle(), u"New slug"_s);
        QTest::keyClick(dialog(), Qt::Key_Escape);
        QTRY_VERIFY(noDialog());
        auto *tabs = m_panel->findChild<QTabBar *>(u"tabs"_s);
        tabs->setFocus();
        QTest::keyClick(tabs, Qt::Key_N, Qt::ControlModifier);
        QCOMPARE(dialog()->windowTitle(), u"New slug"_s);
    }

    void copiesASlug()
    {
        m_panel->visit({.panel = u"keys"_s, .query = u"virtual:practice"_s});
        trigger(u"Copy @slug"_s);
        QCOMPARE(QGuiApplication::clipboard()->text(), u"@practice"_s);
    }

    void theSearchSaysWhenNothingIsFound()
    {
        QVERIFY(makeKey(u"laptop"_s));
        m_panel->focusFind();
        auto *search = m_panel->findChild<ClientKeyPage *>()->findChild<QLineEdit *>(u"search"_s);
        QTest::keyClicks(search, u"lapt"_s);
        QCOMPARE(names(clients()), QStringList{u"laptop"_s});
        QTest::keyClicks(search, u"zzz"_s);
        QVERIFY(!clients()->isVisible());
    }

    void everyProgramIsToldTheAddressAndNoToken()
    {
        m_panel->visit({.panel = u"keys"_s, .query = u"connect"_s});
        auto *programs = m_panel->findChild<QListWidget *>(u"programs"_s);
        QTRY_COMPARE(QApplication::focusWidget(), programs);
        int withText = 0;
        for (int row = 0; row < programs->count(); ++row) {
            programs->setCurrentRow(row);
            QString all;
            for (const auto *code : m_panel->findChildren<CodeBlock *>())
                all += code->text();
            if (programs->item(row)->text() == u"Cursor") {
                QVERIFY(all.isEmpty());
                QVERIFY(m_panel->findChild<PlainLabel *>(u"intro"_s)->text().contains(u"its own servers"));
                continue;
            }
            ++withText;
            QVERIFY2(all.contains(u"http://127.0.0.1:"_s) && all.contains(u"@practice/echo"),
                     qPrintable(programs->item(row)->text()));
            QVERIFY(all.contains(u"PORTOLAN_KEY") || all.contains(u"YOUR-CLIENT-KEY"));
        }
        QCOMPARE(withText, 7);
    }
};

} // namespace portolan::ui

QTEST_MAIN(portolan::ui::TestKeysPanel)
#include "tst_keyspanel.moc"
