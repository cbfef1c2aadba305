// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/redact.h"

#include <QTest>

#include <chrono>
#include <string>
#include <vector>

using namespace portolan;

namespace {

SharedSecret secret(std::string_view value)
{
    return std::make_shared<const SecretBytes>(SecretBytes::copy(value));
}

/// Values that look like no key, so that only the exact search can find them.
Redactor knowing()
{
    return Redactor({secret("correct horse/battery+staple"), secret("line\none\"two\\three"),
                     secret("sixsix"), secret("short"), secret("overlap-abc"), secret("abc-and-more"),
                     nullptr});
}

std::string repeated(std::string_view text, std::size_t bytes)
{
    std::string out;
    while (out.size() < bytes)
        out += text;
    return out;
}

} // namespace

class TestRedact : public QObject
{
    Q_OBJECT

private slots:
    void masksEverySpellingOfAKnownValue_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("masked");
        const auto row = [](const char *name, std::string text, std::string masked) {
            QTest::newRow(name) << std::move(text) << std::move(masked);
        };
        row("plain", "key correct horse/battery+staple.", "key ***.");
        row("alone", "correct horse/battery+staple", "***");
        row("at an odd offset", "xcorrect horse/battery+staple", "x***");
        row("twice", "correct horse/battery+staple,correct horse/battery+staple", "***,***");
        row("in JSON", "\"line\\none\\\"two\\\\three\"", R"("***")");
        row("in JSON with escaped slashes", "correct horse\\/battery+staple", "***");
        row("in a URL", "?k=correct%20horse%2Fbattery%2Bstaple&x", "?k=***&x");
        row("in a URL with lower-case digits", "?k=correct%20horse%2fbattery%2bstaple&x", "?k=***&x");
        row("base64", "Y29ycmVjdCBob3JzZS9iYXR0ZXJ5K3N0YXBsZQ==", "***Q==");
        row("base64 behind one byte", "eGNvcnJlY3QgaG9yc2UvYmF0dGVyeStzdGFwbGU=", "eG***U=");
        row("base64 behind two bytes", "eHhjb3JyZWN0IGhvcnNlL2JhdHRlcnkrc3RhcGxl", "eHh***");
        row("six characters", "a sixsix b", "a *** b");
        row("fewer are no secret", "a short b", "a short b");
        row("two that overlap", "overlap-abc-and-more", "***");
        row("a part of one", "correct horse/battery", "correct horse/battery");
    }
    void masksEverySpellingOfAKnownValue()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, masked);
        const Redactor redactor = knowing();
        QCOMPARE(redactor.redact(text), masked);
        QCOMPARE(redactor.redact(masked), masked);
        QCOMPARE(redactor.finds(text), text != masked);
        std::string in_place = text;
        QCOMPARE(redactor.redactInPlace(in_place), text != masked);
        QCOMPARE(in_place, masked);
    }

    void masksShapesOfKeys_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("masked");
        const auto row = [](const char *name, std::string text, std::string masked) {
            QTest::newRow(name) << std::move(text) << std::move(masked);
        };
        row("openai", "Incorrect key: sk-abcdefghij0123456789ABCD.", "Incorrect key: ***.");
        row("openai project", "sk-proj-a_b-c0defghijklmn", "***");
        row("anthropic", "\"sk-ant-api03-abc-def_0123456789\"", "\"***\"");
        row("openrouter", "sk-or-v1-0123456789abcdef0123456789abcdef", "***");
        row("ours", "pk-portolan-0a1b2c3d4e5f6a7b8", "***");
        row("groq", "gsk_0123456789abcdefghij0123", "***");
        row("xai", "xai-0123456789abcdefghij0123", "***");
        row("google", "?key=AIzaSyA-0123456789abcdefghijklmnopqrs&alt=sse", "?key=***&alt=sse");
        row("perplexity", "pplx-0123456789abcdef0123456789abcdef", "***");
        row("github", "ghp_0123456789abcdefghij0123456789abcdef", "***");
        row("hugging face", "hf_abcdefghijklmnopqrstuvwxyz01", "***");
        row("fireworks", "fw_0123456789abcdefghij01", "***");
        row("replicate", "r8_0123456789abcdefghij0123456789abcdefg", "***");
        row("aws key id", "id AKIAIOSFODNN7EXAMPLE.", "id ***.");
        row("aws key id with its secret", "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "***");
        row("bearer", "Authorization: Bearer abcdef0123456789.xyz", "Authorization: Bearer ***");
        row("basic", "Authorization: Basic dXNlcjpwYXNzd29yZA==", "Authorization: Basic ***");
        row("private key", "-----BEGIN PRIVATE KEY-----\nMIIEvQ==\n-----END PRIVATE KEY-----\nrest",
            "***\nrest");
        row("private key in JSON",
            "\"-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY-----\\n\"", "\"***\\n\"");
        row("encrypted private key",
            "-----BEGIN RSA PRIVATE KEY-----\nDEK-Info: AES-128-CBC,0A\n\nMIIE\n-----END RSA PRIVATE "
            "KEY-----",
            "***");
        row("private key cut off", "-----BEGIN PRIVATE KEY-----\nMIIEvQ", "***");
        row("behind an escape", "\\nsk-abcdefghij0123456789ABCD", "\\n***");
        row("behind a percent escape", "%3Dsk-abcdefghij0123456789ABCD", "%3D***");
        row("behind a unicode escape", "\\u000ask-abcdefghij0123456789ABCD", "\\u000a***");
        row("one hanging on another", "AKIAIOSFODNN7EXAMPLE_sk-abcdefghij0123456789ABCD", "***_***");
    }
    void masksShapesOfKeys()
    {
        QFETCH(std::string, text);
        QFETCH(std::string, masked);
        const Redactor redactor;
        QCOMPARE(redactor.redact(text), masked);
        QCOMPARE(redactor.redact(masked), masked);
        QVERIFY(redactor.finds(text));
        QCOMPARE(Redactor({secret("another credential")}).redact(text), masked);
    }

    void leavesProseAlone_data()
    {
        QTest::addColumn<std::string>("text");
        for (const char *text :
             {"", "sk", "sk-", "sk-short", "task-management-for-the-long-2024-project-of-abcdefghijklmnop1",
              "sk-learn-tutorial-for-beginners", "hf_hub_download_from_2_places_at_once",
              "Bearer authentication is required", "bearer-of-bad-news", "Bearer $OPENAI_API_KEY",
              "Bearer YOUR_API_KEY_GOES_HERE", "Basic understanding of mathematics", "Basic authentication",
              "AKIA", "the AKIAN language", "-----BEGIN CERTIFICATE-----\nMIIE", "-----BEGIN ", "Bearer ***",
              "***"}) {
            QTest::newRow(*text ? text : "empty") << std::string(text);
        }
    }
    void leavesProseAlone()
    {
        QFETCH(std::string, text);
        const Redactor redactor;
        QCOMPARE(redactor.redact(text), text);
        QVERIFY(!redactor.finds(text));
    }

    void hostileTextCostsLittle_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::newRow("prefixes") << repeated("sk-", 200'000);
        QTest::newRow("bearers") << repeated("Bearer ", 200'000);
        QTest::newRow("key blocks without an end") << repeated("-----BEGIN PRIVATE KEY-----!", 200'000);
        QTest::newRow("key ids") << repeated("AKIAABCDEFGHIJKLMNOP ", 200'000);
        QTest::newRow("one long token") << "sk-" + repeated("a1", 200'000);
    }
    void hostileTextCostsLittle()
    {
        QFETCH(std::string, text);
        const Redactor redactor = knowing();
        const auto begin = std::chrono::steady_clock::now();
        redactor.redactInPlace(text);
        QVERIFY(!redactor.finds(text));
        // Some milliseconds in a release build; quadratic work would take minutes.
        QVERIFY(std::chrono::steady_clock::now() - begin < std::chrono::seconds(10));
    }

    void masksInARedactorThatWasMoved()
    {
        Redactor first = knowing();
        const Redactor second = std::move(first);
        QCOMPARE(second.redact("sixsix"), "***");
    }

    void logsAllowedHeadersOnly()
    {
        QVERIFY(loggableHeaderValue("Content-Type", "application/json") == "application/json");
        QVERIFY(loggableHeaderValue("X-RateLimit-Remaining-Requests", "9") == "9");
        for (const char *ours : {"x-portolan-request-id", "X-Portkey-Provider", "x-portkey-cache-status",
                                 "x-portkey-retry-attempt-count", "x-portkey-last-used-option-index"})
            QVERIFY2(loggableHeaderValue(ours, "value") == "value", ours);
        for (const char *name : {"authorization", "x-api-key", "cookie", "x-portkey-config", "anything"})
            QVERIFY2(loggableHeaderValue(name, "value") == "[redacted]", name);
    }

    void showsTheLastFourOfLongCredentialsOnly()
    {
        QCOMPARE(lastFour("sk-0123456789abcdefgh"), "...efgh");
        QCOMPARE(lastFour("0123456789012345678"), "...");
        QCOMPARE(lastFour(""), "...");
    }
};

QTEST_APPLESS_MAIN(TestRedact)
#include "tst_redact.moc"
