// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/outgoingitems.h"

#include "core/dialect/mediaurl.h"
#include "core/dialect/notes.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::dialect::responses {
namespace {

std::string_view roleName(Role role, const Capabilities &can)
{
    switch (role) {
    case Role::System: return "system";
    case Role::Developer: return can.developer_role ? "developer" : "system";
    case Role::User: return "user";
    case Role::Assistant: return "assistant";
    }
    return "user";
}

/// Writes items one after another; a message is opened when its first part comes.
class ItemWriter
{
public:
    ItemWriter(JsonWriter &json, const Request &request, Exchange &exchange)
        : m_json(json)
        , m_exchange(exchange)
        , m_own(request.from == Dialect::OpenAiResponses)
    { }

    void write(const Message &message);

private:
    void on(const TextPart &part);
    void on(const ImagePart &part);
    void on(const DocumentPart &part);
    void on(const AudioPart &part);
    void on(const ToolCallPart &part);
    void on(const ToolResultPart &part);
    void on(const ReasoningPart &part);
    void on(const RefusalPart &part);
    void on(const ForeignPart &part);

    JsonWriter &beginPart(std::string_view type);
    void endPart();
    void openMessage();
    void closeMessage();
    void writeMedia(const ImagePart &part);
    void writeMedia(const DocumentPart &part);
    void writeOutput(const ToolResultPart &result);
    void leaveOut(std::string_view what, std::string_view why)
    {
        note(m_exchange, Note::Kind::Dropped, what, why);
    }
    [[nodiscard]] bool takesCustom() const { return m_exchange.target.capabilities.custom_tools; }

    JsonWriter &m_json;
    Exchange &m_exchange;
    bool m_own; // the client speaks this API too
    Role m_role = Role::User;
    bool m_open = false;
    bool m_breakpoint = false;                // the part at hand is where a cached prefix ends
    std::vector<std::string_view> m_custom{}; // ids of calls of custom tools
};

void ItemWriter::write(const Message &message)
{
    m_role = message.role;
    for (const Part &part : message.parts) {
        m_breakpoint = part.cache.has_value() && m_own;
        if (part.cache && !m_own)
            leaveOut("cache_control", "the provider caches by itself");
        std::visit([this](const auto &content) { on(content); }, part.content);
    }
    closeMessage();
}

void ItemWriter::openMessage()
{
    if (m_open)
        return;
    m_open = true;
    m_json.object().member("type", "message");
    m_json.member("role", roleName(m_role, m_exchange.target.capabilities)).key("content").array();
}

void ItemWriter::closeMessage()
{
    if (m_open)
        m_json.end().end();
    m_open = false;
}

JsonWriter &ItemWriter::beginPart(std::string_view type)
{
    openMessage();
    return m_json.object().member("type", type);
}

void ItemWriter::endPart()
{
    if (m_breakpoint)
        m_json.key("prompt_cache_breakpoint").object().member("mode", "explicit").end();
    m_json.end();
}

void ItemWriter::on(const TextPart &part)
{
    if (part.text.empty())
        return;
    const bool by_model = m_role == Role::Assistant;
    m_breakpoint = m_breakpoint && !by_model;
    beginPart(by_model ? "output_text" : "input_text").member("text", part.text);
    endPart();
}

void ItemWriter::on(const RefusalPart &part)
{
    openMessage();
    if (m_role == Role::Assistant)
        m_json.object().member("type", "refusal").member("refusal", part.text).end();
    else
        m_json.object().member("type", "input_text").member("text", part.text).end();
}

void ItemWriter::writeMedia(const ImagePart &part)
{
    if (!part.media.file_id.empty())
        m_json.member("file_id", part.media.file_id);
    else
        m_json.member("image_url", urlOfMedia(part.media, "image/png"));
    m_json.member("detail", part.detail.empty() ? std::string_view("auto") : part.detail);
}

void ItemWriter::writeMedia(const DocumentPart &part)
{
    if (!part.media.file_id.empty())
        m_json.member("file_id", part.media.file_id);
    else if (!part.media.url.empty())
        m_json.member("file_url", part.media.url);
    else
        m_json.member("file_data", urlOfMedia(part.media, "application/pdf"));
    if (!part.name.empty())
        m_json.member("filename", part.name);
    else if (!part.media.base64.empty())
        m_json.member("filename", "document.pdf"); // data without a name is refused
}

void ItemWriter::on(const ImagePart &part)
{
    if (m_role == Role::Assistant) {
        leaveOut("image", "this API takes no image back that the model made");
        return;
    }
    beginPart("input_image");
    writeMedia(part);
    endPart();
}

void ItemWriter::on(const DocumentPart &part)
{
    if (!part.plain_text.empty()) {
        on(TextPart{.text = part.plain_text});
        return;
    }
    if (m_role == Role::Assistant) {
        leaveOut("document", "this API takes files from the user only");
        return;
    }
    beginPart("input_file");
    writeMedia(part);
    endPart();
}

void ItemWriter::on(const AudioPart &part)
{
    beginPart("input_audio").key("input_audio").object();
    m_json.member("data", part.base64).member("format", part.format).end().end();
}

void ItemWriter::on(const ToolCallPart &part)
{
    closeMessage();
    const bool custom = part.custom && takesCustom();
    if (custom)
        m_custom.push_back(part.id);
    m_json.object().member("type", custom ? "custom_tool_call" : "function_call");
    m_json.member("call_id", fittingId(part.id, IdRule::OpenAi));
    m_json.member("name", sentToolName(part.name, m_exchange));
    if (custom)
        m_json.member("input", part.arguments);
    else if (part.custom)
        m_json.member("arguments", wrappedInput(part.arguments));
    else
        m_json.member("arguments", part.arguments.empty() ? std::string_view("{}") : part.arguments);
    m_json.end();
}

void ItemWriter::on(const ToolResultPart &part)
{
    closeMessage();
    const bool custom = std::ranges::find(m_custom, part.call_id) != m_custom.end();
    m_json.object().member("type", custom ? "custom_tool_call_output" : "function_call_output");
    m_json.member("call_id", fittingId(part.call_id, IdRule::OpenAi)).key("output");
    const bool text_only = std::ranges::none_of(part.parts, [](const ResultPart &piece) {
        return std::holds_alternative<ImagePart>(piece) || std::holds_alternative<DocumentPart>(piece);
    });
    if (text_only)
        m_json.string((part.is_error ? "Error: " : "") + resultText(part));
    else
        writeOutput(part);
    m_json.end();
}

void ItemWriter::writeOutput(const ToolResultPart &result)
{
    const auto text = [this](std::string_view words) {
        m_json.object().member("type", "input_text").member("text", words).end();
    };
    m_json.array();
    if (result.is_error)
        text("Error:");
    for (const ResultPart &piece : result.parts) {
        if (const auto *words = std::get_if<TextPart>(&piece)) {
            text(words->text);
        } else if (const auto *image = std::get_if<ImagePart>(&piece)) {
            m_json.object().member("type", "input_image");
            writeMedia(*image);
            m_json.end();
        } else if (const auto *file = std::get_if<DocumentPart>(&piece); file && !file->plain_text.empty()) {
            text(file->plain_text);
        } else if (file) {
            m_json.object().member("type", "input_file");
            writeMedia(*file);
            m_json.end();
        } else {
            leaveOut("tool result", "a part of it is known to another provider only");
        }
    }
    m_json.end();
}

void ItemWriter::on(const ReasoningPart &part)
{
    if (part.encrypted.empty()) {
        leaveOut("reasoning", "only reasoning that this kind of provider encrypted can be sent back");
        return;
    }
    closeMessage();
    m_json.object().member("type", "reasoning");
    if (part.item_id.starts_with("rs_"))
        m_json.member("id", part.item_id);
    m_json.key("summary").array();
    if (!part.text.empty())
        m_json.object().member("type", "summary_text").member("text", part.text).end();
    m_json.end().member("encrypted_content", part.encrypted).end();
}

void ItemWriter::on(const ForeignPart &part)
{
    if (part.dialect != Dialect::OpenAiResponses) {
        leaveOut(part.type, "only its own provider knows it");
        return;
    }
    closeMessage();
    m_json.raw(part.json);
}

/// The text of a message that is text alone, without cache hints; nothing for every other.
std::optional<std::string> plainText(const Message &message)
{
    std::string text;
    for (const Part &part : message.parts) {
        const auto *words = std::get_if<TextPart>(&part.content);
        if (!words || part.cache)
            return std::nullopt;
        if (!text.empty() && !words->text.empty())
            text += "\n\n";
        text += words->text;
    }
    return text;
}

} // namespace

void writeInput(JsonWriter &json, const Request &request, Exchange &exchange)
{
    auto message = request.messages.begin();
    // Messages of the system alone are no input: then they stay what they are.
    if (request.messages.size() > 1 && message->role == Role::System) {
        if (const auto text = plainText(*message); text && !text->empty()) {
            json.member("instructions", *text);
            ++message;
        }
    }
    json.key("input").array();
    ItemWriter writer(json, request, exchange);
    for (; message != request.messages.end(); ++message)
        writer.write(*message);
    json.end();
}

} // namespace portolan::dialect::responses
