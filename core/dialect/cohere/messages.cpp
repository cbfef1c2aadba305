// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/cohere/messages.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/mediaurl.h"
#include "core/dialect/notes.h"
#include "core/dialect/tooltext.h"

#include <algorithm>

namespace portolan::dialect::cohere {
namespace {

template <typename T>
const T *as(const Part *part)
{
    return std::get_if<T>(&part->content);
}

/// The text of a part that is nothing but text; null for the others.
const std::string *textOf(const Part *part)
{
    if (const auto *text = as<TextPart>(part))
        return &text->text;
    if (const auto *refusal = as<RefusalPart>(part))
        return &refusal->text;
    const auto *document = as<DocumentPart>(part);
    return document && !document->plain_text.empty() ? &document->plain_text : nullptr;
}

std::string joined(const std::vector<const Part *> &parts)
{
    std::string text;
    for (const Part *part : parts)
        text += *textOf(part);
    return text;
}

} // namespace

Result<> MessagesWriter::write(const Request &request, const std::string &instruction)
{
    m_json.key("messages").array();
    if (!instruction.empty())
        writeTextMessage("system", instruction);
    if (request.messages.empty())
        return badRequest("/messages", "The conversation is empty: add a message of the user.");
    for (const Message &message : request.messages) {
        if (!message.name.empty())
            note(m_exchange, Note::Kind::Dropped, "messages[].name", "Cohere knows no names of participants");
        if (auto written = writeMessage(message); !written)
            return written;
    }
    m_json.end();
    return {};
}

Result<> MessagesWriter::writeMessage(const Message &message)
{
    Parts parts;
    for (const Part &part : message.parts) {
        if (part.cache)
            note(m_exchange, Note::Kind::Dropped, "cache_control", "Cohere has no such hint");
        if (const auto *foreign = std::get_if<ForeignPart>(&part.content)) {
            note(m_exchange, Note::Kind::Dropped, "content: " + foreign->type,
                 "only its own provider knows it");
        } else if (const auto *text = textOf(&part); !text || !text->empty()) {
            parts.push_back(&part);
        }
    }
    if (message.role == Role::Assistant) {
        writeAssistant(parts);
        return {};
    }
    return message.role == Role::User ? writeUser(parts) : writeSystem(parts);
}

Result<> MessagesWriter::writeSystem(const Parts &parts)
{
    if (!std::ranges::all_of(parts, textOf))
        return badRequest("/messages", "A system message takes text only: move the rest to a user message.");
    if (parts.empty())
        return {};
    m_json.object().member("role", "system");
    auto written = writeContent(parts);
    m_json.end();
    return written;
}

Result<> MessagesWriter::writeUser(const Parts &parts)
{
    Parts said;
    std::vector<Part> shown; // images of results: a tool message takes text only
    for (const Part *part : parts) {
        const auto *result = as<ToolResultPart>(part);
        if (!result) {
            said.push_back(part);
            continue;
        }
        if (auto written = writeResult(*result); !written)
            return written;
        for (const ResultPart &piece : result->parts) {
            if (const auto *image = std::get_if<ImagePart>(&piece))
                shown.push_back({.content = *image});
        }
    }
    Parts content;
    for (const Part &image : shown)
        content.push_back(&image);
    content.insert(content.end(), said.begin(), said.end());
    if (content.empty())
        return {};
    m_json.object().member("role", "user");
    auto written = writeContent(content);
    m_json.end();
    return written;
}

/// Either plan or content may stand beside calls, and no empty content.
void MessagesWriter::writeAssistant(const Parts &parts)
{
    Parts texts;
    Parts calls;
    std::string plan;
    for (const Part *part : parts) {
        if (textOf(part))
            texts.push_back(part);
        else if (as<ToolCallPart>(part))
            calls.push_back(part);
        else if (const auto *reasoning = as<ReasoningPart>(part))
            plan += reasoning->text;
        else
            note(m_exchange, Note::Kind::Dropped, "content of the assistant", "Cohere takes its text only");
    }
    if (texts.empty() && calls.empty())
        return;
    m_json.object().member("role", "assistant");
    if (!texts.empty())
        m_json.member("content", joined(texts));
    if (texts.empty() && !plan.empty())
        m_json.member("tool_plan", plan);
    else if (!plan.empty())
        note(m_exchange, Note::Kind::Dropped, "reasoning of earlier turns",
             "Cohere takes it back as a plan of calls only");
    if (!calls.empty())
        writeCalls(calls);
    m_json.end();
}

void MessagesWriter::writeCalls(const Parts &calls)
{
    m_json.key("tool_calls").array();
    for (const Part *part : calls) {
        const auto &call = *as<ToolCallPart>(part);
        m_json.object().member("id", call.id).member("type", "function").key("function").object();
        m_json.member("name", sentToolName(call.name, m_exchange));
        if (call.custom)
            m_json.member("arguments", wrappedInput(call.arguments));
        else
            m_json.member("arguments", call.arguments.empty() ? std::string_view("{}") : call.arguments);
        m_json.end().end();
    }
    m_json.end();
}

Result<> MessagesWriter::writeResult(const ToolResultPart &result)
{
    for (const ResultPart &part : result.parts) {
        if (const auto *document = std::get_if<DocumentPart>(&part); document && document->plain_text.empty())
            return badRequest("/messages", "Cohere takes no files: send the file's text instead.");
        if (const auto *foreign = std::get_if<ForeignPart>(&part))
            note(m_exchange, Note::Kind::Dropped, "tool result: " + foreign->type,
                 "only its own provider knows it");
    }
    m_json.object().member("role", "tool").member("tool_call_id", result.call_id);
    m_json.member("content", (result.is_error ? "Error: " : "") + resultText(result)).end();
    return {};
}

Result<> MessagesWriter::writeContent(const Parts &parts)
{
    if (parts.size() == 1 && textOf(parts.front())) {
        m_json.member("content", *textOf(parts.front()));
        return {};
    }
    m_json.key("content").array();
    for (const Part *part : parts) {
        if (auto written = writeBlock(*part); !written)
            return written;
    }
    m_json.end();
    return {};
}

Result<> MessagesWriter::writeBlock(const Part &part)
{
    if (const auto *text = textOf(&part)) {
        m_json.object().member("type", "text").member("text", *text).end();
        return {};
    }
    if (const auto *image = as<ImagePart>(&part))
        return writeImage(*image);
    return badRequest("/messages", "Cohere takes text and images only: send files and audio as text.");
}

Result<> MessagesWriter::writeImage(const ImagePart &image)
{
    const std::string url = urlOfMedia(image.media, "image/png");
    if (url.empty())
        return badRequest("/messages",
                          "Cohere can't read a file id: send the image as a data URL or a link.");
    m_json.object().member("type", "image_url").key("image_url").object().member("url", url);
    if (!image.detail.empty())
        m_json.member("detail", image.detail);
    m_json.end().end();
    return {};
}

void MessagesWriter::writeTextMessage(std::string_view role, std::string_view text)
{
    m_json.object().member("role", role).member("content", text).end();
}

} // namespace portolan::dialect::cohere
