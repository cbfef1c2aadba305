// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/conversation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::dialect {

/// How a model is told to think (vectors README, `capabilities.thinking`).
enum class ThinkingStyle : std::uint8_t {
    None,
    Budget,   ///< Anthropic enabled + budget_tokens; Gemini thinkingBudget
    Adaptive, ///< Anthropic adaptive + output_config.effort
    Level,    ///< Gemini thinkingLevel
};

/// What a model can take. Defaults are those of a model nothing is known of.
struct Capabilities {
    ThinkingStyle thinking = ThinkingStyle::None;
    bool always_thinking
        = false; ///< thinking can't be switched off, so no tool can be forced (anthropic.md 6)
    bool structured_outputs = false;   ///< a JSON schema natively
    bool sampling_params = true;       ///< temperature, top_p, top_k
    bool temperature_and_top_p = true; ///< both at once
    bool thought_signatures_required = false;
    bool reasoning_effort = false; ///< OpenAI: reasoning_effort is accepted
    bool developer_role = true;
    bool custom_tools = true;
    bool tools_with_json_schema = true; ///< Gemini 2.x: not together
    bool max_completion_tokens = true;  ///< else the field is called max_tokens
    std::optional<std::int64_t> max_output_tokens{};
};

/// How a relative of OpenAI's chat API differs from it (others.md, mistral.md, azure-openai.md, ollama.md).
struct Flavour {
    std::string provider{};         ///< catalog id, e.g. "mistral"; decides what the codec knows by name
    bool stream_usage = true;       ///< knows stream_options.include_usage
    bool replays_reasoning = false; ///< DeepSeek: reasoning_content must come back on tool turns
    bool nine_char_ids = false;     ///< Mistral: [a-zA-Z0-9]{9} for tool call ids
    bool image_urls = true;         ///< else bytes only
    bool think_tags = false; ///< the owner says that this model writes <think>...</think> into its text
};

/// Which form of a dialect the provider serves.
enum class Platform : std::uint8_t {
    Own,
    BedrockInvoke, ///< Anthropic as InvokeModel
    Vertex,        ///< Gemini, or Anthropic as rawPredict
    Azure,
};

/// Where a request goes, as configuration and catalog know it.
struct Target {
    Dialect dialect = Dialect::OpenAiChat;
    Platform platform = Platform::Own;
    Capabilities capabilities{};
    Flavour flavour{};
    std::string model{};                    ///< the provider's own id
    std::string region{};                   ///< AWS, Google
    std::string project{};                  ///< Google
    std::string deployment{};               ///< Azure; empty: the v1 API
    std::string api_version{};              ///< Azure; Anthropic's header when the client sent one
    std::int64_t default_max_tokens = 4096; ///< where the API wants one and the client said none
    bool web_search = false;                ///< the account allows the provider's own web search
};

/// Makes ids in the providers' style from a seed that the caller rolled: pure code has no dice. Two makers
/// with one seed make the same ids.
class IdMaker
{
public:
    explicit IdMaker(std::uint64_t seed)
        : m_state(seed)
    { }

    /// `prefix` and `length` characters of [0-9A-Za-z], e.g. next("call_").
    [[nodiscard]] std::string next(std::string_view prefix, std::size_t length = 24);

private:
    std::uint64_t m_state;
};

/// The id as it is when the alphabet and length allow it, else a text derived from it, the same every time,
/// so that call and result still match without any state (mapping.md 9).
enum class IdRule : std::uint8_t {
    OpenAi,    ///< at most 40 bytes
    Anthropic, ///< [a-zA-Z0-9_-]+, at most 64
    Bedrock,   ///< [a-zA-Z0-9_.:-]{1,64}
    Mistral,   ///< [a-zA-Z0-9]{9}
};
[[nodiscard]] std::string fittingId(std::string_view id, IdRule rule);

/// A tool's name in [a-zA-Z0-9_-]{1,64}, derived the same way; Gemini's rule is the same here.
[[nodiscard]] std::string fittingToolName(std::string_view name);

} // namespace portolan::dialect
