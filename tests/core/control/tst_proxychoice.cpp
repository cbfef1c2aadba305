// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/proxychoice.h"
#include "core/control/settingsmap.h"

#include <QTest>

#include <map>
#include <string>

using namespace portolan;
using namespace portolan::control;
using namespace Qt::StringLiterals;

namespace {

const http::Endpoint kProvider{.host = "api.example.com", .port = 443, .tls = true};

std::optional<std::string> environmentOfTheTest(const char *name)
{
    const std::map<std::string, std::string> variables{{"HTTPS_PROXY", "http://env.example:3128"},
                                                       {"NO_PROXY", "exempt.example"}};
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
}

std::string labelFor(const http::ProxyRules &rules, const http::Endpoint &endpoint)
{
    const auto proxy = rules.proxyFor(endpoint);
    return proxy ? proxy->label() : "direct";
}

} // namespace

class TestProxyChoice : public QObject
{
    Q_OBJECT

private slots:
    void followsTheSetting_data()
    {
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QString>("proxy");
        QTest::addColumn<std::string>("way");
        QTest::newRow("system") << u"system"_s << QString() << std::string("env.example:3128");
        QTest::newRow("system, another one written")
            << u"system"_s << u"http://my.example:1"_s << std::string("env.example:3128");
        QTest::newRow("none") << u"none"_s << u"http://my.example:1"_s << std::string("direct");
        QTest::newRow("this one") << u"fixed"_s << u"http://my.example:1"_s << std::string("my.example:1");
        QTest::newRow("this one, SOCKS")
            << u"fixed"_s << u"socks5://my.example"_s << std::string("my.example:1080");
    }

    void followsTheSetting()
    {
        QFETCH(QString, mode);
        QFETCH(QString, proxy);
        QFETCH(std::string, way);
        Settings settings;
        settings.proxyMode = mode;
        settings.proxy = proxy;
        QCOMPARE(whyInvalid(settings), QString());
        const auto rules = proxyRules(settings, environmentOfTheTest);
        QCOMPARE(rules.problem, std::string());
        QCOMPARE(labelFor(rules, kProvider), way);
        http::Endpoint exempt = kProvider;
        exempt.host = "exempt.example";
        QCOMPARE(labelFor(rules, exempt), std::string("direct"));
        http::Endpoint loopback = kProvider;
        loopback.host = "127.0.0.1";
        QCOMPARE(labelFor(rules, loopback), std::string("direct"));
    }

    void neverGoesAroundAProxyItCannotRead()
    {
        Settings settings;
        settings.proxyMode = u"fixed"_s;
        settings.proxy = u"my.example:x"_s;
        const auto rules = proxyRules(settings, environmentOfTheTest);
        QVERIFY(rules.problemFor(kProvider).contains("Settings > Network"));
        http::Endpoint loopback = kProvider;
        loopback.host = "localhost";
        QVERIFY(rules.problemFor(loopback).empty());
    }

    void refusesProxiesThatCannotBeUsed_data()
    {
        QTest::addColumn<QString>("proxy");
        QTest::newRow("nothing") << QString();
        QTest::newRow("port") << u"http://my.example:x"_s;
        QTest::newRow("scheme") << u"ftp://my.example"_s;
        QTest::newRow("login") << u"http://me:word@my.example:1"_s;
    }

    void refusesProxiesThatCannotBeUsed()
    {
        QFETCH(QString, proxy);
        Settings settings;
        settings.proxyMode = u"fixed"_s;
        settings.proxy = proxy;
        const auto why = whyInvalid(settings);
        QVERIFY(!why.isEmpty());
        QVERIFY(!why.contains(u"me:word"_s));
    }

    void keepsNoLoginWhateverTheMode()
    {
        Settings settings;
        settings.proxy = u"http://me:word@my.example:1"_s;
        QVERIFY(!whyInvalid(settings).isEmpty());
    }

    void takesAnOlderSettingForTheOneProxy()
    {
        QCOMPARE(settingsFrom({{"network.proxy", "http://old.example:1"}}).proxyMode, u"fixed"_s);
        QCOMPARE(settingsFrom({{"network.proxy", ""}}).proxyMode, u"system"_s);
        QCOMPARE(settingsFrom({{"network.proxy", "http://old.example:1"}, {"network.proxy_mode", "none"}})
                     .proxyMode,
                 u"none"_s);
    }
};

QTEST_GUILESS_MAIN(TestProxyChoice)
#include "tst_proxychoice.moc"
