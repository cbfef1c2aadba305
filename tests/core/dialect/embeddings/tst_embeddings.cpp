// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/embeddings/embeddings.h"
#include "core/dialect/embeddings/floats.h"
#include "core/dialect/errorkinds.h"
#include "tests/core/dialect/vectors/jsonmatch.h"
#include "tests/core/dialect/vectors/vectorcase.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::embeddings;
namespace json = boost::json;
using vectors::JsonMatcher;
using vectors::VectorCase;

namespace {

JsonDocument parsed(const std::string &text)
{
    auto document = JsonDocument::parse(text);
    if (!document)
        throw std::runtime_error(document.error().message);
    return *std::move(document);
}

EmbeddingsRequest requestOf(const std::string &text)
{
    auto request = embeddings::decodeRequest(parsed(text));
    if (!request)
        throw std::runtime_error(request.error().message);
    return *std::move(request);
}

Target openAi(std::string provider)
{
    return {.dialect = Dialect::OpenAiChat, .flavour = {.provider = std::move(provider)}, .model = "m"};
}
Target cohere()
{
    return {.dialect = Dialect::CohereChat, .model = "embed-v4.0"};
}
Target gemini(std::string model = "gemini-embedding-001")
{
    return {.dialect = Dialect::Gemini, .model = std::move(model)};
}
Target bedrock(std::string model)
{
    return {.dialect = Dialect::BedrockConverse, .model = std::move(model)};
}
Target vertex(std::string model = "text-embedding-005")
{
    return {.dialect = Dialect::Gemini,
            .platform = Platform::Vertex,
            .model = std::move(model),
            .region = "europe-west1",
            .project = "p-1"};
}
/// "cohere", "gemini", "vertex", a model of Bedrock's, or a relative of OpenAI's.
Target targetNamed(const std::string &name)
{
    if (name == "cohere")
        return cohere();
    if (name == "gemini")
        return gemini();
    if (name == "vertex")
        return vertex();
    return name.find('.') != std::string::npos ? bedrock(name) : openAi(name);
}

Exchange exchangeTo(Target target)
{
    Exchange exchange(1);
    exchange.target = std::move(target);
    exchange.requested_model = "asked";
    return exchange;
}

/// Bodies of the calls that the request becomes; the error's code and place where it can't.
std::vector<std::string> bodiesOf(const std::string &request, const Target &target)
{
    Exchange exchange = exchangeTo(target);
    const auto calls = embeddingsProvider(target)->encode(requestOf(request), exchange);
    if (!calls)
        return {"error " + calls.error().where};
    std::vector<std::string> bodies;
    for (const EmbeddingsCall &call : *calls)
        bodies.push_back(call.wire.body);
    return bodies;
}

/// What an OpenAI client reads of these answers, one for each call; "error" and its code else.
std::string answerOf(const std::string &request, const Target &target, const std::vector<WireReply> &replies)
{
    Exchange exchange = exchangeTo(target);
    const EmbeddingsRequest asked = requestOf(request);
    const auto calls = embeddingsProvider(target)->encode(asked, exchange);
    if (!calls || calls->size() != replies.size())
        return "not so many calls";
    std::vector<EmbeddingsReply> read;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        auto reply = embeddingsProvider(target)->decode(replies[i], (*calls)[i], exchange);
        if (!reply)
            return "error " + reply.error().code;
        read.push_back(*std::move(reply));
    }
    const auto body = encodeReply(joined(std::move(read)), asked, exchange);
    return body ? *body : "error " + body.error().code;
}

std::string textsOf(std::size_t count)
{
    std::string body = R"({"model":"x","input":[)";
    for (std::size_t i = 0; i < count; ++i)
        body += (i == 0 ? "\"" : ",\"") + std::to_string(i) + '"';
    return body + "]}";
}

} // namespace

class TestEmbeddings : public QObject
{
    Q_OBJECT

private slots:
    void vectors_data()
    {
        QTest::addColumn<std::string>("id");
        for (const VectorCase &vector : vectors::allCases()) {
            const auto *client = vector.json.if_contains("client_dialect");
            if (client && *client == "openai.embeddings")
                QTest::newRow(vector.id.c_str()) << vector.id;
        }
    }

    void vectors()
    {
        QFETCH(std::string, id);
        const auto cases = vectors::allCases();
        const VectorCase &vector = *std::ranges::find(cases, id, &VectorCase::id);
        const auto &context = vector.json.at("context").as_object();
        const auto &expected = vector.json.at("expected").as_object();
        const std::string_view provider = vector.json.at("provider").as_string();
        Target target = provider == "gemini" ? gemini() : provider == "cohere" ? cohere() : bedrock("");
        target.model = context.at("provider_model").as_string();
        Exchange exchange = exchangeTo(target);
        if (vector.kind == "request") {
            const auto calls = embeddingsProvider(target)->encode(
                requestOf(json::serialize(vector.json.at("input"))), exchange);
            QVERIFY(calls);
            const auto *many = context.if_contains("calls");
            QCOMPARE(calls->size(), many ? many->to_number<std::size_t>() : 1U);
            const auto *number = context.if_contains("call_index");
            const WireRequest &wire = (*calls)[number ? number->to_number<std::size_t>() : 0].wire;
            QCOMPARE(wire.path, std::string(expected.at("path").as_string()));
            for (const auto &[name, value] : expected.at("headers").as_object()) {
                if (value.is_string()) // else a credential, which is the gateway's
                    QCOMPARE(headerValue(wire.headers, name), std::string_view(value.as_string()));
            }
            const std::string difference = JsonMatcher(JsonMatcher::Mode::Exact)
                                               .difference(expected.at("body"), json::parse(wire.body));
            QVERIFY2(difference.empty(), difference.c_str());
        } else {
            EmbeddingsRequest request{.model = "asked", .texts = {"a", "b"}};
            request.base64 = context.at("encoding_format") == "base64";
            const auto calls = embeddingsProvider(target)->encode(request, exchange);
            QVERIFY(calls);
            const auto reply
                = embeddingsProvider(target)->decode(vectors::replyOf(vector), calls->front(), exchange);
            QVERIFY(reply);
            const auto body = encodeReply(*reply, request, exchange);
            QVERIFY(body);
            const std::string difference
                = JsonMatcher(JsonMatcher::Mode::Subset).difference(expected.at("body"), json::parse(*body));
            QVERIFY2(difference.empty(), difference.c_str());
        }
    }

    void readsWhatClientsSend_data()
    {
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("texts");  // joined by '|'
        QTest::addColumn<std::string>("tokens"); // likewise
        QTest::addColumn<std::string>("error");  // the place
        const auto good = [](const char *name, const char *input, const char *texts, const char *tokens) {
            QTest::newRow(name) << R"({"model":"m","input":)" + std::string(input) + '}' << std::string(texts)
                                << std::string(tokens) << std::string();
        };
        const auto bad = [](const char *name, const char *members, const char *error) {
            QTest::newRow(name) << R"({"model":"m",)" + std::string(members) + '}' << std::string()
                                << std::string() << std::string(error);
        };
        good("one text", R"("hi")", "hi", "");
        good("texts", R"(["a","b"])", "a|b", "");
        good("one array of tokens", "[1, 2]", "", "[1,2]");
        good("arrays of tokens", "[[1],[2,3]]", "", "[1]|[2,3]");
        bad("no input", R"("user":"u")", "/input");
        bad("an empty text", R"("input":"")", "/input");
        bad("an empty array", R"("input":[])", "/input");
        bad("an empty text in the array", R"("input":["a",""])", "/input/1");
        bad("texts and tokens", R"("input":["a",[1]])", "/input");
        bad("negative tokens", R"("input":[-1])", "/input/0");
        bad("fractions of tokens", R"("input":[[1.5]])", "/input/0");
        bad("null", R"("input":[null])", "/input/0");
        bad("no dimensions", R"("input":"a","dimensions":0)", "/dimensions");
        bad("dimensions in words", R"("input":"a","dimensions":"many")", "/dimensions");
        bad("huge dimensions", R"("input":"a","dimensions":1e300)", "/dimensions");
        bad("another format", R"("input":"a","encoding_format":"hex")", "/encoding_format");
        bad("a user that is none", R"("input":"a","user":{})", "/user");
        QTest::newRow("no model") << std::string(R"({"input":"a"})") << std::string() << std::string()
                                  << std::string("/model");
        QTest::newRow("too many") << textsOf(2049) << std::string() << std::string() << std::string("/input");
    }

    void readsWhatClientsSend()
    {
        QFETCH(std::string, body);
        QFETCH(std::string, texts);
        QFETCH(std::string, tokens);
        QFETCH(std::string, error);
        const auto request = embeddings::decodeRequest(parsed(body));
        QCOMPARE(request ? "" : request.error().where, error);
        if (!request)
            return;
        std::string read;
        for (const std::string &text : request->texts)
            read += (read.empty() ? "" : "|") + text;
        QCOMPARE(read, texts);
        read.clear();
        for (const RawJson &array : request->tokens)
            read += (read.empty() ? "" : "|") + array.text;
        QCOMPARE(read, tokens);
    }

    void saysItInEachProvidersWords_data()
    {
        QTest::addColumn<std::string>("target");
        QTest::addColumn<std::string>("request");
        QTest::addColumn<std::string>("body");
        const auto row = [](const char *name, const char *target, const char *members, const char *body) {
            QTest::newRow(name) << std::string(target) << R"({"model":"x",)" + std::string(members) + '}'
                                << std::string(body);
        };
        row("OpenAI", "openai", R"("input":["a"],"dimensions":8,"encoding_format":"base64","user":"u")",
            R"({"model":"m","input":["a"],"dimensions":8,"encoding_format":"base64","user":"u"})");
        row("OpenAI, tokens", "openai", R"("input":[1,2])",
            R"({"model":"m","input":[[1,2]],"encoding_format":"float"})");
        row("a relative asked for base64", "vllm",
            R"("input":"a","encoding_format":"base64","truncate_prompt_tokens":5)",
            R"({"model":"m","input":["a"],"truncate_prompt_tokens":5})");
        row("Mistral", "mistral-ai", R"("input":"a","dimensions":8,"user":"u","other":1)",
            R"({"model":"m","input":["a"],"output_dimension":8})");
        row("Mistral, tokens", "mistral-ai", R"("input":[1])", "error /input");
        row("Voyage", "voyage", R"("input":"a","dimensions":8,"input_type":"search_query")",
            R"({"model":"m","input":["a"],"output_dimension":8,"input_type":"query"})");
        row("Jina", "jina", R"("input":"a","dimensions":8,"input_type":"search_document")",
            R"({"model":"m","input":["a"],"dimensions":8,"task":"retrieval.passage"})");
        row("Cohere", "cohere", R"("input":"a","dimensions":8,"input_type":"search_query","truncate":"END")",
            R"({"model":"m","texts":["a"],"input_type":"search_query","embedding_types":["float"],)"
            R"("output_dimension":8,"truncate":"END"})");
        row("Cohere, tokens", "cohere", R"("input":[1])", "error /input");
        row("Gemini", "gemini", R"("input":"a","input_type":"search_query")",
            R"({"requests":[{"model":"models/m","content":{"parts":[{"text":"a"}]},)"
            R"("taskType":"RETRIEVAL_QUERY"}]})");
        row("Gemini, tokens", "gemini", R"("input":[1])", "error /input");
        row("Titan V1", "amazon.titan-embed-text-v1", R"("input":"a")", R"({"inputText":"a"})");
        row("Titan V1, dimensions", "amazon.titan-embed-text-v1", R"("input":"a","dimensions":8)",
            "error /dimensions");
        row("Titan V2", "us.amazon.titan-embed-text-v2:0", R"("input":"a")",
            R"({"inputText":"a","normalize":true})");
        row("Titan Multimodal", "amazon.titan-embed-image-v1", R"("input":"a","dimensions":256)",
            R"({"inputText":"a","embeddingConfig":{"outputEmbeddingLength":256}})");
        row("Nova", "amazon.nova-2-multimodal-embeddings-v1:0",
            R"("input":"a","dimensions":384,"input_type":"search_query","truncate":"END")",
            R"({"taskType":"SINGLE_EMBEDDING","singleEmbeddingParams":{"embeddingPurpose":"TEXT_RETRIEVAL",)"
            R"("embeddingDimension":384,"text":{"truncationMode":"END","value":"a"}}})");
        row("Nova, the least", "amazon.nova-2-multimodal-embeddings-v1:0", R"("input":"a")",
            R"({"taskType":"SINGLE_EMBEDDING","singleEmbeddingParams":{"embeddingPurpose":"GENERIC_INDEX",)"
            R"("text":{"truncationMode":"NONE","value":"a"}}})");
        row("Vertex", "vertex",
            R"("input":["a","b"],"dimensions":8,"input_type":"search_query","truncate":"NONE")",
            R"({"instances":[{"content":"a","task_type":"RETRIEVAL_QUERY"},)"
            R"({"content":"b","task_type":"RETRIEVAL_QUERY"}],)"
            R"("parameters":{"outputDimensionality":8,"autoTruncate":false}})");
        row("Vertex, the least", "vertex", R"("input":"a")",
            R"({"instances":[{"content":"a"}],"parameters":{}})");
        row("Vertex, tokens", "vertex", R"("input":[1])", "error /input");
        row("Cohere 3 on Bedrock", "cohere.embed-english-v3", R"("input":"a")",
            R"({"texts":["a"],"input_type":"search_document","embedding_types":["float"]})");
        row("Cohere 3 on Bedrock, dimensions", "cohere.embed-english-v3", R"("input":"a","dimensions":8)",
            "error /dimensions");
        row("Cohere 4 on Bedrock", "arn:aws:bedrock:us-east-1:1:inference-profile/us.cohere.embed-v4:0",
            R"("input":"a","dimensions":8)",
            R"({"texts":["a"],"input_type":"search_document","embedding_types":["float"],)"
            R"("output_dimension":8})");
    }

    void saysItInEachProvidersWords()
    {
        QFETCH(std::string, target);
        QFETCH(std::string, request);
        QFETCH(std::string, body);
        Target to = targetNamed(target);
        if (to.dialect != Dialect::BedrockConverse)
            to.model = "m";
        QCOMPARE(bodiesOf(request, to), std::vector{body});
    }

    void hasNoEmbeddingsWhereThereAreNone()
    {
        QVERIFY(!embeddingsProvider({.dialect = Dialect::Anthropic}));
        QVERIFY(!embeddingsProvider(bedrock("anthropic.claude-opus-5")));
        QVERIFY(!embeddingsProvider(bedrock("arn:aws:bedrock:us-east-1:1:provisioned-model/abc")));
    }

    void knowsAzuresPath()
    {
        Target target = openAi("azure-openai");
        target.platform = Platform::Azure;
        target.deployment = "my emb";
        target.api_version = "2024-10-21";
        Exchange exchange = exchangeTo(target);
        const auto calls = embeddingsProvider(target)->encode(requestOf(textsOf(1)), exchange);
        QCOMPARE(calls->front().wire.path, "/openai/deployments/my%20emb/embeddings?api-version=2024-10-21");
    }

    void knowsVertexsPath()
    {
        const Target target = vertex("gemini-embedding-001");
        Exchange exchange = exchangeTo(target);
        const auto calls = embeddingsProvider(target)->encode(requestOf(textsOf(2)), exchange);
        QCOMPARE(calls->size(), std::size_t(2)); // this model takes one text at once
        QCOMPARE(calls->front().wire.path,
                 "/v1/projects/p-1/locations/europe-west1/publishers/google/models/"
                 "gemini-embedding-001:predict");
        for (const char *nowhere : {"", ".", ".."}) {
            Exchange there = exchangeTo(vertex(nowhere));
            QVERIFY(!embeddingsProvider(target)->encode(requestOf(textsOf(1)), there));
        }
    }

    void splitsAndJoinsInOrder_data()
    {
        QTest::addColumn<std::string>("target");
        QTest::addColumn<std::size_t>("inputs");
        QTest::addColumn<std::size_t>("calls");
        QTest::newRow("Cohere") << std::string("cohere") << std::size_t(200) << std::size_t(3);
        QTest::newRow("Cohere on Bedrock")
            << std::string("cohere.embed-v4:0") << std::size_t(97) << std::size_t(2);
        QTest::newRow("Gemini") << std::string("gemini") << std::size_t(201) << std::size_t(3);
        QTest::newRow("Titan") << std::string("amazon.titan-embed-text-v2:0") << std::size_t(5)
                               << std::size_t(5);
    }

    void splitsAndJoinsInOrder()
    {
        QFETCH(std::string, target);
        QFETCH(std::size_t, inputs);
        QFETCH(std::size_t, calls);
        const Target to = targetNamed(target);
        Exchange exchange = exchangeTo(to);
        const EmbeddingsRequest request = requestOf(textsOf(inputs));
        const auto made = embeddingsProvider(to)->encode(request, exchange);
        QVERIFY(made);
        QCOMPARE(made->size(), calls);
        std::vector<EmbeddingsReply> replies;
        std::size_t next = 0; // each input's vector holds its number
        for (const EmbeddingsCall &call : *made) {
            std::string arrays;
            for (std::size_t i = 0; i < call.inputs; ++i, ++next) {
                const std::string array = '[' + std::to_string(next) + ']';
                arrays += (i == 0 ? "" : ",")
                    + (to.dialect == Dialect::Gemini ? R"({"values":)" + array + '}' : array);
            }
            const std::string body = target.starts_with("amazon.")
                ? R"({"embedding":)" + arrays + R"(,"inputTextTokenCount":2})"
                : R"({"embeddings":[)" + arrays + "]}";
            auto reply = embeddingsProvider(to)->decode({.body = body}, call, exchange);
            QVERIFY(reply);
            replies.push_back(*std::move(reply));
        }
        const EmbeddingsReply whole = joined(std::move(replies));
        QCOMPARE(whole.data.size(), inputs);
        for (std::size_t i = 0; i < inputs; ++i)
            QCOMPARE(whole.data[i].numbers.text, '[' + std::to_string(i) + ']');
        if (target.starts_with("amazon."))
            QCOMPARE(whole.usage->input, 10);
    }

    void keepsNumbersAsTheyAreWritten()
    {
        QCOMPARE(answerOf(R"({"model":"x","input":"a"})", openAi("vllm"),
                          {{.body = R"({"data":[{"index":0,"embedding":[ 0.10, -1e-7,
                                    0.12345678901234567890 ]}],"model":"m2","usage":{"total_tokens":3}})"}}),
                 R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":)"
                 R"([0.10,-1e-7,0.12345678901234567890]}],"model":"m2",)"
                 R"("usage":{"prompt_tokens":3,"total_tokens":3}})");
    }

    void putsOpenAisDataInOrder()
    {
        const auto reply = answerOf(R"({"model":"x","input":["a","b"]})", openAi("openai"),
                                    {{.body = R"({"data":[{"index":1,"embedding":[1]},)"
                                              R"({"index":0,"embedding":[0]}]})"}});
        QVERIFY(reply.find(R"("index":0,"embedding":[0]})") < reply.find(R"("index":1,"embedding":[1]})"));
    }

    void turnsEachFormIntoTheOther()
    {
        QCOMPARE(base64OfNumbers({"[0.5,-1.0,2]"}), std::optional<std::string>("AAAAPwAAgL8AAABA"));
        QCOMPARE(numbersOfBase64("AAAAPwAAgL8AAABA"), std::optional(RawJson{"[0.5,-1,2]"}));
        QCOMPARE(numbersOfBase64(*base64OfNumbers({"[0.1,1e-40,3.4e38]"})),
                 std::optional(RawJson{"[0.1,1e-40,3.4e+38]"}));
        QCOMPARE(base64OfNumbers({"[1e-300,-1e-999]"}), base64OfNumbers({"[0,0]"}));
        QVERIFY(!base64OfNumbers({"[1e39]"}));
        QVERIFY(!base64OfNumbers({"[1e999]"}));
        QVERIFY(!numbersOfBase64("AAAA"));     // three bytes
        QVERIFY(!numbersOfBase64("AADAfw==")); // not a number
        QVERIFY(!numbersOfBase64("AACAfw==")); // infinite
        QVERIFY(!numbersOfBase64("?"));
        QVERIFY(!numbersOfBase64("===="));
        QVERIFY(!numbersOfBase64("AAAAPwA===="));
        QVERIFY(!numbersOfBase64(""));
    }

    void givesAFloatClientNumbersOfABase64Answer()
    {
        const auto reply = answerOf(R"({"model":"x","input":"a","encoding_format":"float"})", openAi("x"),
                                    {{.body = R"({"data":[{"embedding":"AAAAPwAAgL8AAABA"}]})"}});
        QVERIFY2(reply.find(R"("embedding":[0.5,-1,2])") != std::string::npos, reply.c_str());
    }

    void bringsGeminisShortenedVectorsToLengthOne()
    {
        const std::string request = R"({"model":"x","input":"a","dimensions":2})";
        const std::vector<WireReply> replies{{.body = R"({"embeddings":[{"values":[3,4]}]})"}};
        QVERIFY(answerOf(request, gemini(), replies).find("[0.6,0.8]") != std::string::npos);
        QVERIFY(answerOf(request, gemini("gemini-embedding-2"), replies).find("[3,4]") != std::string::npos);
        QCOMPARE(answerOf(request, gemini(), {{.body = R"({"embeddings":[{"values":[0,0]}]})"}}),
                 "error upstream_invalid_response");
    }

    void refusesAnswersThatAreNone_data()
    {
        QTest::addColumn<std::string>("target");
        QTest::addColumn<std::string>("body");
        for (const char *target : {"openai", "cohere", "gemini", "vertex", "amazon.titan-embed-text-v2:0",
                                   "amazon.nova-2-multimodal-embeddings-v1:0"}) {
            const auto row = [target](const char *name, std::string body) {
                QTest::addRow("%s: %s", target, name) << std::string(target) << std::move(body);
            };
            row("nothing", "");
            row("HTML", "<html>");
            row("cut off", R"({"data":[{"embedding":[0.1,)");
            row("wrong UTF-8", "{\"data\":\"\xff\"}");
            row("an array", "[]");
            row("no vectors", "{}");
            row("null for vectors", R"({"data":null,"embeddings":null,"embedding":null})");
            row("too few", R"({"data":[],"embeddings":[],"embedding":[]})");
            row("too many",
                R"({"data":[{"embedding":[1]},{"embedding":[2]}],"embedding":["1"],)"
                R"("embeddings":[{"values":[1]},{"values":[2]}]})");
            row("no numbers",
                R"({"data":[{"embedding":["1"]}],"embedding":[null],)"
                R"("embeddings":[{"values":[true]}]})");
            row("nested", R"({"data":[{"embedding":[[1]]}],"embedding":[[1]],"embeddings":[[[1]]]})");
            row("the same index twice",
                R"({"data":[{"index":0,"embedding":[1]},)"
                R"({"index":0,"embedding":[2]}],"embeddings":{}})");
            row("an index out of range",
                R"({"data":[{"index":9007199254740993,"embedding":[1]}],"embeddings":7})");
            row("a negative index", R"({"data":[{"index":-1,"embedding":[1]}]})");
            row("deep", std::string(100'000, '['));
        }
    }

    void refusesAnswersThatAreNone()
    {
        QFETCH(std::string, target);
        QFETCH(std::string, body);
        const Target to = targetNamed(target);
        QCOMPARE(answerOf(R"({"model":"x","input":"a"})", to, {{.body = body}}),
                 "error upstream_invalid_response");
    }

    void refusesNumbersThatNoFloatHolds()
    {
        QCOMPARE(answerOf(R"({"model":"x","input":"a","encoding_format":"base64"})", openAi("vllm"),
                          {{.body = R"({"data":[{"embedding":[1e400]}]})"}}),
                 "error upstream_invalid_response");
    }

    void readsUsageWhereverItIs_data()
    {
        QTest::addColumn<std::string>("target");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("header");
        QTest::addColumn<int>("tokens");
        const auto row = [](const char *name, const char *target, const char *body, const char *header,
                            int tokens) {
            QTest::newRow(name) << std::string(target) << std::string(body) << std::string(header) << tokens;
        };
        row("OpenAI", "openai",
            R"({"data":[{"embedding":[1]}],"usage":{"prompt_tokens":5,"total_tokens":5}})", "", 5);
        row("Voyage", "voyage", R"({"data":[{"embedding":[1]}],"usage":{"total_tokens":6}})", "", 6);
        row("a negative count", "openai", R"({"data":[{"embedding":[1]}],"usage":{"prompt_tokens":-5}})", "",
            0);
        row("Cohere", "cohere",
            R"({"embeddings":{"float":[[1]]},"meta":{"billed_units":{"input_tokens":7.0}}})", "", 7);
        row("Cohere without", "cohere", R"({"embeddings":[[1]]})", "", 0);
        row("Cohere on Bedrock", "cohere.embed-v4:0", R"({"embeddings":{"float":[[1]]}})", "8", 8);
        row("no number in the header", "cohere.embed-v4:0", R"({"embeddings":{"float":[[1]]}})", "8x", 0);
        row("Gemini", "gemini", R"({"embeddings":[{"values":[1]}],"usageMetadata":{"promptTokenCount":9}})",
            "", 9);
        row("Titan", "amazon.titan-embed-text-v2:0", R"({"embedding":[1],"inputTextTokenCount":10})", "", 10);
        row("Nova", "amazon.nova-2-multimodal-embeddings-v1:0",
            R"({"embeddings":[{"embeddingType":"TEXT","embedding":[1]}]})", "11", 11);
        row("Vertex", "vertex",
            R"({"predictions":[{"embeddings":{"values":[1],"statistics":{"token_count":12}}}]})", "", 12);
    }

    void readsUsageWhereverItIs()
    {
        QFETCH(std::string, target);
        QFETCH(std::string, body);
        QFETCH(std::string, header);
        QFETCH(int, tokens);
        const Target to = targetNamed(target);
        const std::string answer
            = answerOf(R"({"model":"x","input":"a"})", to,
                       {{.headers = {{"x-amzn-bedrock-input-token-count", header}}, .body = body}});
        QVERIFY2(answer.ends_with("\"usage\":{\"prompt_tokens\":" + std::to_string(tokens)
                                  + ",\"total_tokens\":" + std::to_string(tokens) + "}}"),
                 answer.c_str());
    }
};

QTEST_APPLESS_MAIN(TestEmbeddings)

#include "tst_embeddings.moc"
