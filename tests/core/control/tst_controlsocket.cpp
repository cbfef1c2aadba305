// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlsocket.h"
#include "tests/core/control/whileserving.h"

#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <future>

using namespace portolan;
using namespace portolan::control;
using portolan::test::whileServing;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
namespace fs = std::filesystem;

namespace {

/// Sends raw bytes and reads until the server ends the connection.
std::string talk(const fs::path &path, const std::string &bytes)
{
    const auto socket = connectTo(path);
    if (!socket || !*socket)
        return "not reached";
    (void)sendAll((*socket)->get(), bytes);
    std::string heard;
    std::array<char, 4096> room{};
    for (;;) {
        const auto got = receive((*socket)->get(), room, 15s);
        if (!got)
            return heard + "still open";
        if (*got == 0)
            return heard;
        heard.append(room.data(), *got);
    }
}

} // namespace

class TestControlSocket : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void answersACommand();
    void refusesInTheWordsOfTheHandler();
    void carriesASecretBothWays();
    void carriesTheLongestSecret();
    void reportsUntilTheCommandEnds();
    void stopsReportingWhenTheClientLeaves();
    void refusesACommandThatComesToNothing();
    void answersManyClientsAtOnce();
    void takesSeveralCommandsOnOneConnection();
    void hangsUpOnWhoBreaksTheRules_data();
    void hangsUpOnWhoBreaksTheRules();
    void losesPatienceWithHalfAMessage();
    void cutsOffWhoNeverReads();
    void takesNoMorePeersThanItCanServe();
    void refusesMoreCommandsAtOnceThanItTakes();
    void findsNoInstanceWhereNoneRuns();
    void takesOverTheSocketOfAKilledInstance();
    void leavesARunningInstanceAlone();
    void removesItsSocket();
    void tellsAClientThatTheInstanceLeft();

private:
    void serve(std::function<void(Command, Responder)> handler);

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_data;
    std::unique_ptr<ControlServer> m_server;
};

void TestControlSocket::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_data = m_dir->path().toStdString();
    auto server = ControlServer::listen(m_data);
    QVERIFY(server);
    m_server = std::move(*server);
}

void TestControlSocket::cleanup()
{
    m_server.reset();
    m_dir.reset();
}

void TestControlSocket::serve(std::function<void(Command, Responder)> handler)
{
    m_server->onCommand(std::move(handler));
}

void TestControlSocket::answersACommand()
{
    serve([](const Command &command, const Responder &responder) {
        responder.result(QJsonObject{{u"asked"_s, command.name}, {u"with"_s, command.arguments}});
    });
    const auto answer = whileServing([this] {
        return ControlClient::connect(m_data).value()->call(u"account.list"_s, {{u"slug"_s, u"openai"_s}});
    });
    QVERIFY(answer);
    QCOMPARE(answer->value["asked"_L1].toString(), u"account.list"_s);
    QCOMPARE(answer->value["with"_L1]["slug"_L1].toString(), u"openai"_s);
    QVERIFY(!answer->secret);
}

void TestControlSocket::refusesInTheWordsOfTheHandler()
{
    serve([](const Command &, const Responder &responder) {
        responder.refuse({.code = "account.slug_taken", .message = "Choose another slug."});
        responder.result(u"too late"_s);
    });
    const auto answer
        = whileServing([this] { return ControlClient::connect(m_data).value()->call(u"account.add"_s); });
    QVERIFY(!answer);
    QVERIFY(answer.error().code == "account.slug_taken");
    QVERIFY(answer.error().message == "Choose another slug.");
}

void TestControlSocket::carriesASecretBothWays()
{
    const std::string canary("sk-canary\n\0{}\xff", 14);
    std::string came;
    serve([&](const Command &command, const Responder &responder) {
        came = command.secret ? std::string(command.secret->view()) : "none";
        responder.result(true, command.secret);
    });
    const auto answer = whileServing([&] {
        const SecretBytes secret = SecretBytes::copy(canary);
        return ControlClient::connect(m_data).value()->call(u"account.rotate"_s, {}, &secret);
    });
    QVERIFY(came == canary);
    QVERIFY(answer && answer->secret);
    QVERIFY(answer->secret->equals(canary));
}

void TestControlSocket::carriesTheLongestSecret()
{
    const std::string longest(kMaxControlSecret, 's');
    serve([](const Command &command, const Responder &responder) { responder.result(true, command.secret); });
    const auto answer = whileServing([&] {
        const SecretBytes secret = SecretBytes::copy(longest);
        return ControlClient::connect(m_data).value()->call(u"a"_s, {}, &secret);
    });
    QVERIFY(answer && answer->secret && answer->secret->equals(longest));

    const auto refused = whileServing([&] {
        const SecretBytes secret = SecretBytes::copy(longest + 's');
        return ControlClient::connect(m_data).value()->call(u"a"_s, {}, &secret);
    });
    QVERIFY(refused.error().code == "control.bad_message");
}

void TestControlSocket::reportsUntilTheCommandEnds()
{
    serve([](const Command &, const Responder &responder) {
        for (int i = 0; i < 1000; ++i)
            QVERIFY(responder.event(i));
        responder.result(u"end"_s);
        QVERIFY(!responder.event(1000));
    });
    std::vector<int> seen;
    const auto answer = whileServing([&] {
        return ControlClient::connect(m_data).value()->follow(u"logs"_s, {}, [&](const QJsonValue &event) {
            seen.push_back(event.toInt());
            return true;
        });
    });
    QVERIFY(answer);
    QCOMPARE(answer->value.toString(), u"end"_s);
    QCOMPARE(seen.size(), 1000U);
    QVERIFY(std::ranges::is_sorted(seen));
}

void TestControlSocket::stopsReportingWhenTheClientLeaves()
{
    std::optional<Responder> kept;
    int gone = 0;
    serve([&](const Command &, const Responder &responder) {
        kept = responder;
        responder.onGone([&] { ++gone; });
        responder.event(1);
    });
    const auto answer = whileServing([&] {
        return ControlClient::connect(m_data).value()->follow(u"logs"_s, {},
                                                              [](const QJsonValue &) { return false; });
    });
    QVERIFY(answer);
    QTRY_COMPARE(gone, 1);
    QVERIFY(!kept->event(2));
    kept->result(true);
    kept.reset();
    QCOMPARE(gone, 1);
}

void TestControlSocket::refusesACommandThatComesToNothing()
{
    serve([](const Command &, const Responder &) { });
    const auto answer
        = whileServing([this] { return ControlClient::connect(m_data).value()->call(u"logs"_s); });
    QVERIFY(answer.error().code == "control.unanswered");
}

void TestControlSocket::answersManyClientsAtOnce()
{
    serve([](const Command &command, const Responder &responder) { responder.result(command.arguments); });
    const int good = whileServing([this] {
        std::vector<std::future<int>> clients;
        for (int client = 0; client < 16; ++client) {
            clients.push_back(std::async(std::launch::async, [this, client] {
                auto connection = ControlClient::connect(m_data);
                int right = 0;
                for (int i = 0; i < 20; ++i) {
                    const auto answer = (*connection)->call(u"echo"_s, {{u"n"_s, client * 100 + i}});
                    right += answer && answer->value["n"_L1].toInt() == client * 100 + i;
                }
                return right;
            }));
        }
        int sum = 0;
        for (auto &client : clients)
            sum += client.get();
        return sum;
    });
    QCOMPARE(good, 16 * 20);
}

void TestControlSocket::takesSeveralCommandsOnOneConnection()
{
    serve([](const Command &command, const Responder &responder) { responder.result(command.name); });
    const std::string heard = whileServing([this] {
        return talk(m_server->path(), "{\"id\":1,\"command\":\"a\"}\n{\"id\":2,\"command\":\"b\"}\n.\n");
    });
    QVERIFY(heard == "{\"id\":1,\"ok\":true,\"result\":\"a\"}\n{\"id\":2,\"ok\":true,\"result\":\"b\"}\n");
}

void TestControlSocket::hangsUpOnWhoBreaksTheRules_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::newRow("HTTP") << std::string("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    QTest::newRow("an empty line") << std::string("\n");
    QTest::newRow("an unknown key") << std::string("{\"id\":1,\"command\":\"a\",\"x\":1}\n");
    QTest::newRow("a line without end") << std::string(kMaxControlLine + 1, '{');
    QTest::newRow("zeros") << std::string(100, '\0') + "\n";
}

void TestControlSocket::hangsUpOnWhoBreaksTheRules()
{
    QFETCH(std::string, bytes);
    bool called = false;
    serve([&](const Command &, const Responder &) { called = true; });
    const std::string heard = whileServing([&] { return talk(m_server->path(), bytes); });
    QVERIFY(heard.empty());
    QVERIFY(!called);

    serve([](const Command &, const Responder &responder) { responder.result(1); });
    const auto next = whileServing([this] { return ControlClient::connect(m_data).value()->call(u"a"_s); });
    QVERIFY(next);
}

void TestControlSocket::losesPatienceWithHalfAMessage()
{
    m_server->setPatience(50ms);
    bool called = false;
    serve([&](const Command &, const Responder &) { called = true; });
    for (const char *half : {"", "{\"id\":1,", "{\"id\":1,\"command\":\"a\",\"secret_bytes\":10}\nhalf"}) {
        const std::string heard = whileServing([&] { return talk(m_server->path(), half); });
        QVERIFY(heard.empty());
    }
    QVERIFY(!called);
}

void TestControlSocket::cutsOffWhoNeverReads()
{
    std::optional<Responder> kept;
    bool gone = false;
    serve([&](const Command &, const Responder &responder) {
        kept = responder;
        responder.onGone([&] { gone = true; });
    });
    const auto socket = connectTo(m_server->path());
    QVERIFY(sendAll((*socket)->get(), "{\"id\":1,\"command\":\"logs\"}\n"));
    QTRY_VERIFY(kept);
    const QString block(64 * 1024, u'x');
    int sent = 0;
    while (kept->event(block) && sent < 1000)
        ++sent;
    QVERIFY(gone);
    QCOMPARE_GE(sent, 60);
    QCOMPARE_LT(sent, 100);
}

void TestControlSocket::takesNoMorePeersThanItCanServe()
{
    serve([](const Command &, const Responder &responder) { responder.result(true); });
    std::vector<FileDescriptor> crowd;
    whileServing([&] {
        for (std::size_t i = 0; i < ControlServer::kMaxPeers; ++i)
            crowd.push_back(std::move(**connectTo(m_server->path())));
        return true;
    });
    const auto refused
        = whileServing([this] { return ControlClient::connect(m_data).value()->call(u"a"_s); });
    QVERIFY(refused.error().code == "control.no_answer");

    crowd.clear();
    const auto served = [this] { return ControlClient::connect(m_data).value()->call(u"a"_s).has_value(); };
    QTRY_VERIFY(whileServing(served));
}

void TestControlSocket::refusesMoreCommandsAtOnceThanItTakes()
{
    std::vector<Responder> kept;
    serve([&](const Command &, const Responder &responder) { kept.push_back(responder); });
    const auto socket = connectTo(m_server->path());
    for (std::size_t i = 0; i < ControlServer::kMaxPending + 1; ++i)
        QVERIFY(sendAll((*socket)->get(), "{\"id\":1,\"command\":\"a\"}\n"));
    std::array<char, 4096> room{};
    const auto got = whileServing([&] { return receive((*socket)->get(), room, 15s); });
    QVERIFY(got && *got > 0);
    QVERIFY(std::string_view(room.data(), *got).contains("control.busy"));
    QCOMPARE(kept.size(), ControlServer::kMaxPending);
}

void TestControlSocket::findsNoInstanceWhereNoneRuns()
{
    const QTemporaryDir empty;
    const auto client = ControlClient::connect(empty.path().toStdString());
    QVERIFY(client);
    QVERIFY(!*client);
}

void TestControlSocket::takesOverTheSocketOfAKilledInstance()
{
    const fs::path path = m_server->path();
    m_server.reset();
    (void)listenOn(path); // leaves its name behind, as a killed instance does
    QVERIFY(fs::exists(path));
    QVERIFY(!*ControlClient::connect(m_data));

    auto server = ControlServer::listen(m_data);
    QVERIFY(server);
    m_server = std::move(*server);
    answersACommand();
}

void TestControlSocket::leavesARunningInstanceAlone()
{
    const auto second = ControlServer::listen(m_data);
    QVERIFY(!second);
    QVERIFY(second.error().code == "control.in_use");
    answersACommand();
}

void TestControlSocket::removesItsSocket()
{
    const fs::path path = m_server->path();
    QVERIFY(fs::exists(path));
    m_server.reset();
    QVERIFY(!fs::exists(path));
}

void TestControlSocket::tellsAClientThatTheInstanceLeft()
{
    std::optional<Responder> kept;
    serve([&](const Command &, const Responder &responder) {
        kept = responder;
        QMetaObject::invokeMethod(qApp, [this] { m_server.reset(); }, Qt::QueuedConnection);
    });
    const auto answer = whileServing([this] { return ControlClient::connect(m_data).value()->call(u"a"_s); });
    QVERIFY(answer.error().code == "control.no_answer");
    kept->result(true);
}

QTEST_GUILESS_MAIN(TestControlSocket)
#include "tst_controlsocket.moc"
