// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/attemptmodel.h"
#include "ui/logs/overviewtab.h"
#include "ui/logs/routewords.h"
#include "ui/theme/theme.h"
#include "ui/widgets/labels.h"

#include <QTest>

#include <memory>

Q_DECLARE_METATYPE(portolan::trace::Record)

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

trace::Attempt call(std::string pointer, std::string slug, std::string error = {}, int status = 200)
{
    return {.pointer = std::move(pointer),
            .slug = std::move(slug),
            .model = "m",
            .chosen_by = "first of the fallback",
            .status = status,
            .error_code = std::move(error),
            .start_us = 0,
            .end_us = 5};
}

trace::Record governed(std::vector<trace::Attempt> attempts, std::vector<trace::Skipped> skipped = {})
{
    trace::Record record;
    record.config = "nightly v3";
    record.attempts = std::move(attempts);
    record.skipped = std::move(skipped);
    return record;
}

} // namespace

class TestRouteWords : public QObject
{
    Q_OBJECT

private slots:
    void tellsTheWholeWayInOneSentence_data()
    {
        QTest::addColumn<trace::Record>("record");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const trace::Record &record, const QString &words) {
            QTest::newRow(name) << record << words;
        };
        row("one call", governed({call("/targets/0", "a")}),
            u"@a/m at /targets/0 answered (first of the fallback)."_s);
        row("a fallback", governed({call("/targets/0", "a", "upstream.429", 429), call("/targets/1", "b")}),
            u"@a/m at /targets/0 answered 429; @b/m at /targets/1 answered."_s);
        row("a time-out", governed({call("/targets/0", "a", "request.timeout", 0), call("/targets/1", "b")}),
            u"@a/m at /targets/0 timed out; @b/m at /targets/1 answered."_s);
        row("retries",
            governed({call("", "a", "upstream.503", 503), call("", "a", "upstream.503", 503), call("", "a")}),
            u"@a/m answered 503 2 times; @a/m answered."_s);
        row("an open breaker",
            governed({call("/targets/1", "b")},
                     {{.pointer = "/targets/0", .label = "@a", .reason = "its breaker is open"}}),
            u"@a at /targets/0 was passed over: its breaker is open; @b/m at /targets/1 answered."_s);
        row("passed over between calls",
            governed({call("/targets/0", "a", "upstream.500", 500), call("/targets/2", "c")},
                     {{.pointer = "/targets/1",
                       .label = "b",
                       .reason = "it is switched off",
                       .before_attempt = 1}}),
            u"@a/m at /targets/0 answered 500; b at /targets/1 was passed over: it is switched off; "
            "@c/m at /targets/2 answered."_s);
        auto capped = governed({call("", "a", "upstream.refused", 0)});
        capped.attempts.back().then = "the limit of 16 attempts for one request was reached";
        row("the cap", capped,
            u"@a/m failed (connection refused); the limit of 16 attempts for one request was reached."_s);
        auto refused
            = governed({}, {{.pointer = "/targets/0", .label = "a", .reason = "it is switched off"}});
        row("nothing was called", refused, u"a at /targets/0 was passed over: it is switched off."_s);
        auto bare = governed({call("", "a")});
        bare.config.clear();
        row("without a config", bare, QString());
    }

    void tellsTheWholeWayInOneSentence()
    {
        QFETCH(trace::Record, record);
        QFETCH(QString, words);
        const QString sentence = routeWords(record);
        QCOMPARE(sentence, words);
    }

    void theOverviewShowsIt()
    {
        const Theme theme;
        OverviewTab tab;
        tab.setRecord(governed({call("/targets/0", "a", "request.timeout", 0), call("/targets/1", "b")}),
                      false);
        const auto *label = tab.findChild<PlainLabel *>(u"routeWords"_s);
        QVERIFY(label);
        QVERIFY(!label->isHidden());
        QVERIFY(label->text().contains(u"/targets/0 timed out"));
        tab.setRecord({}, false);
        QVERIFY(label->isHidden());
    }

    void attemptsSayWhichBreakerOpened()
    {
        auto first = call("/targets/0", "a", "upstream.500", 500);
        first.then
            = "fallback from @a at /targets/0 after 500; the breaker of @a at /targets/0 opened for 30 s";
        AttemptModel model;
        model.setAttempts({first, call("/targets/1", "b")}, 10);
        QCOMPARE(model.index(1, AttemptModel::Target).data().toString(), QString::fromStdString(first.then));
    }
};

} // namespace portolan::ui

QTEST_MAIN(portolan::ui::TestRouteWords)
#include "tst_routewords.moc"
