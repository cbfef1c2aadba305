// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/control.h"
#include "tests/core/control/plainclient.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <algorithm>
#include <memory>
#include <optional>

using namespace Qt::StringLiterals;

namespace portolan::control {

namespace {

using test::PlainClient;

SharedSecret secret(std::string_view text)
{
    return std::make_shared<const SecretBytes>(SecretBytes::copy(text));
}

QByteArray bytes(const SharedSecret &token)
{
    return token ? QByteArray(token->view().data(), qsizetype(token->size())) : QByteArray();
}

std::unique_ptr<Control> openAt(const QTemporaryDir &directory)
{
    ControlOptions options;
    options.dataDirectory = directory.path();
    options.listen = u"127.0.0.1:0"_s;
    options.useKeyring = false;
    options.hasWindow = true;
    auto control = Control::open(std::move(options));
    if (!control)
        qWarning("%s", control.error().message.c_str());
    return control ? *std::move(control) : nullptr;
}

bool isRunning(const Control &control)
{
    return control.gateway().state == GatewayStatus::State::Running;
}

/// Waits for a reply of the façade and hands it on.
template <typename T>
class Awaited
{
public:
    Reply<T> take()
    {
        return [this](Result<T> result) { m_result = std::move(result); };
    }
    bool wait()
    {
        return QTest::qWaitFor([this] { return m_result.has_value(); }, 10'000);
    }
    Result<T> &operator*() { return *m_result; }

private:
    std::optional<Result<T>> m_result;
};

std::vector<trace::RequestRow> historyOf(Control &control)
{
    Awaited<std::vector<trace::RequestRow>> rows;
    control.history({}, rows.take());
    if (!rows.wait() || !*rows)
        return {};
    return **rows;
}

bool holdsAnywhere(const QString &directory, const QByteArray &needle)
{
    QDirIterator files(directory, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(needle)) {
            qWarning("found in %s", qPrintable(file.fileName()));
            return true;
        }
    }
    return false;
}

constexpr auto kHello = R"({"model":"@practice/echo","messages":[{"role":"user","content":"hello"}]})";

} // namespace

class TestControl : public QObject
{
    Q_OBJECT

private slots:
    void givesTheFirstKeyOnce()
    {
        const QTemporaryDir directory;
        {
            const auto control = openAt(directory);
            QVERIFY(control);
            QVERIFY(control->takeFirstToken());
            QVERIFY(!control->takeFirstToken());
            QCOMPARE(control->clientKeys().size(), std::size_t{1});
        }
        const auto again = openAt(directory);
        QVERIFY(again);
        QVERIFY(!again->takeFirstToken());
        QCOMPARE(again->clientKeys().size(), std::size_t{1});
    }

    void showsARequestLiveAndInTheHistory()
    {
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        QVERIFY(control);
        QSignalSpy live(control.get(), &Control::live);
        control->startGateway();
        QTRY_VERIFY(isRunning(*control));
        PlainClient client(control->gateway().baseUrl);
        const auto reply = client.chat(bytes(control->takeFirstToken()), kHello);
        QCOMPARE(reply.status, 200);
        QVERIFY(!reply.header("x-portkey-trace-id").isEmpty());
        QCOMPARE(reply.header("x-portkey-provider"), QByteArray("practice"));
        QTRY_VERIFY(!live.isEmpty());

        QTRY_COMPARE(historyOf(*control).size(), std::size_t{1});
        const auto row = historyOf(*control).front();
        QCOMPARE(row.status, 200);
        QCOMPARE(row.outcome, trace::Outcome::Ok);
        QCOMPARE(row.model_asked, std::string("@practice/echo"));
        QCOMPARE(row.slug, std::string("practice"));
        QCOMPARE(row.client_key_name, std::string("default"));
        QCOMPARE(row.endpoint, std::string("chat"));
        QCOMPARE(row.usage_state, UsageState::Reported);
        QVERIFY(row.tokens_in > 0 && row.tokens_out > 0);
        QCOMPARE(row.cost_state, trace::CostState::Free);
        QCOMPARE(row.attempt_marks, std::string("o"));

        Awaited<std::optional<Detail>> detail;
        control->detail(row.id, detail.take());
        QVERIFY(detail.wait() && *detail && **detail);
        const auto &record = (**detail)->record;
        QCOMPARE(record.request_body->text, std::string(kHello));
        QVERIFY(record.response_body->text.find("hello") != std::string::npos);
        QCOMPARE(record.attempts.size(), std::size_t{1});
    }

    void streamsWithUsageThatTheClientDidNotAskFor()
    {
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        QVERIFY(control);
        control->startGateway();
        QTRY_VERIFY(isRunning(*control));
        PlainClient client(control->gateway().baseUrl);
        const auto reply = client.chat(
            bytes(control->takeFirstToken()),
            R"({"model":"@practice/echo","stream":true,"messages":[{"role":"user","content":"one two three"}]})");
        QCOMPARE(reply.status, 200);
        QCOMPARE(reply.header("Content-Type"), QByteArray("text/event-stream"));
        QVERIFY(reply.body.endsWith("data: [DONE]\n\n"));
        QVERIFY(!reply.body.contains("total_tokens"));
        QTRY_COMPARE(historyOf(*control).size(), std::size_t{1});
        const auto row = historyOf(*control).front();
        QVERIFY(row.stream);
        QCOMPARE(row.usage_state, UsageState::Reported);
        QVERIFY(row.first_token_us >= 0);
        QCOMPARE(row.finish_reason, std::string("stop"));
    }

    void refusesEveryRouteWithoutAKey_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        for (const char *path :
             {"/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses", "/v1/messages",
              "/v1/images/generations", "/v1/audio/transcriptions", "/v1/moderations", "/v1/rerank",
              "/v1/files", "/v1/prompts/x/completions", "/v1/anything"})
            QTest::newRow(path) << QByteArray("POST") << QByteArray(path);
        for (const char *path : {"/v1/models", "/v1/files", "/v1/realtime", "/admin", "/favicon.ico", "/v1"})
            QTest::newRow(qPrintable(u"GET "_s + QString::fromLatin1(path)))
                << QByteArray("GET") << QByteArray(path);
    }

    void refusesEveryRouteWithoutAKey()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        QVERIFY(control);
        control->startGateway();
        QTRY_VERIFY(isRunning(*control));
        PlainClient client(control->gateway().baseUrl);
        const auto reply = client.send(method, path, {{"Content-Type", "application/json"}},
                                       method == "POST" ? QByteArray(kHello) : QByteArray());
        QCOMPARE(reply.status, 401);
        const auto body = QJsonDocument::fromJson(reply.body).object();
        QCOMPARE(body["status"_L1].toString(), u"failure"_s);
        QVERIFY(!body["message"_L1].toString().isEmpty());
        QCOMPARE(body["error"_L1].toObject()["message"_L1], body["message"_L1]);
        QCOMPARE(body["error"_L1].toObject()["type"_L1].toString(), u"authentication_error"_s);
        QVERIFY(reply.header("Access-Control-Allow-Origin").isEmpty());
    }

    void refusesWithAReason_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("code");

        const auto row = [](const char *name, const char *method, const char *path, const char *type,
                            const char *body, int status, const char *code) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(path) << QByteArray(type)
                                << QByteArray(body) << status << QString::fromLatin1(code);
        };
        row("text body", "POST", "/v1/chat/completions", "text/plain", kHello, 415, "http.bad_content_type");
        row("form body", "POST", "/v1/chat/completions", "application/x-www-form-urlencoded", kHello, 415,
            "http.bad_content_type");
        row("untyped body", "POST", "/v1/chat/completions", "", kHello, 415, "http.bad_content_type");
        row("realtime", "GET", "/v1/realtime", "", "", 501, "route.no_realtime");
        row("prompts", "POST", "/v1/prompts/p/completions", "application/json", "{}", 501,
            "route.no_prompts");
        row("outside", "GET", "/metrics", "", "", 404, "route.not_found");
        row("unknown slug", "POST", "/v1/chat/completions", "application/json", R"({"model":"@nobody/x"})",
            400, "route.unknown_slug");
        row("no model", "POST", "/v1/chat/completions", "application/json", "{}", 400, "route.no_target");
        row("unknown practice model", "POST", "/v1/chat/completions", "application/json",
            R"({"model":"@practice/x"})", 404, "model_not_found");
    }

    void refusesWithAReason()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, body);
        QFETCH(int, status);
        QFETCH(QString, code);
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        QVERIFY(control);
        control->startGateway();
        QTRY_VERIFY(isRunning(*control));
        PlainClient client(control->gateway().baseUrl);
        PlainClient::Lines lines{{"Authorization", "Bearer " + bytes(control->takeFirstToken())}};
        if (!type.isEmpty())
            lines.append({"Content-Type", type});
        const auto reply = client.send(method, path, lines, body);
        QCOMPARE(reply.status, status);
        const auto error = QJsonDocument::fromJson(reply.body).object()["error"_L1].toObject();
        QCOMPARE(error["code"_L1].toString(), code);
        QTRY_COMPARE(historyOf(*control).size(), std::size_t{1});
        QCOMPARE(historyOf(*control).front().status, status);
    }

    void keepsACanaryOutOfEveryFile()
    {
        const QTemporaryDir directory;
        {
            const auto control = openAt(directory);
            QVERIFY(control);
            auto settings = control->settings();
            settings.capture = trace::CaptureLevel::Off;
            Awaited<void> changed;
            control->changeSettings(settings, changed.take());
            QVERIFY(changed.wait() && *changed);
            Awaited<AccountId> added;
            control->addAccount({.provider = u"openai"_s,
                                 .slug = u"oai"_s,
                                 .credential = secret("sk-canary-9f3a77d1c2e84b56")},
                                added.take());
            QVERIFY(added.wait() && *added);
            QVERIFY(control->accounts().front().credential.endsWith(u"4b56"));
            control->startGateway();
            QTRY_VERIFY(isRunning(*control));
            PlainClient client(control->gateway().baseUrl);
            const auto token = bytes(control->takeFirstToken());
            QCOMPARE(
                client
                    .chat(
                        token,
                        R"({"model":"@practice/echo","messages":[{"role":"user","content":"prompt-canary-5521"}]})")
                    .status,
                200);
            QTRY_COMPARE(historyOf(*control).size(), std::size_t{1});
            QVERIFY(!holdsAnywhere(directory.path(), "sk-canary-9f3a77d1c2e84b56"));
            QVERIFY(!holdsAnywhere(directory.path(), "prompt-canary-5521"));
            QVERIFY(!holdsAnywhere(directory.path(), token));
        }
        QVERIFY(!holdsAnywhere(directory.path(), "sk-canary-9f3a77d1c2e84b56"));
        QVERIFY(!holdsAnywhere(directory.path(), "prompt-canary-5521"));
    }

    void refusesASlugThatCannotBe_data()
    {
        QTest::addColumn<QString>("slug");
        QTest::addColumn<bool>("good");
        QTest::newRow("plain") << u"openai-prod"_s << true;
        QTest::newRow("built in") << u"practice"_s << false;
        QTest::newRow("upper case") << u"OpenAI"_s << false;
        QTest::newRow("slash") << u"a/b"_s << false;
        QTest::newRow("empty") << QString() << false;
        QTest::newRow("workers ai") << u"cf"_s << false;
    }

    void refusesASlugThatCannotBe()
    {
        QFETCH(QString, slug);
        QFETCH(bool, good);
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        QCOMPARE(control->checkSlug(slug).isEmpty(), good);
    }

    void proposesSlugsThatAreFree()
    {
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        QCOMPARE(control->proposeSlug(u"openai"_s), u"openai"_s);
        Awaited<AccountId> added;
        control->addAccount({.provider = u"openai"_s, .credential = secret("sk-0123456789abcdef0123")},
                            added.take());
        QVERIFY(added.wait() && *added);
        QCOMPARE(control->accounts().front().slug, u"openai"_s);
        QCOMPARE(control->proposeSlug(u"openai"_s), u"openai-2"_s);
    }

    void asksForTheCredentialWhenTheAddressChanges()
    {
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        Awaited<AccountId> added;
        control->addAccount({.provider = u"openai"_s, .credential = secret("sk-0123456789abcdef0123")},
                            added.take());
        QVERIFY(added.wait() && *added);
        Awaited<void> moved;
        control->editAccount(**added, {}, u"https://elsewhere.example/v1"_s, {}, moved.take());
        QVERIFY(moved.wait());
        QCOMPARE((*moved).error().code, std::string("account.credential_needed"));
        Awaited<void> again;
        control->editAccount(**added, {}, u"https://elsewhere.example/v1"_s,
                             secret("sk-other-0123456789abcdef"), again.take());
        QVERIFY(again.wait() && *again);
        QCOMPARE(control->accounts().front().baseUrl, u"https://elsewhere.example/v1"_s);
    }

    void removesAnAccountWithItsSlug()
    {
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        Awaited<AccountId> added;
        control->addAccount(
            {.provider = u"openai"_s, .slug = u"gone"_s, .credential = secret("sk-0123456789abcdef0123")},
            added.take());
        QVERIFY(added.wait() && *added);
        Awaited<void> removed;
        control->removeAccount(**added, removed.take());
        QVERIFY(removed.wait() && *removed);
        QCOMPARE(control->accounts().size(), std::size_t{1}); // @practice
        QVERIFY(control->checkSlug(u"gone"_s).isEmpty());
    }

    void keepsTheOldListenerWhenTheNewPortIsTaken()
    {
        const QTemporaryDir directory;
        ControlOptions options;
        options.dataDirectory = directory.path();
        options.useKeyring = false;
        auto opened = Control::open(std::move(options));
        QVERIFY(opened);
        const auto control = *std::move(opened);
        auto settings = control->settings();
        settings.port = 0;
        Awaited<void> first;
        control->changeSettings(settings, first.take());
        QVERIFY(first.wait() && *first);
        control->startGateway();
        QTRY_VERIFY(isRunning(*control));
        const auto url = control->gateway().baseUrl;

        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost));
        settings.port = taken.serverPort();
        Awaited<void> second;
        control->changeSettings(settings, second.take());
        QVERIFY(second.wait() && *second);
        QTRY_VERIFY(!control->gateway().reason.isEmpty());
        QVERIFY(isRunning(*control));
        QCOMPARE(control->gateway().baseUrl, url);
        QCOMPARE(PlainClient(url).send("GET", "/v1/health", {}).status, 200);
        QVERIFY(!control->problems().empty());
    }

    void refusesToOpenBeyondThisComputer()
    {
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        auto settings = control->settings();
        settings.listenAddress = u"0.0.0.0"_s;
        settings.openOnLoopback = true;
        Awaited<void> changed;
        control->changeSettings(settings, changed.take());
        QVERIFY(changed.wait());
        QCOMPARE((*changed).error().code, std::string("settings.invalid"));
    }

    void letsASecondInstanceKnow()
    {
        const QTemporaryDir directory;
        const auto first = openAt(directory);
        QVERIFY(first);
        ControlOptions options;
        options.dataDirectory = directory.path();
        options.useKeyring = false;
        const auto second = Control::open(std::move(options));
        QVERIFY(!second);
        QCOMPARE(second.error().code, std::string("store.locked"));
    }

    void sendsATestRequestThroughItself()
    {
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        control->startGateway();
        QTRY_VERIFY(isRunning(*control));
        Awaited<RequestId> sent;
        control->sendTestRequest(sent.take());
        QVERIFY(sent.wait());
        QVERIFY2((*sent).has_value(), (*sent).has_value() ? "" : (*sent).error().message.c_str());
        QTRY_COMPARE(historyOf(*control).size(), std::size_t{1});
        QCOMPARE(historyOf(*control).front().id, **sent);
        QCOMPARE(historyOf(*control).front().client_key_name, std::string("this window"));
    }

    void cutsWhatWouldHoldUpTheStop_data()
    {
        QTest::addColumn<bool>("drains");
        QTest::newRow("at once") << false;
        QTest::newRow("while it drains") << true;
    }

    void cutsWhatWouldHoldUpTheStop()
    {
        QFETCH(bool, drains);
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        auto patient = control->settings();
        patient.limits.drain = std::chrono::minutes(10);
        control->changeSettings(patient, {});
        QTRY_COMPARE(control->settings().limits.drain, patient.limits.drain);
        const auto token = bytes(control->takeFirstToken());
        control->startGateway();
        QTRY_VERIFY(isRunning(*control));
        const QUrl url(control->gateway().baseUrl);
        QTcpSocket client;
        client.connectToHost(url.host(), quint16(url.port()));
        const QByteArray body
            = R"({"model":"@practice/hang","messages":[{"role":"user","content":"hello"}]})";
        client.write("POST /v1/chat/completions HTTP/1.1\r\nHost: " + url.authority().toLatin1()
                     + "\r\nAuthorization: Bearer " + token
                     + "\r\nContent-Type: application/json\r\nContent-Length: "
                     + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        QTRY_COMPARE(control->gateway().active, 1);
        if (drains) {
            control->stopGateway();
            QCOMPARE(control->gateway().state, GatewayStatus::State::Draining);
        }
        control->cutGateway();
        QTRY_COMPARE(control->gateway().state, GatewayStatus::State::Stopped);
        QTRY_VERIFY(client.bytesAvailable() > 0);
        QVERIFY(client.readAll().startsWith("HTTP/1.1 499 "));
        QTRY_COMPARE(historyOf(*control).size(), std::size_t{1});
        QCOMPARE(historyOf(*control).front().error_code, std::string("request.aborted"));
    }

    void stopsAndStartsAgain()
    {
        const QTemporaryDir directory;
        const auto control = openAt(directory);
        control->startGateway();
        QTRY_VERIFY(isRunning(*control));
        control->stopGateway();
        QTRY_COMPARE(control->gateway().state, GatewayStatus::State::Stopped);
        control->startGateway();
        QTRY_VERIFY(isRunning(*control));
        QCOMPARE(PlainClient(control->gateway().baseUrl).send("GET", "/", {}).status, 200);
    }
};

} // namespace portolan::control

QTEST_GUILESS_MAIN(portolan::control::TestControl)
#include "tst_control.moc"
