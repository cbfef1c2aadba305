// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/gateway/runninggateway.h"
#include "tests/core/gateway/serviceaccountfile.h"
#include "tests/core/http/scriptedupstream.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <string>

using namespace portolan;
using namespace portolan::control;
using namespace Qt::StringLiterals;
using test::Awaited;
using test::RunningGateway;
using test::ScriptedUpstream;
using test::secret;

namespace {

using SettingsMap = QMap<QString, QString>;

constexpr std::string_view kAwsKeys = "AKIA0123456789ABCDEF\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// A provider that answers every request on every connection so.
ScriptedUpstream provider(std::string answer)
{
    return ScriptedUpstream([answer = std::move(answer)](ScriptedUpstream::Peer &peer) {
        while (peer.readRequest())
            peer.send(answer);
    });
}

std::string chatAnswer()
{
    return test::answer(
        "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{"
        "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},"
        "\"finish_reason\":\"stop\"}]}",
        "Content-Type: application/json\r\n");
}

std::string converseAnswer()
{
    return test::answer("{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"hi\"}]}},"
                        "\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":1,\"outputTokens\":1,"
                        "\"totalTokens\":2}}",
                        "Content-Type: application/json\r\n");
}

std::string geminiAnswer()
{
    return test::answer("{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"hi\"}]},"
                        "\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":1,"
                        "\"candidatesTokenCount\":1,\"totalTokenCount\":2}}",
                        "Content-Type: application/json\r\n");
}

QByteArray chatOf(const char *model)
{
    return QByteArray("{\"model\":\"@mock/") + model
        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
}

const control::Account &mockOf(RunningGateway &gateway)
{
    return *std::ranges::find(gateway.control().accounts(), u"mock"_s, &control::Account::slug);
}

/// Writes the files of ~/.aws elsewhere for as long as this lives.
class AwsHome
{
public:
    AwsHome()
    {
        qputenv("AWS_SHARED_CREDENTIALS_FILE", m_directory.filePath(u"credentials"_s).toUtf8());
        qputenv("AWS_CONFIG_FILE", m_directory.filePath(u"config"_s).toUtf8());
    }
    ~AwsHome()
    {
        qunsetenv("AWS_SHARED_CREDENTIALS_FILE");
        qunsetenv("AWS_CONFIG_FILE");
    }
    AwsHome(const AwsHome &) = delete;
    AwsHome &operator=(const AwsHome &) = delete;

    bool write(const QByteArray &text) { return writeTo(u"credentials"_s, text); }
    bool writeConfig(const QByteArray &text) { return writeTo(u"config"_s, text); }

private:
    bool writeTo(const QString &name, const QByteArray &text)
    {
        QFile file(m_directory.filePath(name));
        return file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(text) == text.size();
    }

    QTemporaryDir m_directory;
};

} // namespace

class TestAccounts : public QObject
{
    Q_OBJECT

private slots:
    void refusesAnAccountThatCouldNotBeCalled_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<SettingsMap>("settings");
        QTest::addColumn<QString>("address");
        QTest::addColumn<std::string>("code");
        QTest::newRow("prices only") << u"sagemaker"_s << SettingsMap{} << QString()
                                     << std::string("account.prices_only");
        QTest::newRow("no region") << u"bedrock"_s << SettingsMap{} << QString()
                                   << std::string("account.missing_setting");
        QTest::newRow("another's setting") << u"openai"_s << SettingsMap{{u"region"_s, u"eu"_s}} << QString()
                                           << std::string("account.unknown_setting");
        QTest::newRow("a host in a region")
            << u"bedrock"_s << SettingsMap{{u"region"_s, u"x.evil.example/"_s}} << QString()
            << std::string("account.bad_setting");
        QTest::newRow("an address with a missing part")
            << u"azure-openai"_s << SettingsMap{} << u"https://{resource}.openai.azure.us/openai"_s
            << std::string("account.missing_setting");
    }

    void refusesAnAccountThatCouldNotBeCalled()
    {
        QFETCH(QString, kind);
        QFETCH(SettingsMap, settings);
        QFETCH(QString, address);
        QFETCH(std::string, code);

        RunningGateway gateway(9);
        Awaited<AccountId> added;
        gateway.control().addAccount(
            {.provider = kind, .baseUrl = address, .credential = secret(kAwsKeys), .settings = settings},
            added.take());
        QVERIFY(added.wait());
        QVERIFY(!*added);
        QCOMPARE((*added).error().code, code);
    }

    void bedrockCallsAreSigned()
    {
        const auto upstream = provider(converseAnswer());
        RunningGateway gateway(upstream.port(),
                               {.provider = u"bedrock"_s,
                                .path = {},
                                .settings = {{u"region"_s, u"eu-west-1"_s}},
                                .credential = secret(kAwsKeys)});
        QVERIFY(gateway.isReady());
        const auto &account = mockOf(gateway);
        QCOMPARE(account.settings, (SettingsMap{{u"region"_s, u"eu-west-1"_s}}));
        QCOMPARE(account.credential, u"...CDEF"_s);

        const auto reply = gateway.chat(chatOf("amazon.nova-pro-v1:0"));
        QCOMPARE(reply.status, 200);
        const auto sent = upstream.received();
        QVERIFY(sent.starts_with("POST /model/amazon.nova-pro-v1%3A0/converse HTTP/1.1\r\n"));
        QVERIFY(sent.contains("Credential=AKIA0123456789ABCDEF/"));
        QVERIFY(sent.contains("/eu-west-1/bedrock/aws4_request"));
        QVERIFY(!sent.contains("wJalrXUtnFEMI"));
    }

    void aProfileIsReadAnewAndNeverStored()
    {
        AwsHome home;
        QVERIFY(home.write("[work]\naws_access_key_id=AKIAFIRST\naws_secret_access_key=first-secret\n"));
        const auto upstream = provider(converseAnswer());
        RunningGateway gateway(upstream.port(),
                               {.provider = u"bedrock"_s,
                                .path = {},
                                .settings = {{u"region"_s, u"us-east-1"_s}, {u"profile"_s, u"work"_s}},
                                .credential = {}});
        QVERIFY(gateway.isReady());
        QCOMPARE(mockOf(gateway).credential, QString());
        QVERIFY(mockOf(gateway).health.state != AccountHealth::State::NoKey);
        QCOMPARE(gateway.chat(chatOf("amazon.nova-pro-v1:0")).status, 200);
        QVERIFY(upstream.received().contains("Credential=AKIAFIRST/"));

        QVERIFY(home.write("[work]\naws_access_key_id=ASIASECOND\naws_secret_access_key=s\n"
                           "aws_session_token=session-2\n"));
        for (const bool enabled : {false, true}) { // any change builds a new snapshot
            Awaited<void> done;
            gateway.control().setAccountEnabled(gateway.account(), enabled, done.take());
            QVERIFY(done.wait() && *done);
        }
        QCOMPARE(gateway.chat(chatOf("amazon.nova-pro-v1:0")).status, 200);
        QVERIFY(upstream.received().contains("Credential=ASIASECOND/"));
        QVERIFY(upstream.received().contains("x-amz-security-token: session-2\r\n"));

        QVERIFY(home.write(""));
        Awaited<TestResult> tested;
        gateway.control().testDraft({.provider = u"bedrock"_s,
                                     .settings = {{u"region"_s, u"us-east-1"_s}, {u"profile"_s, u"work"_s}}},
                                    tested.take());
        QVERIFY(tested.wait());
        QCOMPARE((*tested).error().code, "aws.no_profile");
    }

    void vertexCallsCarryAToken()
    {
        const auto tokens = provider(test::answer("{\"access_token\":\"ya29.given\",\"expires_in\":3599}"));
        const auto upstream = provider(geminiAnswer());
        RunningGateway gateway(
            upstream.port(),
            {.provider = u"vertex-ai"_s,
             .path = {},
             .settings = {{u"location"_s, u"us-central1"_s},
                          {u"token_uri"_s, u"http://127.0.0.1:%1/token"_s.arg(tokens.port())}},
             .credential = secret(test::toJsonText(test::serviceAccountFile()))});
        QVERIFY(gateway.isReady());
        for (int call = 0; call < 2; ++call)
            QCOMPARE(gateway.chat(chatOf("gemini-2.5-flash")).status, 200);
        QCOMPARE(tokens.requests(), 1);
        const auto sent = upstream.received();
        QVERIFY(sent.starts_with(
            "POST /v1/projects/my-project-123/locations/us-central1/publishers/google/models/"
            "gemini-2.5-flash:generateContent HTTP/1.1\r\n"));
        QVERIFY(sent.contains("Authorization: Bearer ya29.given\r\n"));

        Awaited<TestResult> tested;
        gateway.control().testAccount(gateway.account(), tested.take());
        QVERIFY(tested.wait() && *tested);
        QVERIFY2((*tested)->ok, qPrintable((*tested)->message));
        QVERIFY((*tested)->sent.endsWith(u"/gemini-2.5-flash:countTokens"_s));
    }

    void aRefusedTokenIsExplainedToTheClient()
    {
        const auto tokens = provider(test::answer(
            "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}", {}, 400));
        const auto upstream = provider(geminiAnswer());
        RunningGateway gateway(
            upstream.port(),
            {.provider = u"vertex-ai"_s,
             .path = {},
             .settings = {{u"location"_s, u"us-central1"_s},
                          {u"token_uri"_s, u"http://127.0.0.1:%1/token"_s.arg(tokens.port())}},
             .credential = secret(test::toJsonText(test::serviceAccountFile()))});
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(chatOf("gemini-2.5-flash"));
        QCOMPARE(reply.status, 502);
        QVERIFY(reply.body.contains("invalid_grant: Invalid JWT Signature."));
        QCOMPARE(upstream.requests(), 0);
        const auto record = gateway.newest();
        QVERIFY(record && !record->attempts.empty());
        QCOMPARE(record->attempts.back().error_code, "google.token");
    }

    void azureCallsGoToTheDeployment_data()
    {
        QTest::addColumn<SettingsMap>("settings");
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("v1") << SettingsMap{{u"resource"_s, u"acme"_s}}
                            << QByteArray("POST /openai/v1/chat/completions ");
        QTest::newRow("classic")
            << SettingsMap{{u"resource"_s, u"acme"_s},
                           {u"deployment"_s, u"prod"_s},
                           {u"api_version"_s, u"2024-10-21"_s}}
            << QByteArray("POST /openai/deployments/prod/chat/completions?api-version=2024-10-21 ");
    }

    void azureCallsGoToTheDeployment()
    {
        QFETCH(SettingsMap, settings);
        QFETCH(QByteArray, line);

        const auto upstream = provider(chatAnswer());
        RunningGateway gateway(upstream.port(),
                               {.provider = u"azure-openai"_s, .path = u"/openai"_s, .settings = settings});
        QVERIFY(gateway.isReady());
        QCOMPARE(gateway.chat(chatOf("gpt-4o")).status, 200);
        const auto sent = upstream.received();
        QVERIFY2(sent.starts_with(line.constData()), sent.substr(0, 120).c_str());
        QVERIFY(sent.contains("api-key: " + std::string(test::kStoredKey)));
    }

    void theModelsAnAccountListsAreOffered()
    {
        const auto upstream
            = provider(test::answer("{\"data\":[{\"id\":\"gpt-4o\"},{\"id\":\"my-finetune\"}]}"));
        RunningGateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        const auto offered = [&](const QString &id) {
            return std::ranges::count_if(gateway.control().models(), [&](const ModelInfo &model) {
                return model.slug == u"mock" && model.id == id;
            });
        };
        QCOMPARE(offered(u"my-finetune"_s), 0);
        Awaited<TestResult> tested;
        gateway.control().testAccount(gateway.account(), tested.take());
        QVERIFY(tested.wait() && *tested);
        QCOMPARE((*tested)->models, 2);
        QCOMPARE(offered(u"my-finetune"_s), 1);
        QCOMPARE(offered(u"gpt-4o"_s), 1);
    }

    void listedModelsSurviveARestartAndGoWithTheHost()
    {
        const auto upstream = provider(test::answer("{\"data\":[{\"id\":\"my-finetune\"}]}"));
        const auto address = u"http://127.0.0.1:%1/v1"_s.arg(upstream.port());
        const QTemporaryDir directory;
        const auto open = [&] {
            ControlOptions options;
            options.dataDirectory = directory.path();
            options.useKeyring = false;
            return *Control::open(std::move(options));
        };
        const auto offers = [](const Control &control) {
            return std::ranges::any_of(control.models(),
                                       [](const ModelInfo &model) { return model.id == u"my-finetune"; });
        };
        AccountId id;
        {
            const auto control = open();
            Awaited<AccountId> added;
            control->addAccount({.provider = u"openai"_s,
                                 .slug = u"mine"_s,
                                 .baseUrl = address,
                                 .credential = secret(test::kStoredKey)},
                                added.take());
            QVERIFY(added.wait() && *added);
            id = **added;
            QCOMPARE(control->accounts().front().listed, -1);
            Awaited<TestResult> tested;
            control->testAccount(id, tested.take());
            QVERIFY(tested.wait() && *tested && (*tested)->ok);
            QCOMPARE((*tested)->firstModels, QStringList{u"my-finetune"_s});
        }
        const auto control = open();
        QVERIFY(offers(*control));
        QCOMPARE(control->accounts().front().listed, 1);
        QVERIFY(control->accounts().front().listedAt.isValid());
        for (const bool enabled : {false, true}) {
            Awaited<void> done;
            control->setAccountEnabled(id, enabled, done.take());
            QVERIFY(done.wait() && *done);
        }
        QVERIFY(offers(*control));
        Awaited<void> moved;
        control->editAccount(id, {}, u"http://127.0.0.1:9/v1"_s, secret(test::kStoredKey), moved.take());
        QVERIFY(moved.wait() && *moved);
        QVERIFY(!offers(*control));
        QCOMPARE(control->accounts().front().listed, -1);
    }

    void whatATestedDraftListedIsSavedWithIt()
    {
        const auto upstream = provider(test::answer("{\"data\":[{\"id\":\"my-finetune\"}]}"));
        RunningGateway gateway(9);
        NewAccount draft{.provider = u"openai"_s,
                         .slug = u"mine"_s,
                         .baseUrl = u"http://127.0.0.1:%1/v1"_s.arg(upstream.port()),
                         .credential = secret(test::kStoredKey)};
        Awaited<TestResult> tested;
        gateway.control().testDraft(draft, tested.take());
        QVERIFY(tested.wait() && *tested && (*tested)->ok);
        const auto listedOf = [&](const QString &slug) {
            return std::ranges::find(gateway.control().accounts(), slug, &control::Account::slug)->listed;
        };
        Awaited<AccountId> added;
        gateway.control().addAccount(draft, added.take());
        QVERIFY(added.wait() && *added);
        QCOMPARE(listedOf(u"mine"_s), 1);
        // Another key may see other models.
        draft.slug = u"other"_s;
        draft.credential = secret("sk-another-0123456789abcdef0003");
        Awaited<AccountId> other;
        gateway.control().addAccount(draft, other.take());
        QVERIFY(other.wait() && *other);
        QCOMPARE(listedOf(u"other"_s), -1);
        QCOMPARE(upstream.requests(), 1);
    }

    void aFailedTestSaysWhatToDo_data()
    {
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("words");
        const auto error = u"{\"error\":{\"message\":\"No luck.\"}}"_s;
        QTest::newRow("wrong key") << 401 << error << u"does not accept this credential"_s;
        QTest::newRow("not allowed") << 403 << error << u"does not accept this credential"_s;
        QTest::newRow("elsewhere") << 404 << error << u"Check the address"_s;
        QTest::newRow("limit") << 429 << error << u"limit is used up"_s;
        QTest::newRow("refused") << 400 << error << u"refused the call (400). It says: No luck."_s;
        QTest::newRow("in trouble") << 503 << error << u"says nothing of the account"_s;
        QTest::newRow("no words") << 500 << QString() << u"Try again later."_s;
        QTest::newRow("a web page") << 200 << u"<html><body>Welcome</body></html>"_s << u"web page"_s;
    }

    void aFailedTestSaysWhatToDo()
    {
        QFETCH(int, status);
        QFETCH(QString, body);
        QFETCH(QString, words);
        const auto upstream
            = provider(test::answer(body.toStdString(), "Content-Type: application/json\r\n", status));
        RunningGateway gateway(upstream.port());
        QVERIFY(gateway.isReady());
        Awaited<TestResult> tested;
        gateway.control().testAccount(gateway.account(), tested.take());
        QVERIFY(tested.wait() && *tested);
        QVERIFY(!(*tested)->ok);
        QCOMPARE((*tested)->status, status);
        QVERIFY2((*tested)->message.contains(words), qPrintable((*tested)->message));
        QVERIFY(!(*tested)->message.contains(u": ."_s));
    }

    void aDraftsKeyIsMaskedToo()
    {
        constexpr std::string_view kKey = "my-own-plain-key-0123456789";
        const auto upstream = provider(
            test::answer("{\"error\":{\"message\":\"Incorrect key: " + std::string(kKey) + "\"}}", {}, 401));
        RunningGateway gateway(9);
        Awaited<TestResult> tested;
        gateway.control().testDraft({.provider = u"openai"_s,
                                     .baseUrl = u"http://127.0.0.1:%1/v1"_s.arg(upstream.port()),
                                     .credential = secret(kKey)},
                                    tested.take());
        QVERIFY(tested.wait() && *tested);
        QVERIFY2((*tested)->message.endsWith(u"Incorrect key: ***"), qPrintable((*tested)->message));
    }

    void namesTheProfilesOfAws()
    {
        AwsHome home;
        RunningGateway gateway(9);
        const auto names = [&] {
            Awaited<QStringList> found;
            gateway.control().findAwsProfiles(found.take());
            return found.wait() && *found ? **found : QStringList{u"?"_s};
        };
        QCOMPARE(names(), QStringList());
        QVERIFY(home.write("# mine\n[default]\naws_access_key_id=A\n[ work ]\n[work]\n  [indented]\n"));
        QCOMPARE(names(), (QStringList{u"default"_s, u"work"_s}));
        QVERIFY(home.writeConfig("[default]\nregion=x\n[profile sso]\n[sso-session s]\n"));
        QCOMPARE(names(), (QStringList{u"default"_s, u"work"_s, u"sso"_s}));
    }

    void describesWhatIsAboutToBeSaved()
    {
        RunningGateway gateway(9);
        const auto described = [&](const QString &kind, std::string_view text) {
            const auto words
                = gateway.control().describeCredential({.provider = kind, .credential = secret(text)});
            return words ? *words : QString::fromStdString(words.error().code);
        };
        const auto file = test::serviceAccountFile();
        const auto account = described(u"vertex-ai"_s, test::toJsonText(file));
        QVERIFY2(account.contains(u'@') && account.contains(u", key ..."), qPrintable(account));
        QCOMPARE(described(u"vertex-ai"_s, "{\"type\":\"authorized_user\"}"),
                 u"account.bad_service_account"_s);
        QCOMPARE(described(u"vertex-ai"_s, "  "), u"account.no_credential"_s);
        QCOMPARE(described(u"bedrock"_s, kAwsKeys), u"...CDEF"_s);
        QCOMPARE(described(u"openai"_s, test::kStoredKey), u"...0001"_s);
    }

    void anotherHostNeedsTheCredentialAgain_data()
    {
        QTest::addColumn<SettingsMap>("settings");
        QTest::addColumn<std::string>("given");
        QTest::addColumn<std::string>("code"); // empty: done
        const std::string key(kAwsKeys);
        QTest::newRow("another region") << SettingsMap{{u"region"_s, u"us-west-2"_s}} << std::string()
                                        << std::string("account.credential_needed");
        QTest::newRow("another region, with the key")
            << SettingsMap{{u"region"_s, u"us-west-2"_s}} << key << std::string();
        QTest::newRow("the same region")
            << SettingsMap{{u"region"_s, u"eu-west-1"_s}} << std::string() << std::string();
        QTest::newRow("a profile instead")
            << SettingsMap{{u"region"_s, u"us-west-2"_s}, {u"profile"_s, u"p"_s}} << std::string()
            << std::string();
        QTest::newRow("no region") << SettingsMap{} << key << std::string("account.missing_setting");
    }

    void anotherHostNeedsTheCredentialAgain()
    {
        QFETCH(SettingsMap, settings);
        QFETCH(std::string, given);
        QFETCH(std::string, code);

        RunningGateway gateway(9);
        Awaited<AccountId> added;
        gateway.control().addAccount({.provider = u"bedrock"_s,
                                      .slug = u"aws"_s,
                                      .credential = secret(kAwsKeys),
                                      .settings = {{u"region"_s, u"eu-west-1"_s}}},
                                     added.take());
        QVERIFY(added.wait() && *added);
        Awaited<void> edited;
        gateway.control().editAccount(
            **added,
            AccountEdit{.settings = settings, .credential = given.empty() ? SharedSecret() : secret(given)},
            edited.take());
        QVERIFY(edited.wait());
        QCOMPARE(*edited ? std::string() : (*edited).error().code, code);
        const auto &account
            = *std::ranges::find(gateway.control().accounts(), u"aws"_s, &control::Account::slug);
        QCOMPARE(account.settings == settings, code.empty());
        QCOMPARE(account.credential.isEmpty(), settings.contains(u"profile"_s));
    }

    void theAddressThatWasShownIsNotTakenForTheOwners()
    {
        RunningGateway gateway(9);
        Awaited<AccountId> added;
        gateway.control().addAccount({.provider = u"bedrock"_s,
                                      .slug = u"aws"_s,
                                      .credential = secret(kAwsKeys),
                                      .settings = {{u"region"_s, u"eu-west-1"_s}}},
                                     added.take());
        QVERIFY(added.wait() && *added);
        const auto account = [&] {
            return *std::ranges::find(gateway.control().accounts(), u"aws"_s, &control::Account::slug);
        };
        Awaited<void> renamed;
        gateway.control().editAccount(**added, AccountEdit{.name = u"Work"_s, .baseUrl = account().baseUrl},
                                      renamed.take());
        QVERIFY(renamed.wait() && *renamed);
        QCOMPARE(account().name, u"Work"_s);
        QCOMPARE(account().ownAddress, QString());
        QCOMPARE(account().baseUrl, u"https://bedrock-runtime.eu-west-1.amazonaws.com"_s);
    }

    void anAccountThatCannotBeCalledSendsNothing()
    {
        RunningGateway gateway(9);
        Awaited<TestResult> tested;
        gateway.control().testDraft({.provider = u"bedrock"_s, .settings = {{u"region"_s, u"eu-west-1"_s}}},
                                    tested.take());
        QVERIFY(tested.wait() && *tested);
        QVERIFY(!(*tested)->ok);
        QCOMPARE((*tested)->sent, QString());
        QVERIFY((*tested)->message.contains(u"no credential"_s));
    }

    void partsOfACredentialAreMaskedInWhatTheProviderSays()
    {
        const auto upstream = provider(test::answer(
            "{\"message\":\"no such key wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"}",
            "Content-Type: application/json\r\nx-amzn-errortype: AccessDeniedException\r\n", 403));
        RunningGateway gateway(upstream.port(),
                               {.provider = u"bedrock"_s,
                                .path = {},
                                .settings = {{u"region"_s, u"eu-west-1"_s}},
                                .credential = secret(kAwsKeys)});
        QVERIFY(gateway.isReady());
        const auto reply = gateway.chat(chatOf("amazon.nova-pro-v1:0"));
        QVERIFY(reply.status >= 400);
        QVERIFY(!reply.body.contains("wJalrXUtnFEMI"));
        Awaited<TestResult> tested;
        gateway.control().testAccount(gateway.account(), tested.take());
        QVERIFY(tested.wait() && *tested);
        QVERIFY(!(*tested)->ok);
        QVERIFY(!(*tested)->message.contains(u"wJalrXUtnFEMI"_s));
    }
};

QTEST_GUILESS_MAIN(TestAccounts)
#include "tst_accounts.moc"
