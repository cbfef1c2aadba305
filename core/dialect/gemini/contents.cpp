// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/gemini/contents.h"

#include "core/base/text.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/gemini/tooling.h"
#include "core/dialect/notes.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <ranges>
#include <unordered_map>

namespace portolan::dialect::gemini {
namespace {

/// Takes the place of a signature that Gemini did not give (gemini.md 8).
constexpr std::string_view kNoSignature = "skip_thought_signature_validator";

template <typename T>
const T *as(const Part &part)
{
    return std::get_if<T>(&part.content);
}

bool isResult(const Part *part)
{
    return as<ToolResultPart>(*part) != nullptr;
}

/// What only its own provider can read again is left out of the history.
bool isSaid(const Part *part)
{
    return !isResult(part) && !as<ReasoningPart>(*part) && !as<ForeignPart>(*part);
}

bool hasMedia(const ToolResultPart &result)
{
    return std::ranges::any_of(result.parts, [](const ResultPart &part) {
        const auto *document = std::get_if<DocumentPart>(&part);
        return std::holds_alternative<ImagePart>(part) || (document && document->plain_text.empty());
    });
}

} // namespace

struct ContentsWriter::Answer {
    const ToolCallPart *call = nullptr;
    const ToolResultPart *result = nullptr; // null: the client sent none
};

Result<> ContentsWriter::write(const Request &request, const std::string &instruction)
{
    const Turns turns = turnsOf(request);
    if (auto written = writeSystem(turns.system, instruction); !written)
        return written;
    bool said = false;
    m_json.key("contents").array();
    for (const Turn &turn : turns.list) {
        for (const Part *part : turn.parts) {
            noteCache(*part);
            said = said || isSaid(part) || isResult(part);
        }
        if (auto written = turn.assistant ? writeModel(turn.parts) : writeUser(turn.parts); !written)
            return written;
    }
    // A conversation that ends in calls: the model hears that nobody answered them.
    if (auto written = writeAnswers({}); !written)
        return written;
    m_json.end();
    if (!said)
        return badRequest("/messages", "Gemini needs a message besides the system's: add one of the user.");
    return {};
}

Result<> ContentsWriter::writeSystem(const Parts &parts, const std::string &instruction)
{
    if (parts.empty() && instruction.empty())
        return {};
    m_json.key("systemInstruction").object().key("parts").array();
    for (const Part *part : parts) {
        const auto *text = as<TextPart>(*part);
        if (!text)
            return badRequest("/messages",
                              "A system message takes text only: move the rest to a user message.");
        noteCache(*part);
        writeText(text->text);
    }
    if (!instruction.empty())
        writeText(instruction);
    m_json.end().end();
    return {};
}

Result<> ContentsWriter::writeModel(const Parts &parts)
{
    if (std::ranges::any_of(parts, [](const Part *part) { return as<ReasoningPart>(*part) != nullptr; }))
        note(m_exchange, Note::Kind::Dropped, "reasoning of earlier turns", "Gemini can't take it back");
    if (std::ranges::none_of(parts, isSaid))
        return {};
    m_json.object().member("role", "model").key("parts").array();
    for (const Part *part : parts) {
        if (!isSaid(part))
            continue;
        const auto *call = as<ToolCallPart>(*part);
        auto written = call ? writeCall(*call, m_pending.empty()) : writePart(*part);
        if (!written)
            return written;
        if (call)
            m_pending.push_back(call);
    }
    m_json.end().end();
    return {};
}

Result<> ContentsWriter::writeUser(const Parts &parts)
{
    Parts results;
    std::ranges::copy_if(parts, std::back_inserter(results), isResult);
    if (auto written = writeAnswers(results); !written)
        return written;
    const bool media
        = std::ranges::any_of(results, [](const Part *part) { return hasMedia(*as<ToolResultPart>(*part)); });
    if (!media && std::ranges::none_of(parts, isSaid))
        return {};
    m_json.object().member("role", "user").key("parts").array();
    if (auto written = writeResultMedia(results); !written)
        return written;
    for (const Part *part : parts) {
        if (!isSaid(part))
            continue;
        if (auto written = writePart(*part); !written)
            return written;
    }
    m_json.end().end();
    return {};
}

Result<std::vector<ContentsWriter::Answer>> ContentsWriter::answersTo(const Parts &results) const
{
    std::vector<Answer> answers;
    for (const ToolCallPart *call : m_pending)
        answers.push_back({.call = call});
    std::unordered_map<std::string_view, std::vector<Answer *>> open; // the first call of an id comes last
    for (Answer &answer : std::views::reverse(answers))
        open[answer.call->id].push_back(&answer);
    for (const Part *part : results) {
        const auto *result = as<ToolResultPart>(*part);
        const auto waiting = open.find(result->call_id);
        if (waiting == open.end() || waiting->second.empty()) {
            return badRequest("/messages",
                              "A tool result answers no call of the assistant message before it: send the "
                              "call too, or leave the result out.");
        }
        waiting->second.back()->result = result;
        waiting->second.pop_back();
    }
    return answers;
}

Result<> ContentsWriter::writeAnswers(const Parts &results)
{
    const auto answers = answersTo(results);
    if (!answers)
        return std::unexpected(answers.error());
    m_pending.clear();
    if (answers->empty())
        return {};
    m_json.object().member("role", "user").key("parts").array();
    for (const Answer &answer : *answers) {
        m_json.object().key("functionResponse").object();
        if (sendsIds() && !answer.call->id.empty())
            m_json.member("id", answer.call->id);
        m_json.member("name", functionName(answer.call->name, m_exchange)).key("response");
        if (!answer.result) {
            note(m_exchange, Note::Kind::Changed, "messages", "a call without a result got \"no result\"");
            m_json.object().member("error", "no result").end();
        } else {
            const std::string text = resultText(*answer.result);
            if (answer.result->is_error)
                m_json.object().member("error", text).end();
            else if (isJsonObject(text))
                m_json.raw(text);
            else
                m_json.object().member("output", text).end();
        }
        m_json.end().end();
    }
    m_json.end().end();
    return {};
}

/// Results are JSON objects: what they show follows them.
Result<> ContentsWriter::writeResultMedia(const Parts &results)
{
    for (const Part *part : results) {
        for (const ResultPart &piece : as<ToolResultPart>(*part)->parts) {
            Result<> written;
            if (const auto *image = std::get_if<ImagePart>(&piece))
                written = writePart({.content = *image});
            else if (const auto *document = std::get_if<DocumentPart>(&piece);
                     document && document->plain_text.empty())
                written = writePart({.content = *document});
            else if (const auto *foreign = std::get_if<ForeignPart>(&piece))
                note(m_exchange, Note::Kind::Dropped, "tool result: " + foreign->type,
                     "only its own provider knows it");
            if (!written)
                return written;
        }
    }
    return {};
}

Result<> ContentsWriter::writePart(const Part &part)
{
    if (const auto *text = as<TextPart>(part)) {
        writeText(text->text);
    } else if (const auto *refusal = as<RefusalPart>(part)) {
        writeText(refusal->text);
    } else if (const auto *image = as<ImagePart>(part)) {
        if (image->detail == "low" || image->detail == "high")
            note(m_exchange, Note::Kind::Dropped, "image_url.detail",
                 "Gemini has one resolution for all images");
        return writeMedia(image->media, "", "images");
    } else if (const auto *document = as<DocumentPart>(part)) {
        if (document->plain_text.empty())
            return writeMedia(document->media, "application/pdf", "files");
        writeText(document->plain_text);
    } else if (const auto *audio = as<AudioPart>(part)) {
        const std::string type = "audio/" + (audio->format.empty() ? "wav" : audio->format);
        return writeMedia({.base64 = audio->base64}, type, "audio");
    }
    return {};
}

Result<> ContentsWriter::writeCall(const ToolCallPart &call, bool first_of_step)
{
    m_json.object().key("functionCall").object();
    if (sendsIds() && !call.id.empty())
        m_json.member("id", call.id);
    m_json.member("name", functionName(call.name, m_exchange)).key("args");
    if (call.custom)
        m_json.raw(wrappedInput(call.arguments));
    else if (trimmed(call.arguments).empty())
        m_json.object().end();
    else if (isJsonObject(call.arguments))
        m_json.raw(call.arguments);
    else
        return badRequest("/messages", "The arguments of an earlier tool call are no JSON object.");
    m_json.end();
    if (!call.signature.empty())
        m_json.member("thoughtSignature", call.signature);
    else if (first_of_step && m_exchange.target.capabilities.thought_signatures_required)
        m_json.member("thoughtSignature", kNoSignature);
    m_json.end();
    return {};
}

Result<> ContentsWriter::writeMedia(const Media &media, std::string_view type, std::string_view what)
{
    if (media.base64.empty()) {
        return badRequest(
            "/messages",
            "Gemini takes " + std::string(what)
                + " as bytes only: send them inside the message (data:...;base64,...) instead of "
                  "by URL or file id.");
    }
    const std::string_view mime = media.type.empty() ? type : std::string_view(media.type);
    if (mime.empty())
        return badRequest("/messages", "Name the media type of the data: data:image/png;base64,...");
    m_json.object().key("inlineData").object().member("mimeType", mime).member("data", media.base64);
    m_json.end().end();
    return {};
}

void ContentsWriter::writeText(std::string_view text)
{
    m_json.object().member("text", text).end();
}

void ContentsWriter::noteCache(const Part &part)
{
    if (part.cache)
        note(m_exchange, Note::Kind::Dropped, "cache_control", "Gemini caches prefixes by itself");
    if (const auto *foreign = as<ForeignPart>(part))
        note(m_exchange, Note::Kind::Dropped, "content: " + foreign->type, "only its own provider knows it");
}

/// Vertex matches by name and order; some of its versions refuse the member.
bool ContentsWriter::sendsIds() const
{
    return m_exchange.target.platform != Platform::Vertex;
}

} // namespace portolan::dialect::gemini
