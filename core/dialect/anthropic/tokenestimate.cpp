// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/tokenestimate.h"

#include "core/base/jsonwriter.h"

#include <algorithm>

namespace portolan::dialect::anthropic {
namespace {

constexpr std::int64_t kMessage = 4;
constexpr std::int64_t kTool = 8;
constexpr std::int64_t kToolInstructions = 346; // Anthropic's figure for models of the 4th generation
constexpr std::int64_t kImage = 1600;
constexpr std::int64_t kPage = 2000;
constexpr std::int64_t kPageBase64Bytes = 50'000 / 3 * 4;

/// Adds up the parts of a message.
class Sum
{
public:
    [[nodiscard]] std::int64_t tokens() const noexcept { return m_tokens; }

    void operator()(const TextPart &text) { add(text.text); }
    void operator()(const RefusalPart &refusal) { add(refusal.text); }
    void operator()(const ImagePart & /*image*/) { m_tokens += kImage; }
    void operator()(const AudioPart &audio) { add(audio.base64); }
    void operator()(const ForeignPart &foreign) { add(foreign.json.text); }
    void operator()(const ReasoningPart &reasoning) { add(reasoning.text); }
    void operator()(const ToolCallPart &call)
    {
        add(call.name);
        add(call.arguments);
        m_tokens += kTool;
    }
    void operator()(const ToolResultPart &result)
    {
        m_tokens += kTool;
        for (const ResultPart &part : result.parts)
            std::visit([this](const auto &one) { (*this)(one); }, part);
    }
    void operator()(const DocumentPart &document)
    {
        add(document.plain_text);
        add(document.name);
        add(document.context);
        if (document.plain_text.empty())
            m_tokens += kPage * (1 + std::int64_t(document.media.base64.size()) / kPageBase64Bytes);
    }

private:
    void add(std::string_view text) { m_tokens += estimateTokens(text); }

    std::int64_t m_tokens = 0;
};

std::int64_t toolTokens(const Tool &tool)
{
    return kTool + estimateTokens(tool.name) + estimateTokens(tool.description)
        + estimateTokens(tool.parameters.text) + estimateTokens(tool.json.text);
}

} // namespace

std::int64_t estimateTokens(std::string_view text) noexcept
{
    const auto others = std::ranges::count_if(text, [](char c) { return (std::uint8_t(c) & 0x80U) != 0; });
    const std::int64_t ascii = std::ssize(text) - others;
    return (ascii + 3) / 4 + (others + 2) / 3;
}

std::int64_t estimateTokens(const Request &request)
{
    Sum sum;
    for (const Message &message : request.messages) {
        for (const Part &part : message.parts)
            std::visit([&](const auto &one) { sum(one); }, part.content);
    }
    std::int64_t tokens = sum.tokens() + kMessage * std::ssize(request.messages);
    for (const Tool &tool : request.tools)
        tokens += toolTokens(tool);
    if (!request.tools.empty())
        tokens += kToolInstructions;
    tokens += estimateTokens(request.response_format.schema.text);
    return std::max<std::int64_t>(tokens, 1);
}

std::string countReply(std::int64_t tokens)
{
    std::string body;
    JsonWriter(body).object().member("input_tokens", tokens).end();
    return body;
}

} // namespace portolan::dialect::anthropic
