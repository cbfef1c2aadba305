// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/pool.h"

#include <QTest>

#include <array>
#include <memory>

#include <sys/socket.h>
#include <unistd.h>

using namespace portolan;
using namespace portolan::http;
using namespace std::chrono_literals;

namespace {

const Endpoint kEndpoint{.host = "provider.test", .port = 80, .tls = false};

/// A connection and the other end of it.
struct Pair {
    std::unique_ptr<Connection> connection;
    int peer = -1;

    explicit Pair(asio::io_context &context)
    {
        std::array<int, 2> ends{};
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data());
        auto channel = std::make_shared<Channel>(context);
        if (channel->adopt(ends[0], false))
            connection = std::make_unique<Connection>(kEndpoint, std::move(channel), "peer");
        peer = ends[1];
    }
    ~Pair() { ::close(peer); }
    Pair(const Pair &) = delete;
    Pair &operator=(const Pair &) = delete;

    [[nodiscard]] bool closed() const
    {
        char byte = 0;
        return ::recv(peer, &byte, 1, MSG_DONTWAIT) == 0;
    }
};

} // namespace

class TestPool : public QObject
{
    Q_OBJECT

private slots:
    void keepsConnectionsThroughANapOnly_data()
    {
        QTest::addColumn<int>("slept_s");
        QTest::addColumn<bool>("kept");
        QTest::newRow("awake") << 0 << true;
        QTest::newRow("a nap") << 4 << true;
        QTest::newRow("asleep") << 6 << false;
    }

    void keepsConnectionsThroughANapOnly()
    {
        QFETCH(int, slept_s);
        QFETCH(bool, kept);
        asio::io_context context{1};
        DeadlineList deadlines(context);
        std::chrono::nanoseconds asleep = 1h; // of earlier nights
        Pool pool(deadlines, Limits{}, [&] { return asleep; });
        Pair pair(context);
        QVERIFY(pair.connection);
        pool.give(std::move(pair.connection));
        asleep += std::chrono::seconds{slept_s};
        const auto taken = pool.take(kEndpoint);
        QCOMPARE(taken != nullptr, kept);
        QCOMPARE(pair.closed(), !kept);
    }

    void keepsWhatIsOpenedAfterASleep()
    {
        asio::io_context context{1};
        DeadlineList deadlines(context);
        std::chrono::nanoseconds asleep{0};
        Pool pool(deadlines, Limits{}, [&] { return asleep; });
        Pair before(context);
        Pair after(context);
        pool.give(std::move(before.connection));
        asleep += 8h;
        pool.give(std::move(after.connection));
        QVERIFY(before.closed());
        QVERIFY(pool.take(kEndpoint) != nullptr);
        QVERIFY(pool.take(kEndpoint) == nullptr);
    }

    void theClockOfSleepStandsStillWhileAwake()
    {
        const auto before = timeAsleep();
        QVERIFY(before > -1ms);
        QVERIFY(timeAsleep() - before < 1s);
    }
};

QTEST_GUILESS_MAIN(TestPool)
#include "tst_pool.moc"
