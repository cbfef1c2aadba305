// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/rawjson.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// The conversation in the middle: what a client asks, in no dialect. Inbound codecs make a Request, outbound
/// codecs write one for a provider; N + M codecs instead of N x M (core/README.md). Absent, null, 0, false
/// and "" are different things here: what is optional is absent unless the client said it (mapping.md 0.3).
namespace portolan::dialect {

/// The APIs this build can speak. Relatives of OpenAI's chat API differ by Flavour (target.h), not by
/// dialect.
enum class Dialect : std::uint8_t {
    OpenAiChat,
    OpenAiCompletions, ///< legacy, of clients only: a prompt and its continuation
    OpenAiResponses,
    Anthropic, ///< Messages, also as InvokeModel of Bedrock and rawPredict of Vertex
    Gemini,    ///< generateContent, also on Vertex
    BedrockConverse,
    CohereChat, ///< v2
};

/// A hint that the prefix up to here should be cached ("cache_control", "cachePoint").
enum class CacheTtl : std::uint8_t { Default, FiveMinutes, OneHour };

/// Bytes, or where they are. Exactly one of the three is set.
struct Media {
    std::string type{};    ///< lower case, "image/jpeg" never "image/jpg"; may be empty for a URL or file id
    std::string base64{};  ///< without white space and without the data URL's head
    std::string url{};     ///< http or https
    std::string file_id{}; ///< only its own provider knows it

    friend bool operator==(const Media &, const Media &) = default;
};

struct TextPart {
    std::string text{};
    RawJson citations{}; ///< Anthropic's own, replayed to Anthropic

    friend bool operator==(const TextPart &, const TextPart &) = default;
};

struct ImagePart {
    Media media{};
    std::string detail{}; ///< OpenAI: auto, low, high

    friend bool operator==(const ImagePart &, const ImagePart &) = default;
};

struct DocumentPart {
    Media media{};
    std::string plain_text{}; ///< instead of media: a document that came as text
    std::string name{};       ///< file name or title
    std::string context{};    ///< Anthropic
    RawJson citations{};      ///< Anthropic: {"enabled":true}

    friend bool operator==(const DocumentPart &, const DocumentPart &) = default;
};

struct AudioPart {
    std::string base64{};
    std::string format{}; ///< wav, mp3

    friend bool operator==(const AudioPart &, const AudioPart &) = default;
};

/// A call that the model made. `arguments` is text as the model spelled it, JSON if all went well; "" means
/// none. For a custom tool it is that tool's free text.
struct ToolCallPart {
    std::string id{};
    std::string name{};
    std::string arguments{};
    bool custom = false;
    std::string signature{}; ///< Gemini's thought signature, base64

    friend bool operator==(const ToolCallPart &, const ToolCallPart &) = default;
};

/// Reasoning as a provider gave it, kept so that it can be replayed to the same kind of provider unchanged.
struct ReasoningPart {
    std::string text{};
    std::string signature{}; ///< Anthropic's or Bedrock's; without one it can't be replayed there
    std::string redacted{};  ///< opaque data instead of text (redacted_thinking, redactedContent)
    std::string encrypted{}; ///< Responses: encrypted_content
    std::string item_id{};   ///< Responses: "rs_..."
    RawJson details{};       ///< OpenRouter's reasoning_details, replayed to OpenRouter

    friend bool operator==(const ReasoningPart &, const ReasoningPart &) = default;
};

struct RefusalPart {
    std::string text{};

    friend bool operator==(const RefusalPart &, const RefusalPart &) = default;
};

/// A part that only its own dialect knows (server tools, search results): handed on where the other side
/// speaks it, else named in the notes and left out.
struct ForeignPart {
    Dialect dialect = Dialect::OpenAiChat;
    std::string type{}; ///< as the dialect names it
    RawJson json{};

    friend bool operator==(const ForeignPart &, const ForeignPart &) = default;
};

/// What the result of a tool call may be made of.
using ResultPart = std::variant<TextPart, ImagePart, DocumentPart, ForeignPart>;

struct ToolResultPart {
    std::string call_id{};
    std::vector<ResultPart> parts{}; ///< may be empty
    bool is_error = false;

    friend bool operator==(const ToolResultPart &, const ToolResultPart &) = default;
};

struct Part {
    using Content = std::variant<TextPart, ImagePart, DocumentPart, AudioPart, ToolCallPart, ToolResultPart,
                                 ReasoningPart, RefusalPart, ForeignPart>;
    Content content{};
    std::optional<CacheTtl> cache{};

    friend bool operator==(const Part &, const Part &) = default;
};

/// Tool results are parts of a User message; OpenAI's role "tool" is one message per result and becomes one
/// User message per run of results, which a following user message joins (mapping.md 1).
enum class Role : std::uint8_t { System, Developer, User, Assistant };

struct Message {
    Role role = Role::User;
    std::vector<Part> parts{};
    std::string name{}; ///< OpenAI: of the participant

    friend bool operator==(const Message &, const Message &) = default;
};

struct Tool {
    enum class Kind : std::uint8_t {
        Function,
        Custom, ///< takes free text instead of JSON
        Hosted, ///< run by the provider (web search, code execution): `json` is the whole of it
    };
    Kind kind = Kind::Function;
    std::string name{};
    std::string description{};
    RawJson parameters{}; ///< JSON schema; empty when the client gave none
    std::optional<bool> strict{};
    RawJson format{}; ///< of a custom tool
    std::optional<CacheTtl> cache{};
    Dialect dialect = Dialect::OpenAiChat; ///< whose `json` it is
    RawJson json{};

    friend bool operator==(const Tool &, const Tool &) = default;
};

struct ToolChoice {
    enum class Mode : std::uint8_t { Auto, None, Required, Named };
    Mode mode = Mode::Auto;
    std::string name{};                 ///< of Named
    std::vector<std::string> allowed{}; ///< when not empty: only these of the tools

    friend bool operator==(const ToolChoice &, const ToolChoice &) = default;
};

struct ResponseFormat {
    enum class Kind : std::uint8_t { Text, JsonObject, JsonSchema };
    Kind kind = Kind::Text;
    std::string name{};
    std::string description{};
    RawJson schema{};
    std::optional<bool> strict{};

    friend bool operator==(const ResponseFormat &, const ResponseFormat &) = default;
};

/// Efforts in rising order (mapping.md 10).
enum class Effort : std::uint8_t { None, Minimal, Low, Medium, High, XHigh, Max };

[[nodiscard]] std::string_view effortName(Effort effort) noexcept; ///< "none" ... "max"
[[nodiscard]] std::optional<Effort> effortNamed(std::string_view name) noexcept;

/// How much the model should think. Nothing set: as the model likes.
struct ReasoningWish {
    std::optional<Effort> effort{};
    std::optional<std::int64_t>
        budget_tokens{};   ///< said in tokens (Anthropic thinking, OpenRouter max_tokens)
    bool adaptive = false; ///< Anthropic: {"type":"adaptive"}
    bool disabled = false; ///< Anthropic: {"type":"disabled"}
    std::string display{}; ///< Anthropic: summarized, omitted
    std::string summary{}; ///< Responses: auto, concise, detailed

    [[nodiscard]] bool empty() const noexcept { return *this == ReasoningWish{}; }
    friend bool operator==(const ReasoningWish &, const ReasoningWish &) = default;
};

/// Numbers keep the client's own spelling.
struct Sampling {
    RawJson temperature{};
    RawJson top_p{};
    RawJson top_k{};
    RawJson seed{};
    RawJson frequency_penalty{};
    RawJson presence_penalty{};
    RawJson logit_bias{};
    std::optional<bool> logprobs{};
    std::optional<std::int64_t> top_logprobs{};
    std::vector<std::string> stop{};
    std::optional<std::int64_t> n{};

    friend bool operator==(const Sampling &, const Sampling &) = default;
};

/// A member that its codec does not know, as it was written; kept for the same dialect, named in the notes
/// for others.
using Extras = std::vector<std::pair<std::string, RawJson>>;

struct Request {
    Dialect from = Dialect::OpenAiChat;
    std::string model{}; ///< as the client named it
    std::vector<Message> messages{};
    std::vector<Tool> tools{};
    std::optional<ToolChoice> tool_choice{};
    std::optional<bool> parallel_tool_calls{};
    ResponseFormat response_format{};
    ReasoningWish reasoning{};
    Sampling sampling{};
    std::optional<std::int64_t> max_tokens{};
    bool stream = false;
    bool include_usage = false; ///< the client asked for the usage chunk of a chat stream
    std::string user{};         ///< user, safety_identifier, metadata.user_id
    std::string service_tier{};
    std::string verbosity{};
    std::string prompt_cache_key{};
    RawJson metadata{};
    RawJson modalities{}; ///< OpenAI: what the answer may be made of
    RawJson audio{};
    RawJson prediction{};
    RawJson web_search_options{};
    std::optional<bool> store{};
    Extras extras{};

    friend bool operator==(const Request &, const Request &) = default;
};

} // namespace portolan::dialect
