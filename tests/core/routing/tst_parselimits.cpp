// SPDX-License-Identifier: GPL-3.0-or-later
#include "cputime.h"
#include "walkworld.h"

#include <QTest>

using namespace portolan;
using namespace portolan::routing;

namespace {

std::string repeated(std::size_t count, const std::function<std::string(std::size_t)> &piece)
{
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += (i ? "," : "") + piece(i);
    return text;
}

std::string nested(std::size_t strategies)
{
    std::string text = "{}";
    for (std::size_t i = 0; i < strategies; ++i)
        text = "{'strategy':{'mode':'single'},'targets':[" + text + "]}";
    return text;
}

std::string wide(std::size_t targets)
{
    return "{'strategy':{'mode':'fallback'},'targets':[" + repeated(targets, [](auto) { return "{}"; })
        + "]}";
}

std::string conditions(std::size_t count, const std::string &query = "{}")
{
    return "{'strategy':{'mode':'conditional','conditions':["
        + repeated(count, [&](auto) { return "{'query':" + query + ",'then':'a'}"; })
        + "]},'targets':[{'name':'a'}]}";
}

std::string codeOf(const Reading &reading)
{
    return reading.problems.empty() ? "" : reading.problems.front().code;
}

} // namespace

class TestParseLimits : public QObject
{
    Q_OBJECT

private slots:
    void holdsItsBounds_data();
    void holdsItsBounds();
    void takesLessFromAHeader();
    void saysWhereTheBoundIs();
    void survivesHostileBytes_data();
    void survivesHostileBytes();
    void answersHostileSizesAtOnce_data();
    void answersHostileSizesAtOnce();
};

/// Threat-model D6 and architecture 9.21.
void TestParseLimits::holdsItsBounds_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("code"); // empty: it is a config
    const auto row = [](const char *name, std::string text, std::string code) {
        QTest::newRow(name) << json(std::move(text)) << code;
    };
    const std::string filler(1 << 20, ' ');
    row("1 MiB", "{}" + filler.substr(2), "");
    row("more than 1 MiB", "{}" + filler.substr(1), "config.too_large");
    row("8 strategies deep", nested(8), "");
    row("9 strategies deep", nested(9), "config.too_deep");
    row("64 children", wide(64), "");
    row("65 children", wide(65), "config.too_large");
    const auto many = [](std::size_t strategies, std::size_t targets) {
        return "{'strategy':{'mode':'fallback'},'targets':["
            + repeated(strategies, [&](auto) { return wide(targets); }) + "]}";
    };
    row("1,000 nodes", many(37, 26), ""); // 1 + 37 * 27
    row("1,001 nodes", many(40, 24), "config.too_large");
    row("64 conditions", conditions(64), "");
    row("65 conditions", conditions(65), "config.too_large");
    row("128 patterns", conditions(64, "{'metadata.a':{'$regex':'a'},'metadata.b':{'$regex':'b'}}"), "");
    row("more patterns",
        conditions(43,
                   "{'metadata.a':{'$regex':'a'},'metadata.b':{'$regex':'b'},'metadata.c':{'$regex':'c'}}"),
        "config.too_large");
    row("256 parameters",
        "{'override_params':{" + repeated(256, [](auto i) { return "'p" + std::to_string(i) + "':1"; })
            + "}}",
        "");
    row("257 parameters",
        "{'override_params':{" + repeated(257, [](auto i) { return "'p" + std::to_string(i) + "':1"; })
            + "}}",
        "config.too_large");
    row("257 parameters in two places",
        "{'override_params':{" + repeated(200, [](auto i) { return "'p" + std::to_string(i) + "':1"; })
            + "},'strategy':{'mode':'single'},'targets':[{'override_params':{"
            + repeated(57, [](auto i) { return "'q" + std::to_string(i) + "':1"; }) + "}}]}",
        "config.too_large");
    row("64 drops",
        "{'drop_params':[" + repeated(64, [](auto i) { return "'p" + std::to_string(i) + "'"; }) + "]}", "");
    row("65 drops",
        "{'drop_params':[" + repeated(65, [](auto i) { return "'p" + std::to_string(i) + "'"; }) + "]}",
        "config.too_large");
    row("65 headers",
        "{'forward_headers':[" + repeated(65, [](auto i) { return "'x" + std::to_string(i) + "'"; }) + "]}",
        "config.too_large");
    row("65 fields to hash",
        "{'strategy':{'mode':'loadbalance','sticky':{'enabled':true,'hash_fields':["
            + repeated(65, [](auto) { return "'metadata.a'"; }) + "]}},'targets':[{}]}",
        "config.too_large");
}

void TestParseLimits::holdsItsBounds()
{
    QFETCH(std::string, text);
    QFETCH(std::string, code);
    const auto reading = parseConfig(text);
    QCOMPARE(codeOf(reading), code);
    QCOMPARE(reading.config == nullptr, !code.empty());
}

void TestParseLimits::takesLessFromAHeader()
{
    const std::string filler(48UL << 10, ' ');
    QVERIFY(parseConfig("{}" + filler.substr(2), ConfigLimits::ofHeader()).config != nullptr);
    QCOMPARE(codeOf(parseConfig("{}" + filler, ConfigLimits::ofHeader())), std::string("config.too_large"));
}

void TestParseLimits::saysWhereTheBoundIs()
{
    QCOMPARE(parseConfig(json(nested(9))).problems.front().pointer,
             std::string(
                 "/targets/0/targets/0/targets/0/targets/0/targets/0/targets/0/targets/0/targets/0/targets"));
    QCOMPARE(parseConfig(json(wide(65))).problems.front().pointer, std::string("/targets"));
    QCOMPARE(parseConfig(json(conditions(65))).problems.front().pointer, std::string("/strategy/conditions"));
}

void TestParseLimits::survivesHostileBytes_data()
{
    QTest::addColumn<std::string>("text");
    const auto row = [](const char *name, std::string text) { QTest::newRow(name) << std::move(text); };
    row("nothing", "");
    row("a byte order mark", "\xef\xbb\xbf{}");
    row("a zero byte", std::string("{\0}", 3));
    row("no UTF-8", "{\"name\":\"\xff\"}");
    row("a surrogate alone", R"({"name":"\ud800"})");
    row("a line feed in a text", "{\"name\":\"a\nb\"}");
    row("a comment", "{/* x */}");
    row("a comma at the end", R"({"name":"a",})");
    row("two values", "{}{}");
    row("not a number", R"({"weight":NaN})");
    row("half of a config", R"({"strategy":{"mode":"fallback"},"targets":[)");
    row("depth", std::string(100'000, '['));
    row("depth of objects", repeated(1, [](auto) {
            std::string text;
            for (int i = 0; i < 50'000; ++i)
                text += "{\"targets\":[";
            return text;
        }));
}

void TestParseLimits::survivesHostileBytes()
{
    QFETCH(std::string, text);
    const auto reading = parseConfig(text);
    QVERIFY(reading.config == nullptr);
    QCOMPARE(reading.problems.size(), std::size_t(1));
    QCOMPARE(codeOf(reading), std::string("config.syntax"));
    QVERIFY(!reading.problems.front().message.empty());
}

/// Whatever fits into 1 MiB is read or refused in a moment, and takes no more memory than many times its
/// size.
void TestParseLimits::answersHostileSizesAtOnce_data()
{
    QTest::addColumn<std::string>("text");
    const auto row = [](const char *name, std::string text) { QTest::newRow(name) << json(std::move(text)); };
    row("many unknown keys",
        "{" + repeated(60'000, [](auto i) { return "'u" + std::to_string(i) + "':1"; }) + "}");
    row("many of one key", "{" + repeated(90'000, [](auto) { return "'name':1"; }) + "}");
    row("many parameters",
        "{'override_params':{" + repeated(60'000, [](auto i) { return "'u" + std::to_string(i) + "':1"; })
            + "}}");
    row("large parameters that everyone inherits",
        "{'override_params':{'a':'" + std::string(900'000, 'x') + "'}," + nested(1).substr(1, 38)
            + repeated(16, [](auto) { return wide(60); }) + "]}");
    row("many wrong codes",
        "{'retry':{'attempts':1,'on_status_codes':[" + repeated(200'000, [](auto) { return "1"; }) + "]}}");
    row("many conditions", conditions(20'000));
    row("many patterns",
        conditions(1,
                   "{'$or':[" + repeated(20'000, [](auto) { return "{'metadata.a':{'$regex':'(a|b){99}'}}"; })
                       + "]}"));
    row("a list of many",
        conditions(1, "{'metadata.a':{'$in':[" + repeated(90'000, [](auto) { return "'x'"; }) + "]}}"));
    row("many drops",
        "{'drop_params':[" + repeated(90'000, [](auto i) { return "'" + std::to_string(i) + "'"; }) + "]}");
    row("many fields of providers",
        "{" + repeated(50'000, [](auto i) { return "'aws_" + std::to_string(i) + "':'x'"; }) + "}");
}

void TestParseLimits::answersHostileSizesAtOnce()
{
    QFETCH(std::string, text);
    QVERIFY(text.size() < (1 << 20) + 512 * 1024);
    const CpuTimer clock;
    const auto reading = parseConfig(text);
    QVERIFY2(clock.elapsed_ms() < 1'000, qPrintable(QString::number(clock.elapsed_ms())));
    QVERIFY(reading.problems.size() <= 1'001);
}

QTEST_APPLESS_MAIN(TestParseLimits)
#include "tst_parselimits.moc"
