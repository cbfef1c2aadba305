// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/vendors/strictness.h"

#include "tests/core/dialect/vendors/toolanswers.h"

#include <boost/json.hpp>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <stdexcept>
#include <vector>

namespace vendors {
namespace {

namespace json = boost::json;

struct Refusal : std::runtime_error {
    using std::runtime_error::runtime_error;
};

void demand(bool holds, const std::string &otherwise)
{
    if (!holds)
        throw Refusal(otherwise);
}

std::string text(const json::object &object, std::string_view name)
{
    const auto *value = object.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

const json::array &list(const json::object &object, std::string_view name)
{
    const auto *value = object.if_contains(name);
    demand(value && value->is_array(), "no array " + std::string(name));
    return value->as_array();
}

void only(const json::object &object, std::initializer_list<std::string_view> known)
{
    for (const auto &[name, value] : object)
        demand(std::ranges::find(known, std::string_view(name)) != known.end(),
               "unknown member " + std::string(name));
}

void demandId(const std::string &id, std::size_t most, std::string_view also)
{
    demand(!id.empty() && id.size() <= most, "the size of the id " + id);
    for (const char c : id) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        demand(plain || also.find(c) != std::string_view::npos, "the letters of the id " + id);
    }
}

void demandArguments(const std::string &arguments)
{
    boost::system::error_code error;
    const json::value parsed = json::parse(arguments, error);
    demand(!error && parsed.is_object() && parsed.as_object().contains("city"), "arguments " + arguments);
}

/// Each call once, and no id twice.
void demandBoth(const std::vector<std::string> &calls, const std::vector<std::string> &results)
{
    demand(calls.size() == 2 && std::set(calls.begin(), calls.end()).size() == 2, "two calls with ids");
    demand(calls == results, "results in the order of the calls");
}

void readChat(const json::object &body, bool cohere)
{
    std::vector<std::string> calls;
    std::vector<std::string> results;
    std::string before;
    for (const json::value &value : list(body, "messages")) {
        const json::object &message = value.as_object();
        const std::string role = text(message, "role");
        if (role == "assistant") {
            only(message, {"role", "content", "tool_calls", cohere ? "tool_plan" : "refusal"});
            for (const json::value &made : list(message, "tool_calls")) {
                const json::object &call = made.as_object();
                only(call, {"id", "type", "function"});
                const json::object &function = call.at("function").as_object();
                only(function, {"name", "arguments"});
                demandArguments(text(function, "arguments"));
                demand(cohere || text(call, "id").size() <= 40, "ids are of 40 letters at most");
                calls.push_back(text(call, "id"));
            }
        } else if (role == "tool") {
            only(message, {"role", "content", "tool_call_id"});
            demand(before == "assistant" || before == "tool", "results directly behind their calls");
            results.push_back(text(message, "tool_call_id"));
        } else {
            only(message, {"role", "content"});
        }
        before = role;
    }
    demand(before == "user", "the user's question at the end");
    demandBoth(calls, results);
}

void readResponses(const json::object &body)
{
    std::vector<std::string> calls;
    std::vector<std::string> results;
    for (const json::value &value : list(body, "input")) {
        const json::object &item = value.as_object();
        const std::string type = item.contains("type") ? text(item, "type") : "message";
        demand(results.empty() || type != "function_call", "calls before their results");
        if (type == "reasoning") {
            only(item, {"type", "id", "summary", "encrypted_content", "status"});
            demand(text(item, "encrypted_content") == secretOf(Api::Responses),
                   "the encrypted content could not be verified: " + text(item, "encrypted_content"));
            demand(!item.contains("id") || text(item, "id").starts_with("rs_"), "ids of reasoning");
            (void)list(item, "summary");
        } else if (type == "function_call") {
            only(item, {"type", "id", "call_id", "name", "arguments", "status"});
            demand(!item.contains("id") || text(item, "id").starts_with("fc_"), "ids of calls");
            demandId(text(item, "call_id"), 64, "_-.:/");
            demandArguments(text(item, "arguments"));
            calls.push_back(text(item, "call_id"));
        } else if (type == "function_call_output") {
            only(item, {"type", "id", "call_id", "output", "status"});
            results.push_back(text(item, "call_id"));
        } else {
            demand(type == "message", "items of type " + type);
            only(item, {"type", "id", "role", "content", "status", "phase"});
        }
    }
    demandBoth(calls, results);
}

/// What Anthropic and Bedrock have in common; the readers say what each block is.
struct Block {
    enum class Kind { Text, Reasoning, Call, Result };
    Kind kind = Kind::Text;
    std::string id{};
};

void readTurns(const json::array &messages, bool thinks, Block (*read)(const json::object &))
{
    std::vector<std::string> open;
    std::vector<std::string> calls;
    std::vector<std::string> results;
    bool assistant = true; // of the turn before
    bool last_lacks_reasoning = false;
    for (const json::value &value : messages) {
        const json::object &message = value.as_object();
        only(message, {"role", "content"});
        const bool now = text(message, "role") == "assistant";
        demand(now != assistant, "turns that alternate, the user's first");
        assistant = now;
        std::vector<Block> blocks;
        if (const auto *content = message.if_contains("content"); content && content->is_string()) {
            demand(!content->as_string().empty(), "text that is not empty");
            blocks.push_back({});
        } else {
            for (const json::value &block : list(message, "content"))
                blocks.push_back(read(block.as_object()));
        }
        demand(!blocks.empty(), "content that is not empty");
        std::vector<std::string> answered;
        bool said = false;
        for (const Block &block : blocks) {
            if (block.kind == Block::Kind::Result) {
                demand(!now && !said, "results first in the user's turn");
                answered.push_back(block.id);
                results.push_back(block.id);
            } else if (block.kind == Block::Kind::Call) {
                demand(now, "calls in the assistant's turn");
                open.push_back(block.id);
                calls.push_back(block.id);
            } else if (block.kind == Block::Kind::Reasoning) {
                demand(now && !said, "reasoning first in the assistant's turn");
            }
            said = said || block.kind == Block::Kind::Text || block.kind == Block::Kind::Call;
        }
        if (!now) {
            demand(open == answered, "a result for each call in the next turn");
            open.clear();
        } else {
            last_lacks_reasoning = !open.empty() && blocks.front().kind != Block::Kind::Reasoning;
        }
    }
    demand(!assistant, "the user's turn at the end");
    demand(!thinks || !last_lacks_reasoning, "Expected thinking, but found tool_use");
    demandBoth(calls, results);
}

Block readMessagesBlock(const json::object &block)
{
    const std::string type = text(block, "type");
    if (type == "text") {
        only(block, {"type", "text", "cache_control", "citations"});
        demand(!text(block, "text").empty(), "text that is not empty");
        return {};
    }
    if (type == "thinking") {
        only(block, {"type", "thinking", "signature"});
        demand(text(block, "signature") == secretOf(Api::Messages),
               "Invalid signature in thinking block: " + text(block, "signature"));
        return {.kind = Block::Kind::Reasoning};
    }
    if (type == "tool_use") {
        only(block, {"type", "id", "name", "input", "cache_control"});
        demandId(text(block, "id"), 64, "_-");
        demandArguments(json::serialize(block.at("input")));
        return {.kind = Block::Kind::Call, .id = text(block, "id")};
    }
    demand(type == "tool_result", "blocks of type " + type);
    only(block, {"type", "tool_use_id", "content", "is_error", "cache_control"});
    return {.kind = Block::Kind::Result, .id = text(block, "tool_use_id")};
}

Block readConverseBlock(const json::object &block)
{
    demand(block.size() == 1, "one member in each block");
    if (block.contains("text")) {
        demand(!text(block, "text").empty(), "text that is not empty");
        return {};
    }
    if (const auto *reasoning = block.if_contains("reasoningContent")) {
        const json::object &inside = reasoning->at("reasoningText").as_object();
        only(inside, {"text", "signature"});
        demand(text(inside, "signature") == secretOf(Api::Converse), "a signature of Claude's");
        return {.kind = Block::Kind::Reasoning};
    }
    if (const auto *use = block.if_contains("toolUse")) {
        only(use->as_object(), {"toolUseId", "name", "input"});
        demandId(text(use->as_object(), "toolUseId"), 64, "_.:-");
        demandArguments(json::serialize(use->at("input")));
        return {.kind = Block::Kind::Call, .id = text(use->as_object(), "toolUseId")};
    }
    demand(block.contains("toolResult"), "a block that Converse knows");
    const json::object &result = block.at("toolResult").as_object();
    only(result, {"toolUseId", "content", "status"});
    demand(!list(result, "content").empty(), "a result that says something");
    return {.kind = Block::Kind::Result, .id = text(result, "toolUseId")};
}

void readGemini(const json::object &body)
{
    std::vector<std::string> open;
    std::size_t answered = 0;
    for (const json::value &value : list(body, "contents")) {
        const json::object &content = value.as_object();
        only(content, {"role", "parts"});
        const json::array &parts = list(content, "parts");
        demand(!parts.empty(), "parts");
        const bool model = text(content, "role") == "model";
        std::vector<std::string> responses;
        bool first_call = true;
        for (const json::value &each : parts) {
            const json::object &part = each.as_object();
            only(part, {"text", "functionCall", "functionResponse", "thoughtSignature"});
            if (const auto *call = part.if_contains("functionCall")) {
                demand(model, "calls in the model's content");
                only(call->as_object(), {"id", "name", "args"});
                demandArguments(json::serialize(call->at("args")));
                const std::string signature = text(part, "thoughtSignature");
                demand(!first_call || signature == secretOf(Api::Gemini)
                           || signature == "skip_thought_signature_validator",
                       "Function call is missing a thought_signature, or it is corrupted: " + signature);
                demand(first_call || signature.empty(), "one signature for the step");
                first_call = false;
                open.push_back(text(call->as_object(), "name"));
            } else if (const auto *response = part.if_contains("functionResponse")) {
                only(response->as_object(), {"id", "name", "response"});
                demand(response->at("response").is_object(), "an object as the response");
                responses.push_back(text(response->as_object(), "name"));
            }
        }
        if (!model && !open.empty()) {
            demand(responses == open, "one response for each call, directly behind them");
            answered += responses.size();
            open.clear();
        }
    }
    demand(answered == 2, "both results");
}

bool thinks(const json::object &body)
{
    const auto *thinking = body.if_contains("thinking");
    return thinking && text(thinking->as_object(), "type") == "enabled";
}

void read(Api api, const json::object &body)
{
    switch (api) {
    case Api::Chat: readChat(body, false); return;
    case Api::Cohere: readChat(body, true); return;
    case Api::Responses: readResponses(body); return;
    case Api::Gemini: readGemini(body); return;
    case Api::Messages:
    case Api::InvokeModel: readTurns(list(body, "messages"), thinks(body), readMessagesBlock); return;
    case Api::Converse: {
        demand(body.contains("toolConfig"), "toolConfig beside calls");
        const auto *more = body.if_contains("additionalModelRequestFields");
        readTurns(list(body, "messages"), more && thinks(more->as_object()), readConverseBlock);
    }
    }
}

} // namespace

std::string refusalOf(Api api, std::string_view body)
{
    try {
        read(api, json::parse(body).as_object());
    } catch (const std::exception &refused) {
        return refused.what();
    }
    return {};
}

} // namespace vendors
