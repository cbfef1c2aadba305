// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/contentwriter.h"

#include "core/base/text.h"
#include "core/dialect/anthropic/blocks.h"
#include "core/dialect/base64.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <array>

namespace portolan::dialect::anthropic {
namespace {

constexpr std::string_view kMessages = "/messages";
constexpr std::string_view kPdf = "application/pdf";
constexpr std::array<std::string_view, 4> kImageTypes{"image/jpeg", "image/png", "image/gif", "image/webp"};

/// How the four image formats begin in base64.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kImageHeads{{
    {"/9j/", "image/jpeg"},
    {"iVBOR", "image/png"},
    {"R0lGOD", "image/gif"},
    {"UklGR", "image/webp"},
}};

std::string_view imageType(const Media &media)
{
    if (!media.type.empty())
        return media.type;
    for (const auto &[head, type] : kImageHeads) {
        if (media.base64.starts_with(head))
            return type;
    }
    return {};
}

std::unexpected<Error> refused(std::string message)
{
    return badRequest(std::string(kMessages), std::move(message));
}

/// A document of plain text, as bytes or as text already; nothing for other documents.
std::optional<std::string> plainText(const DocumentPart &document)
{
    if (!document.plain_text.empty())
        return document.plain_text;
    if (document.media.base64.empty() || !document.media.type.starts_with("text/"))
        return std::nullopt;
    auto bytes = bytesOfBase64(document.media.base64);
    return bytes ? std::optional(toUtf8(*bytes)) : std::nullopt;
}

template <typename T>
const T *as(const Part &part)
{
    return std::get_if<T>(&part.content);
}

} // namespace

void ContentWriter::writeSystem(JsonWriter &json, const Turns &turns, std::string_view hint)
{
    const auto is_text = [](const Part *part) { return as<TextPart>(*part) || as<RefusalPart>(*part); };
    if (!std::ranges::all_of(turns.system, is_text))
        dropped("system", "system messages take text only");
    if (hint.empty() && std::ranges::none_of(turns.system, is_text))
        return;
    json.key("system").array();
    for (const Part *one : turns.system) {
        if (is_text(one))
            part(json, *one);
    }
    if (!hint.empty())
        json.object().member("type", "text").member("text", hint).end();
    json.end();
}

Result<> ContentWriter::messages(JsonWriter &json, const Turns &turns)
{
    json.key("messages").array();
    if (!turns.list.empty() && turns.list.front().assistant) {
        note(m_exchange, Note::Kind::Changed, "messages", "the conversation must begin with the user");
        json.object().member("role", "user").key("content").array();
        json.object().member("type", "text").member("text", ".").end();
        json.end().end();
    }
    for (const Turn &one : turns.list) {
        if (auto written = turn(json, one); !written)
            return written;
    }
    json.end();
    return {};
}

Result<> ContentWriter::turn(JsonWriter &json, const Turn &turn)
{
    std::vector<const Part *> sent;
    for (const Part *one : turn.parts) {
        const auto goes = isSent(*one, turn.assistant);
        if (!goes)
            return std::unexpected(goes.error());
        if (*goes)
            sent.push_back(one);
    }
    if (sent.empty()) // neither an empty content nor an empty text is taken
        return {};
    json.object().member("role", turn.assistant ? "assistant" : "user").key("content").array();
    for (const Part *one : sent)
        part(json, *one);
    json.end().end();
    return {};
}

Result<bool> ContentWriter::isSent(const Part &part, bool assistant)
{
    if (const auto *image = as<ImagePart>(part)) {
        if (!image->detail.empty())
            dropped("detail", "this provider has no detail of images");
        if (assistant)
            dropped("image", "answers of the model can't hold images here");
        return assistant ? false : isSent(image->media, true);
    }
    if (const auto *document = as<DocumentPart>(part))
        return plainText(*document) ? true : isSent(document->media, false);
    if (as<AudioPart>(part))
        return refused("Send text instead of audio: this provider takes none.");
    if (const auto *call = as<ToolCallPart>(part)) {
        if (!inputOf(*call))
            return refused("Give the arguments of the call of \"" + call->name + "\" as one JSON object.");
    }
    if (const auto *result = as<ToolResultPart>(part)) {
        for (const ResultPart &inner : result->parts) {
            const auto *image = std::get_if<ImagePart>(&inner);
            const auto *document = std::get_if<DocumentPart>(&inner);
            const auto goes = image                 ? isSent(image->media, true)
                : document && !plainText(*document) ? isSent(document->media, false)
                                                    : Result<bool>(true);
            if (!goes)
                return goes;
        }
    }
    if (const auto *reasoning = as<ReasoningPart>(part)) {
        if (!isReplayable(*reasoning))
            dropped("reasoning", "reasoning without a signature can't be replayed");
        return isReplayable(*reasoning);
    }
    if (const auto *foreign = as<ForeignPart>(part))
        return isSent(*foreign);
    return true;
}

Result<bool> ContentWriter::isSent(const Media &media, bool is_image) const
{
    const std::string kind = is_image ? "image" : "document";
    if (!media.file_id.empty()) {
        if (m_request.from != Dialect::Anthropic && !media.file_id.starts_with("file_"))
            return refused("Send the " + kind + " itself: this provider does not know the file id.");
        return true;
    }
    if (!media.url.empty()) {
        if (m_exchange.target.platform == Platform::BedrockInvoke)
            return refused("Send the " + kind + " as base64: this provider fetches no URLs.");
        return true;
    }
    if (is_image && std::ranges::find(kImageTypes, imageType(media)) == kImageTypes.end())
        return refused("Send images as JPEG, PNG, GIF or WebP.");
    if (!is_image && media.type != kPdf)
        return refused("Send documents as PDF or plain text.");
    if (media.base64.empty())
        return refused("Give the bytes of the " + kind + " as base64.");
    return true;
}

bool ContentWriter::isSent(const ForeignPart &part)
{
    if (part.dialect == Dialect::Anthropic)
        return true;
    dropped(part.type, "only its own API knows this part");
    return false;
}

void ContentWriter::part(JsonWriter &json, const Part &part)
{
    const auto mark = m_marks.of(part);
    if (const auto *reasoning = as<ReasoningPart>(part)) {
        json.raw(thinkingBlock(*reasoning));
        return;
    }
    if (const auto *foreign = as<ForeignPart>(part)) {
        json.raw(mark ? withCacheMark(foreign->json, *mark) : foreign->json);
        return;
    }
    json.object();
    if (const auto *words = as<TextPart>(part))
        text(json, *words);
    else if (const auto *refusal = as<RefusalPart>(part))
        text(json, {.text = refusal->text});
    else if (const auto *image = as<ImagePart>(part))
        source(json.member("type", "image"), image->media);
    else if (const auto *paper = as<DocumentPart>(part))
        document(json, *paper);
    else if (const auto *made = as<ToolCallPart>(part))
        call(json, *made);
    else if (const auto *answer = as<ToolResultPart>(part))
        result(json, *answer);
    if (mark)
        writeCacheMark(json, *mark);
    json.end();
}

void ContentWriter::text(JsonWriter &json, const TextPart &text) const
{
    json.member("type", "text").member("text", text.text);
    if (!text.citations.empty())
        json.member("citations", text.citations);
}

void ContentWriter::source(JsonWriter &json, const Media &media) const
{
    json.key("source").object();
    if (!media.file_id.empty())
        json.member("type", "file").member("file_id", media.file_id);
    else if (!media.url.empty())
        json.member("type", "url").member("url", media.url);
    else
        json.member("type", "base64")
            .member("media_type", media.type.empty() ? imageType(media) : std::string_view(media.type))
            .member("data", media.base64);
    json.end();
}

void ContentWriter::document(JsonWriter &json, const DocumentPart &document) const
{
    json.member("type", "document");
    if (const auto plain = plainText(document)) {
        json.key("source").object().member("type", "text").member("media_type", "text/plain");
        json.member("data", *plain).end();
    } else {
        source(json, document.media);
    }
    if (!document.name.empty())
        json.member("title", document.name);
    if (!document.context.empty())
        json.member("context", document.context);
    if (!document.citations.empty())
        json.member("citations", document.citations);
}

void ContentWriter::call(JsonWriter &json, const ToolCallPart &call)
{
    json.member("type", "tool_use").member("id", fittingId(call.id, IdRule::Anthropic));
    json.member("name", sentToolName(call.name, m_exchange));
    json.member("input", inputOf(call).value_or(RawJson{"{}"}));
}

void ContentWriter::result(JsonWriter &json, const ToolResultPart &result)
{
    json.member("type", "tool_result").member("tool_use_id", fittingId(result.call_id, IdRule::Anthropic));
    const auto is_empty = [this](const ResultPart &part) {
        const auto *text = std::get_if<TextPart>(&part);
        const auto *foreign = std::get_if<ForeignPart>(&part);
        return (text && text->text.empty()) || (foreign && !isSent(*foreign));
    };
    if (!std::ranges::all_of(result.parts, is_empty)) {
        const auto *only = result.parts.size() == 1 ? std::get_if<TextPart>(&result.parts.front()) : nullptr;
        if (only && only->citations.empty()) {
            json.member("content", only->text);
        } else {
            json.key("content").array();
            for (const ResultPart &part : result.parts) {
                if (!is_empty(part))
                    resultPart(json, part);
            }
            json.end();
        }
    }
    if (result.is_error)
        json.member("is_error", true);
}

void ContentWriter::resultPart(JsonWriter &json, const ResultPart &part)
{
    if (const auto *foreign = std::get_if<ForeignPart>(&part)) {
        json.raw(foreign->json);
        return;
    }
    json.object();
    if (const auto *words = std::get_if<TextPart>(&part))
        text(json, *words);
    else if (const auto *image = std::get_if<ImagePart>(&part))
        source(json.member("type", "image"), image->media);
    else if (const auto *paper = std::get_if<DocumentPart>(&part))
        document(json, *paper);
    json.end();
}

void ContentWriter::dropped(std::string_view what, std::string_view why)
{
    note(m_exchange, Note::Kind::Dropped, what, why);
}

} // namespace portolan::dialect::anthropic
