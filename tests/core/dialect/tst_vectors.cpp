// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/errorkinds.h"
#include "core/dialect/streamtranslator.h"
#include "tests/core/dialect/vectors/clientstream.h"
#include "tests/core/dialect/vectors/jsonmatch.h"
#include "tests/core/dialect/vectors/vectorcase.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

namespace json = boost::json;
using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::vectors;

namespace {

const VectorCase &caseNamed(std::string_view id)
{
    static const std::vector<VectorCase> kCases = allCases();
    return *std::ranges::find(kCases, id, &VectorCase::id);
}

/// Rows for the cases of one kind that are about a client and a provider; the others have tests beside their
/// codecs.
void addRows(std::string_view kind)
{
    QTest::addColumn<std::string>("id");
    for (const VectorCase &vector : allCases()) {
        const auto *client = vector.json.if_contains("client_dialect");
        if (vector.kind == kind && client && client->is_string()
            && client->as_string() != "openai.embeddings")
            QTest::newRow(vector.id.c_str()) << vector.id;
    }
}

bool isAnthropicProvider(const VectorCase &vector)
{
    return vector.json.at("provider").as_string().find("anthropic") != json::string::npos;
}

/// N5: the arguments of calls compare as JSON.
void parseArguments(json::value &body)
{
    if (auto *array = body.if_array()) {
        for (auto &element : *array)
            parseArguments(element);
    } else if (auto *object = body.if_object()) {
        for (auto &[name, value] : *object) {
            if (name == "arguments" && value.is_string() && !value.as_string().empty())
                value = json::object{{"parsed", json::parse(value.as_string())}};
            else if (name == "arguments" && value.is_object() && value.as_object().contains("$json"))
                value = json::object{{"parsed", json::value(value.as_object().at("$json"))}};
            else
                parseArguments(value);
        }
    }
}

/// Who authenticates is the gateway, not the codec.
bool isCredential(std::string_view header)
{
    static constexpr std::array<std::string_view, 4> kHeaders{"authorization", "x-api-key", "api-key",
                                                              "x-goog-api-key"};
    return std::ranges::find(kHeaders, header) != kHeaders.end();
}

std::string translated(const VectorCase &vector, std::string_view bytes, const std::vector<std::size_t> &cuts)
{
    Exchange exchange = exchangeOf(vector);
    StreamTranslator translator(*providerOf(vector), *clientOf(vector), exchange);
    std::string out;
    std::size_t begin = 0;
    for (const std::size_t cut : cuts) {
        // A copy of its own, so that a view into an earlier piece is caught by the sanitizer.
        const std::string piece(bytes.substr(begin, cut - begin));
        translator.feed(piece, out);
        begin = cut;
    }
    const std::string rest(bytes.substr(begin));
    translator.feed(rest, out);
    translator.end(out);
    return out;
}

ClientView clientView(const VectorCase &vector, std::string_view stream)
{
    const std::string_view client = vector.json.at("client_dialect").as_string();
    if (client == "anthropic.messages")
        return readAnthropic(stream);
    if (client == "openai.responses")
        return readResponses(stream);
    const auto *context = vector.json.at("context").if_object();
    const auto *asked = context ? context->if_contains("include_usage") : nullptr;
    return readOpenAiChat(stream, asked && asked->as_bool());
}

} // namespace

class TestVectors : public QObject
{
    Q_OBJECT

private slots:
    void request_data() { addRows("request"); }
    void request();
    void response_data() { addRows("response"); }
    void response();
    void error_data() { addRows("error"); }
    void error();
    void stream_data() { addRows("stream"); }
    void stream();
    void streamIsTheSameHoweverItIsCut_data() { addRows("stream"); }
    void streamIsTheSameHoweverItIsCut();
};

void TestVectors::request()
{
    QFETCH(std::string, id);
    const VectorCase &vector = caseNamed(id);
    const auto body = JsonDocument::parse(json::serialize(vector.json.at("input")));
    QVERIFY(body);
    const auto decoded = clientOf(vector)->decodeRequest(*body);
    QVERIFY2(decoded, decoded ? "" : decoded.error().message.c_str());
    Exchange exchange = exchangeOf(vector);
    const auto sent = providerOf(vector)->encodeRequest(*decoded, exchange);
    QVERIFY2(sent, sent ? "" : sent.error().message.c_str());

    const json::object &expected = vector.json.at("expected").as_object();
    QCOMPARE(sent->path, std::string(expected.at("path").as_string()));
    if (const auto *headers = expected.if_contains("headers")) {
        for (const auto &[name, value] : headers->as_object()) {
            if (!isCredential(name))
                QCOMPARE(headerValue(sent->headers, name), std::string_view(value.as_string()));
        }
    }
    json::value actual_body = normalised(json::parse(sent->body), isAnthropicProvider(vector));
    json::value expected_body = normalised(expected.at("body"), isAnthropicProvider(vector));
    parseArguments(actual_body);
    parseArguments(expected_body);
    const std::string difference
        = JsonMatcher(JsonMatcher::Mode::Exact).difference(expected_body, actual_body);
    QVERIFY2(difference.empty(), difference.c_str());
}

void TestVectors::response()
{
    QFETCH(std::string, id);
    const VectorCase &vector = caseNamed(id);
    Exchange exchange = exchangeOf(vector);
    const auto reply = providerOf(vector)->decodeReply(replyOf(vector), exchange);
    QVERIFY2(reply, reply ? "" : reply.error().message.c_str());
    const json::value body = json::parse(clientOf(vector)->encodeReply(*reply, exchange));

    const json::object &expected = vector.json.at("expected").as_object();
    const std::string difference
        = JsonMatcher(JsonMatcher::Mode::Subset).difference(expected.at("body"), body);
    QVERIFY2(difference.empty(), (difference + "\n" + json::serialize(body)).c_str());
    if (const auto *absent = expected.if_contains("absent")) {
        for (const auto &pointer : absent->as_array()) {
            boost::system::error_code failure;
            const auto *found = body.find_pointer(pointer.as_string(), failure);
            QVERIFY2(!found || found->is_null(), pointer.as_string().c_str());
        }
    }
}

void TestVectors::error()
{
    QFETCH(std::string, id);
    const VectorCase &vector = caseNamed(id);
    const ApiError error = providerOf(vector)->decodeError(replyOf(vector));
    const json::object &expected = vector.json.at("expected").as_object();
    QCOMPARE(clientOf(vector)->statusFor(error), expected.at("status").to_number<int>());
    const json::value body = json::parse(clientOf(vector)->encodeError(error));
    const std::string difference
        = JsonMatcher(JsonMatcher::Mode::Subset).difference(expected.at("body"), body);
    QVERIFY2(difference.empty(), (difference + "\n" + json::serialize(body)).c_str());
    if (const auto *headers = expected.if_contains("headers")) {
        for (const auto &[name, value] : headers->as_object()) {
            QCOMPARE(std::string_view(name), std::string_view("retry-after"));
            QVERIFY(error.retry_after_ms);
            QCOMPARE(std::to_string((*error.retry_after_ms + 999) / 1000), std::string(value.as_string()));
        }
    }
}

void TestVectors::stream()
{
    QFETCH(std::string, id);
    const VectorCase &vector = caseNamed(id);
    const std::string bytes = bytesOf(vector, vector.json.at("input").at("file").as_string());
    const std::string out = translated(vector, bytes, {});
    const ClientView view = clientView(vector, out);
    QVERIFY2(view.violation.empty(), (view.violation + "\n" + out).c_str());

    const json::object &expected = vector.json.at("expected").as_object();
    const std::string difference
        = JsonMatcher(JsonMatcher::Mode::Subset).difference(expected.at("accumulated"), view.accumulated);
    QVERIFY2(difference.empty(), (difference + "\n" + out).c_str());
    if (vector.json.at("client_dialect").as_string() == "openai.chat") {
        const auto *done = expected.if_contains("done");
        QCOMPARE(view.done, !done || done->as_bool());
    }
    if (const auto *no_usage = expected.if_contains("no_usage_chunk"); no_usage && no_usage->as_bool())
        QVERIFY(!view.has_usage_chunk);
}

void TestVectors::streamIsTheSameHoweverItIsCut()
{
    QFETCH(std::string, id);
    const VectorCase &vector = caseNamed(id);
    const std::string bytes = bytesOf(vector, vector.json.at("input").at("file").as_string());
    const std::string whole = translated(vector, bytes, {});
    for (std::size_t cut = 1; cut < bytes.size(); ++cut)
        QVERIFY2(translated(vector, bytes, {cut}) == whole, std::to_string(cut).c_str());

    std::vector<std::size_t> every_byte(bytes.size());
    std::ranges::generate(every_byte, [at = std::size_t(0)]() mutable { return ++at; });
    QCOMPARE(translated(vector, bytes, every_byte), whole);

    std::mt19937 dice(7); // NOLINT(cert-msc51-cpp): the same pieces every time
    for (int round = 0; round < 20; ++round) {
        std::vector<std::size_t> cuts;
        for (std::size_t at = dice() % 40; at < bytes.size(); at += 1 + dice() % 60)
            cuts.push_back(at);
        QCOMPARE(translated(vector, bytes, cuts), whole);
    }
}

QTEST_GUILESS_MAIN(TestVectors)
#include "tst_vectors.moc"
