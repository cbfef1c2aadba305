// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/platform.h"
#include "core/dialect/anthropic/tokenestimate.h"
#include "tests/core/dialect/anthropic/codeccase.h"

#include <QTest>

#include <array>
#include <random>
#include <vector>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::anthropic;

namespace {

constexpr int kRounds = 4000;

constexpr std::string_view kRequest
    = R"({"model":"m","max_tokens":9000,"stream":true,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],)"
      R"("thinking":{"type":"enabled","budget_tokens":4096},"output_config":{"effort":"low","format":{"type":"json_schema","schema":{"type":"object"}}},)"
      R"("tools":[{"name":"f.g","input_schema":{"properties":{}}},{"type":"web_search_20250305","name":"web_search","cache_control":{"type":"ephemeral"}}],)"
      R"("tool_choice":{"type":"tool","name":"f.g"},"temperature":0.5,"stop_sequences":["a"],"metadata":{"user_id":"u"},)"
      R"("messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}},)"
      R"({"type":"document","source":{"type":"text","data":"d"},"citations":{"enabled":true}},{"type":"text","text":"q"}]},)"
      R"({"role":"assistant","content":[{"type":"thinking","thinking":"h","signature":"s"},{"type":"tool_use","id":"a b","name":"f.g","input":{"x":1}},)"
      R"({"type":"server_tool_use","id":"s","name":"n","input":{}}]},)"
      R"({"role":"user","content":[{"type":"text","text":"t"},{"type":"tool_result","tool_use_id":"a b","content":[{"type":"text","text":"r"}]}]}]})";

std::string stream()
{
    return sseEvent("message_start", R"("message":{"id":"msg_1","model":"m","usage":{"input_tokens":3}})")
        + sseEvent("content_block_start", R"("index":0,"content_block":{"type":"thinking","thinking":"h"})")
        + sseEvent("content_block_delta", R"("index":0,"delta":{"type":"signature_delta","signature":"s"})")
        + sseEvent("content_block_stop", R"("index":0)")
        + sseEvent("content_block_start",
                   R"("index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}})")
        + sseEvent("content_block_delta",
                   R"("index":1,"delta":{"type":"input_json_delta","partial_json":"{}"})")
        + sseEvent("content_block_stop", R"("index":1)")
        + sseEvent("content_block_start",
                   R"("index":2,"content_block":{"type":"server_tool_use","input":{}})")
        + sseEvent("content_block_delta",
                   R"("index":2,"delta":{"type":"input_json_delta","partial_json":"{}"})")
        + sseEvent("content_block_stop", R"("index":2)")
        + sseEvent("message_delta", R"("delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2})")
        + sseEvent("message_stop", "");
}

/// One to four places of the text changed, doubled or left out; the same ones every time.
class Damage
{
public:
    std::string of(std::string text)
    {
        static constexpr std::array<std::string_view, 10> kPieces{"\"", "{",    "}",    "[",     "]",
                                                                  ",",  "null", "\xff", "1e999", "\\u0000"};
        for (std::size_t count = 1 + pick(4); count > 0 && !text.empty(); --count) {
            const std::size_t at = pick(text.size());
            const std::size_t size = std::min(pick(12), text.size() - at);
            if (pick(2) == 0)
                text.replace(at, size, kPieces.at(pick(kPieces.size())));
            else if (pick(2) == 0)
                text.insert(at, text.substr(pick(text.size()), size));
            else
                text.erase(at, size);
        }
        return text;
    }

private:
    std::size_t pick(std::size_t below) { return m_dice() % below; }

    std::mt19937 m_dice{11}; // NOLINT(cert-msc51-cpp): the same damage every time
};

bool isOneJson(const std::string &text)
{
    return validateJson(text).has_value();
}

std::size_t countOf(std::string_view text, std::string_view what)
{
    std::size_t count = 0;
    for (std::size_t found = text.find(what); found != std::string_view::npos;
         found = text.find(what, found + 1))
        ++count;
    return count;
}

} // namespace

class TestDamagedBytes : public QObject
{
    Q_OBJECT

private slots:
    void requestsAreRefusedOrWrittenAsJson_data();
    void requestsAreRefusedOrWrittenAsJson();
    void repliesAreRefusedOrWrittenAsJson();
    void streamsEndOnce_data();
    void streamsEndOnce();
};

void TestDamagedBytes::requestsAreRefusedOrWrittenAsJson_data()
{
    QTest::addColumn<Capabilities>("capabilities");
    QTest::addColumn<Platform>("platform");
    QTest::newRow("unknown model") << Capabilities{} << Platform::Own;
    QTest::newRow("budget") << Capabilities{.thinking = ThinkingStyle::Budget, .max_output_tokens = 5000}
                            << Platform::BedrockInvoke;
    QTest::newRow("adaptive") << Capabilities{.thinking = ThinkingStyle::Adaptive, .structured_outputs = true}
                              << Platform::Vertex;
}

void TestDamagedBytes::requestsAreRefusedOrWrittenAsJson()
{
    QFETCH(Capabilities, capabilities);
    QFETCH(Platform, platform);
    Damage damage;
    int written = 0;
    for (int round = 0; round < kRounds; ++round) {
        const auto body = JsonDocument::parse(damage.of(std::string(kRequest)));
        if (!body)
            continue;
        Exchange exchange = exchangeFor(capabilities, platform);
        if (const auto native = nativeRequest(*body, exchange.target, {})) {
            std::string edited;
            for (const std::string_view piece : applyEdits(body->text(), native->edits))
                edited += piece;
            QVERIFY2(isOneJson(edited), body->text().c_str());
        }
        const auto request = clientCodec(Dialect::Anthropic)->decodeRequest(*body);
        if (!request)
            continue;
        QVERIFY(estimateTokens(*request) > 0);
        const auto wire = providerCodec(Dialect::Anthropic, platform)->encodeRequest(*request, exchange);
        QVERIFY2(!wire || isOneJson(wire->body), body->text().c_str());
        written += wire ? 1 : 0;
    }
    QVERIFY(written > 10);
}

void TestDamagedBytes::repliesAreRefusedOrWrittenAsJson()
{
    const std::string reply
        = R"({"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"h","signature":"s"},)"
          R"({"type":"text","text":"t","citations":[{"url":"https://a","title":"b"}]},{"type":"tool_use","id":"t","name":"f","input":{"a":1}},)"
          R"({"type":"server_tool_use","id":"s","name":"n","input":{}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}})";
    Damage damage;
    int written = 0;
    for (int round = 0; round < kRounds; ++round) {
        const std::string body = damage.of(reply);
        for (const Dialect client : {Dialect::Anthropic, Dialect::OpenAiChat}) {
            Exchange exchange = exchangeFor();
            const auto answer
                = providerCodec(Dialect::Anthropic, Platform::Own)->decodeReply({.body = body}, exchange);
            if (!answer)
                continue;
            QVERIFY2(isOneJson(clientCodec(client)->encodeReply(*answer, exchange)), body.c_str());
            ++written;
        }
    }
    QVERIFY(written > 10);
}

void TestDamagedBytes::streamsEndOnce_data()
{
    QTest::addColumn<Dialect>("client");
    QTest::addColumn<std::string>("end");
    QTest::addColumn<std::string>("failure");
    QTest::newRow("Anthropic") << Dialect::Anthropic << std::string("event: message_stop\n")
                               << std::string("event: error\n");
    QTest::newRow("OpenAI") << Dialect::OpenAiChat << std::string("data: [DONE]\n")
                            << std::string("data: {\"error\":");
}

void TestDamagedBytes::streamsEndOnce()
{
    QFETCH(Dialect, client);
    QFETCH(std::string, end);
    QFETCH(std::string, failure);
    const std::string whole = stream();
    Damage damage;
    std::array<int, 2> seen{};
    for (int round = 0; round < kRounds; ++round) {
        const std::string bytes = damage.of(whole);
        Exchange exchange = exchangeFor();
        exchange.schema_tool = round % 2 == 0 ? "" : "f";
        const std::string out = streamed(client, bytes, exchange);
        const std::size_t ends = countOf(out, end);
        const std::size_t failures = countOf(out, failure);
        QVERIFY2(ends + failures == 1, (bytes + "\n----\n" + out).c_str());
        ++seen.at(ends);
    }
    QVERIFY(seen.at(0) > 10 && seen.at(1) > 10);
}

QTEST_APPLESS_MAIN(TestDamagedBytes)
#include "tst_damagedbytes.moc"
