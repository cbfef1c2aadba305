// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/http/rawclient.h"
#include "tests/core/http/scriptedupstream.h"
#include "tests/core/http/testserver.h"

#include "core/http/upstream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>

#include <QTest>

#include <fstream>
#include <latch>
#include <set>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

using namespace portolan;
using namespace portolan::http;
using namespace portolan::test;
using namespace std::chrono_literals;

namespace {

Task<> echo(Exchange &exchange, IoThread &)
{
    auto body = co_await exchange.readBody(64 << 20);
    ResponseHead head;
    if (!body)
        head.status = body.error().code == "http.body_timeout" ? 408 : 413;
    co_await exchange.respond(std::move(head), body ? *body : body.error().code);
}

#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kMemoryTells = false; // a sanitizer keeps freed memory
#else
constexpr bool kMemoryTells = true;
#endif

std::size_t residentBytes()
{
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    return resident * std::size_t(::sysconf(_SC_PAGESIZE));
}

std::chrono::microseconds cpuTime()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return std::chrono::seconds{usage.ru_utime.tv_sec + usage.ru_stime.tv_sec}
    + std::chrono::microseconds{usage.ru_utime.tv_usec + usage.ru_stime.tv_usec};
}

/// A coroutine waits until `gone` is called; what a handler that waits for an upstream looks like to its
/// client.
struct Hold {
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
                               Executor>
        timer;
    explicit Hold(IoThread &thread)
        : timer(thread.context.get_executor(), 20s)
    { }
    Task<> wait() { co_await timer.async_wait(asio::as_tuple(useTask)); }
};

} // namespace

class TestServerBehaviour : public QObject
{
    Q_OBJECT

private:
    static std::string get(const TestServer &server, const std::string &lines = {})
    {
        return "GET /v1/x HTTP/1.1\r\nHost: " + server.host() + "\r\n" + lines + "\r\n";
    }
    static std::string post(const TestServer &server, const std::string &lines, const std::string &body)
    {
        return "POST /v1/x HTTP/1.1\r\nHost: " + server.host() + "\r\n" + lines + "\r\n" + body;
    }

private slots:
    void keepsConnectionsOpen()
    {
        TestServer server(&echo);
        RawClient client(server.port());
        for (const auto *body : {"one", "two", ""}) {
            const std::string text = body;
            client.send(post(server, "Content-Length: " + std::to_string(text.size()) + "\r\n", text));
            QCOMPARE(bodyOf(client.readAnswer()), text);
        }
        QCOMPARE(server.server().counters().accepted, std::uint64_t(1));
    }

    void answersPipelinedRequestsInOrder()
    {
        TestServer server(&echo);
        RawClient client(server.port());
        std::string all;
        for (int i = 0; i < 50; ++i)
            all += post(server, "Content-Length: 2\r\n", std::to_string(10 + i));
        client.send(all);
        for (int i = 0; i < 50; ++i)
            QCOMPARE(bodyOf(client.readAnswer()), std::to_string(10 + i));
    }

    void readsBodiesHoweverTheyAreCut_data()
    {
        QTest::addColumn<std::string>("lines");
        QTest::addColumn<std::string>("wire");
        QTest::newRow("sized") << std::string("Content-Length: 11\r\n") << std::string("hello world");
        QTest::newRow("chunked") << std::string("Transfer-Encoding: chunked\r\n")
                                 << std::string("5\r\nhello\r\n6\r\n world\r\n0\r\nA: b\r\n\r\n");
    }

    void readsBodiesHoweverTheyAreCut()
    {
        QFETCH(std::string, lines);
        QFETCH(std::string, wire);
        TestServer server(&echo);
        const auto first = post(server, lines, wire);
        for (std::size_t cut = 1; cut < first.size(); cut += 3) {
            RawClient client(server.port());
            client.send(first.substr(0, cut));
            client.send(first.substr(cut) + first);
            QCOMPARE(bodyOf(client.readAnswer()), std::string("hello world"));
            QCOMPARE(bodyOf(client.readAnswer()), std::string("hello world"));
        }
    }

    void answersExpectContinueBeforeTheBody()
    {
        TestServer server(&echo);
        RawClient client(server.port());
        client.send(post(server, "Expect: 100-continue\r\nContent-Length: 3\r\n", {}));
        QCOMPARE(client.readHead(), std::string("HTTP/1.1 100 Continue\r\n\r\n"));
        client.send("abc");
        QCOMPARE(bodyOf(client.readAnswer()), std::string("abc"));
    }

    void refusesATooLargeBodyBeforeItIsSent()
    {
        TestServer server(&echo);
        RawClient client(server.port());
        client.send(post(server, "Expect: 100-continue\r\nContent-Length: 999999999\r\n", {}));
        const auto answer = client.readAnswer();
        QCOMPARE(statusOf(answer), 413);
        QVERIFY(answer.contains("Connection: close"));
        QVERIFY(client.closesWithin(3s));
    }

    void answersReachClientsThatStillSend()
    {
        TestServer server(&echo);
        RawClient client(server.port());
        client.send(post(server, "Content-Length: 999999999\r\n", {}));
        std::thread sender([&] { client.send(std::string(8 << 20, 'x')); });
        QCOMPARE(statusOf(client.readAnswer()), 413);
        sender.join();
    }

    void endsSlowBodies()
    {
        ServerOptions options;
        options.limits.client_body = 120ms;
        TestServer server(&echo, options);
        RawClient client(server.port());
        client.send(post(server, "Content-Length: 10\r\n", "abc"));
        const auto answer = client.readAnswer();
        QCOMPARE(statusOf(answer), 408);
        QVERIFY(answer.contains("Connection: close"));
    }

    void endsBodiesThatTrickle()
    {
        ServerOptions options;
        options.limits.client_body = 6s; // the rate is judged over a sixth of it
        options.limits.client_body_min_rate = 1U << 20;
        TestServer server(&echo, options);
        RawClient client(server.port());
        const auto begun = std::chrono::steady_clock::now();
        client.send(post(server, "Content-Length: 1000000\r\n", std::string(1000, 'x')));
        QCOMPARE(statusOf(client.readAnswer()), 408);
        QVERIFY(std::chrono::steady_clock::now() - begun < 5s);
    }

    void closesIdleConnections()
    {
        ServerOptions options;
        options.limits.client_idle = 50ms;
        TestServer server(&echo, options);
        RawClient silent(server.port());
        QVERIFY(silent.closesWithin(2s));
        RawClient once(server.port());
        once.send(get(server));
        QCOMPARE(statusOf(once.readAnswer()), 200);
        QVERIFY(once.closesWithin(2s));
    }

    void servesHttp10()
    {
        TestServer server(&echo);
        RawClient closing(server.port());
        closing.send("GET /v1/x HTTP/1.0\r\nHost: " + server.host() + "\r\n\r\n");
        QVERIFY(closing.readAnswer().contains("Connection: close"));
        QVERIFY(closing.closesWithin(2s));
        RawClient keeping(server.port());
        for (int i = 0; i < 2; ++i) {
            keeping.send("GET /v1/x HTTP/1.0\r\nHost: " + server.host()
                         + "\r\nConnection: keep-alive\r\n\r\n");
            QVERIFY(keeping.readAnswer().contains("Connection: keep-alive"));
        }
    }

    void ignoresOtherUpgrades()
    {
        std::atomic<bool> websocket = false;
        TestServer server([&](Exchange &exchange, IoThread &) -> Task<> {
            websocket = exchange.head().upgrade_websocket;
            ResponseHead head;
            co_await exchange.respond(std::move(head), "ok");
        });
        RawClient client(server.port());
        client.send(
            get(server, "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n"));
        QCOMPARE(bodyOf(client.readAnswer()), std::string("ok"));
        QVERIFY(!websocket);
        client.send(get(server, "Connection: Upgrade\r\nUpgrade: websocket\r\n"));
        QCOMPARE(bodyOf(client.readAnswer()), std::string("ok"));
        QVERIFY(websocket);
    }

    void dropsUnsafeAndHopByHopAnswerLines()
    {
        TestServer server([](Exchange &exchange, IoThread &) -> Task<> {
            ResponseHead head;
            head.fields.add("X-Good", "1");
            head.fields.add("X-Bad", "a\r\nX-Evil: 1");
            head.fields.add("Transfer-Encoding", "gzip");
            head.fields.add("Content-Length", "99");
            co_await exchange.respond(std::move(head), "ok");
        });
        RawClient client(server.port());
        client.send(get(server));
        const auto answer = client.readAnswer();
        QCOMPARE(answer,
                 std::string("HTTP/1.1 200 OK\r\nX-Good: 1\r\nContent-Length: 2\r\n"
                             "X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n\r\nok"));
    }

    void streamsWithoutHoldingAnythingBack()
    {
        std::latch first_seen(1);
        TestServer server([&](Exchange &exchange, IoThread &) -> Task<> {
            ResponseHead head;
            exchange.begin(std::move(head));
            co_await exchange.write("one");
            first_seen.wait();
            co_await exchange.write("two");
            co_await exchange.finish();
        });
        RawClient client(server.port());
        client.send(get(server));
        QVERIFY(client.readHead().contains("Transfer-Encoding: chunked"));
        QCOMPARE(client.read(8), std::string("3\r\none\r\n"));
        first_seen.count_down();
        QCOMPARE(client.read(13), std::string("3\r\ntwo\r\n0\r\n\r\n"));
    }

    void anAbortedStreamLooksIncomplete()
    {
        TestServer server([](Exchange &exchange, IoThread &) -> Task<> {
            ResponseHead head;
            exchange.begin(std::move(head));
            co_await exchange.write("one");
            exchange.abort();
        });
        RawClient client(server.port());
        client.send(get(server));
        client.readHead();
        QCOMPARE(client.readToEnd(), std::string("3\r\none\r\n"));
    }

    void headSendsNoBody()
    {
        TestServer server(&echo);
        RawClient client(server.port());
        client.send("HEAD /v1/x HTTP/1.1\r\nHost: " + server.host() + "\r\n\r\n" + get(server));
        QCOMPARE(statusOf(client.readAnswer(false)), 200);
        QCOMPARE(statusOf(client.readAnswer()), 200);
    }

    void anExceptionEndsItsRequestAlone()
    {
        TestServer server([](Exchange &exchange, IoThread &thread) -> Task<> {
            if (exchange.head().path == "/throw")
                throw std::runtime_error("secret detail");
            co_await echo(exchange, thread);
        });
        RawClient bad(server.port());
        bad.send("GET /throw HTTP/1.1\r\nHost: " + server.host() + "\r\n\r\n");
        const auto answer = bad.readAnswer();
        QCOMPARE(statusOf(answer), 500);
        QVERIFY(!answer.contains("secret"));
        QVERIFY(bad.closesWithin(3s));
        RawClient good(server.port());
        good.send(get(server));
        QCOMPARE(statusOf(good.readAnswer()), 200);
    }

    void noticesAClientThatGoes_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("closes") << 0;
        QTest::newRow("resets") << 1;
        QTest::newRow("after a pipelined request") << 2;
    }

    void noticesAClientThatGoes()
    {
        QFETCH(int, how);
        std::latch running(1);
        std::atomic<std::int64_t> gone_at = 0;
        TestServer server([&](Exchange &exchange, IoThread &thread) -> Task<> {
            Hold hold(thread);
            exchange.onClientGone([&] {
                gone_at = std::chrono::steady_clock::now().time_since_epoch().count();
                hold.timer.cancel();
            });
            running.count_down();
            co_await hold.wait();
        });
        auto client = std::make_unique<RawClient>(server.port());
        client->send(get(server) + (how == 2 ? get(server) : std::string()));
        running.wait();
        const auto left_at = std::chrono::steady_clock::now().time_since_epoch().count();
        if (how == 1)
            client->reset();
        client.reset();
        QTRY_VERIFY(gone_at != 0);
        QVERIFY(std::chrono::steady_clock::duration(gone_at - left_at) < 100ms);
        QTRY_COMPARE(server.server().counters().open_connections, 0);
    }

    void answersAClientThatOnlyStoppedSending()
    {
        TestServer server(&echo);
        RawClient client(server.port());
        client.send(get(server));
        client.shutdownSend();
        QCOMPARE(statusOf(client.readAnswer()), 200);
    }

    void cutsClientsThatStopReading()
    {
        ServerOptions options;
        options.limits.client_write_stall = 100ms;
        std::mutex mutex;
        std::string error;
        TestServer server(
            [&](Exchange &exchange, IoThread &) -> Task<> {
                ResponseHead head;
                exchange.begin(std::move(head));
                const std::string piece(64 * 1024, 'x');
                while (true) {
                    const auto sent = co_await exchange.write(piece);
                    if (sent)
                        continue;
                    const std::scoped_lock lock(mutex);
                    error = sent.error().code;
                    co_return;
                }
            },
            options);
        RawClient client(server.port());
        client.send(get(server));
        const auto code = [&] {
            const std::scoped_lock lock(mutex);
            return error;
        };
        QTRY_COMPARE(code(), std::string("http.write_stall"));
        QTRY_COMPARE(server.server().counters().open_connections, 0);
    }

    void aSlowReaderOfALargeReplyCostsNoMemory()
    {
        static constexpr std::uint64_t kSize = 300ULL << 20;
        TestServer server([](Exchange &exchange, IoThread &) -> Task<> {
            ResponseHead head;
            head.content_length = kSize;
            exchange.begin(std::move(head));
            const std::string piece(64 * 1024, 'x');
            for (std::uint64_t sent = 0; sent < kSize; sent += piece.size()) {
                if (!co_await exchange.write(piece))
                    co_return;
            }
            co_await exchange.finish();
        });
        const auto before = residentBytes();
        RawClient client(server.port());
        client.send(get(server));
        client.readHead();
        std::uint64_t read = 0;
        while (read < kSize) {
            const auto piece = client.read(256 * 1024);
            if (piece.empty())
                break;
            read += piece.size();
        }
        QCOMPARE(read, kSize);
        QVERIFY(!kMemoryTells || residentBytes() < before + (24U << 20));
    }

    void startsAThousandStreamsAtOnce()
    {
        constexpr int kStreams = 1000;
        rlimit files{.rlim_cur = 8192, .rlim_max = 8192};
        rlimit old{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &old), 0);
        files.rlim_max = old.rlim_max;
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &files), 0);
        std::atomic<int> streams = 0;
        TestServer server([&](Exchange &exchange, IoThread &thread) -> Task<> {
            ResponseHead head;
            exchange.begin(std::move(head));
            ++streams;
            co_await exchange.write("one");
            Hold hold(thread);
            exchange.onClientGone([&] { hold.timer.cancel(); });
            co_await hold.wait();
        });
        std::vector<std::unique_ptr<RawClient>> clients;
        const auto before = residentBytes();
        for (int i = 0; i < kStreams; ++i) {
            clients.push_back(std::make_unique<RawClient>(server.port()));
            QVERIFY(clients.back()->send(get(server)));
        }
        for (auto &client : clients)
            QVERIFY(client->readHead().starts_with("HTTP/1.1 200"));
        QCOMPARE(streams.load(), kStreams);
        QVERIFY(!kMemoryTells || residentBytes() < before + kStreams * std::size_t{14 * 1024});
        clients.clear();
        QTRY_COMPARE(server.server().counters().open_connections, 0);
    }

    void turnsAwayConnectionsOverTheLimit()
    {
        ServerOptions options;
        options.limits.client_connections = 2;
        TestServer server(&echo, options);
        RawClient first(server.port());
        RawClient second(server.port());
        first.send(get(server));
        second.send(get(server));
        QCOMPARE(statusOf(first.readAnswer()), 200);
        QCOMPARE(statusOf(second.readAnswer()), 200);
        RawClient third(server.port());
        third.send(get(server));
        const auto answer = third.readAnswer();
        QCOMPARE(statusOf(answer), 503);
        QVERIFY(answer.contains("Retry-After: 1"));
        QVERIFY(third.closesWithin(3s));
        first.close();
        QTRY_COMPARE(server.server().counters().open_connections, 1);
        RawClient fourth(server.port());
        fourth.send(get(server));
        QCOMPARE(statusOf(fourth.readAnswer()), 200);
    }

    void pausesAcceptingWhenDescriptorsRunOut()
    {
        TestServer server(&echo);
        std::vector<std::unique_ptr<RawClient>> clients;
        rlimit old{};
        QCOMPARE(::getrlimit(RLIMIT_NOFILE, &old), 0);
        for (int i = 0; i < 3; ++i)
            clients.push_back(std::make_unique<RawClient>(server.port()));
        QTRY_COMPARE(server.server().counters().open_connections, 3);
        // The next descriptor is the client's own; the server finds none left.
        const int lowest_free = ::dup(0);
        ::close(lowest_free);
        const rlimit tight{.rlim_cur = rlim_t(lowest_free + 1), .rlim_max = old.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &tight), 0);
        clients.push_back(std::make_unique<RawClient>(server.port()));
        const auto before = cpuTime();
        const auto begun = std::chrono::steady_clock::now();
        QTRY_VERIFY(server.server().counters().accept_pauses >= 3);
        const auto wall = std::chrono::steady_clock::now() - begun;
        QVERIFY(cpuTime() - before < wall / 5);
        QCOMPARE(::setrlimit(RLIMIT_NOFILE, &old), 0);
        clients.back()->send(get(server));
        QCOMPARE(statusOf(clients.back()->readAnswer()), 200);
    }

    void drainsRunningRequests()
    {
        std::latch running(1);
        std::atomic<bool> go = false;
        TestServer server([&](Exchange &exchange, IoThread &thread) -> Task<> {
            asio::basic_waitable_timer<std::chrono::steady_clock,
                                       asio::wait_traits<std::chrono::steady_clock>, Executor>
                timer(thread.context.get_executor());
            running.count_down();
            while (!go) {
                timer.expires_after(5ms);
                co_await timer.async_wait(useTask);
            }
            ResponseHead head;
            co_await exchange.respond(std::move(head), "done");
        });
        RawClient idle(server.port());
        RawClient client(server.port());
        client.send(get(server));
        running.wait();
        std::thread draining([&] { server.server().drain(); });
        QVERIFY(idle.closesWithin(3s));
        go = true;
        const auto answer = client.readAnswer();
        QCOMPARE(bodyOf(answer), std::string("done"));
        QVERIFY(answer.contains("Connection: close"));
        draining.join();
    }

    void drainCutsWhatTakesTooLong()
    {
        ServerOptions options;
        options.limits.drain = 50ms;
        std::latch running(1);
        std::atomic<bool> gone = false;
        TestServer server(
            [&](Exchange &exchange, IoThread &thread) -> Task<> {
                Hold hold(thread);
                exchange.onClientGone([&] {
                    gone = true;
                    hold.timer.cancel();
                });
                running.count_down();
                co_await hold.wait();
            },
            options);
        RawClient client(server.port());
        client.send(get(server));
        running.wait();
        server.server().drain();
        QVERIFY(gone);
        QVERIFY(client.closesWithin(1s));
    }

    void namesTheProgramThatHoldsThePort()
    {
        TestServer server(&echo);
        ServerOptions options;
        options.port = server.port();
        const auto second = Server::start(options, [](IoThread &) { return std::unique_ptr<Handler>(); });
        QVERIFY(!second);
        QCOMPARE(second.error().code, std::string("http.port_taken"));
        QVERIFY(second.error().message.contains("process " + std::to_string(::getpid())));
    }

    void servesOnSeveralThreads()
    {
        ServerOptions options;
        options.threads = 3;
        std::mutex mutex;
        std::set<int> seen;
        TestServer server(
            [&](Exchange &exchange, IoThread &thread) -> Task<> {
                {
                    const std::scoped_lock lock(mutex);
                    seen.insert(thread.index);
                }
                co_await echo(exchange, thread);
            },
            options);
        for (int i = 0; i < 6; ++i) {
            RawClient client(server.port());
            client.send(get(server));
            QCOMPARE(statusOf(client.readAnswer()), 200);
        }
        const std::scoped_lock lock(mutex);
        QCOMPARE(seen.size(), std::size_t(3));
    }
};

QTEST_GUILESS_MAIN(TestServerBehaviour)
#include "tst_server.moc"
