// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/usagereader.h"

#include <QTest>

#include <string>
#include <vector>

using namespace portolan;
using namespace portolan::dialect;

Q_DECLARE_METATYPE(portolan::Usage)

namespace {

/// The facts of a stream as the gateway gathers them.
ReplyFacts stream(const std::vector<std::string> &events, UsageStyle style)
{
    ReplyReader reader;
    ReplyFacts facts;
    for (const auto &event : events)
        mergeFacts(facts, reader.event(event, style));
    return facts;
}

ReplyFacts bodyFacts(std::string_view json, UsageStyle style = UsageStyle::OpenAi)
{
    ReplyReader reader;
    return reader.body(json, style);
}

ReplyFacts eventFacts(std::string_view json)
{
    ReplyReader reader;
    return reader.event(json, UsageStyle::OpenAi);
}

} // namespace

class TestUsageReader : public QObject
{
    Q_OBJECT

private slots:
    /// The rows named by numbers are the worked examples of the catalog's README.
    void readsEveryStyle_data()
    {
        QTest::addColumn<std::string>("style");
        QTest::addColumn<std::string>("json");
        QTest::addColumn<Usage>("usage");
        const auto row = [](const char *name, std::string style, std::string json, Usage usage) {
            QTest::newRow(name) << std::move(style) << std::move(json) << std::move(usage);
        };
        row("1 cached inside", "openai",
            R"({"usage":{"prompt_tokens":10000,"completion_tokens":500,"prompt_tokens_details":{"cached_tokens":8000}}})",
            {.input = 10000, .cache_read = 8000, .output = 500});
        row("2 reasoning inside", "openai",
            R"({"usage":{"prompt_tokens":1200,"completion_tokens":3000,"completion_tokens_details":{"reasoning_tokens":2560}}})",
            {.input = 1200, .output = 3000, .reasoning = 2560});
        row("5 audio inside", "openai",
            R"({"usage":{"prompt_tokens":1100,"completion_tokens":700,"prompt_tokens_details":{"audio_tokens":1000},"completion_tokens_details":{"audio_tokens":600}}})",
            {.input = 1100, .audio_in = 1000, .output = 700, .audio_out = 600});
        row("6 cache beside", "anthropic",
            R"({"type":"message","usage":{"input_tokens":1000,"cache_read_input_tokens":50000,"cache_creation_input_tokens":20000,"output_tokens":1500}})",
            {.input = 71000, .cache_read = 50000, .cache_write = 20000, .output = 1500});
        row("7 one-hour cache", "anthropic",
            R"({"usage":{"input_tokens":5000,"cache_read_input_tokens":150000,"cache_creation":{"ephemeral_5m_input_tokens":10000,"ephemeral_1h_input_tokens":60000},"output_tokens":4000}})",
            {.input = 225000,
             .cache_read = 150000,
             .cache_write = 10000,
             .cache_write_1h = 60000,
             .output = 4000});
        row("10 gemini thoughts beside", "gemini",
            R"({"usageMetadata":{"promptTokenCount":250000,"cachedContentTokenCount":200000,"candidatesTokenCount":1000,"thoughtsTokenCount":3000}})",
            {.input = 250000, .cache_read = 200000, .output = 4000, .reasoning = 3000});
        row("11 gemini audio", "gemini",
            R"({"usageMetadata":{"promptTokenCount":2050,"promptTokensDetails":[{"modality":"TEXT","tokenCount":50},{"modality":"AUDIO","tokenCount":2000}],"candidatesTokenCount":300}})",
            {.input = 2050, .audio_in = 2000, .output = 300});
        row("12 bedrock", "bedrock-converse",
            R"({"usage":{"inputTokens":2000,"cacheReadInputTokens":30000,"cacheWriteInputTokens":0,"outputTokens":1000}})",
            {.input = 32000, .cache_read = 30000, .output = 1000});
        row("13 reasoning beside", "openai-reasoning-extra",
            R"({"usage":{"prompt_tokens":1000,"completion_tokens":200,"total_tokens":2700,"completion_tokens_details":{"reasoning_tokens":1500}}})",
            {.input = 1000, .output = 1700, .reasoning = 1500});
        row("reasoning inside, as the total tells", "openai-reasoning-extra",
            R"({"usage":{"prompt_tokens":1000,"completion_tokens":1700,"total_tokens":2700,"completion_tokens_details":{"reasoning_tokens":1500}}})",
            {.input = 1000, .output = 1700, .reasoning = 1500});
        row("14 deepseek", "deepseek",
            R"({"usage":{"prompt_tokens":100000,"prompt_cache_hit_tokens":90000,"prompt_cache_miss_tokens":10000,"completion_tokens":2000}})",
            {.input = 100000, .cache_read = 90000, .output = 2000});
        row("16 embedding", "openai",
            R"({"object":"list","usage":{"prompt_tokens":500000,"total_tokens":500000}})", {.input = 500000});
        row("18 speech by the second", "openai", R"({"task":"transcribe","duration":95,"text":"hi"})",
            {.units = {{"audio_second", 95'000'000}}});
        row("speech by the second in usage", "openai",
            R"({"text":"hi","usage":{"type":"duration","seconds":1.5}})",
            {.units = {{"audio_second", 1'500'000}}});
        row("19 rerank", "cohere", R"({"results":[{"index":0}],"meta":{"billed_units":{"search_units":3}}})",
            {.units = {{"query", 3'000'000}}});
        row("20 search fee", "openai-reasoning-extra",
            R"({"usage":{"prompt_tokens":100,"completion_tokens":900,"total_tokens":1000,"search_context_size":"medium"}})",
            {.input = 100, .output = 900, .units = {{"web_search_medium", 1'000'000}}});
        row("22 ollama", "ollama",
            R"({"message":{"content":"x"},"prompt_eval_count":5000,"eval_count":800,"done":true})",
            {.input = 5000, .output = 800});
        row("responses", "openai",
            R"({"object":"response","status":"completed","usage":{"input_tokens":30,"input_tokens_details":{"cached_tokens":10,"cache_write_tokens":5},"output_tokens":7,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":37}})",
            {.input = 30, .cache_read = 10, .cache_write = 5, .output = 7, .reasoning = 2});
        row("anthropic counts from an openai provider", "openai",
            R"({"usage":{"input_tokens":10,"cache_read_input_tokens":100,"output_tokens":1}})",
            {.input = 110, .cache_read = 100, .output = 1});
        row("anthropic names inside prompt_tokens", "openai",
            R"({"usage":{"prompt_tokens":110,"cache_read_input_tokens":100,"completion_tokens":1}})",
            {.input = 110, .cache_read = 100, .output = 1});
        row("image tokens", "openai",
            R"({"usage":{"input_tokens":50,"input_tokens_details":{"text_tokens":10,"image_tokens":40},"output_tokens":400,"output_tokens_details":{"image_tokens":400}}})",
            {.input = 50, .image_in = 40, .output = 400, .image_out = 400});
        row("cached audio", "openai",
            R"({"usage":{"input_tokens":100,"input_token_details":{"cached_tokens":60,"audio_tokens":80,"cached_tokens_details":{"audio_tokens":50}},"output_tokens":1}})",
            {.input = 100, .cache_read = 10, .audio_in = 30, .audio_cache_read = 50, .output = 1});
        row("moonshot", "openai", R"({"usage":{"prompt_tokens":10,"completion_tokens":1,"cached_tokens":4}})",
            {.input = 10, .cache_read = 4, .output = 1});
        row("cohere, written as fractions", "cohere",
            R"({"usage":{"billed_units":{"input_tokens":5.0,"output_tokens":2.0},"tokens":{"input_tokens":71,"output_tokens":2}}})",
            {.input = 5, .output = 2});
        row("deep research", "openai-reasoning-extra",
            R"({"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":60,"citation_tokens":7,"reasoning_tokens":30,"num_search_queries":2}})",
            {.input = 10,
             .output = 50,
             .reasoning = 30,
             .citation = 7,
             .units = {{"web_search", 2'000'000}}});
    }
    void readsEveryStyle()
    {
        QFETCH(std::string, style);
        QFETCH(std::string, json);
        QFETCH(Usage, usage);
        const auto facts = bodyFacts(json, usageStyle(style));
        QVERIFY(facts.usage.has_value());
        QVERIFY(*facts.usage == usage);
        QVERIFY(!facts.suspect);
        QVERIFY(!facts.malformed);
    }

    void gathersStreams_data()
    {
        QTest::addColumn<std::string>("style");
        QTest::addColumn<QStringList>("events");
        QTest::addColumn<Usage>("usage");
        const auto row = [](const char *name, std::string style, const QStringList &events, Usage usage) {
            QTest::newRow(name) << std::move(style) << events << std::move(usage);
        };
        using namespace Qt::StringLiterals;
        row("openai, usage in an extra chunk", "openai",
            {uR"({"choices":[{"delta":{"content":"hi"}}],"usage":null})"_s,
             uR"({"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":7,"total_tokens":12}})"_s,
             u"[DONE]"_s},
            {.input = 5, .output = 7});
        row("cumulative in every chunk is not added", "openai",
            {uR"({"choices":[{}],"usage":{"prompt_tokens":5,"completion_tokens":1}})"_s,
             uR"({"choices":[{}],"usage":{"prompt_tokens":5,"completion_tokens":2}})"_s,
             uR"({"choices":[{}],"usage":{"prompt_tokens":5,"completion_tokens":2}})"_s},
            {.input = 5, .output = 2});
        row("groq says it twice", "openai",
            {uR"({"choices":[{"delta":{}}],"x_groq":{"id":"r","usage":{"prompt_tokens":5,"completion_tokens":3}}})"_s,
             uR"({"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3}})"_s},
            {.input = 5, .output = 3});
        row("late, behind DONE", "openai",
            {u"[DONE]"_s, uR"({"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":3}})"_s},
            {.input = 5, .output = 3});
        row("anthropic", "anthropic",
            {uR"({"type":"message_start","message":{"model":"claude","content":[],"usage":{"input_tokens":21,"cache_read_input_tokens":100,"cache_creation_input_tokens":9,"output_tokens":1}}})"_s,
             uR"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hi"}})"_s,
             uR"({"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":40}})"_s},
            {.input = 130, .cache_read = 100, .cache_write = 9, .output = 40});
        row("anthropic repeats its input without the cache", "anthropic",
            {uR"({"type":"message_start","message":{"usage":{"input_tokens":21,"cache_read_input_tokens":100,"output_tokens":1}}})"_s,
             uR"({"type":"message_delta","delta":{},"usage":{"input_tokens":21,"output_tokens":4}})"_s},
            {.input = 121, .cache_read = 100, .output = 4});
        row("responses", "openai",
            {uR"({"type":"response.created","response":{"object":"response","status":"in_progress","usage":null}})"_s,
             uR"({"type":"response.completed","response":{"object":"response","status":"completed","usage":{"input_tokens":3,"output_tokens":1}}})"_s},
            {.input = 3, .output = 1});
        row("cohere", "cohere",
            {uR"({"type":"message-end","delta":{"finish_reason":"COMPLETE","usage":{"billed_units":{"input_tokens":9,"output_tokens":11}}}})"_s},
            {.input = 9, .output = 11});
        row("transcription", "openai",
            {uR"({"type":"transcript.text.done","text":"hi","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"audio_tokens":14},"output_tokens":2}})"_s},
            {.input = 14, .audio_in = 14, .output = 2});
        row("a bad count keeps the good one before it", "openai",
            {uR"({"choices":[{}],"usage":{"prompt_tokens":5,"completion_tokens":2}})"_s,
             uR"({"choices":[{}],"usage":{"prompt_tokens":-5,"completion_tokens":3}})"_s},
            {.input = 5, .output = 3});
    }
    void gathersStreams()
    {
        QFETCH(std::string, style);
        QFETCH(QStringList, events);
        QFETCH(Usage, usage);
        std::vector<std::string> each;
        for (const QString &one : events)
            each.push_back(one.toStdString());
        const auto facts = stream(each, usageStyle(style));
        QVERIFY(facts.usage.has_value());
        QVERIFY(*facts.usage == usage);
    }

    void dropsCountsThatCannotBe_data()
    {
        QTest::addColumn<std::string>("count");
        for (const char *count :
             {"-1", "1e30", "1000000001", "99999999999999999999", "NaN", "\"7\"", "true", "{}"})
            QTest::newRow(count) << std::string(count);
    }
    void dropsCountsThatCannotBe()
    {
        QFETCH(std::string, count);
        const auto facts = bodyFacts(R"({"usage":{"completion_tokens":3,"prompt_tokens":)" + count + "}}");
        QVERIFY(facts.suspect);
        QVERIFY(facts.usage.has_value());
        QVERIFY(*facts.usage == Usage{.output = 3});
    }

    void roundsFractions()
    {
        const auto facts = bodyFacts(R"({"usage":{"completion_tokens":3.4,"prompt_tokens":1.5}})");
        QVERIFY(!facts.suspect);
        QVERIFY(facts.usage == (Usage{.input = 2, .output = 3}));
    }

    void reportsNoUsageWhereThereIsNone_data()
    {
        QTest::addColumn<std::string>("json");
        for (const char *json :
             {"", "{}", "[DONE]", "not json", "{\"usage\":null}", "{\"usage\":{}}", "{\"usage\":7}",
              "{\"usage\":{\"prompt_tokens\":null}}", "{\"choices\":[]}"}) {
            QTest::newRow(*json ? json : "empty") << std::string(json);
        }
    }
    void reportsNoUsageWhereThereIsNone()
    {
        QFETCH(std::string, json);
        QVERIFY(!bodyFacts(json).usage);
        QVERIFY(!eventFacts(json).usage);
        QVERIFY(!bodyFacts(json).suspect);
    }

    void countsNothingForProvidersWithoutReports()
    {
        QVERIFY(!bodyFacts(R"({"usage":{"prompt_tokens":5}})", UsageStyle::None).usage);
    }

    void partsLargerThanTheWholeAreSuspect()
    {
        QVERIFY(bodyFacts(R"({"usage":{"prompt_tokens":5,"prompt_tokens_details":{"cached_tokens":6}}})")
                    .suspect);
    }

    void readsTheProvidersOwnCost()
    {
        QCOMPARE(bodyFacts(R"({"usage":{"prompt_tokens":1,"cost":0.0001234}})").cost_nano_usd.value(),
                 std::int64_t{123'400});
        QCOMPARE(bodyFacts(R"({"usage":{"cost":{"input":1,"total_cost":1.2e-05}}})").cost_nano_usd.value(),
                 std::int64_t{12'000});
        QVERIFY(!bodyFacts(R"({"usage":{"cost":-1}})").cost_nano_usd);
        QVERIFY(bodyFacts(R"({"usage":{"cost":-1}})").suspect);
    }

    void readsErrors_data()
    {
        QTest::addColumn<std::string>("json");
        QTest::addColumn<bool>("isError");
        QTest::addColumn<std::string>("code");
        QTest::addColumn<std::string>("message");
        const auto row
            = [](const char *name, std::string json, bool is_error, std::string code, std::string message) {
                  QTest::newRow(name) << std::move(json) << is_error << std::move(code) << std::move(message);
              };
        row("openai", R"({"error":{"message":"m","type":"t","param":null,"code":"c"}})", true, "c", "m");
        row("openai without a code", R"({"error":{"message":"m","type":"t","code":null}})", true, "t", "m");
        row("number beside a type", R"({"error":{"code":400,"message":"m","type":"BadRequestError"}})", true,
            "BadRequestError", "m");
        row("openrouter", R"({"error":{"code":502,"message":"m"},"choices":[{"finish_reason":"error"}]})",
            true, "502", "m");
        row("openrouter in a choice", R"({"choices":[{"error":{"code":502,"message":"m"}}]})", true, "502",
            "m");
        row("gemini", R"([{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED"}}])", true,
            "RESOURCE_EXHAUSTED", "m");
        row("anthropic", R"({"type":"error","error":{"type":"overloaded_error","message":"m"}})", true,
            "overloaded_error", "m");
        row("responses event", R"({"type":"error","code":"server_error","message":"m","param":null})", true,
            "server_error", "m");
        row("responses failed",
            R"({"type":"response.failed","response":{"error":{"code":"c","message":"m"}}})", true, "c", "m");
        row("vllm, flat", R"({"object":"error","message":"m","type":"NotFoundError","code":404})", true,
            "404", "m");
        row("xai", R"({"code":"bad","error":"m"})", true, "bad", "m");
        row("groq in a stream", R"({"choices":[],"x_groq":{"error":"m"}})", true, "", "m");
        row("fastapi", R"({"detail":"m"})", false, "", "m");
        row("flat message", R"({"message":"m"})", false, "", "m");
        row("null is none", R"({"error":null,"choices":[]})", false, "", "");
        row("false is none", R"({"error":false})", false, "", "");
    }
    void readsErrors()
    {
        QFETCH(std::string, json);
        QFETCH(bool, isError);
        QFETCH(std::string, code);
        QFETCH(std::string, message);
        const auto facts = eventFacts(json);
        QCOMPARE(facts.has_error, isError);
        QCOMPARE(facts.error_code, code);
        QCOMPARE(facts.error_message, message);
        QVERIFY(!facts.usage_only);
    }

    void knowsContent_data()
    {
        QTest::addColumn<std::string>("json");
        QTest::addColumn<int>("bytes"); // -1: content without text, -2: none
        const auto row = [](const char *name, std::string json, int bytes) {
            QTest::newRow(name) << std::move(json) << bytes;
        };
        row("role alone", R"({"choices":[{"delta":{"role":"assistant","content":""}}]})", -2);
        row("text", R"({"choices":[{"delta":{"content":"hello"}}]})", 5);
        row("text with escapes", "{\"choices\":[{\"delta\":{\"content\":\"\\u00e4\\n\"}}]}", 3);
        row("reasoning", R"({"choices":[{"delta":{"reasoning_content":"abc"}}]})", 3);
        row("reasoning in two forms",
            R"({"choices":[{"delta":{"reasoning":"abc","reasoning_details":[{"text":"abc"}]}}]})", 3);
        row("tool call begins",
            R"({"choices":[{"delta":{"tool_calls":[{"id":"c","function":{"name":"f","arguments":""}}]}}]})",
            -1);
        row("tool arguments",
            R"({"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}]})", 2);
        row("end", R"({"choices":[{"delta":{},"finish_reason":"stop"}]})", -2);
        row("delta beside the whole text",
            R"({"choices":[{"message":{"content":"hello you"},"delta":{"content":"you"}}]})", 3);
        row("legacy completion", R"({"choices":[{"text":"abcd"}]})", 4);
        row("message", R"({"choices":[{"message":{"role":"assistant","content":"hello"}}]})", 5);
        row("anthropic text", R"({"type":"content_block_delta","delta":{"type":"text_delta","text":"hi"}})",
            2);
        row("anthropic block begins",
            R"({"type":"content_block_start","content_block":{"type":"text","text":""}})", -2);
        row("anthropic tool begins",
            R"({"type":"content_block_start","content_block":{"type":"tool_use","id":"t","name":"f","input":{}}})",
            -1);
        row("anthropic signature",
            R"({"type":"content_block_delta","delta":{"type":"signature_delta","signature":"c2ln"}})", -2);
        row("anthropic start", R"({"type":"message_start","message":{"role":"assistant","content":[]}})", -2);
        row("ping", R"({"type":"ping"})", -2);
        row("responses delta", R"({"type":"response.output_text.delta","delta":"Hey"})", 3);
        row("responses done repeats", R"({"type":"response.output_text.done","text":"Hey"})", -2);
        row("responses item",
            R"({"type":"response.output_item.added","item":{"type":"message","content":[]}})", -2);
        row("responses audio", R"({"type":"response.audio.delta","delta":"AAAA"})", -1);
        row("responses completed",
            R"({"type":"response.completed","response":{"output":[{"content":[{"text":"Hey"}]}]}})", -2);
        row("speech", R"({"type":"speech.audio.delta","audio":"AAAA"})", -1);
        row("gemini", R"({"candidates":[{"content":{"parts":[{"text":"abc"}]}}]})", 3);
        row("cohere", R"({"type":"content-delta","delta":{"message":{"content":{"text":"abc"}}}})", 3);
        row("embedding", R"({"data":[{"embedding":[0.1]}]})", -1);
        row("mistral parts", R"({"choices":[{"delta":{"content":[{"type":"text","text":"abc"}]}}]})", 3);
    }
    void knowsContent()
    {
        QFETCH(std::string, json);
        QFETCH(int, bytes);
        const auto facts = eventFacts(json);
        QCOMPARE(facts.has_content, bytes != -2);
        QCOMPARE(int(facts.content_bytes), std::max(bytes, 0));
    }

    void knowsTheExtraUsageChunk()
    {
        QVERIFY(eventFacts(R"({"choices":[],"usage":{"prompt_tokens":5}})").usage_only);
        QVERIFY(eventFacts(R"({"usage":{"prompt_tokens":5}, "choices" : [ ] })").usage_only);
        QVERIFY(!eventFacts(R"({"choices":[],"prompt_filter_results":[]})").usage_only);
        QVERIFY(!eventFacts(R"({"choices":[],"usage":null})").usage_only);
        QVERIFY(!eventFacts(R"({"choices":[{"delta":{}}],"usage":{"prompt_tokens":5}})").usage_only);
        QVERIFY(!eventFacts(R"({"usage":{"prompt_tokens":5}})").usage_only);
    }

    void readsModelTierAndEnding()
    {
        const auto chat = eventFacts(
            R"({"model":"gpt-4o-2024","service_tier":"flex","choices":[{"finish_reason":"length"}]})");
        QCOMPARE(chat.model, "gpt-4o-2024");
        QCOMPARE(chat.service_tier, "flex");
        QCOMPARE(chat.finish_reason, "length");
        const auto start = eventFacts(
            R"({"type":"message_start","message":{"model":"claude","usage":{"service_tier":"batch"}}})");
        QCOMPARE(start.model, "claude");
        QCOMPARE(start.service_tier, "batch");
        QCOMPARE(eventFacts(R"({"type":"message_delta","delta":{"stop_reason":"tool_use"}})").finish_reason,
                 "tool_use");
        QCOMPARE(
            eventFacts(
                R"({"response":{"object":"response","status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}})")
                .finish_reason,
            "max_output_tokens");
        QCOMPARE(eventFacts(R"({"response":{"object":"response","status":"in_progress"}})").finish_reason,
                 "");
        QCOMPARE(
            eventFacts(R"({"modelVersion":"gemini","candidates":[{"finishReason":"STOP"}]})").finish_reason,
            "STOP");
    }

    void toldMalformedFromOdd()
    {
        QVERIFY(!bodyFacts("{\"x\":1}").malformed);
        QVERIFY(!bodyFacts(" [ ] ").malformed);
        for (const char *bad : {"", "<html>", "{\"a\":1", "{\"a\":", "{\"a\" 1}", "\"text\""})
            QVERIFY2(bodyFacts(bad).malformed, bad);
    }

    void cutsForeignTextAtACharacter()
    {
        std::string message;
        for (int i = 0; i < 1000; ++i)
            message += "\xE2\x82\xAC";
        const auto facts = eventFacts("{\"error\":\"" + message + "\"}");
        QCOMPARE(facts.error_message.size(), std::size_t{2046});
    }

    void estimatesFourBytesAToken()
    {
        QCOMPARE(estimatedTokens(0), std::int64_t{0});
        QCOMPARE(estimatedTokens(1), std::int64_t{1});
        QCOMPARE(estimatedTokens(4), std::int64_t{1});
        QCOMPARE(estimatedTokens(5), std::int64_t{2});
    }

    /// Found by fuzz_sse: simdjson threw on it.
    void takesANullWithATailForNoNumber()
    {
        dialect::ReplyReader reader;
        const auto facts
            = reader.event("{\"choices\":[],\"usage\":{\"prompt_tokens\":null5,\"completion_tokens\":7}}",
                           dialect::UsageStyle::OpenAi);
        QVERIFY(!facts.usage || facts.usage->input == 0);
    }
};

QTEST_APPLESS_MAIN(TestUsageReader)
#include "tst_usagereader.moc"
