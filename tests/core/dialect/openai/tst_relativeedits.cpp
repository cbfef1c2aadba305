// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/relativeedits.h"
#include "tests/core/dialect/openai/samples.h"

#include <QTest>

#include <string>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::openai;

namespace {

std::string edited(const std::string &body, const std::vector<BodyEdit> &edits)
{
    std::string out;
    for (const std::string_view piece : applyEdits(body, edits))
        out += piece;
    return out;
}

} // namespace

class TestRelativeEdits : public QObject
{
    Q_OBJECT

private slots:
    void changesOnlyWhatTheRelativeNeeds_data()
    {
        QTest::addColumn<std::string>("provider");
        QTest::addColumn<std::string>("model");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("sent");
        const auto row = [](const char *name, const char *provider, const char *model, const char *body,
                            const char *sent) {
            QTest::newRow(name) << std::string(provider) << std::string(model) << std::string(body)
                                << std::string(sent);
        };
        row("nothing known", "chutes", "m", R"({"max_completion_tokens":1,"user":"u"})",
            R"({"max_completion_tokens":1,"user":"u"})");
        row("OpenAI's older models", "openai", "gpt-4o", R"({ "max_tokens" : 1.0 })",
            R"({ "max_tokens" : 1.0 })");
        row("a reasoner's limit", "openai", "o3-mini", R"({ "max_tokens" : 10 })",
            R"({ "max_completion_tokens" : 10 })");
        row("a reasoner's sampling", "openai", "o3", R"({"temperature":0.2,"top_p":1,"m":1,"logit_bias":{}})",
            R"({"top_p":1,"m":1})");
        row("xAI's penalties", "x-ai", "grok-4",
            R"({"presence_penalty":0.5,"frequency_penalty":0,"temperature":0})",
            R"({"frequency_penalty":0,"temperature":0})");
        row("both limits", "openai", "o3", R"({"max_tokens":1,"max_completion_tokens":2})",
            R"({"max_tokens":1,"max_completion_tokens":2})");
        row("Mistral", "mistral-ai", "m",
            R"({"logprobs":false, "user":"u" ,"seed":1e2,"max_completion_tokens":7,"x":1,"store":true})",
            R"({"random_seed":1e2,"max_tokens":7,"x":1})");
        row("in the middle", "mistral-ai", "m", R"({"a":1 , "user":"u","verbosity":"low" , "b":2})",
            R"({"a":1 , "b":2})");
        row("all of it", "mistral-ai", "m", R"({ "user":"u","store":false })", R"({  })");
        row("roles", "deepseek", "m", R"({"messages":[{"role":"developer","content":"x"},{"role":"user"}]})",
            R"({"messages":[{"role":"system","content":"x"},{"role":"user"}]})");
        row("names", "groq", "m", R"({"messages":[{"role":"user","name":"ann","content":"x"}],"n":1})",
            R"({"messages":[{"role":"user","content":"x"}]})");
        row("a tool's name stays", "mistral-ai", "m",
            R"({"messages":[{"role":"tool","name":"f","tool_call_id":"123456789"}]})",
            R"({"messages":[{"role":"tool","name":"f","tool_call_id":"123456789"}]})");
        const char *const history
            = R"({"messages":[{"role":"assistant","name":"x","thinking_blocks":[1] ,"content":"a","reasoning_content":"r","tool_calls":[{"extra_content":{},"id":"123456789"}]}]})";
        row("another's reasoning, Mistral", "mistral-ai", "m", history,
            R"({"messages":[{"role":"assistant" ,"content":"a","tool_calls":[{"id":"123456789"}]}]})");
        row("another's reasoning, OpenAI", "openai", "gpt-4o", history,
            R"({"messages":[{"role":"assistant","name":"x" ,"content":"a","tool_calls":[{"id":"123456789"}]}]})");
        row("another's reasoning, DeepSeek", "deepseek", "m", history,
            R"({"messages":[{"role":"assistant","name":"x" ,"content":"a","reasoning_content":"r","tool_calls":[{"id":"123456789"}]}]})");
        row("another's reasoning, OpenRouter", "openrouter", "m", history, history);
        row("n that matters stays", "groq", "m", R"({"n":2})", R"({"n":2})");
        row("efforts", "groq", "gpt-oss", R"({"reasoning_effort": "minimal"})",
            R"({"reasoning_effort": "low"})");
        row("efforts that are known", "groq", "gpt-oss", R"({"reasoning_effort":"low"})",
            R"({"reasoning_effort":"low"})");
        row("DeepSeek's reasoning", "deepseek", "m",
            R"({"messages":[{"role":"assistant","tool_calls":[{"id":"a"}]},{"role":"assistant","tool_calls":[{"id":"b"}],"reasoning_content":"r"}]})",
            R"({"messages":[{"role":"assistant","reasoning_content":"","tool_calls":[{"id":"a"}]},{"role":"assistant","tool_calls":[{"id":"b"}],"reasoning_content":"r"}]})");
        row("DeepSeek's reasoning is null", "deepseek", "m",
            R"({"messages":[{"role":"assistant","reasoning_content":null,"tool_calls":[{"id":"a"}]}]})",
            R"({"messages":[{"role":"assistant","reasoning_content":"","tool_calls":[{"id":"a"}]}]})");
        row("DeepSeek does not think", "deepseek", "m",
            R"({"thinking":{"type":"disabled"},"messages":[{"role":"assistant","tool_calls":[{"id":"a"}]}]})",
            R"({"thinking":{"type":"disabled"},"messages":[{"role":"assistant","tool_calls":[{"id":"a"}]}]})");
        row("mistyped", "mistral-ai", "m", R"({"messages":[1,{"role":2,"tool_calls":[3]},null],"seed":"x"})",
            R"({"messages":[1,{"role":2,"tool_calls":[3]},null],"random_seed":"x"})");
        row("no object", "mistral-ai", "m", "[]", "[]");
    }
    void changesOnlyWhatTheRelativeNeeds()
    {
        QFETCH(std::string, provider);
        QFETCH(std::string, model);
        QFETCH(std::string, body);
        QFETCH(std::string, sent);
        const Target target = exchangeWith(provider, model).target;
        const RelativeEdits changes = relativeEdits(document(body), target);
        QCOMPARE(edited(body, changes.edits), sent);
        QCOMPARE(changes.notes.empty(), body == sent);
        QVERIFY(validateJson(sent));
    }

    void idsOfOthersFitAndStillMatch()
    {
        const std::string body
            = R"({"messages":[{"tool_calls":[{"id":"call_abcdefghij"},{"id":"abcDEF123"}]},)"
              R"({"role":"tool","tool_call_id":"call_abcdefghij"}]})";
        const auto changes = relativeEdits(document(body), exchangeWith("mistral-ai").target);
        const std::string id = fittingId("call_abcdefghij", IdRule::Mistral);
        QCOMPARE(edited(body, changes.edits),
                 "{\"messages\":[{\"tool_calls\":[{\"id\":\"" + id + "\"},{\"id\":\"abcDEF123\"}]},"
                     + "{\"role\":\"tool\",\"tool_call_id\":\"" + id + "\"}]}");
        QCOMPARE(changes.notes.size(), std::size_t(1));
    }

    void goesTogetherWithAMemberPutFirst()
    {
        const std::string body = R"({"n":1,"model":"m"})";
        auto edits = relativeEdits(document(body), exchangeWith("groq").target).edits;
        edits.push_back({.range = {1, 0}, .text = R"("stream_options":{},)"});
        QCOMPARE(edited(body, edits), "{\"stream_options\":{},\"model\":\"m\"}");
    }
};

QTEST_APPLESS_MAIN(TestRelativeEdits)
#include "tst_relativeedits.moc"
