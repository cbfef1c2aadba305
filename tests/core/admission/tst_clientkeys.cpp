// SPDX-License-Identifier: GPL-3.0-or-later
// moc 6.4 loses its way when <compare>, which the room's header brings, is the first header of the library.
#include <QTest>

#include "core/admission/clientkeys.h"

#include <set>

using namespace portolan;
using namespace portolan::admission;

namespace {

constexpr std::int64_t kNow = 1'790'000'000'000'000;
constexpr std::string_view kGood = "pk-portolan-GOODgoodGOODgoodGOODgoodGOODgoodGOODgood1234";
constexpr std::string_view kAdmin = "pk-portolan-ADMINadminADMINadminADMINadminADMINadmin5678";
constexpr std::string_view kDisabled = "pk-portolan-OFFoffOFFoffOFFoffOFFoffOFFoffOFFoffOFF90ab";
constexpr std::string_view kExpired = "pk-portolan-OLDoldOLDoldOLDoldOLDoldOLDoldOLDoldOLDcdef";
constexpr std::string_view kForeign = "sk-foreign-0123456789abcdefghijklmnWXYZ";

ClientKey keyFor(std::int64_t id, std::string_view token)
{
    return {.id = {id}, .name = "key " + std::to_string(id), .hash = hashToken(token)};
}

ClientKeys table()
{
    ClientKey admin = keyFor(2, kAdmin);
    admin.scopes = static_cast<std::uint8_t>(Scope::Admin);
    ClientKey disabled = keyFor(3, kDisabled);
    disabled.enabled = false;
    ClientKey expired = keyFor(4, kExpired);
    expired.expires_us = kNow;
    ClientKey lasting = keyFor(1, kGood);
    lasting.expires_us = kNow + 1;
    return ClientKeys({lasting, admin, disabled, expired});
}

/// The five lines in which a client may put its key.
struct Way {
    const char *name;
    std::string prefix;
    std::string_view PresentedCredentials::*line;
};

const std::vector<Way> &ways()
{
    static const std::vector<Way> all = {
        {"x-portkey-api-key", "", &PresentedCredentials::portkey_api_key},
        {"Authorization", "Bearer ", &PresentedCredentials::authorization},
        {"x-api-key", "", &PresentedCredentials::x_api_key},
        {"api-key", "", &PresentedCredentials::api_key},
        {"x-goog-api-key", "", &PresentedCredentials::x_goog_api_key},
    };
    return all;
}

} // namespace

class TestClientKeys : public QObject
{
    Q_OBJECT

private slots:
    void tokensAre256RandomBitsInBase64Url();
    void hashesWithSha256();
    void judgesEachShapeOfCredentials_data();
    void judgesEachShapeOfCredentials();
    void appliesRestrictionsWhicheverWayTheKeyCame_data();
    void appliesRestrictionsWhicheverWayTheKeyCame();
    void refusesATokenThatIsHalfRight();
    void keepsPresentedValuesOutOfErrors_data();
    void keepsPresentedValuesOutOfErrors();
    void showsTheLastFourOfALongKeyOnly();
    void aReplacedTokenHoldsUntilItsEndAndStaysOurs();
};

void TestClientKeys::tokensAre256RandomBitsInBase64Url()
{
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const SecretBytes token = makeToken();
        const std::string text(token.view());
        QVERIFY(text.starts_with("pk-portolan-"));
        QCOMPARE(text.size(), 12 + 43);
        QCOMPARE(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                 std::string::npos);
        QVERIFY(seen.insert(text).second);
    }
}

void TestClientKeys::hashesWithSha256()
{
    const TokenHash hash = hashToken("abc"); // FIPS 180-2, B.1
    const QByteArray hex = QByteArray(reinterpret_cast<const char *>(hash.data()), 32).toHex();
    QCOMPARE(hex, QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

void TestClientKeys::judgesEachShapeOfCredentials_data()
{
    QTest::addColumn<std::vector<std::string>>(
        "lines"); // portkey, authorization, x-api-key, api-key, x-goog-api-key
    QTest::addColumn<bool>("repeated");
    QTest::addColumn<bool>("open");
    QTest::addColumn<int>("status"); // 200: let in
    QTest::addColumn<std::string>("code");
    QTest::addColumn<qint64>("key"); // 0: nobody
    QTest::addColumn<std::string>("upstream");

    using Lines = std::vector<std::string>;
    const std::string good(kGood);
    const std::string foreign(kForeign);
    const std::string bearer_good = "Bearer " + good;
    const std::string bearer_foreign = "Bearer " + foreign;

    const auto in
        = [](const char *name, Lines lines, qint64 key, std::string upstream = {}, bool open = false) {
              lines.resize(5);
              QTest::newRow(name) << lines << false << open << 200 << std::string() << key << upstream;
          };
    const auto out = [](const char *name, Lines lines, int status, std::string code, bool open = false) {
        lines.resize(5);
        QTest::newRow(name) << lines << false << open << status << code << qint64(0) << std::string();
    };

    in("bearer", {"", bearer_good}, 1);
    in("bearer, scheme in capitals", {"", "BEARER " + good}, 1);
    in("bearer, blanks around the token", {"", "bearer \t " + good + "  "}, 1);
    in("x-portkey-api-key", {good}, 1);
    in("x-api-key", {"", "", good}, 1);
    in("api-key", {"", "", "", good}, 1);
    in("x-goog-api-key", {"", "", "", "", good}, 1);
    in("the same in every line", {good, bearer_good, good, good, good}, 1);
    in("portkey key and the same bearer", {good, bearer_good}, 1);
    in("portkey key beside a provider's bearer", {good, bearer_foreign}, 1, foreign);
    in("portkey key beside Basic", {good, "Basic dXNlcjpwYXNz"}, 1, "Basic dXNlcjpwYXNz");
    in("portkey key beside a dummy", {good, "Bearer DUMMY-KEY"}, 1);
    in("portkey key beside a bare Bearer", {good, "Bearer "}, 1);
    in("x-api-key beside a dummy", {"", "bearer DUMMY-KEY", good}, 1);

    out("nothing", {}, 401, "auth.key_missing");
    out("only blanks", {" ", "  ", "\t"}, 401, "auth.key_missing");
    out("a dummy key", {"", "Bearer DUMMY-KEY"}, 401, "auth.key_missing");
    out("a bare Bearer", {"", "Bearer"}, 401, "auth.key_missing");
    out("unknown bearer", {"", bearer_foreign}, 401, "auth.key_unknown");
    out("unknown portkey key", {foreign, bearer_good}, 401, "auth.key_unknown");
    out("Basic with the right key", {"", "Basic " + good}, 401, "auth.key_unknown");
    out("no scheme", {"", good}, 401, "auth.key_unknown");
    out("a scheme that only begins like Bearer", {"", "BearerX " + good}, 401, "auth.key_unknown");
    out("disabled", {"", "Bearer " + std::string(kDisabled)}, 403, "auth.key_disabled");
    out("expired", {"", "Bearer " + std::string(kExpired)}, 401, "auth.key_expired");
    out("bearer and another x-api-key", {"", bearer_good, foreign}, 401, "auth.conflicting_keys");
    out("x-api-key and another api-key", {"", "", good, foreign}, 401, "auth.conflicting_keys");
    out("Basic and a key", {"", "Basic dXNlcjpwYXNz", good}, 401, "auth.conflicting_keys");
    out("portkey key and another x-api-key", {good, "", foreign}, 401, "auth.conflicting_keys");
    out("two client keys", {good, "Bearer " + std::string(kAdmin)}, 401, "auth.conflicting_keys");
    out("a removed client key as upstream credential", {good, "Bearer pk-portolan-removed"}, 401,
        "auth.conflicting_keys");
    out("SQL", {"", "Bearer ' OR '1'='1"}, 401, "auth.key_unknown");
    out("NUL after the key", {"", bearer_good + std::string(1, '\0')}, 401, "auth.key_unknown");

    in("open: nothing", {}, 0, "", true);
    in("open: a client key is honoured", {"", bearer_good}, 1, "", true);
    in("open: another bearer goes upstream", {"", bearer_foreign}, 0, foreign, true);
    in("open: a dummy goes nowhere", {"", "Bearer DUMMY-KEY"}, 0, "", true);
    in("open: another x-api-key goes upstream", {"", "", foreign}, 0, foreign, true);
    in("open: Basic goes upstream whole", {"", "Basic dXNlcjpwYXNz"}, 0, "Basic dXNlcjpwYXNz", true);
    in("open: another gateway's key goes nowhere", {foreign, bearer_foreign}, 0, "", true);
    in("open: another gateway's key beside a credential", {"hosted-key", bearer_foreign}, 0, foreign, true);
    in("open: client key beside a credential", {good, bearer_foreign}, 1, foreign, true);
    out("open: disabled", {std::string(kDisabled)}, 403, "auth.key_disabled", true);
    out("open: expired", {"", "", std::string(kExpired)}, 401, "auth.key_expired", true);
    out("open: a removed client key", {"", "Bearer pk-portolan-removed"}, 401, "auth.key_unknown", true);
    out("open: differing pair", {"", bearer_foreign, "sk-other"}, 401, "auth.conflicting_keys", true);
    out("open: client key where the credential belongs", {"hosted-key", bearer_good}, 401,
        "auth.conflicting_keys", true);

    for (const bool open : {false, true}) {
        QTest::newRow(open ? "open: a line twice" : "a line twice")
            << Lines{good, "", "", "", ""} << true << open << 400 << std::string("auth.repeated_header")
            << qint64(0) << std::string();
    }
}

void TestClientKeys::judgesEachShapeOfCredentials()
{
    QFETCH(std::vector<std::string>, lines);
    QFETCH(bool, repeated);
    QFETCH(bool, open);
    QFETCH(int, status);
    QFETCH(std::string, code);
    QFETCH(qint64, key);
    QFETCH(std::string, upstream);

    const PresentedCredentials presented{
        .portkey_api_key = lines[0],
        .authorization = lines[1],
        .x_api_key = lines[2],
        .api_key = lines[3],
        .x_goog_api_key = lines[4],
        .repeated = repeated,
    };
    const auto identity = table().authenticate(presented, kNow, open);

    QCOMPARE(identity ? 200 : httpStatus(identity.error()), status);
    if (!identity) {
        QCOMPARE(identity.error().code, code);
        return;
    }
    QCOMPARE(identity->key ? identity->key->id.value : 0, key);
    QCOMPARE(std::string(identity->upstream_credential), upstream);
}

void TestClientKeys::appliesRestrictionsWhicheverWayTheKeyCame_data()
{
    QTest::addColumn<int>("way");
    for (int i = 0; i < int(ways().size()); ++i)
        QTest::newRow(ways()[std::size_t(i)].name) << i;
}

void TestClientKeys::appliesRestrictionsWhicheverWayTheKeyCame()
{
    QFETCH(int, way);
    const auto authenticate = [&](std::string_view token) {
        const std::string value = ways()[std::size_t(way)].prefix + std::string(token);
        PresentedCredentials presented;
        presented.*ways()[std::size_t(way)].line = value;
        return table().authenticate(presented, kNow, false);
    };

    const auto use = authenticate(kGood);
    QVERIFY(use && use->key->has(Scope::Use) && !use->key->has(Scope::Admin));
    const auto admin = authenticate(kAdmin);
    QVERIFY(admin && admin->key->has(Scope::Admin) && !admin->key->has(Scope::Use));
    QCOMPARE(authenticate(kDisabled).error().code, "auth.key_disabled");
    QCOMPARE(authenticate(kExpired).error().code, "auth.key_expired");
    QCOMPARE(authenticate(kForeign).error().code, "auth.key_unknown");
}

void TestClientKeys::refusesATokenThatIsHalfRight()
{
    const ClientKeys keys = table();
    for (std::size_t length = 0; length < kGood.size(); ++length)
        QVERIFY(!keys.find(kGood.substr(0, length)));
    QVERIFY(!keys.find(std::string(kGood) + "1"));
    QVERIFY(keys.find(kGood));
    QVERIFY(!ClientKeys().find(kGood));
    QVERIFY(ClientKeys().empty());
}

void TestClientKeys::keepsPresentedValuesOutOfErrors_data()
{
    QTest::addColumn<std::string>("value");
    QTest::newRow("long") << std::string(kForeign);
    QTest::newRow("short") << std::string("hunter2");
    QTest::newRow("disabled") << std::string(kDisabled);
    QTest::newRow("expired") << std::string(kExpired);
    QTest::newRow("markup at its end") << std::string("0123456789012345678901234567\"<b>");
    QTest::newRow("not UTF-8 at its end") << std::string("0123456789012345678901234567\xff\xfe\xfd\xfc");
}

void TestClientKeys::keepsPresentedValuesOutOfErrors()
{
    QFETCH(std::string, value);
    for (const Way &way : ways()) {
        const std::string line = way.prefix + value;
        PresentedCredentials presented;
        presented.*way.line = line;
        const auto identity = table().authenticate(presented, kNow, false);
        QVERIFY(!identity);
        const std::string said = identity.error().message + identity.error().where;
        QVERIFY(!said.contains(value));
        QVERIFY(!said.contains(value.substr(value.size() - 5)));
        for (const char c : said)
            QVERIFY(c >= 0x20 && c < 0x7f);
    }
}

void TestClientKeys::showsTheLastFourOfALongKeyOnly()
{
    const ClientKeys keys = table();
    const auto message = [&](std::string_view value) {
        return keys.authenticate({.x_api_key = value}, kNow, false).error().message;
    };
    QVERIFY(message(kForeign).starts_with("The key ending in ...WXYZ is not known"));
    QVERIFY(message("short-key-abcd").starts_with("This key is not known"));
}

void TestClientKeys::aReplacedTokenHoldsUntilItsEndAndStaysOurs()
{
    ClientKey rotated = keyFor(1, kGood);
    rotated.old_token = OldToken{.hash = hashToken(kForeign), .ends_us = kNow};
    const ClientKeys keys({rotated});
    const auto at = [&](std::string_view token, std::int64_t now_us) {
        return keys.authenticate({.x_api_key = token}, now_us, false);
    };
    QCOMPARE(at(kForeign, kNow - 1)->key->id.value, 1);
    QCOMPARE(at(kForeign, kNow).error().code, "auth.key_expired");
    QCOMPARE(at(kGood, kNow)->key->id.value, 1);
    // Ended or not, it is no provider's credential.
    QCOMPARE(keys.authenticate({.x_api_key = kForeign}, kNow, true).error().code, "auth.key_expired");
}

QTEST_APPLESS_MAIN(TestClientKeys)
#include "tst_clientkeys.moc"
