// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/messagesrequest.h"

#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"
#include "core/base/text.h"
#include "core/dialect/anthropic/contentwriter.h"
#include "core/dialect/anthropic/platform.h"
#include "core/dialect/anthropic/toolset.h"
#include "core/dialect/claudethinking.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/jsonschema.h"
#include "core/dialect/notes.h"
#include "core/dialect/requestlimits.h"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace portolan::dialect::anthropic {
namespace {

constexpr std::string_view kJsonHint = "Respond with one JSON object only.";
constexpr std::string_view kFilesBeta = "files-api-2025-04-14";
constexpr std::size_t kMostMarks = 4;
constexpr std::size_t kMostUserIdBytes = 256;
constexpr double kLeastTopP = 0.95; // while thinking

void noteIf(bool given, Exchange &exchange, std::string_view what, std::string_view why)
{
    if (given)
        note(exchange, Note::Kind::Dropped, what, why);
}

/// What can't be left out without changing what the client gets.
Result<> refuseOthers(const Request &request, const Target &target)
{
    if (!isModelName(target.model))
        return badRequest("/model", "Name a model of this provider's.");
    if (request.sampling.n.value_or(1) > 1)
        return badRequest("/n", "Ask for one choice at a time: this provider gives one.");
    const auto modalities = JsonDocument::parse(request.modalities.text);
    if (modalities) {
        for (const JsonValue one : JsonValue(*modalities).elements()) {
            if (!one.equals("text"))
                return badRequest("/modalities", "Ask for text: this provider answers with nothing else.");
        }
    }
    return {};
}

void noteLeftOut(const Request &request, Exchange &exchange)
{
    const std::string_view why = "this provider has nothing like it";
    const Sampling &sampling = request.sampling;
    noteIf(!sampling.seed.empty(), exchange, "seed", why);
    noteIf(!sampling.frequency_penalty.empty(), exchange, "frequency_penalty", why);
    noteIf(!sampling.presence_penalty.empty(), exchange, "presence_penalty", why);
    noteIf(sampling.logprobs.value_or(false), exchange, "logprobs", why);
    noteIf(sampling.top_logprobs.has_value(), exchange, "top_logprobs", why);
    noteIf(!sampling.logit_bias.empty(), exchange, "logit_bias", why);
    noteIf(!request.audio.empty(), exchange, "audio", why);
    noteIf(!request.prediction.empty(), exchange, "prediction", why);
    noteIf(!request.verbosity.empty(), exchange, "verbosity", why);
    noteIf(request.store.has_value(), exchange, "store", why);
    noteIf(!request.metadata.empty(), exchange, "metadata", why);
    noteIf(!request.prompt_cache_key.empty(), exchange, "prompt_cache_key", why);
    noteIf(!request.web_search_options.empty() && !exchange.target.web_search, exchange, "web_search_options",
           "the account does not allow web search");
    noteIf(std::ranges::any_of(request.messages, [](const Message &one) { return !one.name.empty(); }),
           exchange, "messages[].name", why);
    if (request.from == Dialect::Anthropic)
        return;
    for (const auto &[name, value] : request.extras)
        noteIf(true, exchange, name, why);
}

std::optional<double> numberIn(const RawJson &json)
{
    double value = 0;
    const char *end = json.text.data() + json.text.size();
    const auto [stop, error] = std::from_chars(json.text.data(), end, value);
    return error == std::errc() && stop == end ? std::optional(value) : std::nullopt;
}

bool looksPersonal(std::string_view id)
{
    const std::size_t at = id.find('@');
    if (at != std::string_view::npos && at > 0 && id.find('.', at) != std::string_view::npos)
        return true;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const auto digits = std::ranges::count_if(id, is_digit);
    return digits >= 7 && digits <= 15 && std::ranges::all_of(id, [&](char c) {
               return is_digit(c) || std::string_view("+-(). /").find(c) != std::string_view::npos;
           });
}

std::string hashOf(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789abcdef";
    std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
    SHA256(reinterpret_cast<const unsigned char *>(text.data()), text.size(), digest.data());
    std::string hex;
    for (const unsigned char byte : digest) {
        hex += kHex[byte >> 4U];
        hex += kHex[byte & 15U];
    }
    return hex;
}

/// Writes the members that are neither conversation nor tools.
class SettingsWriter
{
public:
    SettingsWriter(const Request &request, const ClaudeThinking &thinking, Exchange &exchange,
                   JsonWriter &json)
        : m_request(request)
        , m_thinking(thinking)
        , m_exchange(exchange)
        , m_json(json)
    { }

    void write()
    {
        if (const RawJson thinking = m_thinking.json(); !thinking.empty())
            m_json.member("thinking", thinking);
        outputConfig();
        sampling();
        stop();
        user();
        serviceTier();
        extras();
    }

private:
    void outputConfig()
    {
        const bool schema = m_request.response_format.kind == ResponseFormat::Kind::JsonSchema
            && m_exchange.target.capabilities.structured_outputs;
        if (m_thinking.effort.empty() && !schema)
            return;
        m_json.key("output_config").object();
        if (!m_thinking.effort.empty())
            m_json.member("effort", m_thinking.effort);
        if (schema) {
            m_json.key("format").object().member("type", "json_schema");
            m_json.member("schema", closedSchema(m_request.response_format.schema)).end();
        }
        m_json.end();
    }

    void sampling()
    {
        const Sampling &wish = m_request.sampling;
        const auto temperature = numberIn(wish.temperature);
        const auto top_p = numberIn(wish.top_p);
        const bool top_k = numberIn(wish.top_k).has_value();
        const Capabilities &can = m_exchange.target.capabilities;
        const std::string_view why = !can.sampling_params ? "this model refuses it" : "thinking excludes it";
        const bool thinks = m_thinking.thinks();
        const bool takes_temperature = can.sampling_params && !thinks;
        bool takes_top_p = can.sampling_params && (!thinks || top_p.value_or(0) >= kLeastTopP);
        noteIf(temperature && !takes_temperature, m_exchange, "temperature", why);
        noteIf(top_p && !takes_top_p, m_exchange, "top_p", why);
        noteIf(top_k && !takes_temperature, m_exchange, "top_k", why);
        if (takes_top_p && takes_temperature && temperature && top_p && !can.temperature_and_top_p) {
            takes_top_p = false;
            noteIf(true, m_exchange, "top_p", "this model takes temperature or top_p, not both");
        }
        if (temperature && takes_temperature) {
            m_json.member("temperature", *temperature > 1 ? RawJson{"1"} : wish.temperature);
            if (*temperature > 1)
                note(m_exchange, Note::Kind::Changed, "temperature", "this provider's maximum is 1");
        }
        if (top_p && takes_top_p)
            m_json.member("top_p", wish.top_p);
        if (top_k && takes_temperature)
            m_json.member("top_k", wish.top_k);
    }

    void stop()
    {
        constexpr auto kAnyNumber = std::numeric_limits<std::size_t>::max();
        const auto stops = sentStops(m_request.sampling, kAnyNumber, m_exchange);
        if (stops.empty())
            return;
        m_json.key("stop_sequences").array();
        for (const std::string_view one : stops)
            m_json.string(one);
        m_json.end();
    }

    void user()
    {
        if (m_request.user.empty())
            return;
        const bool hides = m_request.user.size() > kMostUserIdBytes
            || (m_request.from != Dialect::Anthropic && looksPersonal(m_request.user));
        if (hides)
            note(m_exchange, Note::Kind::Changed, "user", "sent as a hash: it is personal or too long");
        m_json.key("metadata").object();
        m_json.member("user_id", hides ? hashOf(m_request.user) : m_request.user).end();
    }

    void serviceTier()
    {
        const std::string &tier = m_request.service_tier;
        if (tier == "auto" || tier == "standard_only")
            m_json.member("service_tier", tier);
        else if (tier == "default")
            m_json.member("service_tier", "standard_only");
        else
            noteIf(!tier.empty(), m_exchange, "service_tier", "this provider has no such tier");
    }

    void extras()
    {
        if (m_request.from != Dialect::Anthropic)
            return;
        const bool own = bodyVersion(m_exchange.target.platform).empty();
        for (const auto &[name, value] : m_request.extras) {
            const bool goes = own || name != "cache_control";
            noteIf(!goes, m_exchange, name, "this platform has no automatic cache marks");
            if (goes)
                m_json.member(name, value);
        }
    }

    const Request &m_request;
    const ClaudeThinking &m_thinking;
    Exchange &m_exchange;
    JsonWriter &m_json;
};

template <typename Content>
bool namesFile(const Content &content)
{
    const auto *image = std::get_if<ImagePart>(&content);
    const auto *document = std::get_if<DocumentPart>(&content);
    return (image && !image->media.file_id.empty()) || (document && !document->media.file_id.empty());
}

bool hasFileId(const Turns &turns)
{
    const auto in_part = [](const Part *part) {
        const auto *result = std::get_if<ToolResultPart>(&part->content);
        return namesFile(part->content)
            || (result && std::ranges::any_of(result->parts, namesFile<ResultPart>));
    };
    return std::ranges::any_of(turns.list,
                               [&](const Turn &turn) { return std::ranges::any_of(turn.parts, in_part); });
}

std::size_t mostMarks(const Request &request)
{
    const auto automatic = [](const auto &extra) { return extra.first == "cache_control"; };
    return std::ranges::any_of(request.extras, automatic) ? kMostMarks - 1 : kMostMarks;
}

struct Plan {
    Turns turns{};
    Toolset tools;
    ClaudeThinking thinking{};
    std::string hint{}; ///< behind the client's system text
};

/// How the schema of the answer is asked for where the model has no word for it (mapping.md 11).
void planSchema(const Request &request, Plan &plan, Exchange &exchange)
{
    const Capabilities &can = exchange.target.capabilities;
    using Kind = ResponseFormat::Kind;
    const Kind kind = request.response_format.kind;
    if (kind == Kind::JsonObject) {
        plan.hint = kJsonHint;
        note(exchange, Note::Kind::Emulated, "response_format", "asked for in the system text");
    }
    if (kind != Kind::JsonSchema || can.structured_outputs)
        return;
    const bool force = !plan.thinking.thinks() && !can.always_thinking;
    plan.tools.emulateSchema(exchange, force ? Toolset::Force::Yes : Toolset::Force::No);
    if (force)
        plan.thinking = claudeThinking(request, plan.turns, true, exchange);
    else
        plan.hint = "Give your answer by calling the tool \"" + exchange.schema_tool + "\", and only so.";
}

Result<Plan> planned(const Request &request, Exchange &exchange)
{
    if (auto taken = refuseOthers(request, exchange.target); !taken)
        return std::unexpected(taken.error());
    auto tools = Toolset::plan(request, exchange);
    if (!tools)
        return std::unexpected(tools.error());
    Plan plan{.turns = turnsOf(request), .tools = *std::move(tools)};
    if (plan.turns.list.empty())
        return badRequest("/messages", "Give at least one message of the user.");
    plan.thinking = claudeThinking(request, plan.turns, plan.tools.isForced(), exchange);
    planSchema(request, plan, exchange);
    if (exchange.target.capabilities.always_thinking)
        plan.tools.leaveChoice(exchange);
    return plan;
}

} // namespace

Result<WireRequest> encodeMessages(const Request &request, Exchange &exchange)
{
    auto plan = planned(request, exchange);
    if (!plan)
        return std::unexpected(plan.error());
    noteLeftOut(request, exchange);
    const CacheMarks marks(plan->tools.tools(), plan->turns, mostMarks(request));
    if (marks.leftSomeOut())
        note(exchange, Note::Kind::Dropped, "cache_control", "this provider takes four of them");

    const Platform platform = exchange.target.platform;
    const std::string_view version = bodyVersion(platform);
    std::vector<std::string> betas;
    if (hasFileId(plan->turns))
        betas.emplace_back(kFilesBeta);
    WireRequest wire{.path = requestPath(exchange.target, request.stream),
                     .headers = requestHeaders(exchange.target, betas)};
    JsonWriter json(wire.body);
    json.object();
    if (version.empty())
        json.member("model", exchange.target.model);
    else
        json.member("anthropic_version", version);
    if (platform == Platform::BedrockInvoke && !betas.empty())
        json.key("anthropic_beta").array().string(kFilesBeta).end();
    json.member("max_tokens", plan->thinking.max_tokens);
    if (request.stream && platform != Platform::BedrockInvoke)
        json.member("stream", true);
    ContentWriter content(request, marks, exchange);
    plan->tools.write(json, marks, exchange);
    content.writeSystem(json, plan->turns, plan->hint);
    if (auto written = content.messages(json, plan->turns); !written)
        return std::unexpected(written.error());
    SettingsWriter(request, plan->thinking, exchange, json).write();
    json.end();
    return wire;
}

} // namespace portolan::dialect::anthropic
