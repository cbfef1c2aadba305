// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/vendors/toolanswers.h"

#include "tests/core/dialect/bedrock/eventstreambytes.h"

#include <vector>

namespace vendors {
namespace {

using eventstreambytes::eventMessage;

/// Longer than OpenAI allows, and in no alphabet but its own vendor's.
const std::string kOddId = "functions.weather:0/0123456789-0123456789-0123456789";

std::string sse(std::string_view data)
{
    return "data: " + std::string(data) + "\n\n";
}

std::string named(std::string_view type, std::string_view rest)
{
    return "event: " + std::string(type) + "\ndata: {\"type\":\"" + std::string(type) + '"'
        + (rest.empty() ? "" : ",") + std::string(rest) + "}\n\n";
}

std::string chatCall(int index, const std::string &id, std::string_view city, bool with_index)
{
    return (with_index ? R"({"index":)" + std::to_string(index) + ',' : std::string("{")) + R"("id":")" + id
        + R"(","type":"function","function":{"name":"weather","arguments":"{\"city\":\")" + std::string(city)
        + R"(\"}"}})";
}

const std::string kReasoningItem
    = R"({"type":"reasoning","id":"rs_0a1","summary":[{"type":"summary_text","text":"Two cities."}],"encrypted_content":"SECRET-responses"})";

std::string responsesCall(std::string_view number, std::string_view city)
{
    return R"({"type":"function_call","id":"fc_0a)" + std::string(number) + R"(","call_id":"call_0a)"
        + std::string(number) + R"(","name":"weather","arguments":"{\"city\":\")" + std::string(city)
        + R"(\"}","status":"completed"})";
}

std::string responseWith(std::string_view status, const std::string &output)
{
    return R"({"id":"resp_1","object":"response","created_at":1,"status":")" + std::string(status)
        + R"(","model":"m","output":[)" + output + R"(],"usage":{"input_tokens":20,"output_tokens":7}})";
}

std::string geminiPart(std::string_view city, std::string_view signature)
{
    return R"({"functionCall":{"name":"weather","args":{"city":")" + std::string(city) + R"("}})"
        + (signature.empty() ? std::string() : R"(,"thoughtSignature":")" + std::string(signature) + '"')
        + '}';
}

std::string geminiAnswer(const std::string &parts, bool ends)
{
    return R"({"candidates":[{"content":{"role":"model","parts":[)" + parts + "]}"
        + (ends ? R"(,"finishReason":"STOP")" : "")
        + R"(,"index":0}],"usageMetadata":{"promptTokenCount":20,"candidatesTokenCount":7},"modelVersion":"m"})";
}

std::string toolUse(std::string_view id, std::string_view city)
{
    return R"({"toolUse":{"toolUseId":")" + std::string(id) + R"(","name":"weather","input":{"city":")"
        + std::string(city) + R"("}}})";
}

std::string blockUse(std::string_view id, std::string_view input)
{
    return R"({"type":"tool_use","id":")" + std::string(id) + R"(","name":"weather","input":)"
        + std::string(input) + '}';
}

std::string responsesStream()
{
    const std::string calls = responsesCall("2", "Oslo") + ',' + responsesCall("3", "Bergen");
    return named("response.created", R"("response":)" + responseWith("in_progress", {}))
        + named("response.output_item.added",
                R"("output_index":0,"item":{"type":"reasoning","id":"rs_0a1","summary":[]})")
        + named("response.reasoning_summary_text.delta",
                R"("item_id":"rs_0a1","output_index":0,"summary_index":0,"delta":"Two cities.")")
        + named("response.output_item.done", R"("output_index":0,"item":)" + kReasoningItem)
        + named("response.output_item.added", R"("output_index":1,"item":)" + responsesCall("2", "Oslo"))
        + named("response.output_item.done", R"("output_index":1,"item":)" + responsesCall("2", "Oslo"))
        + named("response.output_item.added", R"("output_index":2,"item":)" + responsesCall("3", "Bergen"))
        + named("response.output_item.done", R"("output_index":2,"item":)" + responsesCall("3", "Bergen"))
        + named("response.completed",
                R"("response":)" + responseWith("completed", kReasoningItem + ',' + calls));
}

std::vector<std::string> messagesEvents()
{
    const auto block = [](int index, const std::string &start, const std::vector<std::string> &deltas) {
        const std::string at = R"("index":)" + std::to_string(index);
        std::vector<std::string> events{R"({"type":"content_block_start",)" + at + R"(,"content_block":)"
                                        + start + '}'};
        for (const std::string &delta : deltas)
            events.push_back(R"({"type":"content_block_delta",)" + at + R"(,"delta":)" + delta + '}');
        events.push_back(R"({"type":"content_block_stop",)" + at + '}');
        return events;
    };
    std::vector<std::string> all{
        R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":20,"output_tokens":1}}})"};
    for (const auto &events :
         {block(0, R"({"type":"thinking","thinking":"","signature":""})",
                {R"({"type":"thinking_delta","thinking":"Two cities."})",
                 R"({"type":"signature_delta","signature":"SECRET-claude"})"}),
          block(1, blockUse("toolu_01A", "{}"),
                {R"({"type":"input_json_delta","partial_json":"{\"city\":\"Oslo\"}"})"}),
          block(2, blockUse("toolu_01B", "{}"),
                {R"({"type":"input_json_delta","partial_json":"{\"city\":\"Bergen\"}"})"})})
        all.insert(all.end(), events.begin(), events.end());
    all.emplace_back(
        R"({"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":7}})");
    all.emplace_back(R"({"type":"message_stop"})");
    return all;
}

std::string converseStream()
{
    const auto call = [](std::string_view index, std::string_view id, std::string_view city) {
        const std::string at = R"({"contentBlockIndex":)" + std::string(index);
        return eventMessage("contentBlockStart",
                            at + R"(,"start":{"toolUse":{"toolUseId":")" + std::string(id)
                                + R"(","name":"weather"}}})")
            + eventMessage("contentBlockDelta",
                           at + R"(,"delta":{"toolUse":{"input":"{\"city\":\")" + std::string(city)
                               + R"(\"}"}}})")
            + eventMessage("contentBlockStop", at + '}');
    };
    return eventMessage("messageStart", R"({"role":"assistant"})")
        + eventMessage("contentBlockDelta",
                       R"({"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"Two cities."}}})")
        + eventMessage(
               "contentBlockDelta",
               R"({"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"SECRET-claude"}}})")
        + eventMessage("contentBlockStop", R"({"contentBlockIndex":0})") + call("1", "tooluse_A", "Oslo")
        + call("2", "tooluse_B", "Bergen") + eventMessage("messageStop", R"({"stopReason":"tool_use"})")
        + eventMessage("metadata", R"({"usage":{"inputTokens":20,"outputTokens":7}})");
}

std::string cohereStream()
{
    const auto call = [](std::string_view index, std::string_view id, std::string_view city) {
        const std::string at = R"("index":)" + std::string(index);
        return named("tool-call-start",
                     at + R"(,"delta":{"message":{"tool_calls":{"id":")" + std::string(id)
                         + R"(","type":"function","function":{"name":"weather","arguments":""}}}})")
            + named("tool-call-delta",
                    at + R"(,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\"city\":\")"
                        + std::string(city) + R"(\"}"}}}})")
            + named("tool-call-end", at);
    };
    return named("message-start", R"("id":"c","delta":{"message":{"role":"assistant"}})")
        + named("tool-plan-delta", R"("delta":{"message":{"tool_plan":"Two cities."}})")
        + call("0", "weather_a1b2", "Oslo") + call("1", "weather_c3d4", "Bergen")
        + named(
               "message-end",
               R"("delta":{"finish_reason":"TOOL_CALL","usage":{"tokens":{"input_tokens":20,"output_tokens":7}}})");
}

} // namespace

std::string callingAnswer(Api api)
{
    switch (api) {
    case Api::Chat:
        return R"({"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"reasoning_content":"Two cities.","tool_calls":[)"
            + chatCall(0, kOddId, "Oslo", false) + ',' + chatCall(1, "1", "Bergen", false)
            + R"(]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":20,"completion_tokens":7}})";
    case Api::Responses:
        return responseWith("completed",
                            kReasoningItem + ',' + responsesCall("2", "Oslo") + ','
                                + responsesCall("3", "Bergen"));
    case Api::Messages:
    case Api::InvokeModel:
        return R"({"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"thinking","thinking":"Two cities.","signature":"SECRET-claude"},)"
            + blockUse("toolu_01A", R"({"city":"Oslo"})") + ','
            + blockUse("toolu_01B", R"({"city":"Bergen"})")
            + R"(],"stop_reason":"tool_use","usage":{"input_tokens":20,"output_tokens":7}})";
    case Api::Gemini:
        return geminiAnswer(R"({"text":"Two cities.","thought":true},)" + geminiPart("Oslo", "SECRETgemini")
                                + ',' + geminiPart("Bergen", {}),
                            true);
    case Api::Converse:
        return R"({"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"Two cities.","signature":"SECRET-claude"}}},)"
            + toolUse("tooluse_A", "Oslo") + ',' + toolUse("tooluse_B", "Bergen")
            + R"(]}},"stopReason":"tool_use","usage":{"inputTokens":20,"outputTokens":7}})";
    case Api::Cohere:
        return R"({"id":"c","message":{"role":"assistant","tool_plan":"Two cities.","tool_calls":[)"
            + chatCall(0, "weather_a1b2", "Oslo", false) + ',' + chatCall(1, "weather_c3d4", "Bergen", false)
            + R"(]},"finish_reason":"TOOL_CALL","usage":{"tokens":{"input_tokens":20,"output_tokens":7}}})";
    }
    return {};
}

std::string callingStream(Api api)
{
    switch (api) {
    case Api::Chat: {
        const auto chunk = [](const std::string &choice) {
            return sse(R"({"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[)"
                       + choice + "]}");
        };
        return chunk(R"({"index":0,"delta":{"role":"assistant","reasoning_content":"Two cities."}})")
            + chunk(R"({"index":0,"delta":{"tool_calls":[)" + chatCall(0, kOddId, "Oslo", true) + "]}}")
            + chunk(R"({"index":0,"delta":{"tool_calls":[)" + chatCall(1, "1", "Bergen", true) + "]}}")
            + chunk(R"({"index":0,"delta":{},"finish_reason":"tool_calls"})") + sse("[DONE]");
    }
    case Api::Responses: return responsesStream();
    case Api::Messages:
    case Api::InvokeModel: {
        std::string bytes;
        for (const std::string &event : messagesEvents())
            bytes += frame(api, event);
        return bytes;
    }
    case Api::Gemini:
        return sse(geminiAnswer(R"({"text":"Two cities.","thought":true})", false))
            + sse(geminiAnswer(geminiPart("Oslo", "SECRETgemini") + ',' + geminiPart("Bergen", {}), true));
    case Api::Converse: return converseStream();
    case Api::Cohere: return cohereStream();
    }
    return {};
}

std::string secretOf(Api api)
{
    switch (api) {
    case Api::Responses: return "SECRET-responses";
    case Api::Messages:
    case Api::InvokeModel:
    case Api::Converse: return "SECRET-claude";
    case Api::Gemini: return "SECRETgemini";
    case Api::Chat:
    case Api::Cohere: break;
    }
    return {};
}

} // namespace vendors
