// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/scopes.h"

#include <QTest>

#include <string>
#include <vector>

using namespace portolan::admission;

class TestScopes : public QObject
{
    Q_OBJECT

private slots:
    void knowsAScopeByItsShape_data()
    {
        QTest::addColumn<std::string>("scope");
        QTest::addColumn<bool>("good");
        const auto row = [](const char *scope, bool good) {
            QTest::newRow(*scope ? scope : "(none)") << std::string(scope) << good;
        };
        row("use", true);
        row("admin", true);
        row("configs.read", true);
        row("workspace_user_api_keys.rotate", true);
        row("", false);
        row("root", false);
        row("configs", false);
        row("configs.", false);
        row(".read", false);
        row("configs.*", false);
        row("Configs.read", false);
        row("a.b.c", false);
        row("configs.read\n", false);
    }
    void knowsAScopeByItsShape()
    {
        QFETCH(std::string, scope);
        QFETCH(bool, good);
        QCOMPARE(isScope(scope), good);
    }

    void grantsWhatTheScopesSay_data()
    {
        QTest::addColumn<std::vector<std::string>>("scopes");
        QTest::addColumn<std::string>("needed");
        QTest::addColumn<bool>("granted");
        QTest::addColumn<bool>("administers");
        using Scopes = std::vector<std::string>;
        const auto row = [](const char *name, Scopes scopes, const char *needed, bool granted, bool admin) {
            QTest::newRow(name) << std::move(scopes) << std::string(needed) << granted << admin;
        };
        row("none", {}, "configs.read", false, false);
        row("use is completions", {"use"}, "completions.write", true, false);
        row("use lists models", {"use"}, "models.list", true, false);
        row("use administers nothing", {"use"}, "configs.read", false, false);
        row("admin is all", {"admin"}, "audit_logs.list", true, true);
        row("admin completes too", {"admin"}, "completions.write", true, true);
        row("one of Portkey's", {"use", "configs.read"}, "configs.read", true, true);
        row("and no other", {"configs.read"}, "configs.update", false, true);
        row("Portkey's word for use", {"completions.write"}, "completions.write", true, false);
    }
    void grantsWhatTheScopesSay()
    {
        QFETCH(std::vector<std::string>, scopes);
        QFETCH(std::string, needed);
        QFETCH(bool, granted);
        QFETCH(bool, administers);
        QCOMPARE(grants(scopes, needed), granted);
        QCOMPARE(portolan::admission::administers(scopes), administers);
    }
};

QTEST_APPLESS_MAIN(TestScopes)
#include "tst_scopes.moc"
