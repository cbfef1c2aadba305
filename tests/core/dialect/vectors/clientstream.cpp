// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/vectors/clientstream.h"

#include <map>
#include <set>
#include <vector>

namespace portolan::dialect::vectors {
namespace {

namespace json = boost::json;

struct Event {
    std::string name{};
    std::string data{};
};

/// Plain on purpose: our own streams end their lines with LF and have one data line per event.
std::vector<Event> eventsOf(std::string_view stream)
{
    std::vector<Event> events;
    Event event;
    while (!stream.empty()) {
        const std::string_view line = stream.substr(0, stream.find('\n'));
        stream.remove_prefix(std::min(stream.size(), line.size() + 1));
        if (line.starts_with("event: "))
            event.name = line.substr(7);
        else if (line.starts_with("data: "))
            event.data = line.substr(6);
        else if (line.empty() && !event.data.empty())
            events.push_back(std::exchange(event, {}));
    }
    return events;
}

std::string text(const json::value &value)
{
    return value.is_string() ? std::string(value.as_string()) : std::string();
}

const json::value &at(const json::object &object, std::string_view name)
{
    static const json::value kNull;
    const auto *member = object.if_contains(name);
    return member ? *member : kNull;
}

const json::value &at(const json::value &value, std::string_view name)
{
    static const json::object kNone;
    const auto *object = value.if_object();
    return at(object ? *object : kNone, name);
}

void append(json::object &into, std::string_view name, const json::value &piece)
{
    if (piece.is_string())
        into[name] = text(at(into, name)) + text(piece);
}

/// The invariants of an OpenAI chat stream, and what its chunks add up to.
class ChatView
{
public:
    explicit ChatView(bool asked_for_usage)
        : m_asked_for_usage(asked_for_usage)
    { }

    ClientView read(std::string_view stream)
    {
        for (const Event &event : eventsOf(stream)) {
            if (m_failed || m_view.done)
                violate("S6: something comes after the error or [DONE]");
            if (event.data == "[DONE]") {
                m_view.done = true;
                continue;
            }
            chunk(json::parse(event.data));
        }
        finish();
        return std::move(m_view);
    }

private:
    void violate(std::string_view words)
    {
        if (m_view.violation.empty())
            m_view.violation = words;
    }

    void chunk(const json::value &chunk)
    {
        if (!at(chunk, "error").is_null()) {
            m_view.accumulated["error"] = at(chunk, "error");
            m_failed = true;
            return;
        }
        for (const std::string_view name : {"id", "object", "created", "model", "choices"}) {
            if (!chunk.as_object().contains(name))
                violate("S1: a chunk lacks a member");
        }
        const std::string identity
            = json::serialize(json::array{at(chunk, "id"), at(chunk, "created"), at(chunk, "model")});
        if (!m_identity.empty() && m_identity != identity)
            violate("S1: id, created or model changes");
        m_identity = identity;
        const auto &choices = at(chunk, "choices").as_array();
        if (!at(chunk, "usage").is_null()) {
            m_view.has_usage_chunk = true;
            m_view.accumulated["usage"] = at(chunk, "usage");
            if (!choices.empty() || m_finished.empty())
                violate("S5: the usage chunk has choices or comes before the finish");
        }
        for (const auto &choice : choices)
            readChoice(choice);
    }

    void readChoice(const json::value &choice)
    {
        const auto index = at(choice, "index").to_number<std::int64_t>();
        const json::value &delta = at(choice, "delta");
        if (m_finished.contains(index))
            violate("S4: a choice goes on after its finish");
        if (m_seen.insert(index).second && at(delta, "role").is_null())
            violate("S2: the first delta has no role");
        if (!at(choice, "finish_reason").is_null())
            m_finished.insert(index);
        if (index != 0)
            return;
        if (!at(choice, "finish_reason").is_null())
            m_view.accumulated["finish_reason"] = at(choice, "finish_reason");
        append(m_view.accumulated, "content", at(delta, "content"));
        append(m_view.accumulated, "reasoning_content", at(delta, "reasoning_content"));
        if (const auto *blocks = at(delta, "thinking_blocks").if_array()) {
            if (!m_view.accumulated.contains("thinking_blocks"))
                m_view.accumulated["thinking_blocks"] = json::array();
            auto &all = m_view.accumulated["thinking_blocks"].as_array();
            all.insert(all.end(), blocks->begin(), blocks->end());
        }
        if (const auto *calls = at(delta, "tool_calls").if_array()) {
            for (const auto &call : *calls)
                readCall(call);
        }
    }

    void readCall(const json::value &fragment)
    {
        const auto index = at(fragment, "index").to_number<std::int64_t>();
        if (index == std::int64_t(m_calls.size())) {
            json::object first = fragment.as_object();
            first.erase("index");
            const bool custom = text(at(first, "type")) == "custom";
            const json::value &body = at(first, custom ? "custom" : "function");
            if (text(at(first, "id")).empty() || text(at(first, "type")).empty()
                || text(at(body, "name")).empty())
                violate("S3: the first fragment of a call lacks id, type or name");
            m_calls.push_back(std::move(first));
            return;
        }
        if (index < 0 || index > std::int64_t(m_calls.size())) {
            violate("S3: tool indices are not dense");
            return;
        }
        json::object &call = m_calls[std::size_t(index)];
        for (const auto &[name, value] : fragment.as_object()) {
            if (name == "function" || name == "custom") {
                json::object &body = call[name].as_object();
                append(body, name == "custom" ? "input" : "arguments",
                       at(value, name == "custom" ? "input" : "arguments"));
            } else if (name != "index") {
                call[name] = value;
            }
        }
    }

    void finish()
    {
        json::object &all = m_view.accumulated;
        if (!m_calls.empty()) {
            json::array calls;
            for (const auto &call : m_calls)
                calls.push_back(call);
            all["tool_calls"] = std::move(calls);
        }
        if (text(at(all, "content")).empty())
            all["content"] = m_calls.empty() ? json::value("") : json::value(nullptr);
        if (!all.contains("finish_reason"))
            all["finish_reason"] = nullptr;
        if (!m_failed && !m_finished.contains(0))
            violate("S4: no finish chunk");
        if (!m_failed && m_asked_for_usage && !m_view.has_usage_chunk)
            violate("S5: no usage chunk although asked for");
    }

    bool m_asked_for_usage;
    bool m_failed = false;
    ClientView m_view{};
    std::string m_identity{};
    std::set<std::int64_t> m_seen{};
    std::set<std::int64_t> m_finished{};
    std::vector<json::object> m_calls{};
};

/// Anthropic's events, in the order its SDK insists on.
class MessageView
{
public:
    ClientView read(std::string_view stream)
    {
        for (const Event &event : eventsOf(stream)) {
            if (m_ended)
                violate("S7: something comes after the end");
            if (event.data == "[DONE]") {
                violate("S7: [DONE]");
                continue;
            }
            const json::value data = json::parse(event.data);
            if (event.name != text(at(data, "type")))
                violate("S7: the event line is missing or not the type");
            take(event.name, data);
        }
        if (!m_ended)
            violate("S7: neither message_stop nor error");
        return std::move(m_view);
    }

private:
    void violate(std::string_view words)
    {
        if (m_view.violation.empty())
            m_view.violation = words;
    }

    void take(std::string_view name, const json::value &data)
    {
        json::object &message = m_view.accumulated;
        if (name == "error") {
            message["error"] = at(data, "error");
            m_ended = true;
        } else if (name == "message_start") {
            if (m_started)
                violate("S7: a second message_start");
            m_started = true;
            message = at(data, "message").as_object();
            message["content"] = json::array();
        } else if (name == "ping") {
            return;
        } else if (!m_started) {
            violate("S7: message_start is not first");
        } else if (name == "content_block_start") {
            startBlock(data);
        } else if (name == "content_block_delta") {
            delta(data);
        } else if (name == "content_block_stop") {
            stopBlock(data);
        } else if (name == "message_delta") {
            message["stop_reason"] = at(at(data, "delta"), "stop_reason");
            if (const auto *usage = at(data, "usage").if_object()) {
                for (const auto &[counter, value] : *usage)
                    message["usage"].as_object()[counter] = value;
            }
            m_delta_seen = true;
        } else if (name == "message_stop") {
            if (m_open || !m_delta_seen)
                violate("S7: message_stop before a block's stop or message_delta");
            m_ended = true;
        }
    }

    json::array &content() { return m_view.accumulated["content"].as_array(); }

    void startBlock(const json::value &data)
    {
        if (m_open || m_delta_seen || at(data, "index").to_number<std::size_t>() != content().size())
            violate("S7: blocks are not sequential");
        m_open = true;
        m_input.clear();
        content().push_back(at(data, "content_block"));
    }

    void delta(const json::value &data)
    {
        if (!m_open || at(data, "index").to_number<std::size_t>() + 1 != content().size()) {
            violate("S7: a delta outside of its block");
            return;
        }
        json::object &block = content().back().as_object();
        const json::value &delta = at(data, "delta");
        const std::string type = text(at(delta, "type"));
        if (type == "text_delta")
            append(block, "text", at(delta, "text"));
        else if (type == "thinking_delta")
            append(block, "thinking", at(delta, "thinking"));
        else if (type == "signature_delta")
            block["signature"] = at(delta, "signature");
        else if (type == "input_json_delta")
            m_input += text(at(delta, "partial_json"));
    }

    void stopBlock(const json::value &data)
    {
        if (!m_open || at(data, "index").to_number<std::size_t>() + 1 != content().size())
            violate("S7: a stop without its block");
        m_open = false;
        json::object &block = content().back().as_object();
        if (text(at(block, "type")) == "tool_use" && !m_input.empty())
            block["input"] = json::parse(m_input);
        if (text(at(block, "type")) == "text" && text(at(block, "text")).empty())
            violate("S7: an empty text block");
    }

    ClientView m_view{};
    std::string m_input{};
    bool m_started = false;
    bool m_open = false;
    bool m_delta_seen = false;
    bool m_ended = false;
};

} // namespace

ClientView readOpenAiChat(std::string_view stream, bool asked_for_usage)
{
    return ChatView(asked_for_usage).read(stream);
}

ClientView readAnthropic(std::string_view stream)
{
    return MessageView().read(stream);
}

ClientView readResponses(std::string_view stream)
{
    ClientView view;
    const auto violate = [&](std::string_view words) {
        if (view.violation.empty())
            view.violation = words;
    };
    std::int64_t expected = 0;
    std::map<std::string, bool> items; // id to "is closed"
    bool ended = false;
    for (const Event &event : eventsOf(stream)) {
        if (ended || event.data == "[DONE]")
            violate("S8: something comes after the end");
        const json::value data = json::parse(event.data);
        if (text(at(data, "type")) != event.name)
            violate("S8: the event line is missing or not the type");
        if (at(data, "sequence_number").is_null()
            || at(data, "sequence_number").to_number<std::int64_t>() != expected++)
            violate("S8: sequence_number has a hole");
        const std::string item_id = text(at(data, "item_id"));
        if (!item_id.empty() && (!items.contains(item_id) || items[item_id]))
            violate("S8: an event of an item that is not open");
        if (event.name == "response.output_item.added")
            items[text(at(at(data, "item"), "id"))] = false;
        if (event.name == "response.output_item.done")
            items[text(at(at(data, "item"), "id"))] = true;
        if (event.name == "response.completed" || event.name == "response.incomplete"
            || event.name == "response.failed") {
            view.accumulated = at(data, "response").as_object();
            ended = true;
            for (const auto &[id, closed] : items) {
                if (!closed && event.name != "response.failed")
                    violate("S8: an item is left open");
            }
        } else if (event.name == "error") {
            view.accumulated["error"] = data;
        }
    }
    if (!ended && !view.accumulated.contains("error"))
        violate("S8: no final event");
    return view;
}

} // namespace portolan::dialect::vectors
