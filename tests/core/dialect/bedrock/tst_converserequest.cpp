// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/dialect/bedrock/conversecodec.h"
#include "core/dialect/bedrock/modelid.h"
#include "core/dialect/errorkinds.h"

#include <QTest>

#include <algorithm>
#include <string>
#include <vector>

using namespace portolan;
using namespace portolan::dialect;
using namespace portolan::dialect::bedrock;

Q_DECLARE_METATYPE(portolan::dialect::Request)
Q_DECLARE_METATYPE(portolan::dialect::Target)

namespace {

const std::string kClaude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

Part text(std::string words)
{
    return {.content = TextPart{.text = std::move(words)}};
}
Part call(std::string id, std::string name, std::string arguments)
{
    return {.content
            = ToolCallPart{.id = std::move(id), .name = std::move(name), .arguments = std::move(arguments)}};
}
Part result(std::string id, std::string words)
{
    ToolResultPart part{.call_id = std::move(id)};
    part.parts.emplace_back(TextPart{.text = std::move(words)});
    return {.content = std::move(part)};
}
Part image(std::string type, std::string base64, std::string url = {})
{
    return {.content = ImagePart{
                .media = {.type = std::move(type), .base64 = std::move(base64), .url = std::move(url)}}};
}
Part document(std::string type, std::string name)
{
    return {.content
            = DocumentPart{.media = {.type = std::move(type), .base64 = "AAAA"}, .name = std::move(name)}};
}
Part cached(Part part, CacheTtl ttl = CacheTtl::Default)
{
    part.cache = ttl;
    return part;
}
Message user(std::vector<Part> parts)
{
    return {.role = Role::User, .parts = std::move(parts)};
}
Message assistant(std::vector<Part> parts)
{
    return {.role = Role::Assistant, .parts = std::move(parts)};
}
Message systemMessage(std::vector<Part> parts)
{
    return {.role = Role::System, .parts = std::move(parts)};
}
Tool tool(std::string name, std::string parameters = {})
{
    return {.name = std::move(name), .parameters = {std::move(parameters)}};
}

Request asking(std::vector<Message> messages)
{
    return {.model = "m", .messages = std::move(messages)};
}
Request asking(std::string words = "Q")
{
    return asking({user({text(std::move(words))})});
}

Target claude(ThinkingStyle thinking = ThinkingStyle::None)
{
    Target target{.dialect = Dialect::BedrockConverse, .model = kClaude};
    target.capabilities.thinking = thinking;
    return target;
}
Target model(std::string id)
{
    return {.dialect = Dialect::BedrockConverse, .model = std::move(id)};
}

struct Sent {
    std::string body{}; ///< or "400 " and the place
    Exchange exchange{1};
};

Sent send(const Request &request, const Target &target)
{
    Sent sent;
    sent.exchange.target = target;
    const auto wire = providerCodec().encodeRequest(request, sent.exchange);
    sent.body = wire ? wire->body : "400 " + wire.error().where;
    return sent;
}

std::string notesOf(const Exchange &exchange)
{
    std::string notes;
    for (const Note &note : exchange.notes)
        notes += (notes.empty() ? "" : " ") + note.what;
    return notes;
}

constexpr std::string_view kQuestion = R"("messages":[{"role":"user","content":[{"text":"Q"}]}])";
std::string withQuestion(std::string_view rest, std::string_view before = {})
{
    return '{' + std::string(before) + std::string(kQuestion) + std::string(rest) + '}';
}

} // namespace

class TestConverseRequest : public QObject
{
    Q_OBJECT

private slots:
    void writes_data()
    {
        QTest::addColumn<Request>("request");
        QTest::addColumn<Target>("target");
        QTest::addColumn<std::string>("body");
        QTest::addColumn<std::string>("notes");
        messageRows();
        toolRows();
        choiceRows();
        samplingRows();
        thinkingRows();
        formatRows();
        cacheRows();
        refusals();
    }

    void writes()
    {
        QFETCH(Request, request);
        QFETCH(Target, target);
        QFETCH(std::string, body);
        QFETCH(std::string, notes);
        const Sent sent = send(request, target);
        QCOMPARE(sent.body, body);
        QCOMPARE(notesOf(sent.exchange), notes);
        if (!body.starts_with("400"))
            QVERIFY(validateJson(sent.body));
    }

    void namesTheModelInThePath_data()
    {
        QTest::addColumn<std::string>("id");
        QTest::addColumn<bool>("stream");
        QTest::addColumn<std::string>("path"); // empty: refused
        const auto row = [](const char *id, bool stream, const char *path) {
            QTest::newRow(id) << std::string(id) << stream << std::string(path);
        };
        row("amazon.nova-lite-v1:0", false, "/model/amazon.nova-lite-v1%3A0/converse");
        row("apac.amazon.nova-lite-v1:0", true, "/model/apac.amazon.nova-lite-v1%3A0/converse-stream");
        row("global.anthropic.claude-opus-5", false, "/model/global.anthropic.claude-opus-5/converse");
        row("arn:aws:bedrock:eu-west-1::foundation-model/a.b", false,
            "/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A%3Afoundation-model%2Fa.b/converse");
        row("../../guardrail?x#y", false, "/model/..%2F..%2Fguardrail%3Fx%23y/converse");
        row("..", false, "");
        row(".", false, "");
        QTest::newRow("empty") << std::string() << false << std::string();
    }

    void namesTheModelInThePath()
    {
        QFETCH(std::string, id);
        QFETCH(bool, stream);
        QFETCH(std::string, path);
        Exchange exchange(1);
        exchange.target.model = id;
        Request request = asking();
        request.stream = stream;
        const auto wire = providerCodec().encodeRequest(request, exchange);
        QCOMPARE(wire ? wire->path : std::string(), path);
        if (wire)
            QCOMPARE(headerValue(wire->headers, "accept"),
                     stream ? "application/vnd.amazon.eventstream" : "application/json");
    }

    void readsIdsAndArns_data()
    {
        QTest::addColumn<std::string>("id");
        QTest::addColumn<std::string>("region");
        QTest::addColumn<std::string>("vendor");
        QTest::addColumn<std::string>("plain");
        const auto row = [](const char *id, const char *region, const char *vendor, const char *plain) {
            QTest::newRow(id) << std::string(id) << std::string(region) << std::string(vendor)
                              << std::string(plain);
        };
        row("meta.llama3-3-70b-instruct-v1:0", "", "meta", "meta.llama3-3-70b-instruct-v1:0");
        row("us-gov.anthropic.claude-x", "", "anthropic", "anthropic.claude-x");
        row("arn:aws:bedrock:us-west-2:1:inference-profile/eu.meta.x", "us-west-2", "meta", "meta.x");
        row("arn:aws-cn:bedrock:cn-north-1::foundation-model/qwen.x", "cn-north-1", "qwen", "qwen.x");
        row("arn:aws:bedrock:us-west-2:1:application-inference-profile/a.b", "us-west-2", "", "");
        row("arn:aws:bedrock:evil.com/x:1:inference-profile/a.b", "", "a", "a.b");
        row("arn:aws:bedrock:US-WEST-2:1:inference-profile/a.b", "", "a", "a.b");
        row("arn:", "", "", "");
        row("arn:::::", "", "", "");
        row("us", "", "", "us");
    }

    void readsIdsAndArns()
    {
        QFETCH(std::string, id);
        QFETCH(std::string, region);
        QFETCH(std::string, vendor);
        QFETCH(std::string, plain);
        QCOMPARE(std::string(regionOf(id)), region);
        QCOMPARE(std::string(vendorOf(id)), vendor);
        QCOMPARE(std::string(plainModel(id)), plain);
    }

    void givesNoTwoDocumentsOneName()
    {
        const Sent sent = send(
            asking({user({text("Q"), document("application/pdf", "q.pdf"),
                          document("application/pdf", "q.pdf"), document("application/pdf", "q-pdf (2)")})}),
            claude());
        std::vector<std::string> names;
        const auto body = JsonDocument::parse(sent.body);
        QVERIFY(body);
        for (const JsonValue block : JsonValue(*body)["messages"].elements()) {
            for (const JsonValue part : block["content"].elements()) {
                if (part["document"].present())
                    names.push_back(part["document"]["name"].stringOr(""));
            }
        }
        QCOMPARE(names.size(), 3U);
        std::ranges::sort(names);
        QVERIFY(std::ranges::adjacent_find(names) == names.end());
    }

    void remembersToolsThatItRenamed()
    {
        Request request = asking();
        request.tools = {tool("mcp.files/read")};
        request.tools.push_back({.kind = Tool::Kind::Custom, .name = "shell", .description = "runs"});
        const Sent sent = send(request, claude());
        QVERIFY(sent.body.find("mcp.files/read") == std::string::npos);
        QCOMPARE(sent.exchange.tool_names.size(), 1U);
        QCOMPARE(sent.exchange.clientToolName(sent.exchange.tool_names.front().first), "mcp.files/read");
        QVERIFY(sent.exchange.isCustomTool("shell"));
        QVERIFY(sent.body.find(R"("inputSchema":{"json":{"type":"object","properties":{"input":)")
                != std::string::npos);
    }

private:
    static void row(const char *name, Request request, Target target, std::string body,
                    const char *notes = "")
    {
        QTest::newRow(name) << std::move(request) << std::move(target) << std::move(body)
                            << std::string(notes);
    }

    static void messageRows()
    {
        row("system messages wherever they stand",
            asking({systemMessage({text("A")}), user({text("Q")}), systemMessage({text("B")})}), claude(),
            withQuestion("", R"("system":[{"text":"A"},{"text":"B"}],)"));
        row("no empty system", asking({systemMessage({text("  ")}), user({text("Q")})}), claude(),
            withQuestion(""));
        row("an assistant first", asking({assistant({text("A")}), user({text("Q")})}), claude(),
            R"({"messages":[{"role":"user","content":[{"text":"."}]},)"
            R"({"role":"assistant","content":[{"text":"A"}]},{"role":"user","content":[{"text":"Q"}]}]})",
            "messages");
        row("blank text", asking({user({text("Q"), text("\n")}), assistant({text(" ")}), user({text("R")})}),
            claude(),
            R"({"messages":[{"role":"user","content":[{"text":"Q"}]},)"
            R"({"role":"assistant","content":[{"text":"."}]},{"role":"user","content":[{"text":"R"}]}]})",
            "messages");
        row("an image", asking({user({image("image/webp", "AAAA")})}), claude(),
            R"({"messages":[{"role":"user","content":[{"image":{"format":"webp",)"
            R"("source":{"bytes":"AAAA"}}}]}]})");
        row("a document has text beside it", asking({user({document("application/pdf", "doc")})}), claude(),
            R"({"messages":[{"role":"user","content":[{"document":{"format":"pdf","name":"doc",)"
            R"("source":{"bytes":"AAAA"}}},{"text":"."}]}]})",
            "messages");
        row("a document's name", asking({user({text("Q"), document("text/csv", "Übersicht  2024/v1.csv ")})}),
            claude(),
            R"({"messages":[{"role":"user","content":[{"text":"Q"},{"document":{"format":"csv",)"
            R"("name":"bersicht 2024-v1-csv","source":{"bytes":"AAAA"}}}]}]})",
            "filename");
        row("a document that is text",
            asking({user({text("Q"),
                          {.content = DocumentPart{.plain_text = "words",
                                                   .name = "n",
                                                   .citations = {R"({"enabled":true})"}}}})}),
            claude(),
            R"({"messages":[{"role":"user","content":[{"text":"Q"},{"document":{"format":"txt","name":"n",)"
            R"("source":{"text":"words"},"citations":{"enabled":true}}}]}]})");
    }

    static void toolRows()
    {
        ToolResultPart failed{.call_id = "b", .is_error = true};
        failed.parts.emplace_back(ImagePart{.media = {.type = "image/png", .base64 = "AAAA"}});
        Request loop
            = asking({user({text("Q")}), assistant({call("a", "f", R"({"n":1.50})"), call("b", "f", "")}),
                      user({text("and?"), result("a", " "), {.content = failed}})});
        loop.tools = {tool("f")};
        row("results first, with errors and images", loop, claude(),
            R"({"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":)"
            R"({"type":"object","properties":{}}}}}]},"messages":[{"role":"user","content":[{"text":"Q"}]},)"
            R"({"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"f","input":{"n":1.50}}},)"
            R"({"toolUse":{"toolUseId":"b","name":"f","input":{}}}]},{"role":"user","content":[)"
            "{\"toolResult\":{\"toolUseId\":\"a\",\"content\":[{\"text\":\"(no output)\"}]}},"
            R"({"toolResult":{"toolUseId":"b","content":[{"image":{"format":"png",)"
            R"("source":{"bytes":"AAAA"}}}],"status":"error"}},{"text":"and?"}]}]})");

        Request hosted = asking();
        hosted.tools = {{.kind = Tool::Kind::Hosted, .name = "web_search"}};
        row("a tool that only its provider runs", hosted, claude(), withQuestion(""), "web_search");

        Request reasoning = asking({user({text("Q")}), assistant({text("A")}), user({text("R")})});
        auto &thoughts = reasoning.messages[1].parts;
        thoughts.insert(thoughts.begin(),
                        {{.content = ReasoningPart{.text = "T", .signature = "S"}},
                         {.content = ReasoningPart{.redacted = "ENC"}},
                         {.content = ReasoningPart{.text = "unsigned"}}});
        row("reasoning with its signature", reasoning, claude(),
            R"({"messages":[{"role":"user","content":[{"text":"Q"}]},{"role":"assistant","content":[)"
            R"({"reasoningContent":{"reasoningText":{"text":"T","signature":"S"}}},)"
            R"({"reasoningContent":{"redactedContent":"ENC"}},{"text":"A"}]},)"
            R"({"role":"user","content":[{"text":"R"}]}]})",
            "reasoning_content");
    }

    static void choiceRows()
    {
        const std::string tools = R"("toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":)"
                                  R"({"type":"object","properties":{}}}}}])";
        const auto choosing = [](ToolChoice choice) {
            Request request = asking();
            request.tools = {tool("f")};
            request.tool_choice = std::move(choice);
            return request;
        };
        using Mode = ToolChoice::Mode;
        row("auto", choosing({.mode = Mode::Auto}), claude(), withQuestion("", tools + "},"));
        row("required", choosing({.mode = Mode::Required}), claude(),
            withQuestion("", tools + R"(,"toolChoice":{"any":{}}},)"));
        row("named", choosing({.mode = Mode::Named, .name = "f"}), claude(),
            withQuestion("", tools + R"(,"toolChoice":{"tool":{"name":"f"}}},)"));
        row("none", choosing({.mode = Mode::None}), claude(), withQuestion(""));
        Request allowed = choosing({.mode = Mode::Required, .allowed = {"f"}});
        allowed.tools.insert(allowed.tools.begin(), tool("g"));
        row("allowed tools", allowed, claude(), withQuestion("", tools + R"(,"toolChoice":{"any":{}}},)"));
        Request none = choosing({.mode = Mode::None});
        none.messages.push_back(assistant({call("a", "f", "{}")}));
        none.messages.push_back(user({result("a", "R")}));
        row("none with calls in the history", none, claude(),
            '{' + tools + R"(},"system":[{"text":"Do not call any tool in this turn."}],)"
                + std::string(kQuestion.substr(0, kQuestion.size() - 1))
                + R"(,{"role":"assistant","content":[{"toolUse":{"toolUseId":"a","name":"f","input":{}}}]},)"
                  R"({"role":"user","content":[{"toolResult":{"toolUseId":"a","content":[{"text":"R"}]}}]}]})",
            "tool_choice");
        Request single = choosing({});
        single.parallel_tool_calls = false;
        row("one call at a time", single, claude(), withQuestion("", tools + "},"), "parallel_tool_calls");
        row("a tool that is not there", choosing({.mode = Mode::Named, .name = "g"}), claude(),
            "400 /tool_choice");
        Request empty = choosing({.mode = Mode::Required});
        empty.tools.clear();
        row("required without tools", empty, claude(), "400 /tool_choice");
    }

    static void samplingRows()
    {
        const auto sampled = [](Sampling sampling) {
            Request request = asking();
            request.sampling = std::move(sampling);
            return request;
        };
        row("zeros survive", sampled({.temperature = {"0"}, .top_p = {"0.0"}}), claude(),
            withQuestion(R"(,"inferenceConfig":{"temperature":0,"topP":0.0})"));
        row("temperature above 1", sampled({.temperature = {"1.7"}}), claude(),
            withQuestion(R"(,"inferenceConfig":{"temperature":1})"), "temperature");
        Target one = claude();
        one.capabilities.temperature_and_top_p = false;
        row("temperature or top_p", sampled({.temperature = {"0.5"}, .top_p = {"0.9"}}), one,
            withQuestion(R"(,"inferenceConfig":{"temperature":0.5})"), "top_p");
        Target none = claude();
        none.capabilities.sampling_params = false;
        row("no sampling at all", sampled({.temperature = {"0.5"}, .top_p = {"0.9"}, .top_k = {"4"}}), none,
            withQuestion(""), "temperature top_p top_k");
        row("blank stop sequences", sampled({.stop = {"", " ", "END"}}), claude(),
            withQuestion(R"(,"inferenceConfig":{"stopSequences":["END"]})"), "stop");
        row("only blank stop sequences", sampled({.stop = {""}}), claude(), withQuestion(""), "stop");
        row("top_k for Claude", sampled({.top_k = {"40"}}), claude(),
            withQuestion(R"(,"additionalModelRequestFields":{"top_k":40})"));
        row("top_k for others", sampled({.top_k = {"40"}}), model("meta.llama3-3-70b-instruct-v1:0"),
            withQuestion(""), "top_k");
        row("what Bedrock has not",
            sampled(
                {.seed = {"1"}, .frequency_penalty = {"0"}, .logit_bias = {"{}"}, .logprobs = true, .n = 1}),
            claude(), withQuestion(""), "seed frequency_penalty logit_bias logprobs");
        Request tier = asking();
        tier.service_tier = "priority";
        row("a service tier", tier, claude(), withQuestion(R"(,"serviceTier":{"type":"priority"})"));
        tier.service_tier = "scale";
        row("another's service tier", tier, claude(), withQuestion(""), "service_tier");
        Request anthropic = sampled({.stop = {"END"}});
        anthropic.from = Dialect::Anthropic;
        row("which stop sequence it was", anthropic, claude(),
            withQuestion(R"(,"inferenceConfig":{"stopSequences":["END"]},)"
                         R"("additionalModelResponseFieldPaths":["/stop_sequence"])"));
        Request limited = asking();
        limited.max_tokens = 9000;
        Target small = claude();
        small.capabilities.max_output_tokens = 4096;
        row("more tokens than the model gives", limited, small,
            withQuestion(R"(,"inferenceConfig":{"maxTokens":4096})"), "max_tokens");
    }

    static void thinkingRows()
    {
        Request high = asking();
        high.max_tokens = 4000;
        high.reasoning.effort = Effort::High;
        high.sampling = {.temperature = {"0.2"}, .top_p = {"0.96"}, .top_k = {"4"}};
        row("a budget", high, claude(ThinkingStyle::Budget),
            withQuestion(
                R"(,"inferenceConfig":{"maxTokens":4000,"topP":0.96},)"
                R"("additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":3200}})"),
            "temperature top_k");
        high.sampling = {};
        row("adaptive", high, claude(ThinkingStyle::Adaptive),
            withQuestion(R"(,"inferenceConfig":{"maxTokens":4000},"outputConfig":{"effort":"high"},)"
                         R"("additionalModelRequestFields":{"thinking":{"type":"adaptive"}})"));
        row("a model that does not think", high, model("amazon.nova-lite-v1:0"),
            withQuestion(R"(,"inferenceConfig":{"maxTokens":4000})"), "reasoning_effort");
        Target always = claude(ThinkingStyle::Adaptive);
        always.capabilities.always_thinking = true;
        high.tools = {tool("f")};
        high.tool_choice = {.mode = ToolChoice::Mode::Required};
        const std::string tools = R"("toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":)"
                                  R"({"type":"object","properties":{}}}}}]},)";
        row("a forced tool where thinking can't stop", high, always,
            withQuestion(R"(,"inferenceConfig":{"maxTokens":4000},"outputConfig":{"effort":"high"},)"
                         R"("additionalModelRequestFields":{"thinking":{"type":"adaptive"}})",
                         tools),
            "tool_choice");
    }

    static void formatRows()
    {
        Request schema = asking();
        schema.response_format = {.kind = ResponseFormat::Kind::JsonSchema,
                                  .name = "person",
                                  .description = "A person",
                                  .schema = {R"({"type":"object","properties":{}})"}};
        Target native = claude();
        native.capabilities.structured_outputs = true;
        const std::string closed
            = jsonQuoted(R"({"additionalProperties":false,"type":"object","properties":{}})");
        row("a schema natively", schema, native,
            withQuestion(R"(,"outputConfig":{"textFormat":{"type":"json_schema","structure":{"jsonSchema":)"
                         R"({"schema":)"
                         + closed + R"(,"name":"person","description":"A person"}}}})"));
        const std::string stands_for = R"({"toolSpec":{"name":"json_output","description":"A person",)"
                                       R"("inputSchema":{"json":{"type":"object","properties":{}}}}}],)";
        row("a schema by a forced tool", schema, claude(),
            withQuestion("",
                         R"("toolConfig":{"tools":[)" + stands_for
                             + R"("toolChoice":{"tool":{"name":"json_output"}}},)"),
            "response_format");
        Request beside = schema;
        beside.tools = {tool("f")};
        row("beside the client's tools", beside, claude(),
            withQuestion("",
                         R"("toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":)"
                         R"({"type":"object","properties":{}}}}},)"
                             + stands_for + R"("toolChoice":{"any":{}}},)"),
            "response_format");
        Request thinking = schema;
        thinking.max_tokens = 4000;
        thinking.reasoning.effort = Effort::Low;
        const std::string hint = jsonQuoted("Give your final answer by calling the tool \"json_output\".");
        row("while it thinks", thinking, claude(ThinkingStyle::Budget),
            withQuestion(
                R"(,"inferenceConfig":{"maxTokens":4000},)"
                R"("additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":2048}})",
                R"("toolConfig":{"tools":[)" + stands_for.substr(0, stands_for.size() - 1)
                    + R"(},"system":[{"text":)" + hint + "}],"),
            "response_format");
        Request object = asking();
        object.response_format.kind = ResponseFormat::Kind::JsonObject;
        row("any JSON object", object, claude(),
            withQuestion("", R"("system":[{"text":"Respond with one JSON object only."}],)"),
            "response_format");
    }

    static void cacheRows()
    {
        const Request two = asking({systemMessage({cached(text("S"), CacheTtl::OneHour)}),
                                    user({cached(text("Q"), CacheTtl::FiveMinutes)})});
        row("cache points", two, claude(),
            R"({"system":[{"text":"S"},{"cachePoint":{"type":"default","ttl":"1h"}}],)"
            R"("messages":[{"role":"user","content":[{"text":"Q"},)"
            R"({"cachePoint":{"type":"default","ttl":"5m"}}]}]})");
        row("models that cache nothing", two, model("meta.llama3-3-70b-instruct-v1:0"),
            R"({"system":[{"text":"S"}],"messages":[{"role":"user","content":[{"text":"Q"}]}]})",
            "cache_control");
        std::vector<Part> many;
        for (int i = 0; i < 4; ++i)
            many.push_back(cached(text(std::to_string(i))));
        Request six = asking({systemMessage({cached(text("S"))}), user(many)});
        six.tools = {tool("f")};
        six.tools.front().cache = CacheTtl::Default;
        std::string content;
        for (int i = 0; i < 4; ++i)
            content += (i == 0 ? "" : ",") + (R"({"text":)" + jsonQuoted(std::to_string(i)))
                + R"(},{"cachePoint":{"type":"default"}})";
        row("four at most, the last ones", six, claude(),
            R"({"toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":)"
            R"({"type":"object","properties":{}}}}}]},"system":[{"text":"S"}],)"
            R"("messages":[{"role":"user","content":[)"
                + content + "]}]}",
            "cache_control");
    }

    static void refusals()
    {
        row("an image by URL", asking({user({text("Q"), image("", "", "https://x/a.png")})}), claude(),
            "400 /messages/0/content/1");
        row("an image of another kind", asking({user({image("image/tiff", "AAAA")})}), claude(),
            "400 /messages/0/content/0");
        row("a file that is only named",
            asking({user({{.content = DocumentPart{.media = {.file_id = "file-1"}}}})}), claude(),
            "400 /messages/0/content/0");
        row("a file of another kind", asking({user({document("application/zip", "z")})}), claude(),
            "400 /messages/0/content/0");
        row("audio", asking({user({{.content = AudioPart{.base64 = "AAAA", .format = "wav"}}})}), claude(),
            "400 /messages/0/content/0");
        row("arguments that are no JSON", asking({user({text("Q")}), assistant({call("a", "f", "{\"x\":")})}),
            claude(), "400 /messages/1/content/0", "tools");
        row("arguments that are no object", asking({user({text("Q")}), assistant({call("a", "f", "[1]")})}),
            claude(), "400 /messages/1/content/0", "tools");
        row("nothing but system messages", asking({systemMessage({text("S")})}), claude(), "400 /messages");
        row("no messages", asking(std::vector<Message>{}), claude(), "400 /messages");
        Request several = asking();
        several.sampling.n = 2;
        row("several answers", several, claude(), "400 /n");
        Request spoken = asking();
        spoken.modalities = {R"(["text","audio"])"};
        row("an answer in audio", spoken, claude(), "400 /modalities");
    }
};

QTEST_APPLESS_MAIN(TestConverseRequest)

#include "tst_converserequest.moc"
