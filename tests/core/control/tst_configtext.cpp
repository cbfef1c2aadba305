// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/keysettings.h"
#include "core/control/configtext.h"

#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <string>

using namespace Qt::StringLiterals;

namespace portolan::control {

using routing::Keeping;

namespace {

const routing::Installation kHere{
    .slugs = {{.slug = "openai", .account = "1"}, {.slug = "off", .account = "2", .enabled = false}},
    .providers = {{.id = "openai"}, {.id = "bedrock"}, {.id = "vertex-ai"}}};

} // namespace

class TestConfigText : public QObject
{
    Q_OBJECT

private slots:
    void findsCredentials_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("pointer"); // of the credential; empty: there is none

        const auto row = [](const char *name, std::string text, std::string pointer) {
            QTest::newRow(name) << text << pointer;
        };
        row("a slug", R"({"provider":"@openai"})", "");
        row("a virtual key", R"({"virtual_key":"openai-prod"})", "");
        row("an api_key", R"({"provider":"openai","api_key":"x"})", "/api_key");
        row("in camelCase", R"({"provider":"openai","apiKey":"x"})", "/apiKey");
        row("null", R"({"provider":"openai","api_key":null})", "");
        row("empty", R"({"provider":"openai","api_key":""})", "");
        row("of a target",
            R"({"strategy":{"mode":"fallback"},"targets":[{"provider":"openai","api_key":"x"}]})",
            "/targets/0/api_key");
        row("of AWS", R"({"provider":"bedrock","aws_region":"eu-west-1","aws_secret_access_key":"x"})",
            "/aws_secret_access_key");
        row("a service account",
            R"({"provider":"vertex-ai","vertex_region":"eu","vertex_service_account_json":"x"})",
            "/vertex_service_account_json");
        row("a key by its looks", R"({"override_params":{"user":"sk-proj-0123456789abcdefghij0123456789"}})",
            "/override_params/user");
        row("a name with a slash", R"({"a/b":{"api_key":"x"}})", "/a~1b/api_key");
    }

    void findsCredentials()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, pointer);
        const auto saved = readConfigText(text, Redactor(), kHere, Keeping::Saved);
        const auto found
            = std::ranges::find(saved.problems, std::string("config.secret"), &routing::Problem::code);
        QCOMPARE(found == saved.problems.end(), pointer.empty());
        QCOMPARE(bool(saved.config), pointer.empty());
        if (pointer.empty())
            return;
        QCOMPARE(found->pointer, pointer);
        QVERIFY(found->range.size > 0);
        QVERIFY(readConfigText(text, Redactor(), kHere, Keeping::Read).config);
    }

    void findsStoredCredentialsOfAnyLooks()
    {
        const std::string text = R"({"override_params":{"user":"correct horse battery staple"}})";
        QVERIFY(readConfigText(text, Redactor(), kHere, Keeping::Saved).config);
        const Redactor knows(
            {std::make_shared<const SecretBytes>(SecretBytes::copy("correct horse battery staple"))});
        QVERIFY(!readConfigText(text, knows, kHere, Keeping::Saved).config);
    }

    void reportsSecretsAmongAllOtherProblems()
    {
        const auto reading = readConfigText("{\"strategy\":{\"mode\":\"best\"},\n\"targets\":[{\"provider\":"
                                            "\"openai\",\"api_key\":\"x\",\"retry\":{}}]}",
                                            Redactor(), kHere, Keeping::Saved);
        QStringList codes;
        for (const auto &problem : reading.problems)
            codes << QString::fromStdString(problem.code);
        QVERIFY2(codes.size() >= 3, qPrintable(codes.join(u' ')));
        QCOMPARE(codes.first(), u"config.bad_mode"_s);
        QVERIFY(codes.contains(u"config.secret"_s));
        QVERIFY(std::ranges::is_sorted(reading.problems, {},
                                       [](const routing::Problem &p) { return p.range.offset; }));
    }

    void warnsOfWhatIsNotHere()
    {
        const auto reading
            = readConfigText("{\"strategy\":{\"mode\":\"fallback\"},\"targets\":[{\"provider\":\"@nowhere\"},"
                             "{\"provider\":\"@off\"},{\"provider\":\"@openai\"},{\"provider\":\"openia\"}]}",
                             Redactor(), kHere, Keeping::Saved);
        QVERIFY(reading.config);
        QStringList codes;
        for (const auto &problem : reading.problems)
            codes << QString::fromStdString(problem.code);
        QCOMPARE(codes,
                 (QStringList{u"lint.unknown_slug"_s, u"lint.slug_off"_s, u"lint.unknown_provider"_s}));
    }

    void knowsProvidersByAllTheirNames()
    {
        const auto catalog = catalog::Catalog::shipped();
        const auto known = knownProviders(*catalog);
        QVERIFY(known.size() > catalog->providers().size());
        for (const auto &provider : known)
            QVERIFY2(catalog->provider(provider.id), provider.id.c_str());
    }

    void keepsTheTextByteForByte()
    {
        const std::string text = " {\"retry\" : {\"attempts\":1.0e0 }, \"x\":\"\\u00e9\\u2028 ü\"}\n";
        QCOMPARE(readConfigText(text, Redactor(), kHere, Keeping::Saved).config->text(), text);
    }

    void findsPlacesForPeople()
    {
        const std::string text = "{\n \"ü\": 1,\r\n\t\"b\": 2}";
        QCOMPARE(placeOf(text, 0), (TextPlace{1, 1}));
        QCOMPARE(placeOf(text, text.find('1')), (TextPlace{2, 7}));
        QCOMPARE(placeOf(text, text.find('2')), (TextPlace{3, 7}));
        QCOMPARE(placeOf(text, 1'000), (TextPlace{3, 9}));
    }

    void namesAndSlugs_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<std::string>("bare"); // empty: refused
        QTest::addColumn<QString>("slug");

        const auto row = [](const char *what, std::string name, std::string bare, QString slug) {
            QTest::newRow(what) << name << bare << slug;
        };
        row("plain", "Nightly", "Nightly", u"^pc-nightly-[0-9a-f]{6}$"_s);
        row("blanks", "  two  words ", "two  words", u"^pc-two-words-[0-9a-f]{6}$"_s);
        row("not ASCII", "früh", "früh", u"^pc-fr-h-[0-9a-f]{6}$"_s);
        row("nothing of ASCII", "夜", "夜", u"^pc-[0-9a-f]{6}$"_s);
        row("long", std::string(100, 'n'), std::string(100, 'n'), u"^pc-n{37}-[0-9a-f]{6}$"_s);
        row("too long", std::string(101, 'n'), "", {});
        row("empty", " \t", "", {});
        row("two lines", "a\nb", "", {});
        row("JSON", "{}", "", {});
        row("no UTF-8", "a\xff", "", {});
    }

    void namesAndSlugs()
    {
        QFETCH(std::string, name);
        QFETCH(std::string, bare);
        QFETCH(QString, slug);
        const auto read = configName(name);
        QCOMPARE(read.value_or(""), bare);
        if (!read) {
            QCOMPARE(read.error().code, "config.bad_name");
            return;
        }
        const auto made = QString::fromStdString(makeConfigSlug(*read));
        QVERIFY2(QRegularExpression(slug).match(made).hasMatch(), qPrintable(made));
        QVERIFY(makeConfigSlug(*read) != makeConfigSlug(*read));
    }

    void keySettingsKeepWhatTheyDoNotKnow()
    {
        const ClientKeySettings settings{.default_config = "pc-a-1", .allow_config_override = false};
        const auto stored = withSettings(R"({"later":{"a":1.50},"default_config":"pc-b-2"})", settings);
        QCOMPARE(stored, R"({"default_config":"pc-a-1","allow_config_override":false,"later":{"a":1.50}})");
        QCOMPARE(keySettingsFromStored(stored), settings);
        QCOMPARE(withSettings("", ClientKeySettings()), "");
        QCOMPARE(withSettings(R"({"default_config":"x"})", ClientKeySettings()), "");
        QCOMPARE(keySettingsFromStored(R"({"allow_config_override":"no","default_config":7})"),
                 ClientKeySettings());
    }
};

} // namespace portolan::control

QTEST_GUILESS_MAIN(portolan::control::TestConfigText)
#include "tst_configtext.moc"
