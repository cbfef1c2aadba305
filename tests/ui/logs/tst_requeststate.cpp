// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/logs/rows.h"
#include "ui/logs/requeststate.h"
#include "ui/logs/statestyle.h"

#include <QTest>

#include <set>

using namespace Qt::StringLiterals;
using portolan::trace::Outcome;

namespace portolan::ui {

class TestRequestState : public QObject
{
    Q_OBJECT

private slots:
    void aLeavingClientIsNoFailureOfTheAttempt()
    {
        RequestEntry entry{.row = test::row(1)};
        entry.row.outcome = Outcome::Cancelled;
        entry.row.status = 499;
        entry.row.attempt_marks = "xx";
        QVERIFY(attemptMarks(entry) == (std::vector{AttemptMark::Failed, AttemptMark::Cancelled}));
        QCOMPARE(attemptWords(entry), u"1 failed, 1 cancelled"_s);
    }

    void namesEveryState_data()
    {
        QTest::addColumn<RequestEntry>("entry");
        QTest::addColumn<int>("state");
        QTest::addColumn<QString>("status");
        QTest::addColumn<QString>("served");
        const auto add = [](const char *name, auto change, RequestState state, const QString &status,
                            const QString &served) {
            RequestEntry entry{.row = test::row(1)};
            change(entry);
            QTest::newRow(name) << entry << int(state) << status << served;
        };
        const QString answered = u"@openai/gpt-4o"_s;
        add("queued",
            [](auto &e) {
                e.active = true;
                e.row.provider = e.row.attempt_marks = "";
                e.row.first_token_us = -1;
            },
            RequestState::Queued, u"queued"_s, {});
        add("active, no token yet",
            [](auto &e) {
                e.active = true;
                e.row.first_token_us = -1;
            },
            RequestState::Active, u"active"_s, {});
        add(
            "active, streaming", [](auto &e) { e.active = true; }, RequestState::Active, u"active"_s,
            answered);
        add("ok", [](auto &) { }, RequestState::Ok, u"200 ok"_s, answered);
        add(
            "rescued", [](auto &e) { e.row.attempt_marks = "xo"; }, RequestState::Rescued, u"200 rescued"_s,
            answered);
        add(
            "cached", [](auto &e) { e.row.cache = trace::CacheState::Hit; }, RequestState::Cached,
            u"200 cached"_s, answered);
        add("error",
            [](auto &e) {
                e.row.outcome = Outcome::Error;
                e.row.status = 503;
            },
            RequestState::Error, u"503 error"_s, {});
        add("timed out",
            [](auto &e) {
                e.row.outcome = Outcome::TimedOut;
                e.row.status = 504;
            },
            RequestState::Error, u"504 timed out"_s, {});
        add("refused",
            [](auto &e) {
                e.row.outcome = Outcome::Refused;
                e.row.status = 401;
            },
            RequestState::Error, u"401 refused"_s, {});
        add(
            "cut off", [](auto &e) { e.row.outcome = Outcome::Truncated; }, RequestState::Error,
            u"200 cut off"_s, answered);
        add(
            "cancelled in the stream",
            [](auto &e) {
                e.row.outcome = Outcome::Cancelled;
                e.row.status = 499;
            },
            RequestState::Cancelled, u"499 cancelled"_s, answered);
        add("cancelled before an answer",
            [](auto &e) {
                e.row.outcome = Outcome::Cancelled;
                e.row.status = 499;
                e.row.first_token_us = -1;
            },
            RequestState::Cancelled, u"499 cancelled"_s, {});
        add("interrupted",
            [](auto &e) {
                e.row.outcome = Outcome::Unknown;
                e.row.status = 0;
            },
            RequestState::Cancelled, u"interrupted"_s, {});
    }

    void namesEveryState()
    {
        QFETCH(RequestEntry, entry);
        QTEST(int(stateOf(entry)), "state");
        QTEST(statusText(entry), "status");
        QTEST(servedBy(entry), "served");
    }

    void everyStateHasItsOwnIcon()
    {
        std::set<Icon> icons;
        for (int state = 0; state <= int(RequestState::Cached); ++state)
            icons.insert(styleOf(RequestState(state)).icon);
        QCOMPARE(icons.size(), std::size_t(RequestState::Cached) + 1);
    }

    void aRunningRequestEndsInOneRunningMark_data()
    {
        QTest::addColumn<std::string>("recorded");
        QTest::addColumn<std::int64_t>("firstToken");
        QTest::addColumn<QString>("words");
        constexpr std::int64_t kNone = -1;
        QTest::newRow("about to call") << std::string() << kNone << u"1 running"_s;
        QTest::newRow("calling") << std::string("o") << kNone << u"1 running"_s;
        QTest::newRow("streaming") << std::string("o") << std::int64_t(700'000) << u"1 running"_s;
        QTest::newRow("waiting to try again") << std::string("x") << kNone << u"1 failed, 1 running"_s;
        QTest::newRow("second try") << std::string("xo") << kNone << u"1 failed, 1 running"_s;
        QTest::newRow("after a skip") << std::string("-o") << kNone << u"1 skipped, 1 running"_s;
    }

    void aRunningRequestEndsInOneRunningMark()
    {
        QFETCH(std::string, recorded);
        QFETCH(std::int64_t, firstToken);
        RequestEntry entry{.row = test::row(1), .active = true};
        entry.row.attempt_marks = recorded;
        entry.row.first_token_us = firstToken;
        QTEST(attemptWords(entry), "words");
        QCOMPARE(attemptMarks(entry).back(), AttemptMark::Running);
    }

    void aRequestWithoutAnAttemptSaysSo()
    {
        RequestEntry entry{.row = test::row(1)};
        entry.row.attempt_marks.clear();
        QCOMPARE(attemptWords(entry), u"no attempt"_s);
    }
};

} // namespace portolan::ui

QTEST_GUILESS_MAIN(portolan::ui::TestRequestState)
#include "tst_requeststate.moc"
