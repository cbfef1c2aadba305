// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/inputcontent.h"

#include "core/base/text.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/mediaurl.h"
#include "core/dialect/openai/chatmessages.h"

#include <utility>

namespace portolan::dialect::responses {
namespace {

Result<Part::Content> decodeImage(const JsonValue &part, const std::string &where)
{
    ImagePart image{.detail = part["detail"].stringOr("")};
    if (const auto url = part["image_url"].string()) {
        auto media = mediaOfUrl(*url);
        if (!media)
            return badRequest(where + "/image_url",
                              "image_url must be an http or https URL or a base64 data URL.",
                              "invalid_image_url");
        image.media = *std::move(media);
    } else if (auto id = part["file_id"].string()) {
        image.media.file_id = *std::move(id);
    } else {
        return badRequest(where, "An input_image needs image_url (a string) or file_id.");
    }
    return image;
}

/// Base64 alone says nothing of its type; the file's name and the first bytes of a PDF do.
Media fileOfBase64(std::string base64, std::string_view name)
{
    const bool is_pdf = base64.starts_with("JVBERi") || toLowerAscii(name).ends_with(".pdf");
    return {.type = is_pdf ? "application/pdf" : "application/octet-stream", .base64 = std::move(base64)};
}

Result<Part::Content> decodeFile(const JsonValue &part, const std::string &where)
{
    DocumentPart document{.name = part["filename"].stringOr("")};
    if (const auto data = part["file_data"].string()) {
        auto base64 = startsWithIgnoringCase(*data, "data:") ? std::nullopt : cleanBase64(*data);
        auto media = base64 ? fileOfBase64(*std::move(base64), document.name) : mediaOfUrl(*data);
        if (!media || media->base64.empty())
            return badRequest(where + "/file_data", "file_data must be base64 or a base64 data URL.");
        document.media = *std::move(media);
    } else if (const auto url = part["file_url"].string()) {
        auto media = mediaOfUrl(*url);
        if (!media)
            return badRequest(where + "/file_url", "file_url must be an http or https URL.");
        document.media = *std::move(media);
    } else if (auto id = part["file_id"].string()) {
        document.media.file_id = *std::move(id);
    } else {
        return badRequest(where, "An input_file needs file_data, file_url or file_id.");
    }
    return document;
}

Result<Part::Content> decodeAudio(const JsonValue &part, const std::string &where)
{
    const JsonValue audio = part["input_audio"];
    const auto data = audio["data"].string();
    auto base64 = data ? cleanBase64(*data) : std::nullopt;
    auto format = audio["format"].string();
    if (!base64 || !format)
        return badRequest(where + "/input_audio", "input_audio needs base64 data and a format.");
    return AudioPart{.base64 = *std::move(base64), .format = *std::move(format)};
}

template <typename TextualPart>
Result<Part::Content> decodeText(const JsonValue &part, std::string_view name, const std::string &where)
{
    if (auto text = part[name].string())
        return TextualPart{.text = *std::move(text)};
    return badRequest(where + '/' + std::string(name), "This part needs a string " + std::string(name) + '.');
}

Result<Part::Content> decodePart(const JsonValue &part, const std::string &where)
{
    const JsonValue type = part["type"];
    if (type.equals("input_text") || type.equals("output_text") || type.equals("text"))
        return decodeText<TextPart>(part, "text", where);
    if (type.equals("refusal"))
        return decodeText<RefusalPart>(part, "refusal", where);
    if (type.equals("input_image"))
        return decodeImage(part, where);
    if (type.equals("input_file"))
        return decodeFile(part, where);
    if (type.equals("input_audio"))
        return decodeAudio(part, where);
    return badRequest(
        where + "/type",
        "A content part must be input_text, input_image, input_file, input_audio, output_text or "
        "refusal.",
        "invalid_value");
}

Result<std::vector<ResultPart>> resultParts(std::vector<Part> parts, const std::string &where)
{
    std::vector<ResultPart> results;
    for (Part &part : parts) {
        if (auto *text = std::get_if<TextPart>(&part.content))
            results.emplace_back(std::move(*text));
        else if (auto *image = std::get_if<ImagePart>(&part.content))
            results.emplace_back(std::move(*image));
        else if (auto *document = std::get_if<DocumentPart>(&part.content))
            results.emplace_back(std::move(*document));
        else
            return badRequest(where, "An output may hold input_text, input_image and input_file parts only.");
    }
    return results;
}

} // namespace

Result<std::vector<Part>> decodeContent(const JsonValue &content, const std::string &where)
{
    return openai::decodeParts(content, where, decodePart);
}

Result<std::vector<ResultPart>> decodeOutput(const JsonValue &output, const std::string &where)
{
    auto parts = decodeContent(output, where);
    if (!parts)
        return std::unexpected(std::move(parts).error());
    return resultParts(*std::move(parts), where);
}

} // namespace portolan::dialect::responses
