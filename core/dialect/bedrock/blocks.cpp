// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/blocks.h"

#include "core/dialect/bedrock/modelid.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace portolan::dialect::bedrock {
namespace {

constexpr std::size_t kMostCachePoints = 4;
constexpr std::size_t kMostDocumentName = 200;

using Named = std::pair<std::string_view, std::string_view>;

constexpr std::array<Named, 4> kImageFormats{
    {{"image/png", "png"}, {"image/jpeg", "jpeg"}, {"image/gif", "gif"}, {"image/webp", "webp"}}};
constexpr std::array<Named, 9> kDocumentFormats{
    {{"application/pdf", "pdf"},
     {"text/csv", "csv"},
     {"application/msword", "doc"},
     {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
     {"application/vnd.ms-excel", "xls"},
     {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
     {"text/html", "html"},
     {"text/plain", "txt"},
     {"text/markdown", "md"}}};

std::string_view formatOf(const auto &formats, std::string_view type)
{
    type = type.substr(0, type.find(';'));
    const auto found = std::ranges::find(formats, type, &Named::first);
    return found == formats.end() ? std::string_view() : found->second;
}

bool isBlank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

std::size_t hintsOf(const Request &request)
{
    const auto hinted = [](const auto &holder) { return holder.cache.has_value(); };
    std::ptrdiff_t hints = std::ranges::count_if(request.tools, hinted);
    for (const Message &message : request.messages)
        hints += std::ranges::count_if(message.parts, hinted);
    return std::size_t(hints);
}

/// A document without text beside it is refused.
bool needsText(const Turn &turn)
{
    const auto is_document
        = [](const Part *part) { return std::holds_alternative<DocumentPart>(part->content); };
    const auto is_text = [](const Part *part) {
        const auto *text = std::get_if<TextPart>(&part->content);
        return text && !isBlank(text->text);
    };
    return std::ranges::any_of(turn.parts, is_document) && std::ranges::none_of(turn.parts, is_text);
}

} // namespace

CachePoints::CachePoints(const Request &request, Exchange &exchange)
    : m_vendor(vendorOf(exchange.target.model))
    , m_exchange(exchange)
{
    const std::size_t hints = hintsOf(request);
    m_skipped = hints - std::min(hints, kMostCachePoints);
}

bool CachePoints::takes(bool in_tools)
{
    const bool unknown = m_vendor.empty() || m_vendor == "anthropic";
    const bool nova = m_vendor == "amazon" && !in_tools;
    if (!unknown && !nova) {
        note(m_exchange, Note::Kind::Dropped, "cache_control", "this model caches no prompts there");
        return false;
    }
    if (m_skipped == 0)
        return true;
    --m_skipped;
    note(m_exchange, Note::Kind::Dropped, "cache_control", "only the last four are kept");
    return false;
}

void CachePoints::write(CacheTtl ttl, JsonWriter &json)
{
    json.object().key("cachePoint").object().member("type", "default");
    if (ttl != CacheTtl::Default)
        json.member("ttl", ttl == CacheTtl::OneHour ? "1h" : "5m");
    json.end().end();
}

Result<> BlockWriter::turn(const Turn &turn)
{
    m_json.object().member("role", turn.assistant ? "assistant" : "user").key("content").array();
    bool wrote = false;
    for (const Part *part : turn.parts) {
        const auto written = block(*part);
        if (!written)
            return fail(written.error());
        wrote = wrote || *written;
        if (*written && part->cache && !std::holds_alternative<ReasoningPart>(part->content)
            && m_cache.takes(false))
            CachePoints::write(*part->cache, m_json);
    }
    if (!wrote || needsText(turn)) {
        text(".");
        note(m_exchange, Note::Kind::Changed, "messages", "Bedrock wants text there; a dot stands for it");
    }
    m_json.end().end();
    return {};
}

void BlockWriter::systemText(const std::vector<const Part *> &parts)
{
    for (const Part *part : parts) {
        const auto *piece = std::get_if<TextPart>(&part->content);
        if (!piece) {
            note(m_exchange, Note::Kind::Dropped, "messages",
                 "a system message can hold only text on Bedrock");
            continue;
        }
        if (text(piece->text) && part->cache && m_cache.takes(false))
            CachePoints::write(*part->cache, m_json);
    }
}

/// False when nothing was written.
Result<bool> BlockWriter::block(const Part &part)
{
    struct Visitor {
        BlockWriter &writer;
        const Part &part;

        Result<bool> operator()(const TextPart &piece) const { return writer.text(piece.text); }
        Result<bool> operator()(const RefusalPart &piece) const { return writer.text(piece.text); }
        Result<bool> operator()(const ImagePart &piece) const { return writer.image(piece, part); }
        Result<bool> operator()(const DocumentPart &piece) const { return writer.document(piece, part); }
        Result<bool> operator()(const ToolCallPart &piece) const { return writer.toolCall(piece, part); }
        Result<bool> operator()(const ToolResultPart &piece) const { return writer.toolResult(piece, part); }
        Result<bool> operator()(const ReasoningPart &piece) const { return writer.reasoning(piece); }
        Result<bool> operator()(const AudioPart & /*piece*/) const
        {
            return badRequest(writer.pointerOf(part), "Leave the audio out: Bedrock's Converse takes none.");
        }
        Result<bool> operator()(const ForeignPart &piece) const
        {
            note(writer.m_exchange, Note::Kind::Dropped, piece.type, "Bedrock has no such part");
            return false;
        }
    };
    return std::visit(Visitor{*this, part}, part.content);
}

/// Blank text is a 400 there.
bool BlockWriter::text(std::string_view text)
{
    if (isBlank(text))
        return false;
    m_json.object().member("text", text).end();
    return true;
}

Result<bool> BlockWriter::image(const ImagePart &image, const Part &part)
{
    if (image.media.base64.empty())
        return badRequest(pointerOf(part),
                          "Send the image as bytes (a data: URL with base64): Bedrock fetches no URLs.");
    const std::string_view format = formatOf(kImageFormats, image.media.type);
    if (format.empty())
        return badRequest(pointerOf(part),
                          "Send the image as PNG, JPEG, GIF or WebP: Bedrock takes no other.");
    m_json.object().key("image").object().member("format", format);
    m_json.key("source").object().member("bytes", image.media.base64).end().end().end();
    if (!image.detail.empty() && image.detail != "auto")
        note(m_exchange, Note::Kind::Dropped, "detail", "Bedrock sizes images itself");
    return true;
}

Result<bool> BlockWriter::document(const DocumentPart &document, const Part &part)
{
    const bool plain = !document.plain_text.empty();
    if (!plain && document.media.base64.empty())
        return badRequest(pointerOf(part),
                          "Send the file as bytes (base64): Bedrock fetches no URLs and knows "
                          "no file ids of others.");
    const std::string_view format
        = plain ? std::string_view("txt") : formatOf(kDocumentFormats, document.media.type);
    if (format.empty())
        return badRequest(pointerOf(part),
                          "Send the file as PDF, CSV, Word, Excel, HTML, text or Markdown: "
                          "Bedrock takes no other.");
    m_json.object().key("document").object().member("format", format);
    m_json.member("name", documentName(document));
    m_json.key("source").object();
    if (plain)
        m_json.member("text", document.plain_text);
    else
        m_json.member("bytes", document.media.base64);
    m_json.end();
    if (!document.context.empty())
        m_json.member("context", document.context);
    if (!document.citations.empty())
        m_json.member("citations", document.citations);
    m_json.end().end();
    return true;
}

Result<bool> BlockWriter::toolCall(const ToolCallPart &call, const Part &part)
{
    const std::string input = call.custom ? wrappedInput(call.arguments)
        : isBlank(call.arguments)         ? std::string("{}")
                                          : call.arguments;
    if (!isJsonObject(input))
        return badRequest(pointerOf(part),
                          "Make the arguments of the call to \"" + call.name + "\" one JSON object.");
    m_json.object().key("toolUse").object();
    m_json.member("toolUseId", fittingId(call.id, IdRule::Bedrock));
    m_json.member("name", sentToolName(call.name, m_exchange));
    m_json.key("input").raw(input).end().end();
    return true;
}

Result<bool> BlockWriter::toolResult(const ToolResultPart &result, const Part &part)
{
    m_json.object().key("toolResult").object();
    m_json.member("toolUseId", fittingId(result.call_id, IdRule::Bedrock)).key("content").array();
    bool wrote = false;
    for (const ResultPart &piece : result.parts) {
        const auto written = resultPart(piece, part);
        if (!written)
            return written;
        wrote = wrote || *written;
    }
    if (!wrote)
        text("(no output)");
    m_json.end();
    if (result.is_error)
        m_json.member("status", "error");
    m_json.end().end();
    return true;
}

Result<bool> BlockWriter::resultPart(const ResultPart &piece, const Part &part)
{
    if (const auto *said = std::get_if<TextPart>(&piece))
        return text(said->text);
    if (const auto *shown = std::get_if<ImagePart>(&piece))
        return image(*shown, part);
    if (const auto *file = std::get_if<DocumentPart>(&piece))
        return document(*file, part);
    note(m_exchange, Note::Kind::Dropped, std::get<ForeignPart>(piece).type, "Bedrock has no such part");
    return false;
}

bool BlockWriter::reasoning(const ReasoningPart &reasoning)
{
    // An id that tells no vendor may be Claude's.
    const std::string_view vendor = vendorOf(m_exchange.target.model);
    const bool signs = vendor.empty() || vendor == "anthropic";
    if (!signs || !isReplayable(reasoning)) {
        note(m_exchange, Note::Kind::Dropped, "reasoning_content",
             signs ? "without a signature it can't be replayed" : "it is another vendor's");
        return false;
    }
    m_json.object().key("reasoningContent").object();
    if (!reasoning.redacted.empty()) {
        m_json.member("redactedContent", reasoning.redacted);
    } else {
        m_json.key("reasoningText").object().member("text", reasoning.text);
        m_json.member("signature", reasoning.signature).end();
    }
    m_json.end().end();
    return true;
}

/// Letters, digits, single blanks, hyphens and brackets, and no two alike in one request.
std::string BlockWriter::documentName(const DocumentPart &document)
{
    std::string name;
    for (const char c : document.name) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || c == '(' || c == ')' || c == '[' || c == ']';
        const char fitting = plain ? c : c == ' ' ? ' ' : '-';
        if (plain || (!name.empty() && name.back() != fitting))
            name += fitting;
        if (name.size() == kMostDocumentName)
            break;
    }
    while (name.ends_with(' ') || name.ends_with('-'))
        name.pop_back();
    if (name.empty())
        name = "document";
    std::string unique = name;
    for (std::size_t number = m_document_names.size() + 1; !m_document_names.insert(unique).second; ++number)
        unique = name + " (" + std::to_string(number) + ')';
    if (unique != document.name)
        note(m_exchange, Note::Kind::Changed, "filename", "Bedrock allows few characters in a file's name");
    return unique;
}

/// Where the part stands in the request as the codecs know it.
std::string BlockWriter::pointerOf(const Part &part) const
{
    for (std::size_t i = 0; i < m_request.messages.size(); ++i) {
        const auto &parts = m_request.messages[i].parts;
        for (std::size_t k = 0; k < parts.size(); ++k) {
            if (&parts[k] == &part)
                return "/messages/" + std::to_string(i) + "/content/" + std::to_string(k);
        }
    }
    return "/messages";
}

} // namespace portolan::dialect::bedrock
