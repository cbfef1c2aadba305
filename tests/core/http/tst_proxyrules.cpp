// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/proxyrules.h"

#include <QTest>

#include <map>
#include <string>

using namespace portolan;
using namespace portolan::http;

namespace {

using Variables = std::map<std::string, std::string>;

ProxyRules::Lookup lookupIn(const Variables &variables)
{
    return [variables](const char *name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
}

std::string labelOf(const SharedProxy &proxy)
{
    return proxy ? proxy->label() : "direct";
}

Endpoint endpoint(std::string host, std::uint16_t port = 443)
{
    const bool tls = port == 443;
    return {.host = std::move(host), .port = port, .tls = tls};
}

} // namespace

class TestProxyRules : public QObject
{
    Q_OBJECT

private slots:
    void readsAddresses_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<int>("kind");
        QTest::addColumn<std::string>("label");
        QTest::addColumn<std::string>("user");
        QTest::addColumn<std::string>("password");
        const auto row = [](std::string text, Proxy::Kind kind, std::string label, std::string user = {},
                            std::string password = {}) {
            QTest::newRow(text.c_str()) << text << int(kind) << label << user << password;
        };
        row("http://proxy.example:3128", Proxy::Kind::Http, "proxy.example:3128");
        row("http://proxy.example:3128/", Proxy::Kind::Http, "proxy.example:3128");
        row("proxy.example:3128", Proxy::Kind::Http, "proxy.example:3128");
        row("HTTP://Proxy.Example", Proxy::Kind::Http, "proxy.example:80");
        row("https://proxy.example", Proxy::Kind::Https, "proxy.example:443");
        row("socks5://10.1.2.3", Proxy::Kind::Socks5, "10.1.2.3:1080");
        row("socks5h://[::1]:9050", Proxy::Kind::Socks5, "[::1]:9050");
        row("socks5://[fd00::1]", Proxy::Kind::Socks5, "[fd00::1]:1080");
        row("http://me:word@proxy.example:1", Proxy::Kind::Http, "proxy.example:1", "me", "word");
        row("http://me@proxy.example:1", Proxy::Kind::Http, "proxy.example:1", "me");
        row("http://a%40b:p%3a%2f%25@proxy.example:1", Proxy::Kind::Http, "proxy.example:1", "a@b", "p:/%");
        row("http://me:a@b@proxy.example:1", Proxy::Kind::Http, "proxy.example:1", "me", "a@b");
    }

    void readsAddresses()
    {
        QFETCH(std::string, text);
        QFETCH(int, kind);
        QFETCH(std::string, label);
        QFETCH(std::string, user);
        QFETCH(std::string, password);
        const auto proxy = Proxy::parse(text);
        QVERIFY(proxy.has_value());
        QCOMPARE(int(proxy->kind), kind);
        QCOMPARE(proxy->label(), label);
        QCOMPARE(proxy->user, user);
        QCOMPARE(proxy->password ? std::string(proxy->password->view()) : std::string(), password);
    }

    void refusesOtherTexts_data()
    {
        QTest::addColumn<std::string>("text");
        for (const std::string text :
             {"", "http://", "ftp://proxy.example", "socks4://proxy.example", "://proxy.example",
              "http://proxy.example/path", "http://proxy.example:0", "http://proxy.example:65536",
              "http://proxy.example:x", "http://proxy example", "http://a\r\nb", "http://:word@proxy.example",
              "http://me:sec%0d%0aret@proxy.example", "http://me:secret%4@proxy.example",
              "http://me%3ayou:secret@proxy.example", "http://me:secret@169.254.169.254",
              "http://me:secret@proxy.example?x"})
            QTest::newRow(text.empty() ? "empty" : text.c_str()) << text;
        QTest::newRow("long password") << "http://me:" + std::string(256, 's') + "@proxy.example";
    }

    void refusesOtherTexts()
    {
        QFETCH(std::string, text);
        const auto proxy = Proxy::parse(text);
        QVERIFY(!proxy.has_value());
        QCOMPARE(proxy.error().code, std::string("http.bad_proxy"));
        QVERIFY(!proxy.error().message.contains("sec"));
        QVERIFY(proxy.error().where.empty());
    }

    void bypassesAsNoProxySays_data()
    {
        QTest::addColumn<std::string>("entry");
        QTest::addColumn<std::string>("host");
        QTest::addColumn<int>("port");
        QTest::addColumn<bool>("bypassed");
        const auto row = [](std::string entry, std::string host, bool bypassed, int port = 443) {
            QTest::newRow((entry + " for " + host).c_str()) << entry << host << port << bypassed;
        };
        row("*", "api.example.com", true);
        row("example.com", "example.com", true);
        row("example.com", "api.example.com", true);
        row("EXAMPLE.com", "api.example.com", true);
        row(".example.com", "api.example.com", true);
        row(".example.com", "example.com", true);
        row("*.example.com", "api.example.com", true);
        row("example.com", "notexample.com", false);
        row("api.example.com", "example.com", false);
        row("com", "example.com", true);
        row(".", "example.com", false);
        row("example.com:443", "example.com", true);
        row("example.com:8443", "example.com", false);
        row("example.com:x", "example.com", false);
        row("10.1.2.3", "10.1.2.3", true);
        row("10.1.2.3:443", "10.1.2.3", true);
        row("10.1.2.3:80", "10.1.2.3", false);
        row("1.2.3", "0.1.2.3", false);
        row("10.0.0.0/8", "10.200.3.4", true);
        row("10.0.0.0/8", "11.0.0.1", false);
        row("10.1.2.3/8", "10.200.3.4", true);
        row("10.0.0.0/33", "10.0.0.1", false);
        row("10.0.0.0/8", "example.com", false);
        row("fd00::/8", "fd12::1", true);
        row("fd00::/8", "fe12::1", false);
        row("fd12::1", "fd12::1", true);
        row("[fd12::1]", "fd12::1", true);
        row("[fd12::1]:443", "fd12::1", true);
        row("[fd12::1]:80", "fd12::1", false);
        row("[", "example.com", false);
    }

    void bypassesAsNoProxySays()
    {
        QFETCH(std::string, entry);
        QFETCH(std::string, host);
        QFETCH(int, port);
        QFETCH(bool, bypassed);
        QCOMPARE(bypasses(entry, endpoint(host, std::uint16_t(port))), bypassed);
    }

    void choosesFromTheEnvironment_data()
    {
        QTest::addColumn<Variables>("variables");
        QTest::addColumn<std::string>("secure");
        QTest::addColumn<std::string>("plain");
        const auto row
            = [](const char *name, const Variables &variables, const char *secure, const char *plain) {
                  QTest::newRow(name) << variables << std::string(secure) << std::string(plain);
              };
        row("nothing", {}, "direct", "direct");
        row("empty", {{"HTTPS_PROXY", ""}}, "direct", "direct");
        row("each its own", {{"HTTPS_PROXY", "http://s:1"}, {"HTTP_PROXY", "http://p:2"}}, "s:1", "p:2");
        row("https only", {{"HTTPS_PROXY", "http://s:1"}}, "s:1", "direct");
        row("all", {{"ALL_PROXY", "socks5://a"}}, "a:1080", "a:1080");
        row("the narrower one", {{"ALL_PROXY", "socks5://a"}, {"http_proxy", "http://p:2"}}, "a:1080", "p:2");
        row("lower case first", {{"https_proxy", "http://l:1"}, {"HTTPS_PROXY", "http://u:1"}}, "l:1",
            "direct");
        row("exempt", {{"ALL_PROXY", "http://a:1"}, {"NO_PROXY", "other.example, example.com"}}, "direct",
            "direct");
        row("exempt from everything", {{"ALL_PROXY", "http://a:1"}, {"no_proxy", "*"}}, "direct", "direct");
        row("not exempt", {{"ALL_PROXY", "http://a:1"}, {"NO_PROXY", " ,other.example,,"}}, "a:1", "a:1");
    }

    void choosesFromTheEnvironment()
    {
        QFETCH(Variables, variables);
        QFETCH(std::string, secure);
        QFETCH(std::string, plain);
        const auto rules = ProxyRules::fromEnvironment(lookupIn(variables));
        QCOMPARE(rules.problem, std::string());
        QCOMPARE(labelOf(rules.proxyFor(endpoint("api.example.com"))), secure);
        QCOMPARE(labelOf(rules.proxyFor(endpoint("api.example.com", 80))), plain);
    }

    void saysWhichVariableIsWrong()
    {
        const auto rules = ProxyRules::fromEnvironment(lookupIn({{"HTTPS_PROXY", "ftp://me:secret@x"}}));
        QVERIFY(rules.problem.contains("HTTPS_PROXY"));
        QVERIFY(!rules.problem.contains("secret"));
    }

    void neverSendsLoopbackThroughAProxy_data()
    {
        QTest::addColumn<std::string>("host");
        for (const std::string host : {"127.0.0.1", "127.9.9.9", "::1", "localhost", "a.localhost"})
            QTest::newRow(host.c_str()) << host;
    }

    void neverSendsLoopbackThroughAProxy()
    {
        QFETCH(std::string, host);
        const auto rules = ProxyRules::fixed(*Proxy::parse("http://p:1"), lookupIn({}));
        QCOMPARE(labelOf(rules.proxyFor(endpoint(host))), std::string("direct"));
        QCOMPARE(labelOf(rules.proxyFor(endpoint("localhost.example"))), std::string("p:1"));
    }

    void prefersWhatTheSystemSaidAboutAnEndpoint()
    {
        ProxyRules rules
            = ProxyRules::fixed(*Proxy::parse("http://p:1"), lookupIn({{"NO_PROXY", "n.example"}}));
        const auto other = std::make_shared<const Proxy>(*Proxy::parse("http://o:2"));
        rules.answers = {{.host = "a.example", .port = 443, .tls = true, .proxy = other},
                         {.host = "b.example", .port = 443, .tls = true, .proxy = nullptr},
                         {.host = "n.example", .port = 443, .tls = true, .proxy = other}};
        QCOMPARE(labelOf(rules.proxyFor(endpoint("a.example"))), std::string("o:2"));
        QCOMPARE(labelOf(rules.proxyFor(endpoint("a.example", 80))), std::string("p:1"));
        QCOMPARE(labelOf(rules.proxyFor(endpoint("b.example"))), std::string("direct"));
        QCOMPARE(labelOf(rules.proxyFor(endpoint("c.example"))), std::string("p:1"));
        QCOMPARE(labelOf(rules.proxyFor(endpoint("n.example"))), std::string("direct"));
    }
};

QTEST_GUILESS_MAIN(TestProxyRules)
#include "tst_proxyrules.moc"
