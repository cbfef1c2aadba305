// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/practiceanswers.h"
#include "core/gateway/practicemodels.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <string>

using namespace Qt::StringLiterals;

namespace portolan::gateway {

namespace {

using Kind = PracticeModel::Kind;

QJsonObject parsed(const std::string &text)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
}

const PracticeStamp kStamp{.id = "chatcmpl-0123456789abcdef0123456789abcdef", .created_s = 1'700'000'000};

} // namespace

class TestPracticeAnswers : public QObject
{
    Q_OBJECT

private slots:
    void readsBehaviourFromTheName_data()
    {
        QTest::addColumn<std::string>("name");
        QTest::addColumn<int>("kind"); // -1: no such model
        QTest::addColumn<int>("parameter");

        const auto row = [](std::string name, int kind, int parameter) {
            QTest::newRow(name.c_str()) << name << kind << parameter;
        };
        row("echo", int(Kind::Echo), 0);
        row("echo-120", int(Kind::Echo), 120);
        row("slow", int(Kind::Slow), 1000);
        row("slow-2000ms", int(Kind::Slow), 2000);
        row("slow-50", int(Kind::Slow), 50);
        row("flaky-30%", int(Kind::Flaky), 30);
        row("rate-limited-3s", int(Kind::RateLimited), 3);
        row("server-error-503", int(Kind::ServerError), 503);
        row("cut-stream-7", int(Kind::CutStream), 7);
        row("hang", int(Kind::Hang), 0);
        row("bad-json", int(Kind::BadJson), 0);
        row("embed", int(Kind::Embed), 0);
        row("", -1, 0);
        row("gpt-4o", -1, 0);
        row("echoes", -1, 0);
        row("slow-", -1, 0);
        row("slow--5", -1, 0);
        row("slow-99999999999999", -1, 0);
        row("server-error-200", -1, 0);
        row("hang-5", -1, 0);
        row("flaky-101%", -1, 0);
    }

    void readsBehaviourFromTheName()
    {
        QFETCH(std::string, name);
        QFETCH(int, kind);
        QFETCH(int, parameter);

        const auto model = PracticeModel::parse(name);
        QCOMPARE(model.has_value(), kind >= 0);
        if (!model)
            return;
        QCOMPARE(int(model->kind), kind);
        switch (model->kind) {
        case Kind::Echo: QCOMPARE(model->tokens_per_second, parameter); break;
        case Kind::Slow: QCOMPARE(int(model->delay.count()), parameter); break;
        case Kind::Flaky: QCOMPARE(model->percent, parameter); break;
        case Kind::RateLimited: QCOMPARE(model->retry_after_s, parameter); break;
        case Kind::ServerError: QCOMPARE(model->status, parameter); break;
        case Kind::CutStream: QCOMPARE(model->words, parameter); break;
        default: break;
        }
    }

    void listsOnlyModelsThatItKnows()
    {
        for (const auto &entry : practiceEntries())
            QVERIFY2(PracticeModel::parse(entry.id).has_value(), std::string(entry.id).c_str());
    }

    void saysWhatItWasAsked()
    {
        const auto question = PracticeQuestion::parse(
            R"({"model":"echo","messages":[{"role":"system","content":"be kind"},{"role":"user","content":"Grüß dich"}]})");
        QVERIFY(question.has_value());
        const auto answer = parsed(chatAnswer(*question, kStamp));
        const auto choice = answer["choices"_L1].toArray().first().toObject();
        QCOMPARE(choice["message"_L1].toObject()["content"_L1].toString(), u"Grüß dich"_s);
        QCOMPARE(choice["finish_reason"_L1].toString(), u"stop"_s);
        const auto usage = answer["usage"_L1].toObject();
        QCOMPARE(usage["total_tokens"_L1].toInt(),
                 usage["prompt_tokens"_L1].toInt() + usage["completion_tokens"_L1].toInt());
        QVERIFY(usage["prompt_tokens"_L1].toInt() > 0);
    }

    void streamsTheSameTextInPieces()
    {
        auto question = PracticeQuestion::parse(
            R"({"model":"echo","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"one  two\nthree"}]})");
        QVERIFY(question && question->stream && question->include_usage);
        QString text;
        int usages = 0;
        const auto frames = chatFrames(*question, kStamp);
        for (const auto &frame : frames) {
            QVERIFY(frame.starts_with("data: ") && frame.ends_with("\n\n"));
            const auto chunk = parsed(frame.substr(6));
            const auto choices = chunk["choices"_L1].toArray();
            if (!choices.isEmpty())
                text += choices.first().toObject()["delta"_L1].toObject()["content"_L1].toString();
            usages += chunk["usage"_L1].isObject() ? 1 : 0;
        }
        QCOMPARE(text, u"one  two\nthree"_s);
        QCOMPARE(usages, 1);
        QCOMPARE(frames.back(), std::string("data: [DONE]\n\n"));
    }

    void callsTheFirstToolAndThenAnswersInWords()
    {
        const std::string tools
            = R"("tools":[{"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}}])";
        const auto first = PracticeQuestion::parse(
            R"({"model":"echo","messages":[{"role":"user","content":"Oslo"}],)" + tools + "}");
        const auto message = parsed(chatAnswer(*first, kStamp))["choices"_L1].toArray().first().toObject();
        QCOMPARE(message["finish_reason"_L1].toString(), u"tool_calls"_s);
        const auto function = message["message"_L1]
                                  .toObject()["tool_calls"_L1]
                                  .toArray()
                                  .first()
                                  .toObject()["function"_L1]
                                  .toObject();
        QCOMPARE(function["name"_L1].toString(), u"get_weather"_s);
        const auto arguments = parsed(function["arguments"_L1].toString().toStdString());
        QCOMPARE(arguments["city"_L1].toString(), u"Oslo"_s);
        QCOMPARE(arguments["days"_L1].toInt(), 1);

        const auto second = PracticeQuestion::parse(
            R"({"model":"echo","messages":[{"role":"user","content":"Oslo"},{"role":"tool","tool_call_id":"c","content":"rain"}],)"
            + tools + "}");
        QVERIFY(second->tool.empty());
        QCOMPARE(second->text, std::string("rain"));
    }

    void embedsTheSameTextAlike()
    {
        const auto question
            = PracticeQuestion::parse(R"({"model":"embed","input":["a","b","a"],"dimensions":8})");
        const auto data = parsed(embeddingsAnswer(*question))["data"_L1].toArray();
        QCOMPARE(data.size(), 3);
        QCOMPARE(data[0].toObject()["embedding"_L1].toArray().size(), 8);
        QCOMPARE(data[0].toObject()["embedding"_L1], data[2].toObject()["embedding"_L1]);
        QVERIFY(data[0].toObject()["embedding"_L1] != data[1].toObject()["embedding"_L1]);

        const auto coded = PracticeQuestion::parse(
            R"({"model":"embed","input":"a","dimensions":8,"encoding_format":"base64"})");
        const auto text = parsed(embeddingsAnswer(*coded))["data"_L1]
                              .toArray()
                              .first()
                              .toObject()["embedding"_L1]
                              .toString();
        QCOMPARE(QByteArray::fromBase64(text.toLatin1()).size(), 8 * 4);
    }

    void refusesWhatIsNoJsonObject_data()
    {
        QTest::addColumn<std::string>("body");
        for (const char *body : {"", "[]", "1", "{", "{\"a\":}", "\xff"})
            QTest::newRow(body) << std::string(body);
        QTest::newRow("deep") << std::string(5000, '[');
    }

    void refusesWhatIsNoJsonObject()
    {
        QFETCH(std::string, body);
        QVERIFY(!PracticeQuestion::parse(body).has_value());
    }
};

} // namespace portolan::gateway

QTEST_APPLESS_MAIN(portolan::gateway::TestPracticeAnswers)
#include "tst_practiceanswers.moc"
