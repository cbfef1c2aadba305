// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/vendors/sdkclient.h"

#include <map>
#include <utility>

namespace vendors {

namespace json = boost::json;
using portolan::dialect::Dialect;

namespace {

constexpr std::string_view kResult = R"({"celsius":7})";
const json::value kSchema
    = json::parse(R"({"type":"object","properties":{"city":{"type":"string"}},"required":["city"]})");

std::string text(const json::value &value)
{
    return value.is_string() ? std::string(value.as_string()) : std::string();
}

/// Deltas of strings add up; all else is there at once.
void grow(json::object &into, std::string_view name, const json::value &piece)
{
    json::value &member = into[name];
    if (member.is_string() && piece.is_string())
        member = text(member) + text(piece);
    else if (member.is_array() && piece.is_array())
        for (const json::value &element : piece.as_array())
            member.as_array().push_back(element);
    else if (!piece.is_null() || member.is_null())
        member = piece;
}

std::vector<json::object> eventsOf(std::string_view bytes)
{
    std::vector<json::object> events;
    for (std::size_t at = 0; (at = bytes.find("data: ", at)) != std::string_view::npos;) {
        const auto end = bytes.find('\n', at);
        const auto data = bytes.substr(at + 6, end - at - 6);
        if (data != "[DONE]")
            events.push_back(json::parse(data).as_object());
        at = end;
    }
    return events;
}

json::object chatMessage(std::string_view bytes)
{
    json::object message;
    std::map<std::int64_t, json::object> calls;
    for (const json::object &chunk : eventsOf(bytes)) {
        if (chunk.at("choices").as_array().empty())
            continue;
        for (const auto &[name, value] : chunk.at("choices").at(0).at("delta").as_object()) {
            if (name != "tool_calls") {
                grow(message, name, value);
                continue;
            }
            for (const json::value &delta : value.as_array()) {
                json::object &call = calls[delta.at("index").to_number<std::int64_t>()];
                for (const auto &[part, piece] : delta.as_object()) {
                    if (part != "function") {
                        if (part != "index")
                            grow(call, part, piece);
                        continue;
                    }
                    if (!call.contains("function"))
                        call["function"].emplace_object();
                    for (const auto &[member, words] : piece.as_object())
                        grow(call["function"].as_object(), member, words);
                }
            }
        }
    }
    if (!calls.empty())
        message["tool_calls"].emplace_array();
    for (auto &[index, call] : calls)
        message["tool_calls"].as_array().push_back(std::move(call));
    return message;
}

json::object messagesMessage(std::string_view bytes)
{
    json::array content;
    std::string input;
    for (const json::object &event : eventsOf(bytes)) {
        const std::string type = text(event.at("type"));
        if (type == "content_block_start") {
            content.push_back(event.at("content_block"));
            input.clear();
        } else if (type == "content_block_delta") {
            for (const auto &[name, piece] : event.at("delta").as_object()) {
                if (name == "partial_json")
                    input += text(piece);
                else if (name != "type")
                    grow(content.back().as_object(), name, piece);
            }
        } else if (type == "content_block_stop" && text(content.back().at("type")) == "tool_use") {
            content.back().as_object()["input"] = json::parse(input.empty() ? "{}" : input);
        }
    }
    return {{"role", "assistant"}, {"content", std::move(content)}};
}

json::object responseOf(std::string_view bytes)
{
    for (const json::object &event : eventsOf(bytes)) {
        if (text(event.at("type")) == "response.completed")
            return event.at("response").as_object();
    }
    return {};
}

} // namespace

SdkClient::SdkClient(Dialect dialect)
    : m_dialect(dialect)
{
    m_history.push_back({{"role", "user"}, {"content", "How warm is it in Oslo and in Bergen?"}});
}

std::string SdkClient::request(bool streamed) const
{
    json::object body{{"model", "m"}, {"stream", streamed}};
    const char *const about = "The temperature of a city";
    if (m_dialect == Dialect::Anthropic) {
        body["max_tokens"] = 4096;
        body["thinking"] = {{"type", "enabled"}, {"budget_tokens", 2048}};
        body["tools"] = {{{"name", "weather"}, {"description", about}, {"input_schema", kSchema}}};
    } else if (m_dialect == Dialect::OpenAiResponses) {
        body["store"] = false;
        body["include"] = json::array{"reasoning.encrypted_content"};
        body["reasoning"] = {{"effort", "medium"}};
        body["tools"]
            = {{{"type", "function"}, {"name", "weather"}, {"description", about}, {"parameters", kSchema}}};
    } else {
        body["reasoning_effort"] = "medium";
        body["tools"]
            = {{{"type", "function"},
                {"function", {{"name", "weather"}, {"description", about}, {"parameters", kSchema}}}}};
    }
    body[m_dialect == Dialect::OpenAiResponses ? "input" : "messages"] = m_history;
    return json::serialize(body);
}

void SdkClient::take(const std::string &body)
{
    auto reply = json::parse(body).as_object();
    if (m_dialect == Dialect::OpenAiChat)
        takeMessage(reply.at("choices").at(0).at("message").as_object());
    else
        takeMessage(std::move(reply));
}

void SdkClient::takeStream(std::string_view bytes)
{
    switch (m_dialect) {
    case Dialect::Anthropic: takeMessage(messagesMessage(bytes)); return;
    case Dialect::OpenAiResponses: takeMessage(responseOf(bytes)); return;
    default: takeMessage(chatMessage(bytes));
    }
}

void SdkClient::takeMessage(json::object message)
{
    m_calls.clear();
    if (m_dialect == Dialect::OpenAiChat) {
        if (const auto *calls = message.if_contains("tool_calls"); calls && calls->is_array()) {
            for (const json::value &call : calls->as_array())
                m_calls.push_back(text(call.at("id")));
        }
        m_history.push_back(std::move(message));
    } else if (m_dialect == Dialect::Anthropic) {
        for (const json::value &block : message.at("content").as_array()) {
            if (text(block.at("type")) == "tool_use")
                m_calls.push_back(text(block.at("id")));
        }
        m_history.push_back({{"role", "assistant"}, {"content", message.at("content")}});
    } else {
        for (const json::value &item : message.at("output").as_array()) {
            if (text(item.at("type")) == "function_call")
                m_calls.push_back(text(item.at("call_id")));
            m_history.push_back(item);
        }
    }
}

void SdkClient::answerCalls()
{
    json::array results;
    for (const std::string &id : m_calls) {
        if (m_dialect == Dialect::Anthropic)
            results.push_back({{"type", "tool_result"}, {"tool_use_id", id}, {"content", kResult}});
        else if (m_dialect == Dialect::OpenAiResponses)
            m_history.push_back({{"type", "function_call_output"}, {"call_id", id}, {"output", kResult}});
        else
            m_history.push_back({{"role", "tool"}, {"tool_call_id", id}, {"content", kResult}});
    }
    if (m_dialect == Dialect::Anthropic) {
        results.push_back({{"type", "text"}, {"text", "Which of the two is warmer?"}});
        m_history.push_back({{"role", "user"}, {"content", std::move(results)}});
    } else {
        m_history.push_back({{"role", "user"}, {"content", "Which of the two is warmer?"}});
    }
}

} // namespace vendors
