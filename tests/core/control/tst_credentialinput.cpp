// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/accountsettings.h"
#include "core/control/awsprofile.h"
#include "core/control/credentialinput.h"
#include "tests/core/gateway/serviceaccountfile.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace portolan;
using namespace portolan::control;
using namespace Qt::StringLiterals;

namespace {

SharedSecret secret(std::string_view text)
{
    return std::make_shared<const SecretBytes>(SecretBytes::copy(text));
}

const catalog::Provider &provider(std::string_view id)
{
    static const auto kCatalog = catalog::Catalog::shipped();
    return *kCatalog->provider(id);
}

std::filesystem::path write(const QTemporaryDir &directory, const QString &name, const QByteArray &text)
{
    QFile file(directory.filePath(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qWarning("%s is not written", qPrintable(name));
    return file.fileName().toStdString();
}

} // namespace

class TestCredentialInput : public QObject
{
    Q_OBJECT

private slots:
    void takesWhatIsPasted_data()
    {
        QTest::addColumn<std::string>("id");
        QTest::addColumn<std::string>("given");
        QTest::addColumn<std::string>("kept"); // empty: null
        QTest::addColumn<std::string>("shown");
        const auto row
            = [](const char *name, const char *id, const char *given, const char *kept, const char *shown) {
                  QTest::newRow(name)
                      << std::string(id) << std::string(given) << std::string(kept) << std::string(shown);
              };
        row("a key", "openai", "sk-0123456789abcdefkQ4A", "sk-0123456789abcdefkQ4A", "...kQ4A");
        row("a key with a line end", "openai", "  sk-0123456789abcdefkQ4A\r\n", "sk-0123456789abcdefkQ4A",
            "...kQ4A");
        row("blanks alone", "openai", " \n\t", "", "");
        row("AWS keys", "bedrock", "AKIA0123456789ABCDEF\nwJalrXUtnFEMI/K7MDENG",
            "AKIA0123456789ABCDEF\nwJalrXUtnFEMI/K7MDENG", "...CDEF");
        row("AWS keys with blanks", "bedrock", " AKIA0123456789ABCDEF \r\n secret \r\n token \r\n",
            "AKIA0123456789ABCDEF\nsecret\ntoken", "...CDEF");
        row("a Bedrock API key", "bedrock", "ABSKQmVkcm9ja0FQSUtleS1h", "ABSKQmVkcm9ja0FQSUtleS1h", "...S1h");
    }

    void takesWhatIsPasted()
    {
        QFETCH(std::string, id);
        QFETCH(std::string, given);
        QFETCH(std::string, kept);
        QFETCH(std::string, shown);

        const auto read = readCredential(provider(id), {}, secret(given));
        QVERIFY(read);
        QCOMPARE(*read ? std::string((*read)->view()) : std::string(), kept);
        if (*read) {
            const auto end = shownOf(provider(id), (*read)->view());
            QVERIFY2(end.ends_with(shown.substr(3)), end.c_str());
        }
    }

    void refusesWhatIsNoCredential_data()
    {
        QTest::addColumn<std::string>("id");
        QTest::addColumn<catalog::AccountSettings>("settings");
        QTest::addColumn<std::string>("given");
        QTest::addColumn<std::string>("code");
        const auto row = [](const char *name, const char *id, const catalog::AccountSettings &settings,
                            const char *given, const char *code) {
            QTest::newRow(name) << std::string(id) << settings << std::string(given) << std::string(code);
        };
        row("two lines for a key", "openai", {}, "sk-a\nsk-b", "account.bad_credential");
        row("a control character", "openai", {}, "sk-\x01", "account.bad_credential");
        row("half of AWS keys", "bedrock", {}, "AKIA0123456789ABCDEF", "account.bad_credential");
        row("four lines", "bedrock", {}, "AKIA\nb\nc\nd", "account.bad_credential");
        row("a hole", "bedrock", {}, "AKIA\n\nc", "account.bad_credential");
        row("a profile and keys", "bedrock", {{"profile", "work"}}, "AKIA\nb", "account.two_credentials");
        row("a key for Vertex", "vertex-ai", {}, "AIzaSy0123", "account.bad_service_account");
    }

    void refusesWhatIsNoCredential()
    {
        QFETCH(std::string, id);
        QFETCH(catalog::AccountSettings, settings);
        QFETCH(std::string, given);
        QFETCH(std::string, code);

        const auto read = readCredential(provider(id), settings, secret(given));
        QVERIFY(!read);
        QCOMPARE(read.error().code, code);
        QVERIFY(!read.error().message.contains(given.substr(0, 6)));
    }

    void everySecretPartIsMasked()
    {
        const auto aws = secretParts(secret("AKIA0123456789ABCDEF\nsecret-key\ntoken"));
        QCOMPARE(aws.size(), std::size_t{2});
        QCOMPARE(std::string(aws[0]->view()), "secret-key");
        QCOMPARE(std::string(aws[1]->view()), "token");

        const auto file = secret(test::toJsonText(test::serviceAccountFile()));
        const auto lines = readCredential(provider("vertex-ai"), {}, file);
        QVERIFY(lines && *lines);
        const auto google = secretParts(*lines);
        QCOMPARE(google.size(), std::size_t{1});
        QVERIFY(google.front()->view().starts_with("MII"));
        QCOMPARE(shownOf(provider("vertex-ai"), (*lines)->view()), "...0123");

        QCOMPARE(secretParts(secret("sk-1")).size(), std::size_t{1});
    }

    void settingsSurviveTheStore()
    {
        const catalog::AccountSettings settings{{"region", "us-east-1"}, {"profile", "a\"b"}};
        QCOMPARE(settingsFromStored(toStored(settings)), settings);
        QCOMPARE(toStored({}), "");
        QVERIFY(settingsFromStored("[]").empty());
        QVERIFY(settingsFromStored("{\"region\":5").empty());
        QCOMPARE(fromMap({{u"region"_s, u" us-east-1 "_s}, {u"profile"_s, u" "_s}}),
                 (catalog::AccountSettings{{"region", "us-east-1"}}));
    }

    void readsAwsProfiles_data()
    {
        QTest::addColumn<QByteArray>("credentials");
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<std::string>("name");
        QTest::addColumn<std::string>("lines"); // or the code of the error
        const auto row = [](const char *name, const char *credentials, const char *config,
                            const char *profile, const char *lines) {
            QTest::newRow(name) << QByteArray(credentials) << QByteArray(config) << std::string(profile)
                                << std::string(lines);
        };
        constexpr const char *kTwo = "[default]\naws_access_key_id = AKID1\naws_secret_access_key=s/1=\n"
                                     "# [work]\n[work]\r\nAWS_ACCESS_KEY_ID=AKID2\r\n"
                                     "aws_secret_access_key = s2\r\naws_session_token = t2\r\n";
        row("default", kTwo, "", "default", "AKID1\ns/1=");
        row("another, with a session", kTwo, "", "work", "AKID2\ns2\nt2");
        row("in the config", "", "[profile ci]\naws_access_key_id=A\naws_secret_access_key=B\n", "ci",
            "A\nB");
        row("default in the config", "", "[default]\naws_access_key_id=A\naws_secret_access_key=B", "default",
            "A\nB");
        row("a nested setting", "[x]\naws_access_key_id=A\ns3 =\n  aws_secret_access_key=no\n", "", "x",
            "aws.no_keys");
        row("a login", "", "[profile sso]\nsso_start_url=https://x\n", "sso", "aws.no_keys");
        row("none of that name", kTwo, "", "nobody", "aws.no_profile");
        row("no closing bracket", "[work\naws_access_key_id=A\naws_secret_access_key=B\n", "", "nobody",
            "aws.no_profile");
        row("control characters in a key", "[x]\naws_access_key_id=A\x01\naws_secret_access_key=B\n", "", "x",
            "aws.no_keys");
        row("empty files", "", "", "default", "aws.no_profile");
    }

    void readsAwsProfiles()
    {
        QFETCH(QByteArray, credentials);
        QFETCH(QByteArray, config);
        QFETCH(std::string, name);
        QFETCH(std::string, lines);

        const QTemporaryDir directory;
        const AwsFiles files{.credentials = write(directory, u"credentials"_s, credentials),
                             .config = write(directory, u"config"_s, config)};
        const auto keys = awsProfile(files, name);
        QCOMPARE(keys ? std::string((*keys)->view()) : keys.error().code, lines);
    }

    void filesThatAreNoneAreNamed()
    {
        const QTemporaryDir directory;
        const AwsFiles a_directory{.credentials = directory.path().toStdString()};
        QCOMPARE(awsProfile(a_directory, "default").error().code, "aws.unreadable");
        const AwsFiles huge{.credentials = write(directory, u"huge"_s, QByteArray(2 << 20, 'x'))};
        QCOMPARE(awsProfile(huge, "default").error().code, "aws.unreadable");
        const AwsFiles missing{.credentials = "/nonexistent/credentials", .config = "/nonexistent/config"};
        QCOMPARE(awsProfile(missing, "default").error().code, "aws.no_profile");
    }
};

QTEST_APPLESS_MAIN(TestCredentialInput)
#include "tst_credentialinput.moc"
