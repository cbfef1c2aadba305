// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/modelfacts.h"
#include "core/dialect/target.h"
#include "core/dialect/usagecounts.h"

#include <array>
#include <string_view>

/// What is known of the APIs that look like OpenAI's chat (others.md, mistral.md, azure-openai.md,
/// ollama.md).
namespace portolan::dialect::openai {

/// What a provider is told for each Effort, None to Max; "" where it has no word for it.
using EffortWords = std::array<std::string_view, 7>;

/// One provider by its catalog id. The default is one that nothing is known of: it gets what every server
/// of the family takes.
struct Relative {
    std::string_view id{};
    EffortWords efforts{"none", "minimal", "low", "medium", "high", "xhigh", "max"};
    std::string_view refuses{}; ///< members that are harmless to drop and an error to send, between blanks
    std::string_view ignores{}; ///< members that do nothing there
    std::string_view seed = "seed"; ///< its name of that member

    bool own = false;                   ///< OpenAI itself, also on Azure: knows all of openai.md 2
    bool developer_role = false;        ///< else the role is system
    bool max_completion_tokens = false; ///< knows that name of the limit
    bool text_parts = false;            ///< takes text as parts everywhere, else one string is surer
    bool cache_control = false;         ///< honours the hints of Anthropic's kind
    bool top_k = false;
    bool names = true;           ///< of participants, else an error
    bool several_answers = true; ///< n > 1
    bool tools = true;
    bool forced_tools = true;       ///< tool_choice
    bool strict_turns = false;      ///< user and assistant must alternate
    bool effort_object = false;     ///< OpenRouter: reasoning {effort | max_tokens | enabled}
    bool thinking_switch = false;   ///< DeepSeek: thinking {type}
    bool can_stop_thinking = false; ///< a wish for no thinking is understood by every model there
    bool document_urls = false;     ///< Mistral: parts document_url and bare input_audio

    // Parts of its Flavour.
    bool stream_usage = true;
    bool replays_reasoning = false;
    bool nine_char_ids = false;
    bool image_urls = true;
    UsageStyle usage = UsageStyle::OpenAi;

    [[nodiscard]] bool takes(std::string_view member) const noexcept; ///< neither refuses nor ignores it
    [[nodiscard]] bool refusesMember(std::string_view member) const noexcept;
};

/// By catalog id; the default for one that is not in the table.
[[nodiscard]] const Relative &relativeOf(std::string_view provider) noexcept;

/// The flavour of a catalog provider of the OpenAI family.
[[nodiscard]] Flavour flavourOf(std::string_view provider);

/// What a model of such a provider takes: what the catalog says (modelfacts.h), and what its id and the
/// provider's own rules add. For Azure the id is that of the model behind the deployment.
[[nodiscard]] Capabilities chatCapabilities(std::string_view provider, const ModelFacts &model);

/// Members that are harmless to drop and that a model of the relative refuses whatever else the request
/// says: sampling by OpenAI's first reasoners, penalties by xAI's.
[[nodiscard]] bool modelRefuses(const Relative &relative, std::string_view model, std::string_view member);

/// OpenAI's models that think before they answer: they refuse max_tokens and sampling.
[[nodiscard]] bool isOpenAiReasoner(std::string_view model) noexcept;

} // namespace portolan::dialect::openai
