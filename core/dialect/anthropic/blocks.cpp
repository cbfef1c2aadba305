// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/blocks.h"

#include "core/base/text.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/mediaurl.h"
#include "core/dialect/tooltext.h"

#include <utility>

namespace portolan::dialect::anthropic {
namespace {

constexpr std::string_view kCacheControl = "cache_control";

std::unexpected<Error> missing(const std::string &where, std::string_view member, std::string_view kind)
{
    return badRequest(where + '/' + std::string(member),
                      "Give " + std::string(member) + " as " + std::string(kind) + '.');
}

Part foreign(const JsonValue &block)
{
    return {.content = ForeignPart{.dialect = Dialect::Anthropic,
                                   .type = block["type"].stringOr(""),
                                   .json = withoutMember(block, kCacheControl)}};
}

/// Bytes, a URL or a file id; nothing for other kinds of source.
Result<std::optional<Media>> readSource(const JsonValue &source, const std::string &where)
{
    if (source["type"].equals("base64")) {
        auto data = source["data"].isString() ? cleanBase64(source["data"].stringOr("")) : std::nullopt;
        if (!data)
            return missing(where, "data", "base64");
        return Media{.type = mediaType(source["media_type"].stringOr("")), .base64 = *std::move(data)};
    }
    if (source["type"].equals("url")) {
        auto media = mediaOfUrl(source["url"].stringOr(""));
        if (!media)
            return missing(where, "url", "an http or https URL");
        return media;
    }
    if (source["type"].equals("file"))
        return Media{.file_id = source["file_id"].stringOr("")};
    return std::nullopt;
}

Result<Part> readImage(const JsonValue &block, const std::string &where)
{
    auto media = readSource(block["source"], where + "/source");
    if (!media)
        return std::unexpected(media.error());
    if (!*media)
        return foreign(block);
    return Part{.content = ImagePart{.media = **std::move(media)}};
}

Result<Part> readDocument(const JsonValue &block, const std::string &where)
{
    DocumentPart document{.name = block["title"].stringOr(""),
                          .context = block["context"].stringOr(""),
                          .citations = block["citations"] ? block["citations"].rawJson() : RawJson{}};
    const JsonValue source = block["source"];
    if (source["type"].equals("text")) {
        document.plain_text = source["data"].stringOr("");
        return Part{.content = std::move(document)};
    }
    auto media = readSource(source, where + "/source");
    if (!media)
        return std::unexpected(media.error());
    if (!*media)
        return foreign(block);
    document.media = **std::move(media);
    return Part{.content = std::move(document)};
}

Result<Part> readText(const JsonValue &block, const std::string &where)
{
    auto text = block["text"].string();
    if (!text)
        return missing(where, "text", "a string");
    const JsonValue citations = block["citations"];
    return Part{.content = TextPart{.text = *std::move(text),
                                    .citations = citations.empty() ? RawJson{} : citations.rawJson()}};
}

Result<Part> readToolUse(const JsonValue &block, const std::string &where)
{
    auto name = block["name"].string();
    if (!name || name->empty())
        return missing(where, "name", "the name of a tool");
    const JsonValue input = block["input"];
    if (input && !input.isObject())
        return missing(where, "input", "an object");
    return Part{.content = ToolCallPart{.id = block["id"].stringOr(""),
                                        .name = *std::move(name),
                                        .arguments = input ? compactJson(input.raw()) : std::string("{}")}};
}

/// Results hold the same blocks as messages, but not all of them.
Result<ResultPart> readResultBlock(const JsonValue &block, const std::string &where)
{
    auto part = readBlock(block, where);
    if (!part)
        return std::unexpected(part.error());
    if (auto *text = std::get_if<TextPart>(&part->content))
        return std::move(*text);
    if (auto *image = std::get_if<ImagePart>(&part->content))
        return std::move(*image);
    if (auto *document = std::get_if<DocumentPart>(&part->content))
        return std::move(*document);
    if (auto *other = std::get_if<ForeignPart>(&part->content))
        return std::move(*other);
    return badRequest(where + "/type",
                      "Put only text, image, document and search_result blocks into a tool_result.");
}

Result<Part> readToolResult(const JsonValue &block, const std::string &where)
{
    ToolResultPart result{.call_id = block["tool_use_id"].stringOr(""),
                          .is_error = block["is_error"].boolean().value_or(false)};
    if (result.call_id.empty())
        return missing(where, "tool_use_id", "the id of a tool_use block");
    const JsonValue content = block["content"];
    if (auto text = content.string()) {
        result.parts.emplace_back(TextPart{.text = *std::move(text)});
    } else if (content && !content.isArray()) {
        return missing(where, "content", "a string or an array of blocks");
    }
    std::size_t index = 0;
    for (const JsonValue inner : content.elements()) {
        auto part = readResultBlock(inner, where + "/content/" + std::to_string(index++));
        if (!part)
            return std::unexpected(part.error());
        result.parts.push_back(*std::move(part));
    }
    return Part{.content = std::move(result)};
}

} // namespace

Result<Part> readBlock(const JsonValue &block, const std::string &where)
{
    const auto type = block["type"].string();
    if (!type)
        return missing(where, "type", "the kind of the block");
    const auto read = [&]() -> Result<Part> {
        if (*type == "text")
            return readText(block, where);
        if (*type == "image")
            return readImage(block, where);
        if (*type == "document")
            return readDocument(block, where);
        if (*type == "tool_use")
            return readToolUse(block, where);
        if (*type == "tool_result")
            return readToolResult(block, where);
        if (*type == "thinking")
            return Part{.content = ReasoningPart{.text = block["thinking"].stringOr(""),
                                                 .signature = block["signature"].stringOr("")}};
        if (*type == "redacted_thinking")
            return Part{.content = ReasoningPart{.redacted = block["data"].stringOr("")}};
        return foreign(block);
    };
    auto part = read();
    if (part)
        part->cache = cacheMark(block);
    return part;
}

std::optional<CacheTtl> cacheMark(const JsonValue &block)
{
    const JsonValue mark = block[kCacheControl];
    if (!mark.isObject())
        return std::nullopt;
    if (mark["ttl"].equals("1h"))
        return CacheTtl::OneHour;
    return mark["ttl"].equals("5m") ? CacheTtl::FiveMinutes : CacheTtl::Default;
}

void writeCacheMark(JsonWriter &json, CacheTtl ttl)
{
    json.key(kCacheControl).object().member("type", "ephemeral");
    if (ttl != CacheTtl::Default)
        json.member("ttl", ttl == CacheTtl::OneHour ? "1h" : "5m");
    json.end();
}

RawJson withoutMember(const JsonValue &object, std::string_view name)
{
    if (!object[name].present())
        return object.rawJson();
    RawJson rest;
    JsonWriter json(rest.text);
    json.object();
    for (const JsonValue member : object.members()) {
        if (const std::string key = member.key(); key != name)
            json.member(key, member.rawJson());
    }
    json.end();
    return rest;
}

RawJson withCacheMark(const RawJson &object, CacheTtl ttl)
{
    std::string mark;
    JsonWriter json(mark);
    json.object();
    writeCacheMark(json, ttl);
    json.end();
    const std::size_t brace = object.text.find_last_of('}');
    const std::size_t last = object.text.find_last_not_of(" \t\r\n", brace - 1);
    return {object.text.substr(0, brace) + (object.text[last] == '{' ? "" : ",") + mark.substr(1)};
}

RawJson thinkingBlock(const ReasoningPart &reasoning)
{
    RawJson block;
    JsonWriter json(block.text);
    json.object();
    if (reasoning.redacted.empty())
        json.member("type", "thinking")
            .member("thinking", reasoning.text)
            .member("signature", reasoning.signature);
    else
        json.member("type", "redacted_thinking").member("data", reasoning.redacted);
    json.end();
    return block;
}

std::optional<RawJson> inputOf(const ToolCallPart &call)
{
    if (call.custom)
        return RawJson{wrappedInput(call.arguments)};
    if (trimmed(call.arguments).empty())
        return RawJson{"{}"};
    return isJsonObject(call.arguments) ? std::optional(RawJson{call.arguments}) : std::nullopt;
}

} // namespace portolan::dialect::anthropic
