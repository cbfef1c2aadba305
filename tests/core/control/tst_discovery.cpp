// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/discovery.h"

#include <QElapsedTimer>
#include <QMap>
#include <QNetworkProxy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <unistd.h>

#include <vector>

using namespace portolan;
using namespace portolan::control;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

/// A server on 127.0.0.1 that answers paths with what it was given and everything else with 404.
class FakeServer : public QTcpServer
{
public:
    enum class Manner { Answers, HangsUp, SaysNothing, Endless };

    explicit FakeServer(QMap<QByteArray, QByteArray> bodies, Manner manner = Manner::Answers)
        : m_bodies(std::move(bodies))
        , m_manner(manner)
    {
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *const peer = nextPendingConnection();
            connect(peer, &QTcpSocket::readyRead, this, [this, peer] { readFrom(peer); });
            connect(peer, &QTcpSocket::disconnected, peer, &QObject::deleteLater);
        });
        listen(QHostAddress::LocalHost);
    }

    QByteArray fallback{}; ///< for paths it was not given; empty: 404
    QByteArray status = "200 OK";
    QByteArray extraHead{};
    QByteArrayList heads{};

private:
    void readFrom(QTcpSocket *peer)
    {
        QByteArray &head = m_unread[peer];
        head += peer->readAll();
        if (!head.endsWith("\r\n\r\n"))
            return;
        heads.append(std::exchange(head, {}));
        if (m_manner == Manner::HangsUp)
            peer->abort();
        else if (m_manner == Manner::Endless)
            flood(peer);
        else if (m_manner == Manner::Answers)
            answer(peer, heads.last().split(' ').value(1));
    }

    void answer(QTcpSocket *peer, const QByteArray &path)
    {
        const bool known = m_bodies.contains(path) || !fallback.isEmpty();
        const QByteArray body = known ? m_bodies.value(path, fallback) : "{\"error\":\"not found\"}";
        peer->write("HTTP/1.1 " + (known ? status : "404 Not Found")
                    + "\r\nContent-Type: application/json\r\n" + extraHead
                    + "Content-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    }

    static void flood(QTcpSocket *peer)
    {
        peer->write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"version\":\"");
        connect(peer, &QTcpSocket::bytesWritten, peer, [peer] {
            if (peer->bytesToWrite() == 0)
                peer->write(QByteArray(64 * 1024, 'x'));
        });
    }

    const QMap<QByteArray, QByteArray> m_bodies;
    const Manner m_manner;
    QMap<QTcpSocket *, QByteArray> m_unread;
};

using Bodies = QMap<QByteArray, QByteArray>;

Bodies ollama()
{
    return {{"/", "Ollama is running"},
            {"/api/version", R"({"version":"0.12.0"})"},
            {"/api/tags", R"({"models":[{"name":"qwen3:8b"}]})"},
            {"/v1/models", R"({"object":"list","data":[{"id":"qwen3:8b","owned_by":"library"}]})"}};
}

Bodies lmStudio()
{
    return {{"/api/v0/models",
             R"({"data":[{"id":"m","type":"llm","arch":"qwen3","quantization":"4bit","state":"loaded"}]})"},
            {"/v1/models", R"({"data":[{"id":"m","owned_by":"organization_owner"}]})"}};
}

Bodies llamaCpp()
{
    return {{"/props", R"({"default_generation_settings":{"n_ctx":4096},"total_slots":1})"},
            {"/health", R"({"status":"ok"})"},
            {"/v1/models", R"({"object":"list","data":[{"id":"m","owned_by":"llamacpp"}]})"}};
}

Bodies vllm()
{
    return {{"/version", R"({"version":"0.11.0"})"},
            {"/health", ""},
            {"/v1/models", R"({"object":"list","data":[{"id":"m","owned_by":"vllm"}]})"}};
}

} // namespace

class TestDiscovery : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void namesTheServerThatAnswers_data();
    void namesTheServerThatAnswers();
    void offersNothingForStrangers_data();
    void offersNothingForStrangers();
    void asksPolitely();
    void findsSeveralServersAtOnce();
    void givesUpASilentPortInTime();
    void repliesWithoutAnyPort();
    void staysSilentWhenItIsDeleted();
    void offersWhatTheEnvironmentHolds_data();
    void offersWhatTheEnvironmentHolds();
    void draftsAnAccountFromAnOffer();
    void draftsTheAddressFromTheEnvironment_data();
    void draftsTheAddressFromTheEnvironment();
    void draftsALocalServer();
    void refusesAnOfferThatIsGone();

private:
    std::vector<Offer> offersOf(const std::map<std::uint16_t, std::uint16_t> &ports);

    const std::shared_ptr<const catalog::Catalog> m_catalog = catalog::Catalog::shipped();
};

void TestDiscovery::init()
{
    // Whatever the machine's own environment offers would mix in.
    std::vector<std::string> names;
    for (char **entry = environ; *entry; ++entry)
        names.emplace_back(std::string_view(*entry).substr(0, std::string_view(*entry).find('=')));
    for (const std::string &name : names)
        ::unsetenv(name.c_str());
}

std::vector<Offer> TestDiscovery::offersOf(const std::map<std::uint16_t, std::uint16_t> &ports)
{
    const auto where = [&](std::uint16_t port) {
        const auto found = ports.find(port);
        return found == ports.end() ? std::uint16_t(0) : found->second;
    };
    Discovery discovery(m_catalog, {.port = where});
    std::optional<Result<std::vector<Offer>>> reply;
    discovery.find([&](Result<std::vector<Offer>> offers) { reply = std::move(offers); });
    [&] { QTRY_VERIFY(reply); }();
    return reply && *reply ? std::move(**reply) : std::vector<Offer>();
}

void TestDiscovery::namesTheServerThatAnswers_data()
{
    QTest::addColumn<Bodies>("bodies");
    QTest::addColumn<quint16>("usual");
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("path");
    const auto row
        = [](const char *name, const Bodies &bodies, quint16 usual, const QString &path = u"/v1"_s) {
              QTest::newRow(name) << bodies << usual << QString::fromLatin1(name).section(u' ', 0, 0) << path;
          };
    row("ollama", ollama(), 11434);
    row("lm-studio", lmStudio(), 1234);
    row("llama-cpp", llamaCpp(), 8080);
    row("vllm", vllm(), 8000);
    row("localai on llama.cpp's port", {{"/readyz", "ok"}, {"/system", R"({"backends":["llama-cpp"]})"}},
        8080);
    row("tei on another port", {{"/info", R"({"model_id":"bge","model_type":{"embedding":{}}})"}}, 3000);
    row("triton on vLLM's port", {{"/v2", R"({"name":"triton","extensions":[]})"}}, 8000, {});
    row("koboldcpp", {{"/api/extra/version", R"({"result":"KoboldCpp","version":"1.90"})"}}, 5001);
}

void TestDiscovery::namesTheServerThatAnswers()
{
    QFETCH(Bodies, bodies);
    QFETCH(quint16, usual);
    QFETCH(QString, provider);
    QFETCH(QString, path);
    const FakeServer server(bodies);
    const auto offers = offersOf({{usual, server.serverPort()}});
    QCOMPARE(offers.size(), 1U);
    QVERIFY(offers[0].kind == Offer::Kind::LocalServer);
    QCOMPARE(offers[0].provider, provider);
    QCOMPARE(offers[0].source, u"http://127.0.0.1:%1%2"_s.arg(server.serverPort()).arg(path));
    QCOMPARE(offers[0].proposedSlug, provider);
    QVERIFY(!offers[0].providerName.isEmpty());
}

void TestDiscovery::offersNothingForStrangers_data()
{
    QTest::addColumn<QByteArray>("fallback");
    QTest::addColumn<QByteArray>("status");
    QTest::addColumn<QByteArray>("head");
    QTest::addColumn<int>("manner");
    const auto row
        = [](const char *name, const QByteArray &fallback, const QByteArray &status = "200 OK",
             const QByteArray &head = {}, FakeServer::Manner manner = FakeServer::Manner::Answers) {
              QTest::newRow(name) << fallback << status << head << int(manner);
          };
    row("404 for everything", "");
    row("a web page for everything", "<html><title>Jenkins</title></html>");
    row("empty JSON for everything", "{}");
    row("an empty list for everything", "[]");
    row("an odd list for everything", R"({"data":{"owned_by":"vllm"}})");
    row("nonsense for everything", QByteArray("\0\xff\xfe{\"data\":", 11));
    row("deep nonsense", QByteArray(100'000, '['));
    row("a redirect", R"({"version":"1"})", "302 Found", "Location: http://127.0.0.1:9/\r\n");
    row("an error", R"({"version":"1"})", "500 Internal Server Error");
    row("hangs up", "", "", "", FakeServer::Manner::HangsUp);
    row("never ends", "", "", "", FakeServer::Manner::Endless);
}

void TestDiscovery::offersNothingForStrangers()
{
    QFETCH(QByteArray, fallback);
    QFETCH(QByteArray, status);
    QFETCH(QByteArray, head);
    QFETCH(int, manner);
    for (const std::uint16_t usual : {std::uint16_t(8080), std::uint16_t(8000), std::uint16_t(11434)}) {
        FakeServer server({}, FakeServer::Manner(manner));
        server.fallback = fallback;
        server.status = status;
        server.extraHead = head;
        const auto offers = offersOf({{usual, server.serverPort()}});
        QVERIFY2(offers.empty(), offers.empty() ? "" : qPrintable(offers[0].provider));
        QVERIFY(!server.heads.isEmpty());
    }
}

void TestDiscovery::asksPolitely()
{
    const FakeServer server({});
    (void)offersOf({{8080, server.serverPort()}});
    QCOMPARE_GE(server.heads.size(), 3);
    QSet<QByteArray> paths;
    for (const QByteArray &head : server.heads) {
        const QByteArray lower = head.toLower();
        QVERIFY(head.startsWith("GET /"));
        QVERIFY(head.contains(" HTTP/1.1\r\n"));
        QVERIFY(lower.contains("user-agent: portolan\r\n"));
        for (const char *line : {"authorization", "cookie", "x-api-key", "upgrade", "http2-settings"})
            QVERIFY(!lower.contains("\r\n" + QByteArray(line) + ":"));
        QVERIFY2(!paths.contains(head.split(' ').value(1)), "a path was asked for twice");
        paths.insert(head.split(' ').value(1));
    }
}

void TestDiscovery::findsSeveralServersAtOnce()
{
    const FakeServer one(ollama());
    const FakeServer two(lmStudio());
    const FakeServer three(vllm());
    const FakeServer silent({}, FakeServer::Manner::SaysNothing);
    // A proxy of the application's, here one that takes no calls, is not for this machine's own ports.
    QNetworkProxy::setApplicationProxy(QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, 1));
    const auto offers = offersOf({{11434, one.serverPort()},
                                  {1234, two.serverPort()},
                                  {8000, three.serverPort()},
                                  {8080, silent.serverPort()},
                                  {4000, std::uint16_t(1)}});
    QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy);
    QStringList found;
    for (const Offer &offer : offers)
        found.append(offer.provider);
    found.sort();
    QCOMPARE(found, (QStringList{u"lm-studio"_s, u"ollama"_s, u"vllm"_s}));
}

void TestDiscovery::givesUpASilentPortInTime()
{
    const FakeServer silent({}, FakeServer::Manner::SaysNothing);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(offersOf({{8080, silent.serverPort()}}).empty());
    QCOMPARE_GE(timer.elapsed(), 350);
    QCOMPARE_LT(timer.elapsed(), 3000);
    QCOMPARE(silent.heads.size(), 1);
}

void TestDiscovery::repliesWithoutAnyPort()
{
    Discovery discovery(m_catalog, {.port = [](std::uint16_t) { return std::uint16_t(0); }});
    bool replied = false;
    discovery.find([&](const Result<std::vector<Offer>> &offers) { replied = offers && offers->empty(); });
    QVERIFY2(!replied, "the reply came from inside the call");
    QTRY_VERIFY(replied);
}

void TestDiscovery::staysSilentWhenItIsDeleted()
{
    const FakeServer silent({}, FakeServer::Manner::SaysNothing);
    const auto there = [&](std::uint16_t) { return silent.serverPort(); };
    auto discovery = std::make_unique<Discovery>(m_catalog, DiscoveryOptions{.port = there, .probe = 60s});
    bool replied = false;
    discovery->find([&](const Result<std::vector<Offer>> &) { replied = true; });
    QTRY_VERIFY(!silent.heads.isEmpty());
    discovery.reset();
    QCoreApplication::sendPostedEvents();
    QVERIFY(!replied);
}

void TestDiscovery::offersWhatTheEnvironmentHolds_data()
{
    QTest::addColumn<QByteArrayList>("variables");
    QTest::addColumn<QStringList>("offers"); // provider and source
    const auto row = [](const char *name, const QByteArrayList &variables, const QStringList &offers) {
        QTest::newRow(name) << variables << offers;
    };
    row("nothing", {}, {});
    row("one key", {"OPENAI_API_KEY=sk-canary"}, {u"openai OPENAI_API_KEY"_s});
    row("an empty key", {"OPENAI_API_KEY="}, {});
    row("an address alone", {"OLLAMA_HOST=127.0.0.1:11434"}, {u"ollama OLLAMA_HOST"_s});
    row("a key and the parts of its address",
        {"DATABRICKS_TOKEN=dapi-x", "DATABRICKS_HOST=adb-1.azuredatabricks.net"},
        {u"databricks DATABRICKS_TOKEN"_s});
    row("parts are missing", {"DATABRICKS_TOKEN=dapi-x"}, {});
    row("a part that escapes", {"DATABRICKS_TOKEN=dapi-x", "DATABRICKS_HOST=evil.example/#"}, {});
    row("an address that is none", {"OLLAMA_HOST=http://user:pw@evil.example"}, {});
    row("a pair of keys", {"AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b", "AWS_REGION=eu-west-1"}, {});
    row("a file",
        {"GOOGLE_APPLICATION_CREDENTIALS=/x", "GOOGLE_VERTEX_PROJECT=p", "GOOGLE_VERTEX_LOCATION=l"}, {});
}

void TestDiscovery::offersWhatTheEnvironmentHolds()
{
    QFETCH(QByteArrayList, variables);
    QFETCH(QStringList, offers);
    for (const QByteArray &variable : variables)
        qputenv(variable.split('=')[0].constData(), variable.mid(variable.indexOf('=') + 1));
    QStringList found;
    for (const Offer &offer : offersFromEnvironment(*m_catalog)) {
        QVERIFY(offer.kind == Offer::Kind::Environment);
        found.append(offer.provider + u' ' + offer.source);
    }
    QCOMPARE(found, offers);
}

void TestDiscovery::draftsAnAccountFromAnOffer()
{
    qputenv("OPENAI_API_KEY", "sk-canary-0123456789");
    const auto draft = draftFor(offersFromEnvironment(*m_catalog).at(0), *m_catalog);
    QVERIFY(draft);
    QCOMPARE(draft->provider, u"openai"_s);
    QCOMPARE(draft->slug, u"openai"_s);
    QCOMPARE(draft->name, u"OpenAI"_s);
    QCOMPARE(draft->baseUrl, QString());
    QVERIFY(draft->credential && draft->credential->equals("sk-canary-0123456789"));
}

void TestDiscovery::draftsTheAddressFromTheEnvironment_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QString>("address");
    QTest::newRow("host and port") << QByteArray("127.0.0.1:5000") << u"http://127.0.0.1:5000/v1"_s;
    QTest::newRow("host") << QByteArray("box.lan") << u"http://box.lan:11434/v1"_s;
    QTest::newRow("any address") << QByteArray("0.0.0.0") << u"http://127.0.0.1:11434/v1"_s;
    QTest::newRow("URL") << QByteArray("https://box.lan") << u"https://box.lan/v1"_s;
    QTest::newRow("URL with a slash") << QByteArray("http://box.lan:80/") << u"http://box.lan:80/v1"_s;
    QTest::newRow("URL with a path") << QByteArray("https://box.lan/ollama") << u"https://box.lan/ollama"_s;
}

void TestDiscovery::draftsTheAddressFromTheEnvironment()
{
    QFETCH(QByteArray, host);
    QFETCH(QString, address);
    qputenv("OLLAMA_HOST", host);
    const auto draft = draftFor(offersFromEnvironment(*m_catalog).at(0), *m_catalog);
    QVERIFY(draft);
    QCOMPARE(draft->baseUrl, address);
    QVERIFY(!draft->credential);
}

void TestDiscovery::draftsALocalServer()
{
    const FakeServer server(ollama());
    const auto offers = offersOf({{11434, server.serverPort()}});
    const auto draft = draftFor(offers.at(0), *m_catalog);
    QVERIFY(draft);
    QCOMPARE(draft->provider, u"ollama"_s);
    QCOMPARE(draft->baseUrl, offers[0].source);
    QVERIFY(!draft->credential);
}

void TestDiscovery::refusesAnOfferThatIsGone()
{
    qputenv("OPENAI_API_KEY", "sk-canary-0123456789");
    const Offer offer = offersFromEnvironment(*m_catalog).at(0);
    qunsetenv("OPENAI_API_KEY");
    QVERIFY(draftFor(offer, *m_catalog).error().code == "discovery.gone");
    QVERIFY(draftFor({.provider = u"openai"_s, .source = u"PATH"_s}, *m_catalog).error().code
            == "discovery.gone");
}

QTEST_GUILESS_MAIN(TestDiscovery)
#include "tst_discovery.moc"
