// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/arch/includerules.h"
#include "tests/arch/tree.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace portolan::arch;

class TestIncludes : public QObject
{
    Q_OBJECT

private slots:
    void judgesAnInclude_data();
    void judgesAnInclude();
    void everyArrowInTheTreeIsAllowed();
};

void TestIncludes::judgesAnInclude_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("rule"); // empty: allowed

    const auto row = [](const char *name, const QString &path, const QString &text, const QString &rule) {
        QTest::newRow(name) << path << text << rule;
    };
    const QString http = u"#include \"core/http/server.h\"\n"_s;
    row("down", u"core/gateway/a.cpp"_s, http, {});
    row("own room", u"core/http/a.cpp"_s, http, {});
    row("up", u"core/base/a.h"_s, http, u"arrow"_s);
    row("sideways", u"core/store/a.cpp"_s, http, u"arrow"_s);
    row("window to the core's inside", u"ui/logs/a.cpp"_s, u"#include \"core/store/reader.h\"\n"_s,
        u"arrow"_s);
    row("window to the facade", u"ui/logs/a.cpp"_s, u"#include \"core/control/control.h\"\n"_s, {});
    row("panel to panel", u"ui/logs/a.cpp"_s, u"#include \"ui/catalog/panel.h\"\n"_s, u"arrow"_s);
    row("shell to panel", u"ui/shell/a.cpp"_s, u"#include \"ui/catalog/panel.h\"\n"_s, {});
    row("core to window", u"core/control/a.cpp"_s, u"#include \"ui/theme/icon.h\"\n"_s, u"arrow"_s);
    row("app to anything", u"app/main.cpp"_s,
        u"#include \"ui/shell/window.h\"\n#include \"core/vault/vault.h\"\n"_s, {});
    row("after a blank", u"core/base/a.h"_s, u"  #  include \"core/http/server.h\"\n"_s, u"arrow"_s);
    row("in a comment", u"core/base/a.h"_s, u"// #include \"core/http/server.h\"\n"_s, {});
    row("in a raw string", u"core/base/a.h"_s, u"auto s = R\"(\n#include <QLabel>\n)\";\n"_s, {});
    row("relative", u"core/base/a.cpp"_s, u"#include \"text.h\"\n"_s, u"include-path"_s);
    row("moc", u"core/control/a.cpp"_s, u"#include \"a.moc\"\n"_s, {});
    row("new room", u"core/attic/a.cpp"_s, {}, u"unknown-room"_s);
    row("Qt in a pure room", u"core/trace/a.h"_s, u"#include <QString>\n"_s, u"qt"_s);
    row("Qt on the data path", u"core/http/a.h"_s, u"#include <QtCore/QByteArray>\n"_s, u"qt"_s);
    row("Qt in the store", u"core/store/a.h"_s, u"#include <QSqlQuery>\n"_s, {});
    row("window in the core", u"core/control/a.cpp"_s, u"#include <QLabel>\n"_s, u"window"_s);
    row("colours in the core", u"core/control/a.cpp"_s, u"#include <QtGui/QColor>\n"_s, u"window"_s);
    row("SQL in the window", u"ui/logs/a.cpp"_s, u"#include <QSqlQuery>\n"_s, u"sql"_s);
    row("thread in a pure room", u"core/dialect/a.cpp"_s, u"#include <thread>\n"_s, u"impure"_s);
    row("sockets in a pure room", u"core/catalog/a.cpp"_s, u"#include <boost/asio/ip/tcp.hpp>\n"_s,
        u"impure"_s);
    row("dice in a pure room", u"core/routing/a.cpp"_s, u"#include <random>\n"_s, u"impure"_s);
    row("clock in a pure room", u"core/trace/a.cpp"_s, u"auto t = std::chrono::system_clock::now();\n"_s,
        u"impure"_s);
    row("clock named in a comment", u"core/trace/a.cpp"_s, u"// not steady_clock::now\n"_s, {});
    row("durations in a pure room", u"core/trace/a.cpp"_s, u"#include <chrono>\n"_s, {});
    row("Beast outside http", u"core/gateway/a.cpp"_s, u"#include <boost/beast/http.hpp>\n"_s, u"beast"_s);
    row("Beast in http", u"core/http/a.cpp"_s, u"#include <boost/beast/http.hpp>\n"_s, {});
}

void TestIncludes::judgesAnInclude()
{
    QFETCH(QString, path);
    QFETCH(QString, text);
    QFETCH(QString, rule);

    const auto findings = checkIncludes(path, text);
    if (rule.isEmpty()) {
        QVERIFY2(findings.empty(), qPrintable(listed(findings)));
        return;
    }
    QCOMPARE(findings.size(), size_t(1));
    QCOMPARE(findings.front().rule, rule);
    QCOMPARE(findings.front().file, path);
}

void TestIncludes::everyArrowInTheTreeIsAllowed()
{
    const auto files = filesOf({u"core"_s, u"ui"_s, u"app"_s}, {u".h"_s, u".cpp"_s});
    QVERIFY(files.size() > 50); // the tree was found
    Findings all;
    for (const auto &file : files) {
        const auto found = checkIncludes(file, textOf(file));
        all.insert(all.end(), found.begin(), found.end());
    }
    QVERIFY2(all.empty(), qPrintable(u"\n"_s + listed(all)));
}

QTEST_GUILESS_MAIN(TestIncludes)
#include "tst_includes.moc"
