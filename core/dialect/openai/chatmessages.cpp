// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/chatmessages.h"

#include "core/base/text.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/mediaurl.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace portolan::dialect::openai {
namespace {

std::string at(const std::string &where, std::string_view step)
{
    return where + '/' + std::string(step);
}

Result<Part::Content> decodeImage(const JsonValue &part, const std::string &where)
{
    // Mistral's clients give the URL itself.
    const JsonValue image = part["image_url"];
    const auto url = image.isString() ? image.string() : image["url"].string();
    if (!url)
        return badRequest(at(where, "image_url/url"), "Give image_url.url an http, https or data URL.");
    auto media = mediaOfUrl(*url);
    if (!media)
        return badRequest(at(where, "image_url/url"),
                          "image_url.url must be an http or https URL or a base64 data URL.",
                          "invalid_image_url");
    return ImagePart{.media = *std::move(media), .detail = image["detail"].stringOr("")};
}

Result<Part::Content> decodeAudio(const JsonValue &part, const std::string &where)
{
    const JsonValue audio = part["input_audio"];
    const auto data = audio["data"].string();
    auto clean = data ? cleanBase64(*data) : std::nullopt;
    const auto format = audio["format"].string();
    if (!clean || !format)
        return badRequest(at(where, "input_audio"), "input_audio needs base64 data and a format.");
    return AudioPart{.base64 = *std::move(clean), .format = *format};
}

/// Base64 alone says nothing of its type; the file name and the first bytes of a PDF do.
std::string guessedType(std::string_view name, std::string_view base64)
{
    if (base64.starts_with("JVBERi") || toLowerAscii(name).ends_with(".pdf"))
        return "application/pdf";
    return "application/octet-stream";
}

Result<Part::Content> decodeFile(const JsonValue &part, const std::string &where)
{
    const JsonValue file = part["file"];
    DocumentPart document{.name = file["filename"].stringOr("")};
    if (const auto id = file["file_id"].string()) {
        document.media.file_id = *id;
        return document;
    }
    const auto data = file["file_data"].string();
    if (!data)
        return badRequest(at(where, "file"), "file needs file_data or a file_id.");
    if (startsWithIgnoringCase(*data, "data:")) {
        if (auto media = mediaOfUrl(*data)) {
            document.media = *std::move(media);
            return document;
        }
    } else if (auto clean = cleanBase64(*data)) {
        document.media.type = guessedType(document.name, *clean);
        document.media.base64 = *std::move(clean);
        return document;
    }
    return badRequest(at(where, "file/file_data"), "file_data must be base64 or a base64 data URL.");
}

Result<Part::Content> decodeContent(const JsonValue &part, const std::string &where)
{
    const auto type = part["type"].string();
    if (!type)
        return badRequest(at(where, "type"), "Each content part needs a type.");
    if (*type == "text" || *type == "refusal") {
        auto text = part[*type].string();
        if (!text)
            return badRequest(at(where, *type), "A part of type " + *type + " needs a string of that name.");
        if (*type == "text")
            return TextPart{.text = *std::move(text)};
        return RefusalPart{.text = *std::move(text)};
    }
    if (*type == "image_url")
        return decodeImage(part, where);
    if (*type == "input_audio")
        return decodeAudio(part, where);
    if (*type == "file")
        return decodeFile(part, where);
    return ForeignPart{.dialect = Dialect::OpenAiChat, .type = *type, .json = part.rawJson()};
}

std::vector<Part> decodeThinkingBlocks(const JsonValue &blocks)
{
    std::vector<Part> parts;
    for (const JsonValue block : blocks.elements()) {
        ReasoningPart reasoning;
        if (block["type"].equals("redacted_thinking"))
            reasoning.redacted = block["data"].stringOr("");
        else
            reasoning
                = {.text = block["thinking"].stringOr(""), .signature = block["signature"].stringOr("")};
        if (reasoning != ReasoningPart{})
            parts.push_back({.content = std::move(reasoning)});
    }
    return parts;
}

/// Reasoning that the client plays back, under the names that the field's servers gave it.
std::vector<Part> decodeReasoning(const JsonValue &message)
{
    auto parts = decodeThinkingBlocks(message["thinking_blocks"]);
    if (!parts.empty())
        return parts; // reasoning_content only repeats their text
    ReasoningPart reasoning{.text = message["reasoning_content"].stringOr(message["reasoning"].stringOr(""))};
    if (const JsonValue details = message["reasoning_details"]; details.isArray() && !details.empty())
        reasoning.details = details.rawJson();
    if (reasoning != ReasoningPart{})
        parts.push_back({.content = std::move(reasoning)});
    return parts;
}

/// The text of a call's arguments: a string, as it should be, or the JSON that some clients put there.
std::string argumentsText(const JsonValue &arguments)
{
    return arguments.stringOr(arguments ? arguments.raw() : std::string_view());
}

Result<Part> decodeCall(const JsonValue &call, const std::string &where)
{
    ToolCallPart part{.id = call["id"].stringOr(""), .custom = call["type"].equals("custom")};
    const std::string_view kind = part.custom ? "custom" : "function";
    const JsonValue body = call[kind];
    part.name = body["name"].stringOr("");
    part.arguments = argumentsText(body[part.custom ? "input" : "arguments"]);
    part.signature = call["extra_content"]["google"]["thought_signature"].stringOr("");
    if (part.id.empty())
        return badRequest(at(where, "id"), "Each tool call needs its id.", "missing_required_parameter");
    if (part.name.empty())
        return badRequest(at(where, std::string(kind) + "/name"), "Each tool call needs the tool's name.",
                          "missing_required_parameter");
    return Part{.content = std::move(part), .cache = cacheHint(call)};
}

/// Reads the messages in their order; what a message means depends on those before it.
class MessageReader
{
public:
    Result<> read(const JsonValue &message, const std::string &where);
    std::vector<Message> take() { return std::move(m_messages); }

private:
    Result<> readPlain(Role role, const JsonValue &message, const std::string &where);
    Result<> readAssistant(const JsonValue &message, const std::string &where);
    Result<> readResult(std::string call_id, const JsonValue &message, const std::string &where);
    Result<> readFunctionResult(const JsonValue &message, const std::string &where);
    Result<> addCalls(const JsonValue &message, const std::string &where, std::vector<Part> &parts);

    std::vector<Message> m_messages{};
    bool m_in_results = false;     // the last message is a run of results
    std::string m_function_name{}; // of the last deprecated function_call
    std::string m_function_id{};
};

Result<> MessageReader::read(const JsonValue &message, const std::string &where)
{
    if (!message.isObject())
        return badRequest(where, "Each message must be an object with role and content.");
    const auto role = message["role"].string();
    if (role == "user")
        return readPlain(Role::User, message, where);
    if (role == "assistant")
        return readAssistant(message, where);
    if (role == "tool") {
        auto id = message["tool_call_id"].string();
        if (!id || id->empty())
            return badRequest(at(where, "tool_call_id"),
                              "A tool message needs the id of the call it answers.",
                              "missing_required_parameter");
        return readResult(*std::move(id), message, where);
    }
    if (role == "system")
        return readPlain(Role::System, message, where);
    if (role == "developer")
        return readPlain(Role::Developer, message, where);
    if (role == "function")
        return readFunctionResult(message, where);
    return badRequest(at(where, "role"),
                      "role must be one of system, developer, user, assistant, tool and function.",
                      "invalid_value");
}

Result<> MessageReader::readPlain(Role role, const JsonValue &message, const std::string &where)
{
    auto parts = decodeParts(message["content"], at(where, "content"), decodeContent);
    if (!parts)
        return std::unexpected(std::move(parts).error());
    if (const auto hint = cacheHint(message); hint && !parts->empty())
        parts->back().cache = hint;
    std::string name = message["name"].stringOr("");
    if (role == Role::User && std::exchange(m_in_results, false)) {
        Message &results = m_messages.back();
        std::ranges::move(*parts, std::back_inserter(results.parts));
        results.name = std::move(name);
        return {};
    }
    m_in_results = false;
    m_messages.push_back({.role = role, .parts = *std::move(parts), .name = std::move(name)});
    return {};
}

Result<> MessageReader::readAssistant(const JsonValue &message, const std::string &where)
{
    std::vector<Part> parts = decodeReasoning(message);
    auto content = decodeParts(message["content"], at(where, "content"), decodeContent);
    if (!content)
        return std::unexpected(std::move(content).error());
    std::ranges::move(*content, std::back_inserter(parts));
    if (auto refusal = message["refusal"].string(); refusal && !refusal->empty())
        parts.push_back({.content = RefusalPart{.text = *std::move(refusal)}});
    if (const JsonValue audio = message["audio"])
        parts.push_back({.content = ForeignPart{
                             .dialect = Dialect::OpenAiChat, .type = "audio", .json = audio.rawJson()}});
    if (const auto hint = cacheHint(message); hint && !parts.empty())
        parts.back().cache = hint;
    if (auto added = addCalls(message, where, parts); !added)
        return added;
    m_in_results = false;
    m_messages.push_back(
        {.role = Role::Assistant, .parts = std::move(parts), .name = message["name"].stringOr("")});
    return {};
}

Result<> MessageReader::addCalls(const JsonValue &message, const std::string &where, std::vector<Part> &parts)
{
    const JsonValue calls = message["tool_calls"];
    if (calls && !calls.isArray())
        return badRequest(at(where, "tool_calls"), "tool_calls must be an array.", "invalid_type");
    std::size_t index = 0;
    for (const JsonValue call : calls.elements()) {
        auto part = decodeCall(call, at(where, "tool_calls/" + std::to_string(index++)));
        if (!part)
            return std::unexpected(std::move(part).error());
        parts.push_back(*std::move(part));
    }
    const JsonValue function = message["function_call"];
    if (!function)
        return {};
    m_function_name = function["name"].stringOr("");
    if (m_function_name.empty())
        return badRequest(at(where, "function_call/name"), "function_call needs the function's name.",
                          "missing_required_parameter");
    // The deprecated form has no ids; call and result follow one another.
    m_function_id = "call_function_" + std::to_string(m_messages.size());
    parts.push_back({.content = ToolCallPart{.id = m_function_id,
                                             .name = m_function_name,
                                             .arguments = argumentsText(function["arguments"])}});
    return {};
}

Result<> MessageReader::readFunctionResult(const JsonValue &message, const std::string &where)
{
    if (m_function_id.empty() || !message["name"].equals(m_function_name))
        return badRequest(where,
                          "A function message must follow the assistant message whose function_call it "
                          "answers.");
    return readResult(std::exchange(m_function_id, {}), message, where);
}

Result<> MessageReader::readResult(std::string call_id, const JsonValue &message, const std::string &where)
{
    auto content = decodeParts(message["content"], at(where, "content"), decodeContent);
    if (!content)
        return std::unexpected(std::move(content).error());
    ToolResultPart result{.call_id = std::move(call_id),
                          .is_error = message["is_error"].boolean().value_or(false)};
    auto cache = cacheHint(message);
    std::size_t index = 0;
    for (Part &part : *content) {
        const std::string place = at(where, "content/" + std::to_string(index++));
        if (part.cache)
            cache = part.cache;
        if (auto *text = std::get_if<TextPart>(&part.content))
            result.parts.emplace_back(std::move(*text));
        else if (auto *image = std::get_if<ImagePart>(&part.content))
            result.parts.emplace_back(std::move(*image));
        else if (auto *document = std::get_if<DocumentPart>(&part.content))
            result.parts.emplace_back(std::move(*document));
        else if (auto *foreign = std::get_if<ForeignPart>(&part.content))
            result.parts.emplace_back(std::move(*foreign));
        else
            return badRequest(place, "A tool message takes text, images and files.", "invalid_value");
    }
    if (!std::exchange(m_in_results, true))
        m_messages.push_back({.role = Role::User});
    m_messages.back().parts.push_back({.content = std::move(result), .cache = cache});
    return {};
}

} // namespace

Result<std::vector<Part>> decodeParts(const JsonValue &content, const std::string &where, ReadPart read)
{
    std::vector<Part> parts;
    if (!content)
        return parts;
    if (auto text = content.string()) {
        if (!text->empty())
            parts.push_back({.content = TextPart{.text = *std::move(text)}});
        return parts;
    }
    if (!content.isArray())
        return badRequest(where, "This must be a string or an array of parts.", "invalid_type");
    std::size_t index = 0;
    for (const JsonValue element : content.elements()) {
        auto part = read(element, where + '/' + std::to_string(index++));
        if (!part)
            return std::unexpected(std::move(part).error());
        parts.push_back({.content = *std::move(part), .cache = cacheHint(element)});
    }
    return parts;
}

std::optional<CacheTtl> cacheHint(const JsonValue &value)
{
    if (const JsonValue control = value["cache_control"]; control.isObject()) {
        if (control["ttl"].equals("1h"))
            return CacheTtl::OneHour;
        return control["ttl"].equals("5m") ? CacheTtl::FiveMinutes : CacheTtl::Default;
    }
    return value["prompt_cache_breakpoint"].isObject() ? std::optional(CacheTtl::Default) : std::nullopt;
}

Result<std::vector<Message>> decodeMessages(const JsonValue &messages)
{
    if (!messages.isArray() || messages.empty())
        return badRequest("/messages", "messages must be an array with at least one message.",
                          "missing_required_parameter");
    MessageReader reader;
    std::size_t index = 0;
    for (const JsonValue message : messages.elements()) {
        if (auto read = reader.read(message, "/messages/" + std::to_string(index++)); !read)
            return std::unexpected(std::move(read).error());
    }
    return reader.take();
}

} // namespace portolan::dialect::openai
