// SPDX-License-Identifier: GPL-3.0-or-later
// Over 400 lines because each rule of the cost is a row over one shared small catalog.
#include "catalogtext.h"
#include "core/base/money.h"

#include <QTest>

#include <limits>
#include <optional>
#include <string>

using namespace portolan;
using namespace portolan::catalog;

namespace {

Usage usageOf(const QJsonObject &json)
{
    Usage usage;
    const auto read = [&](const char *key, std::int64_t &count) {
        count = json.value(QLatin1StringView(key)).toInteger();
    };
    read("input", usage.input);
    read("cache_read", usage.cache_read);
    read("cache_write", usage.cache_write);
    read("cache_write_1h", usage.cache_write_1h);
    read("audio_in", usage.audio_in);
    read("output", usage.output);
    read("reasoning", usage.reasoning);
    read("audio_out", usage.audio_out);
    const auto units = json.value(QLatin1StringView("units")).toObject();
    for (auto unit = units.begin(); unit != units.end(); ++unit)
        usage.units.push_back({unit.key().toStdString(), unit.value().toInteger() * 1'000'000});
    return usage;
}

/// Prices in USD per million tokens, so that a million tokens cost what the line says.
const SmallCatalog &small()
{
    static const SmallCatalog catalog(
        {
            "half\tHalf\tcloud\topenai\tbatch_discount=0.5\ttool_prices=file_search:0.0025",
            "ollama\tOllama\tlocal\topenai\tfree_local=yes",
            "plain\tPlain\tcloud\topenai",
            "thinking\tThinking\tcloud\topenai\treasoning_scope=all_output_when_thinking",
        },
        {
            "[half]",
            "batched\t\tchat\tprice=in:2,out:8,cache_read:1\tbatch=in:0.5,out:2",
            "m\t\tchat\tprice=in:2,out:8,cache_read:1\tregional=eu>in:3,out:12",
            "tools\t\tchat\tprice=in:2,out:8\tunits=web_search:0.01",
            "[ollama]",
            "x:cloud\t\tchat",
            "[plain]",
            "bare\t\tchat\tctx=1000",
            "drawn\t\timage\timages=hd/2x2:0.5\tunits=image:0.25",
            "eight\t\tchat\tprice=in:2,out:8,cache_write:2.5",
            "free\t\tchat\tprice=in:0,out:0",
            "full\t\tchat\tprice=in:1,out:2,cache_read:3,cache_write:4,cache_write_1h:5,reasoning:6,citation:"
            "7,"
            "audio_in:8,audio_out:9,audio_cache_read:10,image_in:11,image_out:12,image_cache_read:13",
            "heard\t\taudio\tprice=in:2,out:8\tunits=audio_second:0.001",
            "mult\t\tchat\tprice=in:2,out:8\tregion_multiplier=eu:1.1\tunits=web_search:0.01",
            "regional\t\tchat\tprice=in:2,out:8,cache_read:1\tpriority=in:4,out:16\tregional=eu>in:3,out:12",
            "router\t\tchat\tprice=in:0,out:0\tvariable_price=yes",
            "sched\t\tchat\tprice=in:2,out:8,cache_write_1h:4\tflex=in:1,out:4\tscheduled=2026-09-01>in:3,"
            "out:12",
            "simple\t\tchat\tprice=in:2,out:8,cache_read:1",
            "tiered\t\tchat\tprice=in:2,out:8,cache_read:1,audio_in:10\tbatch=in:1,out:4\t"
            "tiers=1000>in:3,out:16;2000>in:4,out:24,cache_read:1.5",
            "unpriced-search\t\tchat\tunits=web_search:0.01",
            "zero-tier\t\tchat\tprice=in:2,out:0\ttiers=1000>in:4,out:6",
            "[thinking]",
            "t\t\tchat\tprice=in:2,out:8,reasoning:10",
            "odd\t\tchat\tprice=in:2,out:8\tsuspect=yes",
        });
    return catalog;
}

std::optional<Cost> priceOf(const std::string &provider, const std::string &model, const Usage &usage,
                            const PriceContext &context = {})
{
    const auto found = small().catalog->resolve(provider, model);
    return small().catalog->price(found, provider, usage, context);
}

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::int64_t kUsd = 1'000'000'000;

} // namespace

Q_DECLARE_METATYPE(portolan::Usage)

class TestPrice : public QObject
{
    Q_OBJECT

private slots:
    void followsTheReadmesExamples_data()
    {
        QTest::addColumn<QJsonObject>("example");
        const auto examples = casesFrom("costs.json");
        QCOMPARE(examples.size(), 22);
        for (const auto &example : examples) {
            const auto name = example.toObject().value(QLatin1StringView("what")).toString();
            QTest::newRow(qPrintable(name)) << example.toObject();
        }
    }

    void followsTheReadmesExamples()
    {
        QFETCH(QJsonObject, example);
        const auto catalog = Catalog::shipped();
        const auto provider = text(example, "provider");
        const auto service = text(example, "service");
        const auto region = text(example, "region");
        const auto given_day = text(example, "day");
        const std::string day = given_day.empty() ? "2026-08-21" : given_day;

        const auto found = catalog->resolve(provider, text(example, "model"));
        const auto usage = usageOf(example.value(QLatin1StringView("usage")).toObject());
        const auto cost
            = catalog->price(found, provider, usage, {.service = service, .region = region, .day = day});
        QVERIFY(cost.has_value());
        const auto expected = parseUsd(text(example, "usd"));
        QVERIFY(expected.has_value());
        QCOMPARE(cost->total.value, expected->value);
        QCOMPARE(cost->input.value + cost->cached.value + cost->output.value, cost->total.value);
        QCOMPARE(cost->estimate, false);
    }

    void pricesEachPart_data()
    {
        QTest::addColumn<Usage>("usage");
        QTest::addColumn<std::int64_t>("input");
        QTest::addColumn<std::int64_t>("cached");
        QTest::addColumn<std::int64_t>("output");
        const auto row = [](const char *name, const Usage &usage, std::int64_t input, std::int64_t cached,
                            std::int64_t output) {
            QTest::newRow(name) << usage << input * kUsd << cached * kUsd << output * kUsd;
        };
        row("nothing", {}, 0, 0, 0);
        row("text", {.input = kMillion, .output = kMillion}, 1, 0, 2);
        row("cache read", {.input = kMillion, .cache_read = kMillion}, 0, 3, 0);
        row("cache write", {.input = kMillion, .cache_write = kMillion}, 4, 0, 0);
        row("hour cache write", {.input = kMillion, .cache_write_1h = kMillion}, 5, 0, 0);
        row("reasoning", {.output = kMillion, .reasoning = kMillion}, 0, 0, 6);
        row("citations are not part of the output", {.output = kMillion, .citation = kMillion}, 0, 0, 2 + 7);
        row("audio in", {.input = kMillion, .audio_in = kMillion}, 8, 0, 0);
        row("audio out", {.output = kMillion, .audio_out = kMillion}, 0, 0, 9);
        row("cached audio", {.input = kMillion, .audio_cache_read = kMillion}, 0, 10, 0);
        row("image in", {.input = kMillion, .image_in = kMillion}, 11, 0, 0);
        row("image out", {.output = kMillion, .image_out = kMillion}, 0, 0, 12);
        row("cached image", {.input = kMillion, .image_cache_read = kMillion}, 0, 13, 0);
    }

    void pricesEachPart()
    {
        QFETCH(Usage, usage);
        QFETCH(std::int64_t, input);
        QFETCH(std::int64_t, cached);
        QFETCH(std::int64_t, output);
        const auto cost = priceOf("plain", "full", usage);
        QVERIFY(cost.has_value());
        QCOMPARE(cost->input.value, input);
        QCOMPARE(cost->cached.value, cached);
        QCOMPARE(cost->output.value, output);
        QCOMPARE(cost->total.value, input + cached + output);
        QCOMPARE(cost->estimate, false);
    }

    void followsTheOrderOfTheRules_data()
    {
        QTest::addColumn<std::string>("provider");
        QTest::addColumn<std::string>("model");
        QTest::addColumn<Usage>("usage");
        QTest::addColumn<std::string>("service");
        QTest::addColumn<std::string>("region");
        QTest::addColumn<std::string>("day");
        QTest::addColumn<std::string>("usd"); // empty: unknown
        QTest::addColumn<bool>("estimate");
        const auto row = [](const char *name, const std::string &where, const Usage &usage,
                            const std::string &service, const std::string &region, const std::string &day,
                            const std::string &usd, bool estimate = false) {
            const auto slash = where.find('/');
            QTest::newRow(name) << where.substr(0, slash) << where.substr(slash + 1) << usage << service
                                << region << day << usd << estimate;
        };
        const Usage in = {.input = kMillion};
        const Usage cached = {.input = kMillion, .cache_read = kMillion};
        const Usage both = {.input = kMillion, .output = kMillion};
        const Usage hour = {.input = kMillion, .cache_write_1h = kMillion};

        row("no cache price: as any input", "plain/heard", cached, "", "", "", "2");
        row("no hour price: 1.6 of the five minutes'", "plain/eight", hour, "", "", "", "4");
        row("no write price: as any input", "plain/simple", hour, "", "", "", "2");
        row("no audio cache price: as cached text", "plain/simple",
            {.input = kMillion, .audio_cache_read = kMillion}, "", "", "", "1");

        row("the day before a change", "plain/sched", both, "", "", "2026-08-31", "10");
        row("the day of a change", "plain/sched", both, "", "", "2026-09-01", "15");
        row("no day", "plain/sched", both, "", "", "", "10");
        row("a change keeps the ratio of other prices", "plain/sched", hour, "", "", "2026-09-01", "6");
        row("a service's price from before a change", "plain/sched", in, "flex", "", "2026-09-01", "1", true);

        row("a batch row", "half/batched", both, "batch", "", "", "2.5");
        row("a batch row keeps the ratio of other prices", "half/batched", cached, "batch", "", "", "0.25");
        row("a batch by the provider's discount", "half/m", both, "batch", "", "", "5");
        row("a batch in a region", "half/m", both, "batch", "eu", "", "7.5");
        row("a batch without a price", "plain/simple", both, "batch", "", "", "");
        row("a service's row in any case", "plain/regional", both, "Priority", "", "", "20");
        row("a service without a row", "plain/simple", both, "priority", "", "", "10", true);
        row("an unknown service", "plain/simple", both, "scale", "", "", "10", true);
        row("a provider's word for no service", "plain/simple", both, "default", "", "", "10");

        row("a region's row", "plain/regional", both, "", "EU", "", "15");
        row("a region's row keeps the ratio of other prices", "plain/regional", cached, "", "eu", "", "1.5");
        row("another region", "plain/regional", both, "", "us", "", "10");
        row("a service's row before a region's", "plain/regional", both, "priority", "eu", "", "20");
        row("a region's factor", "plain/mult", both, "", "eu", "", "11");
        row("a region's factor, not on units", "plain/mult",
            {.input = kMillion, .units = {{"web_search", kMillion}}}, "", "eu", "", "2.21");

        row("at a tier's border", "plain/tiered", {.input = 1000}, "", "", "", "0.002");
        row("over a tier's border", "plain/tiered", {.input = 1001}, "", "", "", "0.003003");
        row("over the last border", "plain/tiered", {.input = 2001}, "", "", "", "0.008004");
        row("cached tokens count for a tier", "plain/tiered", {.input = 2001, .cache_read = 2001}, "", "", "",
            "0.0030015");
        row("a price that a tier lacks keeps its ratio", "plain/tiered", {.input = 1500, .cache_read = 1500},
            "", "", "", "0.00225");
        row("audio scales with the tier", "plain/tiered", {.input = 4000, .audio_in = 4000}, "", "", "",
            "0.08");
        row("a tier of a batch", "plain/tiered", {.input = 2001, .output = 1000}, "batch", "", "",
            "0.016002");
        row("a tier over a price of 0", "plain/zero-tier", {.input = 2000, .output = 1000}, "", "", "",
            "0.014");

        row("thinking prices all output", "thinking/t", {.output = kMillion, .reasoning = 1}, "", "", "",
            "10");
        row("no thinking", "thinking/t", {.output = kMillion}, "", "", "", "8");
        row("a suspect price", "thinking/odd", in, "", "", "", "2", true);
        row("a free model", "plain/free", both, "", "", "", "0");
        row("a router's model", "plain/router", both, "", "", "", "");
        row("no price at all", "plain/bare", both, "", "", "", "");
        row("no price and no use", "plain/bare", {}, "", "", "", "");
    }

    void followsTheOrderOfTheRules()
    {
        QFETCH(std::string, provider);
        QFETCH(std::string, model);
        QFETCH(Usage, usage);
        QFETCH(std::string, service);
        QFETCH(std::string, region);
        QFETCH(std::string, day);
        QFETCH(std::string, usd);
        QFETCH(bool, estimate);
        const auto cost = priceOf(provider, model, usage, {.service = service, .region = region, .day = day});
        QCOMPARE(cost.has_value(), !usd.empty());
        if (!cost)
            return;
        QCOMPARE(cost->total.value, parseUsd(usd)->value);
        QCOMPARE(cost->estimate, estimate);
    }

    void pricesUnits_data()
    {
        QTest::addColumn<std::string>("model");
        QTest::addColumn<Usage>("usage");
        QTest::addColumn<std::string>("usd"); // empty: unknown
        QTest::addColumn<bool>("estimate");
        const auto row
            = [](const char *name, const std::string &model, const Usage &usage, const std::string &usd,
                 bool estimate = false) { QTest::newRow(name) << model << usage << usd << estimate; };
        const auto units
            = [](const char *name, std::int64_t micro) { return std::vector<UsageUnit>{{name, micro}}; };

        row("a size's own price", "plain/drawn", {.units = units("HD/2x2", 2 * kMillion)}, "1");
        row("another size", "plain/drawn", {.units = units("hd/9x9", kMillion)}, "0.25");
        row("a part of a unit", "plain/heard", {.units = units("audio_second", 1'500'000)}, "0.0015");
        row("tokens before seconds", "plain/heard",
            {.input = kMillion, .units = units("audio_second", kMillion)}, "2");
        row("tokens beside pictures that alone are priced", "plain/drawn",
            {.input = 10, .output = 10, .units = units("image", kMillion)}, "0.25");
        row("tokens without a price", "plain/drawn", {.input = 10}, "");
        row("a unit without a price", "plain/simple", {.units = units("image", kMillion)}, "");
        row("one unit of two without a price", "plain/drawn",
            {.units = {{"image", kMillion}, {"audio_second", kMillion}}}, "");
        row("a fee beside tokens", "half/tools", {.input = kMillion, .units = units("web_search", kMillion)},
            "2.01");
        row("a fee by context size", "half/tools", {.units = units("web_search_low", kMillion)}, "0.01");
        row("a fee of the provider's", "half/tools",
            {.input = kMillion, .units = units("file_search", 2 * kMillion)}, "2.005");
        row("an unknown fee beside tokens", "plain/simple",
            {.input = kMillion, .units = units("web_search", kMillion)}, "2", true);
        row("a fee beside tokens without a price", "plain/unpriced-search",
            {.input = 10, .units = units("web_search", kMillion)}, "");
        row("a fee alone", "plain/unpriced-search", {.units = units("web_search", kMillion)}, "0.01");
        row("none of an unknown unit", "plain/simple", {.units = units("image", 0)}, "0");
        row("less than none", "plain/heard", {.units = units("audio_second", -1)}, "0", true);
    }

    void pricesUnits()
    {
        QFETCH(std::string, model);
        QFETCH(Usage, usage);
        QFETCH(std::string, usd);
        QFETCH(bool, estimate);
        const auto slash = model.find('/');
        const auto cost = priceOf(model.substr(0, slash), model.substr(slash + 1), usage);
        QCOMPARE(cost.has_value(), !usd.empty());
        if (!cost)
            return;
        QCOMPARE(cost->total.value, parseUsd(usd)->value);
        QCOMPARE(cost->estimate, estimate);
    }

    void flagsReportsThatDoNotAddUp_data()
    {
        QTest::addColumn<Usage>("usage");
        QTest::addColumn<std::int64_t>("nano");
        QTest::newRow("more cached than all")
            << Usage{.input = 1000, .cache_read = 2000} << std::int64_t{2'000'000};
        QTest::newRow("more reasoning than all")
            << Usage{.output = 1000, .reasoning = 2000} << std::int64_t{16'000'000};
        QTest::newRow("a negative count") << Usage{.input = 1000, .output = -5} << std::int64_t{2'000'000};
    }

    void flagsReportsThatDoNotAddUp()
    {
        QFETCH(Usage, usage);
        QFETCH(std::int64_t, nano);
        const auto cost = priceOf("plain", "simple", usage);
        QVERIFY(cost.has_value());
        QCOMPARE(cost->total.value, nano);
        QCOMPARE(cost->estimate, true);
    }

    /// Half a nano-dollar each: the whole is rounded once and the largest part takes what cutting the parts
    /// lost.
    void roundsOnceAndSplitsExactly()
    {
        const SmallCatalog fine({"p\tP\tcloud\topenai"},
                                {"[p]", "m\t\tchat\tprice=in:0.0005,out:0.0005,cache_read:0.0005"});
        const auto found = fine.catalog->resolve("p", "m");
        const auto price = [&](const Usage &usage) { return *fine.catalog->price(found, "p", usage, {}); };

        const auto half = price({.input = 1});
        QCOMPARE(half.total.value, 1);
        QCOMPARE(half.input.value, 1);
        const auto three = price({.input = 5, .cache_read = 2, .output = 7}); // 1.5 + 1 + 3.5
        QCOMPARE(three.total.value, 6);
        QCOMPARE(three.input.value, 1);
        QCOMPARE(three.cached.value, 1);
        QCOMPARE(three.output.value, 4);
    }

    void staysInRangeForHostileReports()
    {
        const std::int64_t most = std::numeric_limits<std::int64_t>::max();
        const Usage hostile = {.input = most,
                               .cache_read = most,
                               .cache_write = most,
                               .cache_write_1h = most,
                               .audio_in = most,
                               .image_in = most,
                               .audio_cache_read = most,
                               .image_cache_read = most,
                               .output = most,
                               .reasoning = most,
                               .audio_out = most,
                               .image_out = most,
                               .citation = most,
                               .units = {{"web_search", most}, {"audio_second", most}}};
        Usage large = hostile;
        large.units.clear();
        for (auto *count : {&large.input, &large.cache_read, &large.output, &large.reasoning})
            *count = std::int64_t{1} << 53;
        const auto catalog = Catalog::shipped();
        for (const auto &provider : catalog->providers()) {
            for (const auto &model : catalog->models(provider.id)) {
                const Resolution found = {.match = Match::Exact, .model = model};
                for (const Usage &usage : {hostile, large}) {
                    const auto cost
                        = catalog->price(found, provider.id, usage, {.service = "batch", .region = "us"});
                    if (!cost)
                        continue;
                    QVERIFY(cost->total.value >= 0 && cost->input.value >= 0 && cost->cached.value >= 0
                            && cost->output.value >= 0);
                    QCOMPARE(cost->total.value - cost->input.value - cost->cached.value, cost->output.value);
                    QCOMPARE(cost->estimate, true);
                }
            }
        }
    }

    void knowsNoPriceForWhatWasNotFound()
    {
        const Usage usage = {.input = 10};
        QVERIFY(!priceOf("plain", "nothing-like-it", usage));
        QVERIFY(!priceOf("nobody", "simple", usage));
        QVERIFY(!priceOf("ollama", "x:cloud", usage));
        const Resolution foreign = {.match = Match::Exact, .model = Model{.index = 1'000'000}};
        QVERIFY(!small().catalog->price(foreign, "plain", usage, {}));
    }

    void isFreeOnTheOwnMachine()
    {
        const auto cost = priceOf("ollama", "llama3", {.input = kMillion, .units = {{"image", kMillion}}});
        QVERIFY(cost.has_value());
        QCOMPARE(cost->total.value, 0);
        QCOMPARE(cost->estimate, false);
    }

    void flagsPricesOfNearNames()
    {
        const auto cost = priceOf("plain", "simple-2031-01-01", {.input = kMillion});
        QVERIFY(cost.has_value());
        QCOMPARE(cost->total.value, 2 * kUsd);
        QCOMPARE(cost->estimate, true);
    }
};

QTEST_APPLESS_MAIN(TestPrice)
#include "tst_price.moc"
