// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/authorize.h"

#include "core/dialect/bedrock/sigv4.h"
#include "core/gateway/secretjson.h"
#include "core/gateway/serviceaccountkey.h"
#include "core/gateway/signing.h"
#include "tests/core/gateway/serviceaccountfile.h"
#include "tests/core/http/scriptedupstream.h"
#include "tests/core/http/upstreamloop.h"

#include <openssl/evp.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace portolan;
using namespace portolan::gateway;
using namespace Qt::StringLiterals;
using test::ScriptedUpstream;

namespace {

constexpr std::string_view kAwsLines = "AKIDEXAMPLE\nwJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

SharedSecret secret(std::string_view text)
{
    return std::make_shared<const SecretBytes>(SecretBytes::copy(text));
}

const catalog::Catalog &shipped()
{
    static const auto kCatalog = catalog::Catalog::shipped();
    return *kCatalog;
}

std::string bytesOfBase64Url(std::string_view text)
{
    return QByteArray::fromBase64(QByteArray(text.data(), qsizetype(text.size())),
                                  QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors)
        .toStdString();
}

bool isSignedByTheKey(std::string_view jwt)
{
    const auto dot = jwt.rfind('.');
    const auto signature = bytesOfBase64Url(jwt.substr(dot + 1));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, test::serviceAccountKey()) == 1
        && EVP_DigestVerify(digest.get(), reinterpret_cast<const unsigned char *>(signature.data()),
                            signature.size(), reinterpret_cast<const unsigned char *>(jwt.data()), dot)
        == 1;
}

/// A token service on loopback that answers every request with the next of its answers.
ScriptedUpstream tokenService(std::vector<std::string> answers)
{
    auto next = std::make_shared<std::atomic<std::size_t>>(0);
    return ScriptedUpstream([answers = std::move(answers), next](ScriptedUpstream::Peer &peer) {
        while (peer.readRequest()) {
            const auto at = std::min(next->fetch_add(1), answers.size() - 1);
            peer.send(answers[at]);
        }
    });
}

std::string tokenAnswer(std::string_view token, int expires_in)
{
    return test::answer("{\"access_token\":\"" + std::string(token) + "\",\"expires_in\":"
                            + std::to_string(expires_in) + R"(,"token_type":"Bearer"})",
                        "Content-Type: application/json\r\n");
}

Target vertexTarget(std::uint16_t token_port)
{
    const auto lines = readServiceAccountFile(test::toJsonText(test::serviceAccountFile()), {});
    return makeTarget(shipped(), "vertex-ai", "http://127.0.0.1:9", lines.value(),
                      {{"location", "us-central1"},
                       {"token_uri", "http://127.0.0.1:" + std::to_string(token_port) + "/token"}});
}

/// What authorize() made of a request.
struct Authorized {
    Result<> result{};
    http::UpstreamRequest request = test::requestTo(9);

    [[nodiscard]] std::string bearer() const
    {
        return request.credential ? std::string(request.credential->secret->view()) : std::string();
    }
};

class Loop
{
public:
    void start(const Target &target, Authorized &authorized) { m_loop.spawn(run(target, authorized)); }
    void finish() { m_loop.run(); }
    Authorized authorize(const Target &target)
    {
        Authorized authorized;
        start(target, authorized);
        finish();
        return authorized;
    }

private:
    http::Task<> run(const Target &target, Authorized &authorized)
    {
        authorized.result
            = co_await gateway::authorize(m_loop.transport(), m_tokens, target, authorized.request);
    }

    test::UpstreamLoop m_loop{http::makeDirectTransport};
    GoogleTokens m_tokens;
};

} // namespace

class TestAuthorize : public QObject
{
    Q_OBJECT

private slots:
    void readsAwsKeys_data()
    {
        QTest::addColumn<std::string>("lines");
        QTest::addColumn<int>("parts"); // 0: no AWS keys
        const auto row = [](const char *name, const char *lines, int parts) {
            QTest::newRow(name) << std::string(lines) << parts;
        };
        row("keys that last", "AKID\nsecret/+=", 2);
        row("temporary keys", "ASIA\nsecret\ntoken==", 3);
        row("a bearer key", "ABSKQmVkcm9j", 0);
        row("nothing", "", 0);
        row("an empty line", "AKID\n\ntoken", 0);
        row("four lines", "AKID\nsecret\ntoken\nmore", 0);
        row("a blank", "AKID\nsec ret", 0);
        row("a carriage return", "AKID\r\nsecret", 0);
    }

    void readsAwsKeys()
    {
        QFETCH(std::string, lines);
        QFETCH(int, parts);

        const auto keys = awsKeys(lines);
        QCOMPARE(keys ? 2 + int(!keys->session_token.empty()) : 0, parts);
    }

    void signsWhatTheTransportSends()
    {
        auto request = test::requestTo(8443, "{\"x\":");
        const std::string rest = "1}";
        request.body.push_back(rest);
        request.target = "/model/us.anthropic.claude-haiku-4-5-v1%3A0/converse";
        const auto keys = awsKeys(kAwsLines);
        const std::chrono::sys_seconds now{std::chrono::seconds{1'767'323'045}}; // 2026-01-02T03:04:05Z
        QVERIFY(signForAws(request, *keys, "us-east-1", now));

        QCOMPARE(std::string(request.fields.find("x-amz-date").value()), "20260102T030405Z");
        const std::string_view signature = request.fields.find("Authorization").value();
        const std::vector<dialect::bedrock::SigV4Request::Header> headers{
            {"host", "127.0.0.1:8443"}, {"content-type", "application/json"}};
        const auto expected = dialect::bedrock::sign(
            {.method = "POST", .path = request.target, .headers = headers, .body = R"({"x":1})"},
            {.access_key_id = keys->access_key_id, .secret_access_key = keys->secret_access_key},
            {.region = "us-east-1", .time = now});
        QCOMPARE(std::string(signature), expected->authorization);
    }

    void refusesToSignWhatItHasNot()
    {
        class Endless : public http::BodySource
        {
            http::Task<Result<std::string_view>> next() override { co_return std::string_view(); }
        } source;
        auto request = test::requestTo(8443);
        request.source = &source;
        const auto signed_it = signForAws(request, *awsKeys(kAwsLines), "us-east-1", {});
        QCOMPARE(signed_it ? std::string() : signed_it.error().code, "signing.streamed_body");
    }

    void aBedrockAccountSendsWhatItsCredentialIs_data()
    {
        QTest::addColumn<std::string>("credential");
        QTest::addColumn<std::string>("header"); // of the secret line
        QTest::addColumn<bool>("has_signature");
        QTest::newRow("keys that last") << std::string(kAwsLines) << std::string() << true;
        QTest::newRow("temporary keys")
            << std::string(kAwsLines) + "\nsession" << std::string("x-amz-security-token") << true;
        QTest::newRow("a bearer key") << std::string("ABSKQmVkcm9j") << std::string("Authorization") << false;
    }

    void aBedrockAccountSendsWhatItsCredentialIs()
    {
        QFETCH(std::string, credential);
        QFETCH(std::string, header);
        QFETCH(bool, has_signature);

        const auto target
            = makeTarget(shipped(), "bedrock", {}, secret(credential), {{"region", "eu-west-1"}});
        QCOMPARE(target.unusable, "");
        QCOMPARE(target.base.endpoint.host, "bedrock-runtime.eu-west-1.amazonaws.com");
        QCOMPARE(target.credential ? target.credential->header : std::string(), header);
        const auto authorized = Loop().authorize(target);
        QVERIFY(authorized.result);
        const auto signature = authorized.request.fields.find("Authorization");
        QCOMPARE(signature.has_value(), has_signature);
        QVERIFY(!has_signature || signature->find("/eu-west-1/bedrock/aws4_request") != signature->npos);
    }

    void aPlainKeyNeedsNothing()
    {
        const auto target = makeTarget(shipped(), "openai", {}, secret("sk-test"));
        const auto authorized = Loop().authorize(target);
        QVERIFY(authorized.result);
        QCOMPARE(authorized.request.fields.size(), test::requestTo(9).fields.size());
        QVERIFY(!authorized.request.credential);
    }

    void readsTheKeyFileOfAServiceAccount()
    {
        const auto lines = readServiceAccountFile(test::toJsonText(test::serviceAccountFile()), {});
        QVERIFY2(lines, lines ? "" : lines.error().message.c_str());
        const auto account = serviceAccount((*lines)->view());
        QVERIFY(account);
        QCOMPARE(account->client_email, "caller@my-project-123.iam.gserviceaccount.com");
        QCOMPARE(account->project_id, "my-project-123");
        QVERIFY(!account->private_key.contains('-'));
    }

    void saysWhatIsWrongWithAKeyFile_data()
    {
        QTest::addColumn<std::string>("json");
        QTest::addColumn<std::string>("says");
        const auto without = [](const QString &name, const QJsonValue &instead = QJsonValue::Undefined) {
            auto file = test::serviceAccountFile();
            file.remove(name);
            if (!instead.isUndefined())
                file.insert(name, instead);
            return test::toJsonText(file);
        };
        const auto row = [](const char *name, const std::string &json, const char *says) {
            QTest::newRow(name) << json << std::string(says);
        };
        row("nothing", "", "not the JSON key file");
        row("no JSON", "sk-1234", "not the JSON key file");
        row("half of it", test::toJsonText(test::serviceAccountFile()).substr(0, 300),
            "not the JSON key file");
        row("a list", "[1]", "not the JSON key file");
        row("a user's login", without(u"type"_s, u"authorized_user"_s), "another kind of login");
        row("no address", without(u"client_email"_s), "client_email");
        row("a line break in a line", without(u"private_key_id"_s, u"a\nb"_s), "private_key_id");
        row("a number", without(u"project_id"_s, 5), "project_id");
        row("no key", without(u"private_key"_s), "private_key");
        row("a broken key",
            without(u"private_key"_s, u"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"_s),
            "private_key");
        row("another's token service", without(u"token_uri"_s, u"https://evil.example/token"_s), "token_uri");
        row("Google's name in front of another's",
            without(u"token_uri"_s, u"https://oauth2.googleapis.com.evil.example/"_s), "token_uri");
        row("too large", std::string(40'000, ' '), "too large");
    }

    void saysWhatIsWrongWithAKeyFile()
    {
        QFETCH(std::string, json);
        QFETCH(std::string, says);

        const auto lines = readServiceAccountFile(json, {});
        QVERIFY(!lines);
        QCOMPARE(lines.error().code, "account.bad_service_account");
        QVERIFY2(lines.error().message.contains(says), lines.error().message.c_str());
    }

    void asksForATokenWithASignedAssertion()
    {
        const auto service = tokenService({tokenAnswer("ya29.first", 3599)});
        const auto authorized = Loop().authorize(vertexTarget(service.port()));
        QVERIFY2(authorized.result, authorized.result ? "" : authorized.result.error().message.c_str());
        QCOMPARE(authorized.bearer(), "ya29.first");
        QCOMPARE(authorized.request.credential->header, "Authorization");

        const auto sent = service.received();
        QVERIFY(sent.starts_with("POST /token HTTP/1.1\r\n"));
        const std::string_view grant
            = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
        const auto at = sent.find(grant);
        QVERIFY(at != sent.npos);
        const auto jwt = std::string_view(sent).substr(at + grant.size());
        QVERIFY(isSignedByTheKey(jwt));
        const auto part = [&](std::size_t from) {
            return QJsonDocument::fromJson(QByteArray::fromStdString(bytesOfBase64Url(
                                               jwt.substr(from, jwt.find('.', from) - from))))
                .object();
        };
        const auto head = part(0);
        QCOMPARE(head[u"alg"], QJsonValue(u"RS256"_s));
        QCOMPARE(head[u"kid"], QJsonValue(u"0123456789abcdef0123"_s));
        const auto claims = part(jwt.find('.') + 1);
        QCOMPARE(claims[u"iss"], QJsonValue(u"caller@my-project-123.iam.gserviceaccount.com"_s));
        QCOMPARE(claims[u"aud"], QJsonValue(u"http://127.0.0.1:%1/token"_s.arg(service.port())));
        QCOMPARE(claims[u"scope"], QJsonValue(u"https://www.googleapis.com/auth/cloud-platform"_s));
        QCOMPARE(claims[u"exp"].toInteger() - claims[u"iat"].toInteger(), 3600);
    }

    void keepsATokenUntilAMinuteBeforeItsEnd_data()
    {
        QTest::addColumn<int>("expires_in");
        QTest::addColumn<int>("asked"); // for two calls one after the other
        QTest::newRow("an hour") << 3599 << 1;
        QTest::newRow("just over a minute") << 120 << 1;
        QTest::newRow("its last minute") << 60 << 2;
        QTest::newRow("negative") << -5 << 2;
    }

    void keepsATokenUntilAMinuteBeforeItsEnd()
    {
        QFETCH(int, expires_in);
        QFETCH(int, asked);

        const auto service
            = tokenService({tokenAnswer("ya29.a", expires_in), tokenAnswer("ya29.b", expires_in)});
        const auto target = vertexTarget(service.port());
        Loop loop;
        QCOMPARE(loop.authorize(target).bearer(), "ya29.a");
        QCOMPARE(loop.authorize(target).bearer(), asked == 1 ? "ya29.a" : "ya29.b");
        QCOMPARE(service.requests(), asked);
    }

    void manyCallsAtOnceAskOnce_data()
    {
        QTest::addColumn<std::string>("answer");
        QTest::addColumn<bool>("good");
        QTest::newRow("granted") << tokenAnswer("ya29.shared", 3599) << true;
        QTest::newRow("refused") << test::answer(R"({"error":"invalid_grant"})", {}, 400) << false;
    }

    void manyCallsAtOnceAskOnce()
    {
        QFETCH(std::string, answer);
        QFETCH(bool, good);

        const auto service = tokenService({answer});
        const auto target = vertexTarget(service.port());
        Loop loop;
        std::vector<Authorized> calls(20);
        for (auto &call : calls)
            loop.start(target, call);
        loop.finish();
        for (const auto &call : calls) {
            QCOMPARE(call.result.has_value(), good);
            QCOMPARE(call.bearer(), good ? "ya29.shared" : "");
        }
        QCOMPARE(service.requests(), 1);
    }

    void saysWhyThereIsNoToken_data()
    {
        QTest::addColumn<std::string>("answer");
        QTest::addColumn<std::string>("says");
        const auto row = [](const char *name, const std::string &answer, const char *says) {
            QTest::newRow(name) << answer << std::string(says);
        };
        row("refused",
            test::answer(R"({"error":"invalid_grant","error_description":"Invalid JWT Signature."})", {},
                         400),
            "invalid_grant: Invalid JWT Signature.");
        row("no reason", test::answer("<html>", {}, 502), "answered 502");
        row("no token", test::answer(R"({"id_token":"x"})"), "without a token");
        row("a token that breaks the line",
            test::answer(R"({"access_token":"a\r\nHost: b","expires_in":3599})"), "without a token");
        row("a number", test::answer(R"({"access_token":5})"), "without a token");
        row("half an answer", "HTTP/1.1 200 OK\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"access",
            "in full");
        row("more than a token", test::answer(std::string(100'000, ' ')), "in full");
        row("a redirect", test::answer("", "Location: https://evil.example/\r\n", 302), "answered 302");
    }

    void saysWhyThereIsNoToken()
    {
        QFETCH(std::string, answer);
        QFETCH(std::string, says);

        const ScriptedUpstream service([answer](ScriptedUpstream::Peer &peer) {
            if (peer.readRequest())
                peer.send(answer);
        });
        const auto authorized = Loop().authorize(vertexTarget(service.port()));
        QVERIFY(!authorized.result);
        QCOMPARE(authorized.result.error().code, "google.token");
        QVERIFY2(authorized.result.error().message.contains(says), authorized.result.error().message.c_str());
        QVERIFY(!authorized.request.credential);
    }

    void anUnreachableTokenServiceIsNamed()
    {
        std::uint16_t port = 0;
        {
            const auto gone = tokenService({""});
            port = gone.port();
        }
        const auto authorized = Loop().authorize(vertexTarget(port));
        QVERIFY(!authorized.result);
        QVERIFY(authorized.result.error().message.starts_with("Google's token service could not be asked: "));
    }

    void findsMembersInPlace_data()
    {
        QTest::addColumn<std::string>("json");
        QTest::addColumn<std::string>("value"); // of "x"; empty: none
        const auto row = [](const char *json, const char *value) {
            QTest::newRow(json) << std::string(json) << std::string(value);
        };
        row("{\"x\":1}", "1");
        row("{ \"a\" : {\"x\":2} , \"x\" : -1.5e3 }", "-1.5e3");
        row("{\"a\":[\"}\",{\"x\":\"]\"}],\"x\":\"q\\\"\\\\\"}", "\"q\\\"\\\\\"");
        row("{\"x\":[1,{\"y\":[]}], \"b\":null}", "[1,{\"y\":[]}]");
        row("{\"x\":true,\"x\":false}", "false");
        row("{\"y\":\"x\"}", "");
        row("[\"x\"]", "");
        row("\"x\"", "");
        row("{\"x\":1", "");
        row("", "");
    }

    void findsMembersInPlace()
    {
        QFETCH(std::string, json);
        QFETCH(std::string, value);
        QCOMPARE(std::string(jsonMember(json, "x").value_or("")), value);
    }

    void decodesStrings_data()
    {
        QTest::addColumn<std::string>("quoted");
        QTest::addColumn<std::string>("text");
        QTest::addColumn<bool>("good");
        const auto row = [](const char *quoted, const char *text, bool good) {
            QTest::newRow(quoted) << std::string(quoted) << std::string(text) << good;
        };
        row("\"plain\"", "plain", true);
        row("\"a\\nb\\/c\\\\\\\"\\t\"", "a\nb/c\\\"\t", true);
        row("\"\\u0041\\u003d\"", "A=", true);
        row("\"\\u00e9\"", "", false);
        row("\"\\u0000\"", "", false);
        row("\"\\x\"", "", false);
        row("\"longer than twenty characters\"", "", false);
        row("5", "", false);
        row("\"", "", false);
    }

    void decodesStrings()
    {
        QFETCH(std::string, quoted);
        QFETCH(std::string, text);
        QFETCH(bool, good);

        WipedText out(20);
        QCOMPARE(appendDecoded(quoted, out), good);
        QVERIFY(!good || out.view() == text);
    }
};

QTEST_GUILESS_MAIN(TestAuthorize)
#include "tst_authorize.moc"
