// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/answer.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <optional>
#include <vector>

using namespace Qt::StringLiterals;

namespace portolan::admin {

class TestAnswer : public QObject
{
    Q_OBJECT

private slots:
    void theFirstAnswerCounts()
    {
        OpenAnswers open;
        std::vector<gateway::AdminAnswer> got;
        {
            const auto answer
                = open.open([&](gateway::AdminAnswer given) { got.push_back(std::move(given)); });
            const Answer copy = answer;
            copy.send("{}");
            answer.refuse(400, "test.late", "Late.");
        }
        QCOMPARE(got.size(), 1U);
        QCOMPARE(got.front().status, 200);
        QVERIFY(got.front().error_code.empty());
    }

    void anUnansweredCallIsAnswered()
    {
        std::vector<gateway::AdminAnswer> got;
        {
            OpenAnswers open;
            (void)open.open([&](gateway::AdminAnswer given) { got.push_back(std::move(given)); });
        }
        QCOMPARE(got.size(), 1U);
        QCOMPARE(got.front().status, 503);
    }

    void theEndAnswersAllCalls()
    {
        OpenAnswers open;
        std::vector<int> got;
        const auto take = [&](const gateway::AdminAnswer &given) { got.push_back(given.status); };
        const auto answered = open.open(take);
        answered.send("{}");
        const auto waiting = open.open(take);
        QCOMPARE(got, (std::vector<int>{200}));
        open.end();
        QCOMPARE(got, (std::vector<int>{200, 503}));
        waiting.send("{}");
        const auto late = open.open(take);
        late.send("{}");
        QCOMPARE(got, (std::vector<int>{200, 503, 503}));
    }

    void errorsHaveTheirStatus_data()
    {
        QTest::addColumn<std::string>("code");
        QTest::addColumn<int>("origin");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("plane");
        const auto row = [](std::string code, Origin origin, int status, QString plane) {
            QTest::newRow(code.c_str()) << code << int(origin) << status << plane;
        };
        row("config.unknown", Origin::Client, 404, u"AB02"_s);
        row("store.not_found", Origin::Internal, 404, u"AB02"_s);
        row("store.config_in_use", Origin::Client, 409, u"AB07"_s);
        row("config.bad_name", Origin::Client, 400, u"AB01"_s);
        row("store.failed", Origin::Internal, 500, u"AB04"_s);
    }

    void errorsHaveTheirStatus()
    {
        QFETCH(std::string, code);
        QFETCH(int, origin);
        QFETCH(int, status);
        QFETCH(QString, plane);
        OpenAnswers open;
        std::optional<gateway::AdminAnswer> got;
        open.open([&](gateway::AdminAnswer given) { got = std::move(given); })
            .refuse(Error{.origin = Origin(origin), .code = code, .message = "A \"sentence\"."});
        QCOMPARE(got->status, status);
        QCOMPARE(got->error_code, code);
        const auto body = QJsonDocument::fromJson(QByteArray::fromStdString(got->body)).object();
        QCOMPARE(body[u"success"], QJsonValue(false));
        QCOMPARE(body[u"data"][u"message"], QJsonValue(u"A \"sentence\"."_s));
        QCOMPARE(body[u"status"], QJsonValue(u"failure"_s));
        QCOMPARE(body[u"message"], QJsonValue(u"A \"sentence\"."_s));
        QCOMPARE(body[u"error"][u"code"], QJsonValue(plane));
        QCOMPARE(body[u"error"][u"param"], QJsonValue(QJsonValue::Null));
    }
};

} // namespace portolan::admin

QTEST_GUILESS_MAIN(portolan::admin::TestAnswer)
#include "tst_answer.moc"
