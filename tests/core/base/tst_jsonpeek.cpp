// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonpeek.h"

#include <QTest>

#include <chrono>
#include <string>

using namespace portolan;

namespace {

Result<RequestPeek> peek(std::string body)
{
    padForJson(body);
    JsonPeek reader;
    return reader.request(body);
}

std::string_view at(std::string_view body, ByteRange range)
{
    return body.substr(range.offset, range.size);
}

} // namespace

class TestJsonPeek : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatRoutingNeeds()
    {
        const std::string body
            = R"( { "model" : "gpt-4o" , "messages":[{"role":"user","content":"hi","model":"no"}],
            "stream":true,"stream_options": {"x":1,"include_usage" : false } ,"user":"me","service_tier":"flex",
            "max_tokens":10,"max_completion_tokens":20 } )";
        const auto seen = peek(body);
        QVERIFY(seen);
        QCOMPARE(seen->model.value(), "gpt-4o");
        QVERIFY(at(body, seen->model_value) == "\"gpt-4o\"");
        QCOMPARE(seen->stream, std::optional(true));
        QCOMPARE(seen->include_usage, std::optional(false));
        QVERIFY(at(body, seen->include_usage_value.value()) == "false");
        QVERIFY(at(body, seen->stream_options.value()) == R"({"x":1,"include_usage" : false })");
        QCOMPARE(seen->stream_options, seen->stream_options_value);
        QCOMPARE(seen->user.value(), "me");
        QCOMPARE(seen->service_tier.value(), "flex");
        QCOMPARE(seen->max_tokens.value(), std::int64_t{20});
        QCOMPARE(seen->prompt_bytes,
                 std::string_view(R"([{"role":"user","content":"hi","model":"no"}])").size());
        QCOMPARE(seen->object_open, std::size_t{2});
        QVERIFY(!seen->object_empty);
    }

    void readsUnusualBodies()
    {
        auto seen = peek("{}");
        QVERIFY(seen && seen->object_empty && !seen->model && !seen->stream);
        QCOMPARE(seen->object_open, std::size_t{1});

        const std::string escaped = "{\"m\\u006fdel\":\"a\\/b\\\"c\"}";
        seen = peek(escaped);
        QVERIFY(seen);
        QCOMPARE(seen->model.value(), "a/b\"c");
        QVERIFY(at(escaped, seen->model_value) == "\"a\\/b\\\"c\"");

        seen = peek(R"({"model":4,"stream":"true","stream_options":null,"max_tokens":1.5,"user":{}})");
        QVERIFY(seen && !seen->model && !seen->stream && !seen->stream_options && !seen->max_tokens
                && !seen->user);
        QVERIFY(seen->stream_options_value);

        QCOMPARE(peek(R"({"max_output_tokens":7})")->max_tokens.value(), std::int64_t{7});
        QCOMPARE(peek(R"({"input":"abc"})")->prompt_bytes, std::size_t{5});
    }

    void passesNumbersOfAnySize()
    {
        const std::string body = R"({"seed":123456789012345678901234567890,"x":[1e400],"model":"m"})";
        const auto seen = peek(body);
        QVERIFY(seen);
        QVERIFY(at(body, seen->model_value) == "\"m\"");
    }

    void refuses_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("code");
        const auto row = [](const char *name, std::string body, std::string code) {
            QTest::newRow(name) << std::move(body) << std::move(code);
        };
        row("nothing", "", "json.syntax");
        row("an array", "[]", "json.not_an_object");
        row("a string", R"("model")", "json.not_an_object");
        row("not JSON", "model=gpt", "json.syntax");
        row("NaN", R"({"temperature":NaN})", "json.syntax");
        row("a bad number beside a big one", R"({"a":1e400,"b":01})", "json.syntax");
        row("invalid UTF-8", "{\"a\":\"\xff\"}", "json.encoding");
        row("two models", R"({"model":"a","stream":true,"model":"b"})", "json.duplicate_member");
        row("two models, one with escapes", "{\"model\":\"a\",\"\\u006dodel\":\"b\"}",
            "json.duplicate_member");
        row("two of another name", R"({"x":1,"x":1})", "json.duplicate_member");
        row("too deep", "{\"a\":" + std::string(128, '[') + std::string(128, ']') + "}", "json.too_deep");
        row("too deep with big numbers",
            "{\"b\":1e400,\"a\":" + std::string(128, '[') + std::string(128, ']') + "}", "json.too_deep");
        row("very deep", "{\"a\":" + std::string(100'000, '['), "json.too_deep");
        row("cut off", "{\"model\":\"gp", "json.syntax");
        row("something behind it", "{} {}", "json.syntax");
    }
    void refuses()
    {
        QFETCH(std::string, body);
        QFETCH(std::string, code);
        const auto seen = peek(body);
        QVERIFY(!seen);
        QCOMPARE(seen.error().code, code);
        QVERIFY(seen.error().origin == Origin::Client);
    }

    void namesTheByte() { QVERIFY(peek(R"({"a":1,})").error().message.contains("byte 7")); }

    void allowsTheFullDepth()
    {
        QVERIFY(peek("{\"a\":" + std::string(127, '[') + std::string(127, ']') + "}"));
        QVERIFY(peek("{\"a\":" + std::string(126, '[') + "{}" + std::string(126, ']') + "}"));
    }

    void boundsTheNodes()
    {
        std::string ids = "{\"input\":[1";
        for (int i = 1; i < 1'999'998; ++i)
            ids += ",1";
        QVERIFY(peek(ids + "]}")); // with the list and the object 2,000,000
        QCOMPARE(peek(ids + ",1]}").error().code, "json.too_many_nodes");
    }

    void worksWithoutPaddingAndAgainAfterErrors()
    {
        JsonPeek reader;
        std::string tight = R"({"model":"a-name-that-is-too-long-for-the-small-string"})";
        tight.shrink_to_fit();
        QVERIFY(reader.request(tight));
        QVERIFY(!reader.request("{"));
        QVERIFY(!reader.request(R"({"a":1,"a":2})"));
        const auto seen = reader.request(tight);
        QVERIFY(seen && seen->model == "a-name-that-is-too-long-for-the-small-string");
    }

    void manyNamesCostLittle()
    {
        std::string body = "{";
        for (int i = 0; i < 100'000; ++i)
            body += "\"\\u0061" + std::to_string(i) + "\":1,";
        body += "\"model\":\"m\"}";
        const auto begin = std::chrono::steady_clock::now();
        QCOMPARE(peek(body)->model.value(), "m");
        QVERIFY(std::chrono::steady_clock::now() - begin
                < std::chrono::seconds(5)); // quadratic work: minutes
    }
};

QTEST_APPLESS_MAIN(TestJsonPeek)
#include "tst_jsonpeek.moc"
