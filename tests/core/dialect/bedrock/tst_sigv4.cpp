// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/sigv4.h"
#include "tests/core/dialect/bedrock/eventstreambytes.h"
#include "tests/core/dialect/vectors/vectorcase.h"

#include <QTest>

#include <openssl/sha.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::bedrock;
namespace json = boost::json;

namespace {

std::string hexOf(std::span<const unsigned char> bytes)
{
    return eventstreambytes::hexOf({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
}

std::string sha256Hex(const std::string &text)
{
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char *>(text.data()), text.size(), digest.data());
    return hexOf(digest);
}

std::chrono::sys_seconds timeOf(std::string_view amz_date)
{
    const auto number
        = [&](std::size_t at, std::size_t size) { return std::stoi(std::string(amz_date.substr(at, size))); };
    const std::chrono::year_month_day day(std::chrono::year(number(0, 4)),
                                          std::chrono::month(unsigned(number(4, 2))),
                                          std::chrono::day(unsigned(number(6, 2))));
    return std::chrono::sys_days(day) + std::chrono::hours(number(9, 2)) + std::chrono::minutes(number(11, 2))
        + std::chrono::seconds(number(13, 2));
}

/// A vector's request with the strings that its views look at.
struct Case {
    json::object input{};
    json::object expected{};
    std::vector<SigV4Request::Header> headers{};

    explicit Case(std::string_view id)
    {
        const auto cases = vectors::allCases();
        const auto vector = std::ranges::find(cases, id, &vectors::VectorCase::id);
        input = vector->json.at("input").as_object();
        expected = vector->json.at("expected").as_object();
        for (const auto &[name, value] : input.at("headers").as_object()) {
            if (name != "x-amz-security-token")
                headers.emplace_back(name, value.as_string());
        }
    }

    [[nodiscard]] std::string_view given(std::string_view member) const
    {
        const json::value &value = input.at(member);
        return value.is_null() ? std::string_view() : std::string_view(value.as_string());
    }
    [[nodiscard]] std::string wanted(std::string_view member) const
    {
        return std::string(expected.at(member).as_string());
    }
    [[nodiscard]] SigV4Request request() const
    {
        const std::string_view url = given("url");
        const std::string_view target = url.substr(url.find('/', url.find("//") + 2));
        const std::size_t query = std::min(target.find('?'), target.size());
        return {.method = given("method"),
                .path = target.substr(0, query),
                .query = target.substr(std::min(query + 1, target.size())),
                .headers = headers,
                .body = given("body")};
    }
    [[nodiscard]] SigV4Credentials credentials() const
    {
        return {.access_key_id = given("access_key_id"),
                .secret_access_key = given("secret_access_key"),
                .session_token = given("session_token")};
    }
    [[nodiscard]] SigV4Scope scope() const
    {
        return {.region = given("region"), .service = given("service"), .time = timeOf(given("amz_date"))};
    }
};

std::string canonical(const SigV4Request &request, const SigV4Credentials &credentials = {},
                      const SigV4Scope &scope = {})
{
    std::string text;
    canonicalRequest(request, credentials, scope, [&](std::string_view piece) { text += piece; });
    return text;
}

std::string line(const std::string &text, int number)
{
    std::size_t begin = 0;
    while (number-- > 0)
        begin = text.find('\n', begin) + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
}

} // namespace

class TestSigV4 : public QObject
{
    Q_OBJECT

private slots:
    void makesEveryValueOfTheVectors_data()
    {
        QTest::addColumn<std::string>("id");
        for (const auto &vector : vectors::allCases()) {
            if (vector.kind == "sigv4")
                QTest::newRow(vector.id.c_str()) << vector.id;
        }
    }

    void makesEveryValueOfTheVectors()
    {
        QFETCH(std::string, id);
        const Case vector(id);
        const SigV4Request request = vector.request();
        const SigV4Credentials credentials = vector.credentials();
        const SigV4Scope scope = vector.scope();

        QCOMPARE(amzDate(scope.time), std::string(vector.given("amz_date")));
        const std::string text = canonical(request, credentials, scope);
        QCOMPARE(text, vector.wanted("canonical_request"));
        QVERIFY(text.ends_with(vector.wanted("payload_sha256")));
        QCOMPARE(sha256Hex(text), vector.wanted("canonical_request_sha256"));
        QCOMPARE(stringToSign(scope, sha256Hex(text)), vector.wanted("string_to_sign"));
        QCOMPARE(signedHeaders(request, !credentials.session_token.empty()), vector.wanted("signed_headers"));

        SigV4Keys keys;
        QVERIFY(deriveKeys(credentials.secret_access_key, scope, keys));
        QCOMPARE(hexOf(keys.date.bytes()), vector.wanted("kDate"));
        QCOMPARE(hexOf(keys.region.bytes()), vector.wanted("kRegion"));
        QCOMPARE(hexOf(keys.service.bytes()), vector.wanted("kService"));
        QCOMPARE(hexOf(keys.signing.bytes()), vector.wanted("kSigning"));

        const auto signature = sign(request, credentials, scope);
        QVERIFY(signature);
        QCOMPARE(signature->authorization, vector.wanted("authorization"));
        QCOMPARE(signature->amz_date, std::string(vector.given("amz_date")));
    }

    void writesTheQueryAsAwsDoes_data()
    {
        QTest::addColumn<std::string>("query");
        QTest::addColumn<std::string>("expected");
        const auto row = [](const char *name, const char *query, const char *expected) {
            QTest::newRow(name) << std::string(query) << std::string(expected);
        };
        row("none", "", "");
        row("sorted by name", "b=1&a=2", "a=2&b=1");
        row("then by value", "a=2&a=1", "a=1&a=2");
        row("a name alone", "flag", "flag=");
        row("encoded once", "a=x%20y", "a=x%20y");
        row("a plus is a plus", "a=x+y", "a=x%2By");
        row("lower case hex", "a=%2f", "a=%2F");
        row("what is no escape", "a=100%&b=%zz&c=%4", "a=100%25&b=%25zz&c=%254");
        row("an equals sign in the value", "a=b=c", "a=b%3Dc");
        row("nothing between ampersands", "&&a=1&", "a=1");
    }

    void writesTheQueryAsAwsDoes()
    {
        QFETCH(std::string, query);
        QFETCH(std::string, expected);
        QCOMPARE(line(canonical({.method = "GET", .path = "/", .query = query}), 2), expected);
    }

    void writesThePathAsAwsDoes_data()
    {
        QTest::addColumn<std::string>("path");
        QTest::addColumn<std::string>("expected");
        QTest::newRow("none") << std::string() << std::string("/");
        QTest::newRow("encoded again")
            << std::string("/model/a%3A0/converse") << std::string("/model/a%253A0/converse");
        QTest::newRow("a bare colon") << std::string("/model/a:0") << std::string("/model/a%3A0");
        QTest::newRow("a slash at the end") << std::string("/a/") << std::string("/a/");
    }

    void writesThePathAsAwsDoes()
    {
        QFETCH(std::string, path);
        QFETCH(std::string, expected);
        QCOMPARE(line(canonical({.method = "GET", .path = path}), 1), expected);
    }

    void trimsHeaderValues()
    {
        const std::vector<SigV4Request::Header> headers{{"b", "  x \t"}, {"a", " one   two  three "}};
        const std::string text = canonical({.method = "GET", .path = "/", .headers = headers});
        QCOMPARE(line(text, 3), "a:one two three");
        QCOMPARE(line(text, 4), "b:x");
    }

    void signsWhatWouldBreakItsKey()
    {
        // A key longer than SHA-256's block is hashed first, an empty one is legal.
        const std::string long_secret(200, 's');
        const auto a = sign({.method = "GET", .path = "/"}, {"A", long_secret, {}}, {.region = "r"});
        const auto b = sign({.method = "GET", .path = "/"}, {"A", "", {}}, {.region = "r"});
        QVERIFY(a && b && *a != *b);
        QVERIFY(a->authorization.find(long_secret) == std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestSigV4)

#include "tst_sigv4.moc"
