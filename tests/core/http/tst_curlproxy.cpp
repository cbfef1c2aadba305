// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/routedtransport.h"
#include "tests/core/http/certificate.h"
#include "tests/core/http/scriptedproxy.h"
#include "tests/core/http/scriptedupstream.h"
#include "tests/core/http/upstreamloop.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <string>

using namespace portolan;
using namespace portolan::http;
using namespace portolan::test;
using namespace std::chrono_literals;

using Way = ProxyScript::Way;
using Kind = ScriptedProxy::Kind;

namespace {

void answerAll(ScriptedUpstream::Peer &peer)
{
    while (peer.readRequest() && peer.send(answer("good"))) { }
}

SharedProxy proxyAt(Kind kind, std::uint16_t port, const std::string &login = {})
{
    const std::string scheme = kind == Kind::Http ? "http://" : "socks5://";
    return std::make_shared<const Proxy>(
        *Proxy::parse(scheme + login + (login.empty() ? "" : "@") + "127.0.0.1:" + std::to_string(port)));
}

} // namespace

/// What curl does that direct cannot. No name in here is ever looked up: the proxies send each to loopback.
class TestCurlProxy : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    const Certificate m_certificate = makeCertificate("DNS:provider.example");
    DirectOptions m_options;

    static UpstreamRequest request(std::uint16_t port, SharedProxy proxy, bool tls = false)
    {
        auto asked = requestTo(port, "the body");
        asked.endpoint.host = "provider.example";
        asked.endpoint.tls = tls;
        asked.proxy = std::move(proxy);
        std::string key = "sk-secret";
        asked.credential = Credential{.header = "Authorization",
                                      .prefix = "Bearer ",
                                      .secret = std::make_shared<const SecretBytes>(SecretBytes::take(key))};
        return asked;
    }

    static void kindRows()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("tls");
        QTest::newRow("HTTP to http") << int(Kind::Http) << false;
        QTest::newRow("HTTP to https") << int(Kind::Http) << true;
        QTest::newRow("SOCKS to http") << int(Kind::Socks5) << false;
        QTest::newRow("SOCKS to https") << int(Kind::Socks5) << true;
    }

    std::optional<Certificate> certificate(bool tls) const
    {
        return tls ? std::optional(m_certificate) : std::nullopt;
    }

private slots:
    void initTestCase()
    {
        m_options.ca_file = m_folder.filePath(QStringLiteral("ca.pem")).toStdString();
        std::ofstream(m_options.ca_file) << m_certificate.certificate;
    }

    void callsThroughTheProxy_data() { kindRows(); }

    void callsThroughTheProxy()
    {
        QFETCH(int, kind);
        QFETCH(bool, tls);
        ScriptedUpstream upstream(answerAll, certificate(tls));
        ScriptedProxy proxy(Kind(kind), {});
        UpstreamLoop loop(makeCurlTransport, m_options);
        const auto way = proxyAt(Kind(kind), proxy.port());
        for (int i = 0; i < 3; ++i) {
            const auto outcome = loop.ask(request(upstream.port(), way, tls));
            QCOMPARE(outcome.message, std::string());
            QCOMPARE(outcome.body, std::string("good"));
            QCOMPARE(outcome.timings.reused, i > 0);
            QCOMPARE(outcome.timings.address, way->label());
            QVERIFY(outcome.timings.head_us >= outcome.timings.sent_us);
        }
        QCOMPARE(proxy.connections(), 1);
        QCOMPARE(upstream.requests(), 3);
        QVERIFY(upstream.received().starts_with("POST /v1/x HTTP/1.1\r\nHost: provider.example:"));
        QVERIFY(upstream.received().contains("Authorization: Bearer sk-secret\r\n"));
        QVERIFY(upstream.received().ends_with("\r\n\r\nthe body"));
        // Behind TLS the proxy sees neither the key nor the rest.
        QCOMPARE(proxy.received().contains("sk-secret"), !tls);
        QCOMPARE(proxy.received().contains("the body"), !tls);
    }

    void showsItsLoginToTheProxyAlone_data() { kindRows(); }

    void showsItsLoginToTheProxyAlone()
    {
        QFETCH(int, kind);
        QFETCH(bool, tls);
        ScriptedUpstream upstream(answerAll, certificate(tls));
        ScriptedProxy proxy(Kind(kind), {.user = "me", .password = "p:w/%"});
        UpstreamLoop loop(makeCurlTransport, m_options);
        const auto outcome
            = loop.ask(request(upstream.port(), proxyAt(Kind(kind), proxy.port(), "me:p%3Aw%2f%25"), tls));
        QCOMPARE(outcome.message, std::string());
        QCOMPARE(outcome.body, std::string("good"));
        if (tls || Kind(kind) == Kind::Socks5)
            QVERIFY(!upstream.received().contains("Proxy-Authorization"));
    }

    void asksForAnotherLogin_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("tls");
        QTest::addColumn<std::string>("login");
        for (const bool tls : {false, true}) {
            for (const auto kind : {Kind::Http, Kind::Socks5}) {
                for (const std::string login : {"", "me:wrong-pass", "other:word"}) {
                    const auto name = std::string(kind == Kind::Http ? "HTTP" : "SOCKS")
                        + (tls ? " to https: " : " to http: ") + login;
                    QTest::newRow(name.c_str()) << int(kind) << tls << login;
                }
            }
        }
    }

    void asksForAnotherLogin()
    {
        QFETCH(int, kind);
        QFETCH(bool, tls);
        QFETCH(std::string, login);
        ScriptedUpstream upstream(answerAll, certificate(tls));
        ScriptedProxy proxy(Kind(kind), {.user = "me", .password = "word"});
        UpstreamLoop loop(makeCurlTransport, m_options);
        const auto outcome
            = loop.ask(request(upstream.port(), proxyAt(Kind(kind), proxy.port(), login), tls));
        QCOMPARE(outcome.error, std::string("upstream.proxy_auth"));
        QVERIFY(outcome.message.contains("HTTPS_PROXY"));
        QVERIFY(!outcome.message.contains("wrong-pass"));
        QVERIFY(!outcome.message.contains("other"));
        QCOMPARE(upstream.connections(), 0);
    }

    void saysWhyTheProxyFailed_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("tls");
        QTest::addColumn<int>("way");
        QTest::addColumn<std::string>("error");
        QTest::addColumn<std::string>("words");
        const auto row
            = [](const char *name, Kind kind, bool tls, Way way, std::string error, std::string words) {
                  QTest::newRow(name) << int(kind) << tls << int(way) << std::move(error) << std::move(words);
              };
        const std::string failed = "upstream.proxy_failed";
        row("CONNECT refused", Kind::Http, true, Way::Refuses, failed, "answered 403");
        row("CONNECT failed", Kind::Http, true, Way::Fails, failed, "answered 502");
        row("CONNECT hangs", Kind::Http, true, Way::Hangs, "upstream.connect_timeout", "The proxy");
        row("CONNECT closed", Kind::Http, true, Way::Closes, failed, "ended the connection");
        row("CONNECT garbled", Kind::Http, true, Way::Talks, failed, "ended the connection");
        for (const bool tls : {false, true}) {
            row(tls ? "SOCKS refused, TLS" : "SOCKS refused", Kind::Socks5, tls, Way::Refuses, failed,
                "does not allow");
            row(tls ? "SOCKS failed, TLS" : "SOCKS failed", Kind::Socks5, tls, Way::Fails, failed,
                "cannot reach");
            row(tls ? "SOCKS hangs, TLS" : "SOCKS hangs", Kind::Socks5, tls, Way::Hangs,
                "upstream.connect_timeout", "The proxy");
            row(tls ? "SOCKS closed, TLS" : "SOCKS closed", Kind::Socks5, tls, Way::Closes, failed, "SOCKS5");
            row(tls ? "SOCKS garbled, TLS" : "SOCKS garbled", Kind::Socks5, tls, Way::Talks, failed,
                "SOCKS5");
        }
    }

    void saysWhyTheProxyFailed()
    {
        QFETCH(int, kind);
        QFETCH(bool, tls);
        QFETCH(int, way);
        QFETCH(std::string, error);
        QFETCH(std::string, words);
        ScriptedUpstream upstream(answerAll, certificate(tls));
        ScriptedProxy proxy(Kind(kind), {.way = Way(way)});
        UpstreamLoop loop(makeCurlTransport, m_options);
        auto asked = request(upstream.port(), proxyAt(Kind(kind), proxy.port()), tls);
        asked.connect_timeout = 150ms;
        const auto outcome = loop.ask(std::move(asked));
        QCOMPARE(outcome.error, error);
        QVERIFY2(outcome.message.contains(words), outcome.message.c_str());
        QCOMPARE(upstream.connections(), 0);
        QVERIFY(!proxy.received().contains("sk-secret"));
    }

    void saysThatTheProxyIsGone_data() { kindRows(); }

    void saysThatTheProxyIsGone()
    {
        QFETCH(int, kind);
        QFETCH(bool, tls);
        std::uint16_t free_port = 0;
        {
            ScriptedProxy gone(Kind(kind), {});
            free_port = gone.port();
        }
        UpstreamLoop loop(makeCurlTransport, m_options);
        const auto outcome = loop.ask(request(443, proxyAt(Kind(kind), free_port), tls));
        QCOMPARE(outcome.error, std::string("upstream.proxy_refused"));
        QVERIFY(outcome.message.contains(std::to_string(free_port)));
    }

    void noticesEveryCutInAnAnswer()
    {
        const std::string whole = answer("data: 1\n\n");
        for (std::size_t cut = 1; cut < whole.size(); ++cut) {
            ScriptedUpstream upstream([&](ScriptedUpstream::Peer &peer) {
                if (peer.readRequest())
                    peer.send(whole);
            });
            ScriptedProxy proxy(Kind::Socks5, {.cuts_after = cut});
            UpstreamLoop loop(makeCurlTransport, m_options);
            const auto outcome = loop.ask(request(upstream.port(), proxyAt(Kind::Socks5, proxy.port())));
            const bool in_body = outcome.status != 0;
            QVERIFY2(in_body ? outcome.error == "upstream.truncated"
                             : outcome.error == "upstream.reset" || outcome.error == "upstream.closed",
                     (std::to_string(cut) + ": " + outcome.error).c_str());
            QCOMPARE(upstream.requests(), 1);
        }
    }

    void noticesACutInsideTls()
    {
        ScriptedUpstream upstream(
            [](ScriptedUpstream::Peer &peer) {
                if (peer.readRequest())
                    peer.send(answer(std::string(100'000, 'x')));
            },
            m_certificate);
        ScriptedProxy proxy(Kind::Http, {.cuts_after = 20'000});
        UpstreamLoop loop(makeCurlTransport, m_options);
        const auto outcome = loop.ask(request(upstream.port(), proxyAt(Kind::Http, proxy.port()), true));
        QCOMPARE(outcome.status, 200);
        QCOMPARE(outcome.error, std::string("upstream.truncated"));
        QCOMPARE(upstream.requests(), 1);
    }

    void repeatsOnlyWhatADeadTunnelSwallowed_data() { kindRows(); }

    void repeatsOnlyWhatADeadTunnelSwallowed()
    {
        QFETCH(int, kind);
        QFETCH(bool, tls);
        // The first connection answers one request, takes a second and dies without a byte; so does every
        // further one, at its first.
        ScriptedUpstream upstream(
            [](ScriptedUpstream::Peer &peer) {
                if (peer.number() == 1 && peer.readRequest())
                    peer.send(answer("first"));
                peer.readRequest();
                peer.reset();
            },
            certificate(tls));
        ScriptedProxy proxy(Kind(kind), {});
        UpstreamLoop loop(makeCurlTransport, m_options);
        const auto way = proxyAt(Kind(kind), proxy.port());
        QCOMPARE(loop.ask(request(upstream.port(), way, tls)).body, std::string("first"));
        const auto error = loop.ask(request(upstream.port(), way, tls)).error;
        QVERIFY2(error == "upstream.closed" || error == "upstream.reset", error.c_str());
        QCOMPARE(upstream.requests(), 3);
    }

    void cancelsAtOnceWhileTheProxyHangs_data() { kindRows(); }

    void cancelsAtOnceWhileTheProxyHangs()
    {
        QFETCH(int, kind);
        QFETCH(bool, tls);
        ScriptedProxy proxy(Kind(kind), {.way = Way::Hangs});
        UpstreamLoop loop(makeCurlTransport, m_options);
        const auto call = loop.transport().open(request(443, proxyAt(Kind(kind), proxy.port()), tls));
        asio::steady_timer timer(loop.context(), 30ms);
        timer.async_wait([&](const auto &) { call->cancel(); });
        Outcome outcome;
        loop.spawn(UpstreamLoop::finish(*call, outcome));
        const auto begun = std::chrono::steady_clock::now();
        loop.run();
        QCOMPARE(outcome.error, std::string("upstream.cancelled"));
        QVERIFY(std::chrono::steady_clock::now() - begun < 500ms);
    }

    void checksTheProvidersCertificateThroughTheProxy()
    {
        ScriptedUpstream upstream(answerAll, makeCertificate("DNS:other.example"));
        ScriptedProxy proxy(Kind::Http, {});
        UpstreamLoop loop(makeCurlTransport, m_options);
        QCOMPARE(loop.ask(request(upstream.port(), proxyAt(Kind::Http, proxy.port()), true)).error,
                 std::string("upstream.tls"));
        QCOMPARE(upstream.received(), std::string());
    }

    void refusesWhatItCannotCheckBehindAProxy()
    {
        ScriptedProxy proxy(Kind::Http, {});
        UpstreamLoop loop(makeCurlTransport, m_options);
        auto named = request(443, proxyAt(Kind::Http, proxy.port()), true);
        named.endpoint.policy = AddressPolicy::PublicOnly;
        QCOMPARE(loop.ask(std::move(named)).error, std::string("upstream.address_not_allowed"));
        auto unverified = request(443, proxyAt(Kind::Http, proxy.port()), true);
        unverified.endpoint.verify_tls = false;
        QCOMPARE(loop.ask(std::move(unverified)).error, std::string("upstream.address_not_allowed"));
        auto metadata = request(80, proxyAt(Kind::Http, proxy.port()));
        metadata.endpoint.host = "169.254.169.254";
        QCOMPARE(loop.ask(std::move(metadata)).error, std::string("upstream.address_not_allowed"));
        QCOMPARE(proxy.connections(), 0);
    }

    void asksTheEnvironmentForNothing()
    {
        ScriptedUpstream upstream(answerAll);
        ScriptedProxy proxy(Kind::Http, {});
        const auto address = QByteArray::fromStdString("http://127.0.0.1:" + std::to_string(proxy.port()));
        for (const char *name : {"http_proxy", "https_proxy", "ALL_PROXY"})
            qputenv(name, address);
        qputenv("no_proxy", "*");
        UpstreamLoop loop(makeCurlTransport, m_options);
        const auto direct = loop.ask(requestTo(upstream.port()));
        const auto through = loop.ask(request(upstream.port(), proxyAt(Kind::Http, proxy.port())));
        for (const char *name : {"http_proxy", "https_proxy", "ALL_PROXY", "no_proxy"})
            qunsetenv(name);
        QCOMPARE(direct.body, std::string("good"));
        QCOMPARE(through.body, std::string("good"));
        QCOMPARE(proxy.connections(), 1);
    }

    void followsTheRulesPerEndpoint()
    {
        ScriptedUpstream upstream(answerAll);
        ScriptedProxy proxy(Kind::Socks5, {});
        auto *routed = static_cast<RoutedTransport *>(nullptr);
        UpstreamLoop loop(
            [&](asio::io_context &context, DeadlineList &deadlines,
                DirectOptions options) -> Result<std::unique_ptr<UpstreamTransport>> {
                auto made = RoutedTransport::make(context, deadlines, std::move(options));
                if (!made)
                    return std::unexpected(made.error());
                routed = made->get();
                return *std::move(made);
            },
            m_options);
        ProxyRules rules;
        rules.plain = proxyAt(Kind::Socks5, proxy.port());
        routed->follow(std::make_shared<const ProxyRules>(rules));
        QCOMPARE(loop.ask(requestTo(upstream.port())).body, std::string("good"));
        QCOMPARE(proxy.connections(), 0);
        QCOMPARE(loop.ask(request(upstream.port(), nullptr)).body, std::string("good"));
        QCOMPARE(proxy.connections(), 1);
        rules.problem = "Mend it.";
        routed->follow(std::make_shared<const ProxyRules>(rules));
        const auto refused = loop.ask(request(upstream.port(), nullptr));
        QCOMPARE(refused.error, std::string("upstream.proxy_unusable"));
        QCOMPARE(refused.message, std::string("Mend it."));
        QCOMPARE(loop.ask(requestTo(upstream.port())).body, std::string("good"));
        QCOMPARE(proxy.connections(), 1);
    }
};

QTEST_GUILESS_MAIN(TestCurlProxy)
#include "tst_curlproxy.moc"
