// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/outgoingparts.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/mediaurl.h"
#include "core/dialect/notes.h"

#include <algorithm>

namespace portolan::dialect::openai {
namespace {

constexpr std::string_view kParagraph = "\n\n";
constexpr std::string_view kOwnCache = "this provider decides itself what it caches";

bool isText(const Part *part)
{
    return std::holds_alternative<TextPart>(part->content);
}

std::string joinedText(const std::vector<const Part *> &parts, std::string_view between)
{
    std::string text;
    for (const Part *part : parts) {
        const auto *piece = std::get_if<TextPart>(&part->content);
        if (!piece)
            continue;
        if (!text.empty() && !piece->text.empty())
            text += between;
        text += piece->text;
    }
    return text;
}

} // namespace

bool PartWriter::isSayable(const Part &part)
{
    if (const auto *text = std::get_if<TextPart>(&part.content))
        return !text->text.empty();
    if (const auto *foreign = std::get_if<ForeignPart>(&part.content))
        return foreign->dialect == Dialect::OpenAiChat;
    return std::holds_alternative<ImagePart>(part.content)
        || std::holds_alternative<DocumentPart>(part.content)
        || std::holds_alternative<AudioPart>(part.content);
}

bool PartWriter::needsParts(const std::vector<const Part *> &parts) const
{
    return m_relative.cache_control
        && std::ranges::any_of(parts, [](const Part *part) { return part->cache.has_value(); });
}

void PartWriter::writeSystemText(const std::vector<const Part *> &texts)
{
    if (needsParts(texts)) {
        writeContent(texts);
        return;
    }
    if (std::ranges::any_of(texts, [](const Part *part) { return part->cache.has_value(); }))
        note(m_exchange, Note::Kind::Dropped, "cache_control", kOwnCache);
    m_json.string(joinedText(texts, kParagraph));
}

void PartWriter::writeContent(const std::vector<const Part *> &parts)
{
    const bool only_text = std::ranges::all_of(parts, isText);
    if (only_text && !needsParts(parts) && (parts.size() < 2 || !m_relative.text_parts)) {
        m_json.string(joinedText(parts, kParagraph));
        return;
    }
    m_json.array();
    for (const Part *part : parts)
        writePart(*part);
    m_json.end();
}

void PartWriter::writePart(const Part &part)
{
    if (const auto *text = std::get_if<TextPart>(&part.content))
        writeText(*text, part);
    else if (const auto *image = std::get_if<ImagePart>(&part.content))
        writeImage(*image);
    else if (const auto *document = std::get_if<DocumentPart>(&part.content))
        writeDocument(*document);
    else if (const auto *audio = std::get_if<AudioPart>(&part.content))
        writeAudio(*audio);
    else if (const auto *foreign = std::get_if<ForeignPart>(&part.content))
        m_json.raw(foreign->json);
}

void PartWriter::writeText(const TextPart &text, const Part &part)
{
    m_json.object().member("type", "text").member("text", text.text);
    writeHint(part);
    m_json.end();
}

void PartWriter::writeHint(const Part &part)
{
    if (!part.cache)
        return;
    if (!m_relative.cache_control) {
        note(m_exchange, Note::Kind::Dropped, "cache_control", kOwnCache);
        return;
    }
    m_json.key("cache_control").object().member("type", "ephemeral");
    if (*part.cache == CacheTtl::OneHour)
        m_json.member("ttl", "1h");
    m_json.end();
}

void PartWriter::writeImage(const ImagePart &image)
{
    if (image.media.base64.empty() && image.media.url.empty())
        return complain("This provider does not know that file id. Send the image itself.");
    if (image.media.base64.empty() && !m_exchange.target.flavour.image_urls)
        return complain("This provider takes images as bytes only. Send the image as a base64 data URL.");
    m_json.object().member("type", "image_url").key("image_url").object();
    m_json.member("url", urlOfMedia(image.media, "image/png"));
    if (!image.detail.empty())
        m_json.member("detail", image.detail);
    m_json.end().end();
}

void PartWriter::writeDocument(const DocumentPart &document)
{
    if (!document.plain_text.empty()) {
        m_json.object().member("type", "text").member("text", document.plain_text).end();
        return;
    }
    const Media &media = document.media;
    if (m_relative.document_urls && media.file_id.empty()) {
        m_json.object()
            .member("type", "document_url")
            .member("document_url", urlOfMedia(media, "application/pdf"));
        if (!document.name.empty())
            m_json.member("document_name", document.name);
        m_json.end();
        return;
    }
    if (!media.file_id.empty() && m_request.from != Dialect::OpenAiChat
        && m_request.from != Dialect::OpenAiResponses)
        return complain("This provider does not know that file id. Send the file itself.");
    if (media.file_id.empty() && media.base64.empty())
        return complain("This provider takes files as bytes only. Send the file itself instead of its URL.");
    m_json.object().member("type", "file").key("file").object();
    if (!media.file_id.empty())
        m_json.member("file_id", media.file_id);
    else
        m_json.member("filename", document.name.empty() ? std::string_view("document.pdf") : document.name)
            .member("file_data", urlOfMedia(media, "application/pdf"));
    m_json.end().end();
}

void PartWriter::writeAudio(const AudioPart &audio)
{
    m_json.object().member("type", "input_audio");
    if (m_relative.document_urls)
        m_json.member("input_audio", audio.base64);
    else
        m_json.key("input_audio").object().member("data", audio.base64).member("format", audio.format).end();
    m_json.end();
}

void PartWriter::complain(std::string message)
{
    if (m_result)
        m_result = badRequest("/messages", std::move(message));
}

} // namespace portolan::dialect::openai
