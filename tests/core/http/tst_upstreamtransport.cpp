// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/http/certificate.h"
#include "tests/core/http/scriptedupstream.h"
#include "tests/core/http/upstreamloop.h"

#include <boost/asio/post.hpp>

#include <QTemporaryDir>
#include <QTest>

#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

using namespace portolan;
using namespace portolan::http;
using namespace portolan::test;
using namespace std::chrono_literals;

namespace {

void answerAll(ScriptedUpstream::Peer &peer)
{
    while (peer.readRequest() && peer.send(answer("good", "X-From: upstream\r\n"))) { }
}

/// A body that comes in three pieces.
class ThreePieces final : public BodySource
{
public:
    Task<Result<std::string_view>> next() override
    {
        constexpr std::array<std::string_view, 4> kPieces{"one", "two", "three", ""};
        co_return kPieces.at(std::min(m_at++, kPieces.size() - 1));
    }

private:
    std::size_t m_at = 0;
};

} // namespace

/// What every way to a provider must do alike. Built and run once per transport: see CMakeLists.txt.
class TestUpstreamTransport : public QObject
{
    Q_OBJECT

private:
    const MakeTransport m_make = PORTOLAN_TEST_TRANSPORT;
    QTemporaryDir m_folder;
    const Certificate m_good = makeCertificate("DNS:localhost,IP:127.0.0.1");

    std::string caFile(const Certificate &certificate)
    {
        const auto path = m_folder.filePath(QStringLiteral("ca.pem")).toStdString();
        std::ofstream(path) << certificate.certificate;
        return path;
    }

    /// The loop runs for a while, so that it sees what happens to connections that rest.
    static void passTime(UpstreamLoop &loop)
    {
        loop.context().restart();
        asio::steady_timer timer(loop.context(), 60ms);
        bool over = false;
        timer.async_wait([&](const auto &) { over = true; });
        while (!over)
            loop.context().run_one();
    }

    static UpstreamRequest secure(UpstreamRequest request, const std::string &host = "127.0.0.1")
    {
        request.endpoint.tls = true;
        request.endpoint.host = host;
        return request;
    }

private slots:
    void sendsOneRequestAndReadsItsAnswer()
    {
        ScriptedUpstream upstream(answerAll);
        UpstreamLoop loop(m_make);
        auto request = requestTo(upstream.port());
        request.body = {"{\"a\":", "1}"};
        request.fields.add("Connection", "x-evil");
        std::string key = "sk-secret";
        request.credential
            = Credential{.header = "Authorization",
                         .prefix = "Bearer ",
                         .secret = std::make_shared<const SecretBytes>(SecretBytes::take(key))};
        const auto outcome = loop.ask(std::move(request));
        QCOMPARE(outcome.error, std::string());
        QCOMPARE(outcome.status, 200);
        QCOMPARE(outcome.body, std::string("good"));
        QVERIFY(!outcome.fields.find("content-length"));
        QCOMPARE(std::string(outcome.fields.find("x-from").value_or("")), std::string("upstream"));
        QCOMPARE(upstream.received(),
                 "POST /v1/x HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(upstream.port())
                     + "\r\nContent-Type: application/json\r\nContent-Length: 7\r\nAuthorization: Bearer "
                       "sk-secret\r\n\r\n{\"a\":1}");
        QVERIFY(outcome.timings.head_us >= outcome.timings.sent_us);
        QCOMPARE(outcome.timings.bytes_sent, std::uint64_t(upstream.received().size()));
    }

    void reusesAConnection()
    {
        ScriptedUpstream upstream(answerAll);
        UpstreamLoop loop(m_make);
        for (int i = 0; i < 5; ++i)
            QCOMPARE(loop.ask(requestTo(upstream.port())).timings.reused, i > 0);
        QCOMPARE(upstream.connections(), 1);
        QCOMPARE(upstream.requests(), 5);
    }

    void opensAnotherConnectionWhenTheRestingOneWasClosed()
    {
        ScriptedUpstream closing([](ScriptedUpstream::Peer &peer) {
            peer.readRequest();
            peer.send(answer("good"));
        });
        UpstreamLoop loop(m_make);
        QCOMPARE(loop.ask(requestTo(closing.port())).body, std::string("good"));
        passTime(loop);
        const auto second = loop.ask(requestTo(closing.port()));
        QCOMPARE(second.body, std::string("good"));
        QVERIFY(!second.timings.reused);
        QCOMPARE(closing.requests(), 2);
    }

    void closesConnectionsThatRestTooLong()
    {
        std::atomic<bool> closed = false;
        ScriptedUpstream upstream([&](ScriptedUpstream::Peer &peer) {
            peer.readRequest();
            peer.send(answer("good"));
            closed = peer.closesWithin(5s);
        });
        DirectOptions options;
        options.limits.pool_idle = 20ms;
        UpstreamLoop loop(m_make, options);
        QCOMPARE(loop.ask(requestTo(upstream.port())).body, std::string("good"));
        passTime(loop);
        QTRY_VERIFY(closed);
    }

    void keepsNoConnectionBeyondItsLifetime()
    {
        ScriptedUpstream upstream([](ScriptedUpstream::Peer &peer) {
            while (peer.readRequest()) {
                peer.pause(60ms);
                peer.send(answer("good"));
            }
        });
        DirectOptions options;
        options.limits.pool_lifetime = 50ms;
        UpstreamLoop loop(m_make, options);
        for (int i = 0; i < 3; ++i)
            QCOMPARE(loop.ask(requestTo(upstream.port())).body, std::string("good"));
        QCOMPARE(upstream.connections(), 3);
    }

    void repeatsOnlyWhatADeadReusedConnectionSwallowed()
    {
        // The first connection answers one request, takes a second and dies without a byte.
        ScriptedUpstream upstream([](ScriptedUpstream::Peer &peer) {
            if (peer.number() > 1)
                return answerAll(peer);
            if (peer.readRequest())
                peer.send(answer("first"));
            peer.readRequest();
        });
        UpstreamLoop loop(m_make);
        QCOMPARE(loop.ask(requestTo(upstream.port())).body, std::string("first"));
        const auto outcome = loop.ask(requestTo(upstream.port()));
        QCOMPARE(outcome.body, std::string("good"));
        QVERIFY(!outcome.timings.reused);
        QCOMPARE(upstream.requests(), 3);
    }

    void neverRepeatsOnAFreshConnection()
    {
        ScriptedUpstream upstream([](ScriptedUpstream::Peer &peer) { peer.readRequest(); });
        UpstreamLoop loop(m_make);
        QCOMPARE(loop.ask(requestTo(upstream.port())).error, std::string("upstream.closed"));
        QCOMPARE(upstream.requests(), 1);
    }

    void neverRepeatsAfterAByteOfTheAnswer()
    {
        ScriptedUpstream upstream([](ScriptedUpstream::Peer &peer) {
            if (peer.readRequest())
                peer.send(answer("first"));
            if (peer.readRequest())
                peer.send("H");
        });
        UpstreamLoop loop(m_make);
        QCOMPARE(loop.ask(requestTo(upstream.port())).body, std::string("first"));
        QCOMPARE(loop.ask(requestTo(upstream.port())).error, std::string("upstream.closed"));
        QCOMPARE(upstream.requests(), 2);
    }

    void neverFollowsARedirect()
    {
        ScriptedUpstream elsewhere(answerAll);
        ScriptedUpstream upstream([&](ScriptedUpstream::Peer &peer) {
            if (peer.readRequest())
                peer.send(answer(
                    "", "Location: http://127.0.0.1:" + std::to_string(elsewhere.port()) + "/\r\n", 307));
        });
        UpstreamLoop loop(m_make);
        QCOMPARE(loop.ask(requestTo(upstream.port())).status, 307);
        QCOMPARE(elsewhere.connections(), 0);
    }

    void streamsABody_data()
    {
        QTest::addColumn<bool>("sized");
        QTest::addColumn<std::string>("wire");
        QTest::newRow("with its length") << true << std::string("headonetwothree");
        QTest::newRow("chunked") << false
                                 << std::string(
                                        "4\r\nhead\r\n3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n");
    }

    void streamsABody()
    {
        QFETCH(bool, sized);
        QFETCH(std::string, wire);
        ScriptedUpstream upstream(answerAll);
        UpstreamLoop loop(m_make);
        ThreePieces source;
        auto request = requestTo(upstream.port(), "head");
        request.source = &source;
        if (sized)
            request.source_bytes = 11;
        QCOMPARE(loop.ask(std::move(request)).body, std::string("good"));
        QVERIFY(upstream.received().ends_with("\r\n\r\n" + wire));
    }

    void noticesAnAnswerBeforeTheBodyWasSent()
    {
        ScriptedUpstream upstream([](ScriptedUpstream::Peer &peer) {
            if (peer.readHead())
                peer.send(answer("too large", "Connection: close\r\n", 413));
            peer.pause(5s); // and reads nothing of the body
        });
        UpstreamLoop loop(m_make);
        const std::string large(64 << 20, 'x');
        const auto outcome = loop.ask(requestTo(upstream.port(), large));
        QCOMPARE(outcome.status, 413);
        QCOMPARE(outcome.body, std::string("too large"));
        QVERIFY(outcome.timings.bytes_sent < large.size());
    }

    void stopsReadingWhileItsReaderRests()
    {
        constexpr std::size_t kSize = 64 << 20;
        ScriptedUpstream upstream([](ScriptedUpstream::Peer &peer) {
            if (peer.readRequest())
                peer.send(answer(std::string(kSize, 'x')));
        });
        UpstreamLoop loop(m_make);
        const auto call = loop.transport().open(requestTo(upstream.port()));
        std::size_t read = 0;
        std::uint64_t while_resting = 0;
        const auto slowly = [&]() -> Task<> {
            const auto reply = co_await call->send();
            if (!reply)
                co_return;
            asio::steady_timer rest(loop.context(), 200ms);
            co_await rest.async_wait(asio::use_awaitable_t<Executor>{});
            while_resting = call->timings().bytes_received;
            while (true) {
                const auto piece = co_await call->read();
                if (!piece || piece->empty())
                    break;
                read += piece->size();
            }
        };
        loop.spawn(slowly());
        loop.run();
        QVERIFY2(while_resting < 1 << 20, std::to_string(while_resting).c_str());
        QCOMPARE(read, kSize);
    }

    void callsRunBesideEachOther()
    {
        ScriptedUpstream upstream([](ScriptedUpstream::Peer &peer) {
            while (peer.readRequest()) {
                peer.pause(200ms);
                peer.send(answer("good"));
            }
        });
        UpstreamLoop loop(m_make);
        std::array<Outcome, 64> outcomes;
        const auto begun = std::chrono::steady_clock::now();
        for (auto &outcome : outcomes)
            loop.spawn(loop.call(requestTo(upstream.port()), outcome));
        loop.run();
        QVERIFY(std::chrono::steady_clock::now() - begun < 2s);
        for (const auto &outcome : outcomes)
            QCOMPARE(outcome.body, std::string("good"));
    }

    void endsWaitsInTime_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>("error");
        QTest::newRow("no byte") << std::string() << std::string("upstream.first_byte_timeout");
        QTest::newRow("half a head") << std::string("HTTP/1.1 200 OK\r\nA: ")
                                     << std::string("upstream.idle_timeout");
        QTest::newRow("half a body") << std::string("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
                                     << std::string("upstream.idle_timeout");
    }

    void endsWaitsInTime()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, error);
        ScriptedUpstream upstream([&](ScriptedUpstream::Peer &peer) {
            if (peer.readRequest() && peer.send(bytes))
                peer.pause(10s);
        });
        UpstreamLoop loop(m_make);
        auto request = requestTo(upstream.port());
        request.first_byte_timeout = 50ms;
        request.idle_timeout = 50ms;
        QCOMPARE(loop.ask(std::move(request)).error, error);
    }

    void cancelsAtOnce()
    {
        std::atomic<bool> closed = false;
        ScriptedUpstream upstream([&](ScriptedUpstream::Peer &peer) {
            peer.readRequest();
            closed = peer.closesWithin(2s);
        });
        {
            UpstreamLoop loop(m_make);
            auto call = loop.transport().open(requestTo(upstream.port()));
            asio::steady_timer timer(loop.context(), 30ms);
            timer.async_wait([&](const auto &) { call->cancel(); });
            Outcome outcome;
            loop.spawn(UpstreamLoop::finish(*call, outcome));
            const auto begun = std::chrono::steady_clock::now();
            loop.run();
            QCOMPARE(outcome.error, std::string("upstream.cancelled"));
            QVERIFY(std::chrono::steady_clock::now() - begun < 130ms);
        }
        QTRY_VERIFY(closed);
    }

    void saysWhyAConnectionFailed()
    {
        UpstreamLoop loop(m_make);
        std::uint16_t free_port = 0;
        {
            ScriptedUpstream gone(answerAll);
            free_port = gone.port();
        }
        QCOMPARE(loop.ask(requestTo(free_port)).error, std::string("upstream.refused"));
        auto unknown = requestTo(80);
        unknown.endpoint.host = "no-such-host.invalid";
        QCOMPARE(loop.ask(std::move(unknown)).error, std::string("upstream.dns"));
    }

    void goesOnAfterDescriptorsRanOut()
    {
        ScriptedUpstream upstream(answerAll);
        UpstreamLoop loop(m_make);
        rlimit old{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &old), 0);
        const int next = ::dup(0);
        ::close(next);
        rlimit none = old;
        none.rlim_cur = rlim_t(next);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &none), 0);
        const auto refused = loop.ask(requestTo(upstream.port()));
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &old), 0);
        QCOMPARE(refused.error, std::string("upstream.no_descriptors"));
        QCOMPARE(loop.ask(requestTo(upstream.port())).body, std::string("good"));
    }

    void refusesAddressesBeforeConnecting_data()
    {
        QTest::addColumn<std::string>("host");
        QTest::addColumn<int>("policy");
        QTest::newRow("metadata") << std::string("169.254.169.254") << int(AddressPolicy::Owner);
        QTest::newRow("unspecified") << std::string("0.0.0.0") << int(AddressPolicy::Owner);
        QTest::newRow("loopback, named by a client")
            << std::string("127.0.0.1") << int(AddressPolicy::PublicOnly);
        QTest::newRow("mapped loopback") << std::string("::ffff:127.0.0.1") << int(AddressPolicy::PublicOnly);
        QTest::newRow("a name that leads to loopback")
            << std::string("localhost") << int(AddressPolicy::PublicOnly);
        QTest::newRow("private") << std::string("10.0.0.1") << int(AddressPolicy::PublicOrLoopback);
    }

    void refusesAddressesBeforeConnecting()
    {
        QFETCH(std::string, host);
        QFETCH(int, policy);
        ScriptedUpstream upstream(answerAll);
        UpstreamLoop loop(m_make);
        auto request = requestTo(upstream.port());
        request.endpoint.host = host;
        request.endpoint.policy = AddressPolicy(policy);
        QCOMPARE(loop.ask(std::move(request)).error, std::string("upstream.address_not_allowed"));
        QCOMPARE(upstream.connections(), 0);
    }

    void survivesHostileAnswers_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<std::string>(
            "error"); // empty: a whole answer, but the connection may not be used again
        int number = 0;
        const auto row
            = [&number](const char *name, std::string bytes, std::string error = "upstream.bad_framing") {
                  const auto label = std::to_string(++number) + ' ' + name;
                  QTest::newRow(label.c_str()) << std::move(bytes) << std::move(error);
              };
        const std::string ok = "HTTP/1.1 200 OK\r\n";
        const std::string zero(1, '\0');
        row("garbage", "\x80\x81 garbage\r\n\r\n");
        row("HTML", "<html></html>\r\n\r\n");
        row("TLS alert", "\x15\x03\x01");
        row("other protocol", "SSH-2.0-OpenSSH\r\n\r\n");
        row("HTTP/2", "HTTP/2 200\r\n\r\n");
        row("HTTP/0.9", "HTTP/0.9 200 OK\r\n\r\n");
        row("two digits", "HTTP/1.1 20 OK\r\n\r\n");
        row("four digits", "HTTP/1.1 2000 OK\r\n\r\n");
        row("status with letters", "HTTP/1.1 2xx OK\r\n\r\n");
        row("status zero", "HTTP/1.1 000 OK\r\n\r\n");
        row("bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 0\n\n");
        row("fold", ok + "A: b\r\n c\r\nContent-Length: 0\r\n\r\n");
        row("NUL", ok + "A: " + zero + "\r\nContent-Length: 0\r\n\r\n");
        row("bare CR", ok + "A: b\rc\r\nContent-Length: 0\r\n\r\n");
        row("blank before the colon", ok + "Content-Length : 3\r\n\r\nabc");
        row("no colon", ok + "Content-Length\r\n\r\n");
        row("empty name", ok + ": x\r\n\r\n");
        row("both framings", ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc");
        row("two lengths", ok + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc");
        row("length list", ok + "Content-Length: 3, 3\r\n\r\nabc");
        row("negative length", ok + "Content-Length: -3\r\n\r\nabc");
        row("length with letters", ok + "Content-Length: 3x\r\n\r\nabc");
        row("huge length", ok + "Content-Length: 99999999999999999999\r\n\r\nabc");
        row("unknown coding", ok + "Transfer-Encoding: gzip\r\n\r\nabc");
        row("gzip, chunked", ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
        row("coding twice", ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        row("coding in 1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        row("unasked 101", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n");
        std::string interims;
        for (int i = 0; i < 9; ++i)
            interims += "HTTP/1.1 103 Early\r\n\r\n";
        row("nine interims", interims + answer("x"));
        std::string lines;
        for (int i = 0; i < 101; ++i)
            lines += "A: b\r\n";
        row("too many lines", ok + lines + "\r\n", "upstream.head_too_large");
        row("large head", ok + "A: " + std::string(70'000, 'x') + "\r\n\r\n", "upstream.head_too_large");
        row("endless status line", "HTTP/1.1 200 " + std::string(70'000, 'x'), "upstream.head_too_large");
        const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
        row("bad chunk size", chunked + "zz\r\n");
        row("huge chunk size", chunked + "fffffffff\r\n");
        row("no size", chunked + "\r\n");
        row("chunk without CR LF", chunked + "3\r\nabcX");
        row("long chunk extension", chunked + "3;" + std::string(5000, 'x') + "\r\nabc");
        row("endless trailers", chunked + "0\r\nA: " + std::string(5000, 'x'));
        row("cut chunk", chunked + "5\r\nabc", "upstream.truncated");
        row("cut before the last chunk", chunked + "3\r\nabc\r\n", "upstream.truncated");
        row("cut body", ok + "Content-Length: 10\r\n\r\nabc", "upstream.truncated");
        row("cut head", ok + "Content-Le", "upstream.closed");
        row("nothing", "", "upstream.closed");
        row("bytes after the length", answer("good") + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
            "");
        row("bytes after the last chunk", chunked + "4\r\ngood\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\nevil", "");
        row("body to the end", ok + "\r\ngood", "");
        row("HTTP/1.0 to the end", "HTTP/1.0 200 OK\r\n\r\ngood", "");
        row("eight interims",
            "HTTP/1.1 100 Continue\r\n\r\n" + interims.substr(0, interims.size() / 9 * 7)
                + answer("good", "Connection: close\r\n"),
            "");
    }

    void survivesHostileAnswers()
    {
        QFETCH(std::string, bytes);
        QFETCH(std::string, error);
        ScriptedUpstream upstream([&](ScriptedUpstream::Peer &peer) {
            if (peer.number() > 1)
                return answerAll(peer);
            if (peer.readRequest())
                peer.send(bytes);
        });
        UpstreamLoop loop(m_make);
        const auto outcome = loop.ask(requestTo(upstream.port()));
        QCOMPARE(outcome.error, error);
        if (error.empty())
            QCOMPARE(outcome.body, std::string("good"));
        const auto next = loop.ask(requestTo(upstream.port()));
        QCOMPARE(next.error, std::string());
        QCOMPARE(next.body, std::string("good"));
        QCOMPARE(upstream.connections(), 2);
        QCOMPARE(upstream.requests(), 2);
    }

    void bodilessAnswersEndAtTheirHead_data()
    {
        QTest::addColumn<int>("method");
        QTest::addColumn<std::string>("bytes");
        QTest::newRow("HEAD") << int(Method::Head)
                              << std::string("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n");
        QTest::newRow("204") << int(Method::Get) << std::string("HTTP/1.1 204 No Content\r\n\r\n");
        QTest::newRow("304") << int(Method::Get)
                             << std::string("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n");
        QTest::newRow("length 0") << int(Method::Get)
                                  << std::string("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }

    void bodilessAnswersEndAtTheirHead()
    {
        QFETCH(int, method);
        QFETCH(std::string, bytes);
        ScriptedUpstream upstream([&](ScriptedUpstream::Peer &peer) {
            while (peer.readRequest() && peer.send(bytes)) { }
        });
        UpstreamLoop loop(m_make);
        for (int i = 0; i < 2; ++i) {
            auto request = requestTo(upstream.port());
            request.method = Method(method);
            request.body = {};
            const auto outcome = loop.ask(std::move(request));
            QCOMPARE(outcome.error, std::string());
            QCOMPARE(outcome.body, std::string());
        }
        QCOMPARE(upstream.connections(), 1);
    }

    void speaksTlsAndResumes()
    {
        ScriptedUpstream upstream(answerAll, m_good);
        UpstreamLoop loop(m_make, {.ca_file = caFile(m_good)});
        const std::string large(1 << 20, 'x');
        const auto outcome = loop.ask(secure(requestTo(upstream.port(), large)));
        QCOMPARE(outcome.message, std::string());
        QCOMPARE(outcome.body, std::string("good"));
        QVERIFY(outcome.timings.tls_us >= outcome.timings.connected_us);
        QVERIFY(upstream.received().ends_with(large));
        QVERIFY(loop.ask(secure(requestTo(upstream.port()))).timings.reused);
        QCOMPARE(loop.ask(secure(requestTo(upstream.port()), "localhost")).body, std::string("good"));
    }

    void refusesUntrustedTls_data()
    {
        QTest::addColumn<std::string>("names");
        QTest::addColumn<int>("days");
        QTest::addColumn<bool>("trusted");
        QTest::newRow("self-signed") << std::string("IP:127.0.0.1") << 30 << false;
        QTest::newRow("wrong name") << std::string("DNS:other.example") << 30 << true;
        QTest::newRow("wrong address") << std::string("IP:127.0.0.2") << 30 << true;
        QTest::newRow("expired") << std::string("IP:127.0.0.1") << -1 << true;
    }

    void refusesUntrustedTls()
    {
        QFETCH(std::string, names);
        QFETCH(int, days);
        QFETCH(bool, trusted);
        const auto certificate = makeCertificate(names, days);
        ScriptedUpstream upstream(answerAll, certificate);
        UpstreamLoop loop(m_make, {.ca_file = caFile(trusted ? certificate : m_good)});
        const auto outcome = loop.ask(secure(requestTo(upstream.port(), "canary")));
        QCOMPARE(outcome.error, std::string("upstream.tls"));
        QCOMPARE(upstream.received(), std::string());
    }

    void skipsVerificationOnLoopbackOnly()
    {
        ScriptedUpstream upstream(answerAll, makeCertificate("DNS:other.example"));
        UpstreamLoop loop(m_make);
        auto request = secure(requestTo(upstream.port()));
        request.endpoint.verify_tls = false;
        QCOMPARE(loop.ask(std::move(request)).body, std::string("good"));
        auto public_one = secure(requestTo(443), "192.88.99.1");
        public_one.endpoint.verify_tls = false;
        QCOMPARE(loop.ask(std::move(public_one)).error, std::string("upstream.address_not_allowed"));
    }

    void refusesAFileThatIsNoCertificate()
    {
        asio::io_context context;
        DeadlineList deadlines(context);
        const auto made = m_make(context, deadlines, {.limits = {}, .ca_file = "/nowhere/ca.pem"});
        QVERIFY(!made);
        QCOMPARE(made.error().code, std::string("http.bad_ca_file"));
    }

    void refusesLineBreaksInHeaders()
    {
        ScriptedUpstream upstream(answerAll);
        UpstreamLoop loop(m_make);
        auto request = requestTo(upstream.port());
        request.fields.add("X-A", "b\r\nX-Evil: 1");
        QCOMPARE(loop.ask(std::move(request)).error, std::string("upstream.bad_request"));
        auto other = requestTo(upstream.port());
        other.target = "/v1 HTTP/1.1\r\nX-Evil: 1";
        QCOMPARE(loop.ask(std::move(other)).error, std::string("upstream.bad_request"));
        QCOMPARE(upstream.connections(), 0);
    }
};

QTEST_GUILESS_MAIN(TestUpstreamTransport)
#include "tst_upstreamtransport.moc"
