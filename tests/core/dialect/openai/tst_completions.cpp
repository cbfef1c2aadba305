// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/completions.h"
#include "tests/core/dialect/openai/samples.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::openai;

class TestCompletions : public QObject
{
    Q_OBJECT

private slots:
    void thePromptIsWhatTheUserSays()
    {
        const auto request = completionsClientCodec().decodeRequest(
            document(R"({"model":"m","prompt":["Once"],"temperature":0,"stop":"\n","x":1})"));
        QVERIFY(request);
        QCOMPARE(std::get<TextPart>(request->messages.at(0).parts.at(0).content).text, "Once");
        QVERIFY(request->max_tokens == 16);
        QCOMPARE(request->sampling.temperature.text, "0");
        QCOMPARE(request->extras, (Extras{{"x", RawJson{"1"}}}));
    }

    void whatNoChatModelCanDoIsRefused_data()
    {
        QTest::addColumn<std::string>("body");
        for (const char *body :
             {R"({})", R"({"prompt":[1,2]})", R"({"prompt":["a","b"]})", R"({"prompt":"a","echo":true})",
              R"({"prompt":"a","suffix":"b"})", R"({"prompt":"a","best_of":2})",
              R"({"prompt":"a","logprobs":1})", R"({"prompt":"a","n":"x"})", "[]"})
            QTest::newRow(body) << std::string(body);
    }
    void whatNoChatModelCanDoIsRefused()
    {
        QFETCH(std::string, body);
        const auto request = completionsClientCodec().decodeRequest(document(body));
        QVERIFY(!request);
        QCOMPARE(request.error().origin, Origin::Client);
    }

    void repliesAreTextCompletions()
    {
        Exchange exchange = exchangeWith("");
        Reply reply{.id = "r", .model = "m"};
        Choice &choice = reply.choices.emplace_back();
        choice.parts.push_back({.content = ReasoningPart{.text = "hm"}});
        choice.parts.push_back({.content = TextPart{.text = "upon"}});
        choice.finish.reason = FinishReason::Length;
        QCOMPARE(
            completionsClientCodec().encodeReply(reply, exchange),
            "{\"id\":\"r\",\"object\":\"text_completion\",\"created\":1760000000,\"model\":\"m\",\"choices\":"
            "[{\"text\":\"upon\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"length\"}]}");
    }

    void streamsAreTextCompletions()
    {
        Exchange exchange = exchangeWith("");
        const auto encoder = completionsClientCodec().streamEncoder(exchange);
        std::string out;
        for (const StreamEvent &event :
             StreamEvents{StreamStart{.id = "r", .model = "m"}, ReasoningDelta{0, "hm"}, TextDelta{0, "a"},
                          ChoiceFinish{}, ChoiceFinish{}, StreamEnd{}, TextDelta{0, "late"}})
            encoder->event(event, out);
        const std::string head = "data: "
                                 "{\"id\":\"r\",\"object\":\"text_completion\",\"created\":1760000000,"
                                 "\"model\":\"m\",\"choices\":[{\"text\":\"";
        QCOMPARE(out,
                 head + "a\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}]}\n\n" + head
                     + "\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
    }
};

QTEST_APPLESS_MAIN(TestCompletions)
#include "tst_completions.moc"
