// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/relatives.h"

#include "core/base/text.h"

#include <algorithm>

namespace portolan::dialect::openai {
namespace {

constexpr EffortWords kThreeSteps{"", "low", "low", "medium", "high", "high", "high"};
constexpr EffortWords kOffAndThreeSteps{"none", "low", "low", "medium", "high", "high", "high"};
constexpr EffortWords kOnOrOff{"none", "none", "high", "high", "high", "high", "high"};
constexpr EffortWords kDeepSeek{"", "low", "low", "high", "high", "max", "max"};
constexpr EffortWords kOllama{"none", "low", "low", "medium", "high", "max", "max"};

constexpr Relative kUnknown{};

constexpr Relative openAi(std::string_view id)
{
    return {.id = id, .own = true, .developer_role = true, .max_completion_tokens = true, .text_parts = true};
}

constexpr Relative ollama(std::string_view id)
{
    return {.id = id,
            .efforts = kOllama,
            .ignores = " tool_choice logit_bias user n logprobs top_logprobs parallel_tool_calls ",
            .several_answers = false,
            .forced_tools = false,
            .can_stop_thinking = true,
            .image_urls = false};
}

constexpr auto kRelatives = std::to_array<Relative>({
    openAi("openai"),
    openAi("azure-openai"),
    {.id = "mistral-ai",
     .efforts = kOnOrOff,
     .refuses = " logprobs top_logprobs logit_bias user safety_identifier store service_tier verbosity"
                " stream_options web_search_options prompt_cache_options prompt_cache_retention moderation ",
     .seed = "random_seed",
     .text_parts = true,
     .names = false,
     .can_stop_thinking = true,
     .document_urls = true,
     .stream_usage = false,
     .nine_char_ids = true},
    {.id = "groq",
     .efforts = kOffAndThreeSteps,
     .refuses = " logit_bias logprobs top_logprobs ",
     .max_completion_tokens = true,
     .names = false,
     .several_answers = false},
    {.id = "together-ai", .efforts = kThreeSteps, .top_k = true},
    {.id = "fireworks-ai", .efforts = kOffAndThreeSteps, .top_k = true},
    {.id = "deepseek",
     .efforts = kDeepSeek,
     .several_answers = false,
     .thinking_switch = true,
     .can_stop_thinking = true,
     .replays_reasoning = true,
     .usage = UsageStyle::DeepSeek},
    {.id = "x-ai",
     .efforts = kThreeSteps,
     .max_completion_tokens = true,
     .text_parts = true,
     .usage = UsageStyle::OpenAiReasoningExtra},
    {.id = "perplexity-ai",
     .efforts = kThreeSteps,
     .refuses = " seed logit_bias ",
     .several_answers = false,
     .tools = false,
     .strict_turns = true,
     .usage = UsageStyle::OpenAiReasoningExtra},
    {.id = "openrouter",
     .developer_role = true,
     .max_completion_tokens = true,
     .text_parts = true,
     .cache_control = true,
     .top_k = true,
     .effort_object = true,
     .can_stop_thinking = true},
    {.id = "vllm", .text_parts = true, .top_k = true},
    {.id = "sglang", .text_parts = true, .top_k = true},
    {.id = "llama-cpp", .efforts = kOffAndThreeSteps, .top_k = true, .can_stop_thinking = true},
    {.id = "lm-studio", .efforts = kThreeSteps, .top_k = true},
    ollama("ollama"),
    ollama("ollama-cloud"),
});

/// `words` are between blanks, so that no name is found inside another.
bool lists(std::string_view words, std::string_view name) noexcept
{
    for (std::size_t at = words.find(name); at != std::string_view::npos; at = words.find(name, at + 1)) {
        if (at > 0 && words[at - 1] == ' ' && words.substr(at + name.size()).starts_with(' '))
            return true;
    }
    return false;
}

/// Aggregators put the vendor in front: "openai/gpt-5".
std::string_view withoutVendor(std::string_view model) noexcept
{
    const std::size_t slash = model.rfind('/');
    return slash == std::string_view::npos ? model : model.substr(slash + 1);
}

bool contains(std::string_view model, std::string_view word)
{
    return toLowerAscii(model).find(word) != std::string::npos;
}

bool takesEffort(std::string_view provider, std::string_view model)
{
    if (isOpenAiReasoner(model) || contains(model, "gpt-oss"))
        return true;
    if (provider == "openrouter" || provider == "ollama" || provider == "ollama-cloud"
        || provider == "llama-cpp")
        return true; // ignored by models that don't think
    if (provider == "deepseek" || provider == "fireworks-ai")
        return true;
    if (provider == "groq")
        return contains(model, "qwen3");
    if (provider == "x-ai")
        return contains(model, "grok-3-mini");
    if (provider == "perplexity-ai")
        return contains(model, "reasoning") || contains(model, "deep-research");
    return false;
}

bool isXaiReasoner(std::string_view model)
{
    return !contains(model, "non-reasoning")
        && (contains(model, "grok-4") || contains(model, "grok-3-mini") || contains(model, "grok-code"));
}

} // namespace

bool Relative::refusesMember(std::string_view member) const noexcept
{
    return lists(refuses, member);
}

bool Relative::takes(std::string_view member) const noexcept
{
    return !lists(refuses, member) && !lists(ignores, member);
}

const Relative &relativeOf(std::string_view provider) noexcept
{
    const auto *found = std::ranges::find(kRelatives, provider, &Relative::id);
    return found == kRelatives.end() ? kUnknown : *found;
}

Flavour flavourOf(std::string_view provider)
{
    const Relative &relative = relativeOf(provider);
    return {.provider = std::string(provider),
            .stream_usage = relative.stream_usage,
            .replays_reasoning = relative.replays_reasoning,
            .nine_char_ids = relative.nine_char_ids,
            .image_urls = relative.image_urls};
}

bool modelRefuses(const Relative &relative, std::string_view model, std::string_view member)
{
    if (relative.id == "x-ai")
        return isXaiReasoner(model) && lists(" presence_penalty frequency_penalty ", member);
    // From gpt-5.1 on it depends on the effort.
    return relative.own && isOpenAiReasoner(model) && !withoutVendor(model).starts_with("gpt-5.")
        && lists(" temperature top_p presence_penalty frequency_penalty logit_bias logprobs top_logprobs ",
                 member);
}

bool isOpenAiReasoner(std::string_view model) noexcept
{
    const std::string_view name = withoutVendor(model);
    if (name.starts_with("gpt-5"))
        return name.find("-chat") == std::string_view::npos; // the chat variants sample as others do
    return name.starts_with("o1") || name.starts_with("o3") || name.starts_with("o4");
}

Capabilities chatCapabilities(std::string_view provider, const ModelFacts &model)
{
    const Relative &relative = relativeOf(provider);
    Capabilities can = capabilitiesOf(Dialect::OpenAiChat, model);
    can.sampling_params = can.sampling_params && !(relative.own && isOpenAiReasoner(model.id));
    // Where it is known that a server refuses the parameter for some models, that a model thinks does not say
    // that it takes it; elsewhere the catalog's word is all there is, and servers ignore what they don't
    // know.
    can.reasoning_effort = takesEffort(provider, model.id) || (relative.id.empty() && can.reasoning_effort);
    can.developer_role = relative.developer_role;
    can.custom_tools = relative.own && withoutVendor(model.id).starts_with("gpt-5");
    can.max_completion_tokens = relative.max_completion_tokens;
    return can;
}

} // namespace portolan::dialect::openai
