// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/answerparts.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/mediaurl.h"
#include "core/dialect/openai/reasoningdetails.h"
#include "core/dialect/openai/relativeerrors.h"
#include "core/dialect/openai/relatives.h"
#include "core/dialect/openaierrors.h"

#include <algorithm>
#include <array>

namespace portolan::dialect::openai {
namespace {

struct FinishWord {
    std::string_view word;
    FinishReason reason;
};

constexpr std::array kFinishWords{
    FinishWord{"stop", FinishReason::Stop},
    FinishWord{"length", FinishReason::Length},
    FinishWord{"tool_calls", FinishReason::ToolCalls},
    FinishWord{"function_call", FinishReason::ToolCalls},
    FinishWord{"content_filter", FinishReason::ContentFilter},
    FinishWord{"eos", FinishReason::Stop},            // Together
    FinishWord{"model_length", FinishReason::Length}, // Mistral
    FinishWord{"abort", FinishReason::Stop},          // vLLM
};

/// An error of a member that is no object of the usual shape, as if it were one.
std::optional<ApiError> errorOf(const JsonValue &holder)
{
    auto error = openAiErrorInside(holder);
    if (error)
        refineRelativeError(*error, holder["error"]);
    return error;
}

} // namespace

std::string reasoningOf(const JsonValue &message)
{
    for (const std::string_view name : {"reasoning_content", "reasoning"}) {
        if (auto text = message[name].string(); text && !text->empty())
            return *std::move(text);
    }
    return ReasoningDetails::textOf(message["reasoning_details"]);
}

ContentPieces contentOf(const JsonValue &content)
{
    ContentPieces pieces{.text = content.stringOr("")};
    for (const JsonValue chunk : content.elements()) {
        const JsonValue thinking = chunk["thinking"];
        pieces.reasoning += thinking.stringOr("");
        for (const JsonValue thought : thinking.elements())
            pieces.reasoning += thought["text"].stringOr("");
        if (chunk["type"].equals("text"))
            pieces.text += chunk["text"].stringOr("");
        else if (auto image = imageOf(chunk))
            pieces.images.push_back(*std::move(image));
    }
    return pieces;
}

std::optional<ImagePart> imageOf(const JsonValue &image)
{
    const JsonValue place = image["image_url"];
    const auto url = place.isString() ? place.string() : place["url"].string();
    auto media = url ? mediaOfUrl(*url) : std::nullopt;
    if (!media)
        return std::nullopt;
    return ImagePart{.media = *std::move(media)};
}

std::optional<FinishReason> finishOf(const JsonValue &word)
{
    for (const auto &[text, reason] : kFinishWords) {
        if (word.equals(text))
            return reason;
    }
    return std::nullopt;
}

bool isErrorFinish(const JsonValue &word)
{
    return word.equals("error") || word.equals("insufficient_system_resource");
}

std::string argumentsOf(const JsonValue &arguments)
{
    return arguments.isString() || !arguments ? arguments.stringOr("") : std::string(arguments.raw());
}

UsageStyle usageStyleOf(const Target &target)
{
    return relativeOf(target.flavour.provider).usage;
}

std::optional<ApiError> errorInside(const JsonValue &root)
{
    for (const JsonValue holder : {root, root["x_groq"]}) {
        if (auto error = errorOf(holder))
            return error;
    }
    if (root["object"].equals("error")) { // older vLLM, Mistral
        const auto code = root["code"].integer();
        ApiError error = errorOfStatus(code && *code >= 400 && *code <= 599 ? int(*code) : 502,
                                       root["message"].stringOr("The provider said only that it failed."));
        refineRelativeError(error, root);
        return error;
    }
    for (const JsonValue choice : root["choices"].elements()) {
        if (auto error = errorOf(choice))
            return error;
        if (isErrorFinish(choice["finish_reason"]))
            return errorOfStatus(
                502, "The provider broke the answer off (" + choice["finish_reason"].stringOr("") + ").");
    }
    return std::nullopt;
}

Extras extrasOf(const JsonValue &root)
{
    Extras extras;
    for (const std::string_view name : {"citations", "search_results", "related_questions"}) {
        if (const JsonValue value = root[name]; value.isArray() && !value.empty())
            extras.emplace_back(name, value.rawJson());
    }
    return extras;
}

} // namespace portolan::dialect::openai
