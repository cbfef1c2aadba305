// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/replyshapes.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace portolan::dialect {

namespace {

using Object = ReplyShape::Object;
using Value = ReplyShape::Value;
namespace ondemand = simdjson::ondemand;

constexpr std::size_t kMostName = 256;
constexpr std::size_t kMostMessage = 2048;

template <typename... Names>
bool isOneOf(std::string_view name, Names... names)
{
    return ((name == names) || ...);
}

bool asObject(Value value, Object &object)
{
    return value.get_object().get(object) == simdjson::SUCCESS;
}

bool isString(Value value)
{
    simdjson::ondemand::json_type type{};
    return value.type().get(type) == simdjson::SUCCESS && type == simdjson::ondemand::json_type::string;
}

/// A number or a string, as text.
std::string codeText(Value value)
{
    std::int64_t number = 0;
    if (value.get_int64().get(number) == simdjson::SUCCESS)
        return std::to_string(number);
    return shortText(value, kMostName);
}

} // namespace

std::string shortText(Value value, std::size_t most)
{
    std::string_view text;
    if (value.get_string().get(text) != simdjson::SUCCESS)
        return {};
    if (text.size() > most) {
        while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U)
            --most;
        text = text.substr(0, most);
    }
    return std::string(text);
}

ReplyShape::ReplyShape(ReplyFacts &facts)
    : m_facts(facts)
{ }

bool ReplyShape::read(Object object)
{
    const bool whole = eachMember(object, [this](std::string_view name, Value value) {
        if (!readIdentity(name, value) && !readEnding(name, value) && !readOutput(name, value)
            && !readCount(name, value, m_facts)) {
            readParts(name, value);
        }
    });
    conclude();
    return whole;
}

/// Which kind of object it is, and who made it.
bool ReplyShape::readIdentity(std::string_view name, Value value)
{
    if (name == "type")
        m_type = shortText(value, kMostName);
    else if (name == "object")
        m_object = shortText(value, kMostName);
    else if (name == "model" || name == "modelVersion")
        m_facts.model = shortText(value, kMostName);
    else if (name == "service_tier")
        m_facts.service_tier = shortText(value, kMostName);
    else if (name == "code")
        m_flat_code = codeText(value);
    else if (name == "detail") // FastAPI, under many local servers
        m_flat_message = shortText(value, kMostMessage);
    else
        return false;
    return true;
}

/// Why it ended: Anthropic, Bedrock, Cohere, Ollama, Responses.
bool ReplyShape::readEnding(std::string_view name, Value value)
{
    if (isOneOf(name, "stop_reason", "stopReason", "finish_reason", "finishReason", "done_reason")) {
        if (auto reason = shortText(value, kMostName); !reason.empty())
            m_facts.finish_reason = std::move(reason);
    } else if (name == "status") {
        m_status = shortText(value, kMostName);
    } else if (name == "incomplete_details") {
        Object details;
        if (asObject(value, details)) {
            eachMember(details, [this](std::string_view detail, Value reason) {
                if (detail == "reason")
                    m_facts.finish_reason = shortText(reason, kMostName);
            });
        }
    } else {
        return false;
    }
    return true;
}

/// Output that stands right in the object.
bool ReplyShape::readOutput(std::string_view name, Value value)
{
    if (name == "text")
        m_has_text = isString(value);
    if (isOneOf(name, "content", "text", "output", "content_block", "item", "part"))
        addContent(value, m_content);
    else if (isOneOf(name, "data", "results", "embeddings", "embedding", "audio", "b64_json",
                     "partial_image_b64"))
        addOpaque(value, m_content);
    else if (name == "duration")
        m_duration = isString(value) ? std::nullopt : audioSeconds(value, m_facts);
    else
        return false;
    return true;
}

/// Objects inside that are read in a way of their own.
void ReplyShape::readParts(std::string_view name, Value value)
{
    if (isOneOf(name, "choices", "candidates"))
        readChoices(value);
    else if (isOneOf(name, "usage", "usageMetadata", "meta"))
        readUsage(value);
    else if (name == "delta")
        readDelta(value);
    else if (name == "message")
        readMessage(value);
    else if (name == "response")
        readResponse(value);
    else if (name == "x_groq")
        readGroq(value);
    else if (name == "error")
        readError(value);
}

void ReplyShape::readChoices(Value value)
{
    simdjson::ondemand::array list;
    if (value.get_array().get(list) != simdjson::SUCCESS)
        return;
    m_choices_empty = true;
    eachElement(list, [this](Value element) {
        m_choices_empty = false;
        Object choice;
        if (asObject(element, choice))
            readChoice(choice);
    });
}

void ReplyShape::readChoice(Object choice)
{
    ReplyContent delta;
    ReplyContent whole;
    bool has_delta = false;
    eachMember(choice, [&](std::string_view name, Value value) {
        if (name == "delta") {
            has_delta = true;
            addContent(value, delta);
        } else if (isOneOf(name, "message", "text", "content")) {
            addContent(value, whole);
        } else if (name == "error") { // OpenRouter
            readError(value);
        } else {
            readEnding(name, value);
        }
    });
    // Perplexity sends all of the text so far beside each delta.
    m_content += has_delta ? delta : whole;
}

/// A piece of text (Responses), or an object with text, ending and usage (Anthropic, Cohere).
void ReplyShape::readDelta(Value value)
{
    Object delta;
    if (isString(value)) {
        addContent(value, m_content);
    } else if (asObject(value, delta)) {
        eachMember(delta, [this](std::string_view name, Value member) {
            if (readEnding(name, member))
                return;
            if (name == "usage")
                readUsage(member);
            else if (name == "error")
                readError(member);
            else if (isOneOf(name, "message", "text", "partial_json", "thinking", "content"))
                addContent(member, m_content);
        });
    }
}

/// Anthropic's message_start, Ollama's and Cohere's answers; a string in errors without an object.
void ReplyShape::readMessage(Value value)
{
    Object message;
    if (isString(value)) {
        m_flat_message = shortText(value, kMostMessage);
    } else if (asObject(value, message)) {
        eachMember(message, [this](std::string_view name, Value member) {
            if (name == "type")
                return;
            if (name == "usage")
                readUsage(member);
            else if (isOneOf(name, "content", "thinking", "tool_calls", "tool_plan"))
                addContent(member, m_content);
            else if (name != "code" && !readIdentity(name, member))
                readEnding(name, member);
        });
    }
}

/// The snapshot in Responses events, whose output has come in events of its own; Ollama's text.
void ReplyShape::readResponse(Value value)
{
    Object response;
    if (isString(value)) {
        addContent(value, m_content);
    } else if (asObject(value, response)) {
        eachMember(response, [this](std::string_view name, Value member) {
            if (name == "usage")
                readUsage(member);
            else if (name == "error")
                readError(member);
            else if (isOneOf(name, "object", "model", "service_tier"))
                readIdentity(name, member);
            else
                readEnding(name, member);
        });
    }
}

void ReplyShape::readGroq(Value value)
{
    Object groq;
    if (!asObject(value, groq))
        return;
    eachMember(groq, [this](std::string_view name, Value member) {
        if (name == "usage")
            readUsage(member);
        else if (name == "error")
            readError(member);
    });
}

void ReplyShape::readUsage(Value value)
{
    Object usage;
    if (asObject(value, usage))
        readCounts(usage, m_facts);
}

/// An object with message, code, type or status in any mixture, or a string; null, false and "" are no
/// errors.
void ReplyShape::readError(Value value)
{
    if (isString(value)) {
        m_facts.error_message = shortText(value, kMostMessage);
        m_facts.has_error = !m_facts.error_message.empty();
        return;
    }
    Object error;
    if (!asObject(value, error))
        return;
    std::string code;
    std::string kind;
    bool any = false;
    eachMember(error, [&](std::string_view name, Value member) {
        any = true;
        if (name == "message")
            m_facts.error_message = shortText(member, kMostMessage);
        else if (name == "code")
            code = codeText(member);
        else if (name == "type" || (name == "status" && kind.empty()))
            kind = shortText(member, kMostName);
    });
    // A word says more than the number some providers repeat the status in.
    const bool is_number = !code.empty() && code.find_first_not_of("0123456789-") == std::string::npos;
    m_facts.error_code = code.empty() || (is_number && !kind.empty()) ? kind : code;
    m_facts.has_error = m_facts.has_error || any;
}

/// What could not be told before the last member: JSON has no order.
void ReplyShape::conclude()
{
    if (m_type.ends_with(".done")) // repeats what the deltas had
        m_content = {};
    if (m_type == "response.audio.delta")
        m_content.bytes = 0;
    m_facts.has_content = m_content.any;
    m_facts.content_bytes = m_content.bytes;

    if (m_object == "response" && m_facts.finish_reason.empty()
        && isOneOf(m_status, "completed", "incomplete", "failed", "cancelled")) {
        m_facts.finish_reason = m_status;
    }
    if (m_duration && m_has_text && m_facts.counts.empty())
        m_facts.counts.units.push_back(*m_duration);

    const bool says_error = m_type == "error" || m_object == "error";
    m_facts.has_error = m_facts.has_error || says_error;
    if (m_facts.error_message.empty())
        m_facts.error_message = m_flat_message;
    if (m_facts.error_code.empty() && m_facts.has_error)
        m_facts.error_code = !m_flat_code.empty() ? m_flat_code
            : says_error && m_object == "error"   ? m_type
                                                  : "";

    m_facts.usage_only
        = m_choices_empty && !m_facts.counts.empty() && !m_facts.has_error && !m_facts.has_content;
}

} // namespace portolan::dialect
