// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/vendors/answers.h"

#include "tests/core/dialect/bedrock/eventstreambytes.h"

#include <QByteArray>

namespace vendors {
namespace {

/// `form` with %in, %out and %sum replaced; nothing when there are no counts.
std::string counted(std::string form, const Counts &counts)
{
    if (counts.input.empty())
        return {};
    const auto put = [&](std::string_view name, const std::string &value) {
        for (auto at = form.find(name); at != std::string::npos; at = form.find(name, at + value.size()))
            form.replace(at, name.size(), value);
    };
    put("%in", counts.input);
    put("%out", counts.output);
    return form;
}

std::string chatUsage(const Counts &counts)
{
    return counted(R"(,"usage":{"prompt_tokens":%in,"completion_tokens":%out})", counts);
}

std::string responsesUsage(const Counts &counts)
{
    return counted(R"(,"usage":{"input_tokens":%in,"output_tokens":%out})", counts);
}

std::string cohereUsage(const Counts &counts)
{
    return counted(
        R"(,"usage":{"billed_units":{"input_tokens":%in,"output_tokens":%out},"tokens":{"input_tokens":%in,"output_tokens":%out}})",
        counts);
}

std::string converseUsage(const Counts &counts)
{
    return counted(R"("usage":{"inputTokens":%in,"outputTokens":%out})", counts);
}

std::string geminiUsage(const Counts &counts)
{
    return counted(R"(,"usageMetadata":{"promptTokenCount":%in,"candidatesTokenCount":%out})", counts);
}

std::string response(std::string_view status, std::string_view output, const std::string &usage)
{
    return R"({"id":"resp_1","object":"response","created_at":1,"status":")" + std::string(status)
        + R"(","model":"m","output":)" + std::string(output) + usage + '}';
}

std::string message(std::string_view status, std::string_view content)
{
    return R"({"type":"message","id":"msg_1","role":"assistant","status":")" + std::string(status)
        + R"(","content":)" + std::string(content) + '}';
}

const std::string kOutputText = R"([{"type":"output_text","text":"Ahoy","annotations":[]}])";

std::string sse(std::string_view name, std::string_view data)
{
    std::string event = name.empty() ? std::string() : "event: " + std::string(name) + '\n';
    return event + "data: " + std::string(data) + "\n\n";
}

std::vector<std::string> chatFrames(const Counts &counts)
{
    const auto chunk = [](std::string_view choices, const std::string &usage = {}) {
        return sse({},
                   R"({"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":)"
                       + std::string(choices) + usage + '}');
    };
    std::vector<std::string> all{
        chunk(R"([{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}])"),
        chunk(R"([{"index":0,"delta":{"content":"Ahoy"},"finish_reason":null}])"),
        chunk(R"([{"index":0,"delta":{},"finish_reason":"stop"}])"),
    };
    if (const auto usage = chatUsage(counts); !usage.empty())
        all.push_back(chunk("[]", usage));
    all.push_back(sse({}, "[DONE]"));
    return all;
}

std::vector<std::string> responsesFrames(const Counts &counts)
{
    const auto event = [](std::string_view type, std::string_view rest) {
        return sse(type, R"({"type":")" + std::string(type) + R"(",)" + std::string(rest) + '}');
    };
    const std::string place = R"("item_id":"msg_1","output_index":0,"content_index":0,)";
    return {
        event("response.created", R"("response":)" + response("in_progress", "[]", {})),
        event("response.output_item.added", R"("output_index":0,"item":)" + message("in_progress", "[]")),
        event("response.content_part.added",
              place + R"("part":{"type":"output_text","text":"","annotations":[]})"),
        event("response.output_text.delta", place + R"("delta":"Ahoy")"),
        event("response.output_text.done", place + R"("text":"Ahoy")"),
        event("response.output_item.done", R"("output_index":0,"item":)" + message("completed", kOutputText)),
        event("response.completed",
              R"("response":)"
                  + response("completed", '[' + message("completed", kOutputText) + ']',
                             responsesUsage(counts))),
    };
}

std::vector<std::string> messagesEvents(const Counts &counts)
{
    const std::string output = counted(R"(,"usage":{"output_tokens":%out})", counts);
    return {
        R"({"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null)"
            + counted(R"(,"usage":{"input_tokens":%in,"output_tokens":1})", counts) + "}}",
        R"({"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}})",
        R"({"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Ahoy"}})",
        R"({"type":"content_block_stop","index":0})",
        R"({"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null})" + output + '}',
        R"({"type":"message_stop"})",
    };
}

/// The "type" of an event, which stands first in it.
std::string typeOf(std::string_view json)
{
    constexpr std::string_view kFirst = R"({"type":")";
    if (!json.starts_with(kFirst))
        return "message_delta";
    json.remove_prefix(kFirst.size());
    return std::string(json.substr(0, json.find('"')));
}

std::vector<std::string> framed(Api api, const std::vector<std::string> &events)
{
    std::vector<std::string> all;
    for (const std::string &event : events)
        all.push_back(frame(api, event));
    return all;
}

std::vector<std::string> geminiFrames(const Counts &counts)
{
    return framed(
        Api::Gemini,
        {R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Ah"}]},"index":0}],"modelVersion":"m","responseId":"r"})",
         R"({"candidates":[{"content":{"role":"model","parts":[{"text":"oy"}]},"finishReason":"STOP","index":0}])"
             + geminiUsage(counts) + R"(,"modelVersion":"m","responseId":"r"})"});
}

std::vector<std::string> converseFrames(const Counts &counts)
{
    using eventstreambytes::eventMessage;
    return {
        eventMessage("messageStart", R"({"role":"assistant","p":"ab"})"),
        eventMessage("contentBlockDelta", R"({"contentBlockIndex":0,"delta":{"text":"Ahoy"},"p":"abc"})"),
        eventMessage("contentBlockStop", R"({"contentBlockIndex":0})"),
        eventMessage("messageStop", R"({"stopReason":"end_turn"})"),
        eventMessage("metadata",
                     '{' + converseUsage(counts) + (counts.input.empty() ? "" : ",")
                         + R"("metrics":{"latencyMs":4}})"),
    };
}

std::vector<std::string> cohereFrames(const Counts &counts)
{
    const auto event = [](std::string_view type, std::string_view rest) {
        return sse(type, R"({"type":")" + std::string(type) + '"' + std::string(rest) + '}');
    };
    return {
        event(
            "message-start",
            R"(,"id":"c","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}})"),
        event("content-start", R"(,"index":0,"delta":{"message":{"content":{"type":"text","text":""}}})"),
        event("content-delta", R"(,"index":0,"delta":{"message":{"content":{"text":"Ahoy"}}})"),
        event("content-end", R"(,"index":0)"),
        event("message-end", R"(,"delta":{"finish_reason":"COMPLETE")" + cohereUsage(counts) + '}'),
    };
}

} // namespace

std::string whole(Api api, const Counts &counts)
{
    switch (api) {
    case Api::Chat:
        return R"({"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Ahoy"},"finish_reason":"stop"}])"
            + chatUsage(counts) + '}';
    case Api::Responses:
        return response("completed", '[' + message("completed", kOutputText) + ']', responsesUsage(counts));
    case Api::Messages:
    case Api::InvokeModel:
        return R"({"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"Ahoy"}],"stop_reason":"end_turn","stop_sequence":null)"
            + counted(R"(,"usage":{"input_tokens":%in,"output_tokens":%out})", counts) + '}';
    case Api::Gemini:
        return R"({"candidates":[{"content":{"role":"model","parts":[{"text":"Ahoy"}]},"finishReason":"STOP","index":0}])"
            + geminiUsage(counts) + R"(,"modelVersion":"m"})";
    case Api::Converse:
        return R"({"output":{"message":{"role":"assistant","content":[{"text":"Ahoy"}]}},"stopReason":"end_turn")"
            + (counts.input.empty() ? std::string() : ',' + converseUsage(counts)) + '}';
    case Api::Cohere:
        return R"({"id":"c","message":{"role":"assistant","content":[{"type":"text","text":"Ahoy"}]},"finish_reason":"COMPLETE")"
            + cohereUsage(counts) + '}';
    }
    return {};
}

std::vector<std::string> frames(Api api, const Counts &counts)
{
    switch (api) {
    case Api::Chat: return chatFrames(counts);
    case Api::Responses: return responsesFrames(counts);
    case Api::Messages:
    case Api::InvokeModel: return framed(api, messagesEvents(counts));
    case Api::Gemini: return geminiFrames(counts);
    case Api::Converse: return converseFrames(counts);
    case Api::Cohere: return cohereFrames(counts);
    }
    return {};
}

std::string stream(Api api, const Counts &counts)
{
    std::string bytes;
    for (const std::string &piece : frames(api, counts))
        bytes += piece;
    return bytes;
}

std::string frame(Api api, std::string_view json)
{
    switch (api) {
    case Api::Converse: return eventstreambytes::eventMessage("contentBlockDelta", json);
    case Api::InvokeModel: {
        const auto base64 = QByteArray(json.data(), qsizetype(json.size())).toBase64().toStdString();
        return eventstreambytes::eventMessage("chunk", R"({"bytes":")" + base64 + R"(","p":"ab"})");
    }
    case Api::Messages: return sse(typeOf(json), json);
    case Api::Responses: return sse("response.output_text.delta", json);
    case Api::Cohere: return sse("content-delta", json);
    case Api::Chat:
    case Api::Gemini: break;
    }
    return sse({}, json);
}

bool isEventStream(Api api)
{
    return api == Api::Converse || api == Api::InvokeModel;
}

std::string_view streamType(Api api)
{
    return isEventStream(api) ? "application/vnd.amazon.eventstream" : "text/event-stream";
}

std::string_view mainMember(Api api)
{
    switch (api) {
    case Api::Chat: return "choices";
    case Api::Responses:
    case Api::Converse: return "output";
    case Api::Messages:
    case Api::InvokeModel: return "content";
    case Api::Gemini: return "candidates";
    case Api::Cohere: return "message";
    }
    return {};
}

} // namespace vendors
