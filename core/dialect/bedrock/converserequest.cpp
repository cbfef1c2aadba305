// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/converserequest.h"

#include "core/base/jsonreader.h"
#include "core/dialect/bedrock/blocks.h"
#include "core/dialect/bedrock/modelid.h"
#include "core/dialect/bedrock/toolconfig.h"
#include "core/dialect/claudethinking.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/jsonschema.h"
#include "core/dialect/notes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace portolan::dialect::bedrock {
namespace {

constexpr double kLeastTopPWhileThinking = 0.95;
constexpr std::string_view kJsonHint = "Respond with one JSON object only.";
constexpr std::string_view kNoToolsHint = "Do not call any tool in this turn.";

double valueOf(const RawJson &number)
{
    double value = 0;
    std::from_chars(number.text.data(), number.text.data() + number.text.size(), value);
    return value;
}

bool isClaude(const Target &target)
{
    return target.model.find("claude") != std::string::npos
        || target.capabilities.thinking == ThinkingStyle::Budget
        || target.capabilities.thinking == ThinkingStyle::Adaptive;
}

/// One request on its way into a body.
class ConverseBody
{
public:
    ConverseBody(const Request &request, Exchange &exchange, std::string &body)
        : m_request(request)
        , m_exchange(exchange)
        , m_turns(turnsOf(request))
        , m_cache(request, exchange)
        , m_json(body)
        , m_blocks(request, exchange, m_cache, m_json)
    { }

    Result<> write()
    {
        if (m_turns.list.empty())
            return badRequest("/messages", "Send at least one message that is not a system message.");
        auto plan = toolPlan(m_request, m_exchange);
        if (!plan)
            return fail(plan.error());
        m_tools = *std::move(plan);
        m_thinking = claudeThinking(m_request, m_turns, m_tools.forced(), m_exchange);
        planFormat();
        if (m_thinking.thinks() && m_tools.forced()) {
            m_tools.choice = {};
            note(m_exchange, Note::Kind::Changed, "tool_choice", "a model that thinks can't be forced");
        }
        m_json.object();
        // Tools first, so that hints are met in the order of the prefix they cut.
        if (!m_tools.empty()) {
            m_json.key("toolConfig");
            writeToolConfig(m_request, m_tools, m_exchange, m_cache, m_json);
        }
        writeSystem();
        if (const auto written = writeMessages(); !written)
            return written;
        writeInference();
        writeOutput();
        writeModelFields();
        askForStopSequence();
        if (!m_request.service_tier.empty())
            writeServiceTier();
        m_json.end();
        return {};
    }

private:
    void planFormat()
    {
        using Kind = ResponseFormat::Kind;
        const Kind kind = m_request.response_format.kind;
        m_native_schema = kind == Kind::JsonSchema && m_exchange.target.capabilities.structured_outputs;
        if (kind == Kind::JsonSchema && !m_native_schema)
            emulateSchema(m_request, m_thinking.thinks(), m_tools, m_exchange);
        m_hint_json
            = kind == Kind::JsonObject || (kind == Kind::JsonSchema && !m_native_schema && !m_tools.forced());
        if (kind == Kind::JsonObject)
            note(m_exchange, Note::Kind::Emulated, "response_format", "an instruction in the system text");
    }

    void writeSystem()
    {
        std::string hint;
        if (m_hint_json)
            hint = m_tools.emulate_schema
                ? "Give your final answer by calling the tool \"" + m_exchange.schema_tool + "\"."
                : std::string(kJsonHint);
        else if (m_tools.say_none)
            hint = kNoToolsHint;
        // An empty array is refused by some models.
        const bool has_text = std::ranges::any_of(m_turns.system, [](const Part *part) {
            const auto *text = std::get_if<TextPart>(&part->content);
            return text && text->text.find_first_not_of(" \t\r\n\v\f") != std::string::npos;
        });
        if (!has_text && hint.empty())
            return;
        m_json.key("system").array();
        m_blocks.systemText(m_turns.system);
        if (!hint.empty())
            m_json.object().member("text", hint).end();
        m_json.end();
        if (m_tools.say_none)
            note(m_exchange, Note::Kind::Emulated, "tool_choice", "an instruction in the system text");
    }

    Result<> writeMessages()
    {
        m_json.key("messages").array();
        if (m_turns.list.front().assistant) {
            m_json.object().member("role", "user").key("content").array();
            m_json.object().member("text", ".").end().end().end();
            note(m_exchange, Note::Kind::Changed, "messages",
                 "Bedrock wants the user first; a dot stands there");
        }
        for (const Turn &turn : m_turns.list) {
            if (const auto written = m_blocks.turn(turn); !written)
                return written;
        }
        m_json.end();
        return {};
    }

    void writeInference()
    {
        std::string members;
        JsonWriter json(members);
        json.object();
        if (m_thinking.max_tokens_is_needed)
            json.member("maxTokens", m_thinking.max_tokens);
        writeSampling(json);
        writeStop(json);
        json.end();
        if (members != "{}")
            m_json.key("inferenceConfig").raw(members);
    }

    void writeSampling(JsonWriter &json)
    {
        const Capabilities &can = m_exchange.target.capabilities;
        const Sampling &sampling = m_request.sampling;
        const auto drop = [&](const RawJson &given, std::string_view what, std::string_view why) {
            if (!given.empty())
                note(m_exchange, Note::Kind::Dropped, what, why);
        };
        const bool temperature = !sampling.temperature.empty() && can.sampling_params && !m_thinking.thinks();
        if (temperature && valueOf(sampling.temperature) > 1) {
            json.member("temperature", 1);
            note(m_exchange, Note::Kind::Changed, "temperature", "1 is the most here");
        } else if (temperature) {
            json.member("temperature", sampling.temperature);
        } else {
            drop(sampling.temperature, "temperature", "this model refuses it, at least while it thinks");
        }
        const bool top_p = can.sampling_params && (can.temperature_and_top_p || !temperature)
            && (!m_thinking.thinks() || valueOf(sampling.top_p) >= kLeastTopPWhileThinking);
        if (!sampling.top_p.empty() && top_p)
            json.member("topP", sampling.top_p);
        else
            drop(sampling.top_p, "top_p", "this model refuses it beside the rest of the request");
        drop(sampling.seed, "seed", "Bedrock has nothing like it");
        drop(sampling.frequency_penalty, "frequency_penalty", "Bedrock has nothing like it");
        drop(sampling.presence_penalty, "presence_penalty", "Bedrock has nothing like it");
    }

    void writeStop(JsonWriter &json)
    {
        std::vector<std::string_view> stops;
        for (const std::string &stop : m_request.sampling.stop) {
            if (stop.find_first_not_of(" \t\r\n") != std::string::npos)
                stops.push_back(stop);
            else
                note(m_exchange, Note::Kind::Dropped, "stop", "blank sequences are refused");
        }
        if (stops.empty())
            return;
        json.key("stopSequences").array();
        for (const std::string_view stop : stops)
            json.string(stop);
        json.end();
    }

    void writeOutput()
    {
        if (!m_native_schema && m_thinking.effort.empty())
            return;
        m_json.key("outputConfig").object();
        if (m_native_schema) {
            const ResponseFormat &format = m_request.response_format;
            m_json.key("textFormat").object().member("type", "json_schema");
            m_json.key("structure").object().key("jsonSchema").object();
            m_json.member("schema", closedSchema(format.schema).text);
            if (!format.name.empty())
                m_json.member("name", format.name);
            if (!format.description.empty())
                m_json.member("description", format.description);
            m_json.end().end().end();
        }
        if (!m_thinking.effort.empty())
            m_json.member("effort", m_thinking.effort);
        m_json.end();
    }

    void writeModelFields()
    {
        const RawJson thinking = m_thinking.json();
        const RawJson &top_k = m_request.sampling.top_k;
        const bool takes_top_k = isClaude(m_exchange.target) && !m_thinking.thinks()
            && m_exchange.target.capabilities.sampling_params;
        if (!top_k.empty() && !takes_top_k)
            note(m_exchange, Note::Kind::Dropped, "top_k", "this model refuses it, at least while it thinks");
        if (thinking.empty() && (top_k.empty() || !takes_top_k))
            return;
        m_json.key("additionalModelRequestFields").object();
        if (!thinking.empty())
            m_json.member("thinking", thinking);
        if (!top_k.empty() && takes_top_k)
            m_json.member("top_k", top_k);
        m_json.end();
    }

    /// Anthropic's clients hear which sequence it was; Converse tells only who asks.
    void askForStopSequence()
    {
        if (m_request.from == Dialect::Anthropic && !m_request.sampling.stop.empty()
            && isClaude(m_exchange.target))
            m_json.key("additionalModelResponseFieldPaths").array().string("/stop_sequence").end();
    }

    void writeServiceTier()
    {
        static constexpr std::array<std::string_view, 4> kTiers{"default", "priority", "flex", "reserved"};
        const std::string &tier = m_request.service_tier;
        if (std::ranges::find(kTiers, tier) != kTiers.end())
            m_json.key("serviceTier").object().member("type", tier).end();
        else if (tier != "auto")
            note(m_exchange, Note::Kind::Dropped, "service_tier", "Bedrock has no such tier");
    }

    const Request &m_request;
    Exchange &m_exchange;
    Turns m_turns;
    CachePoints m_cache;
    JsonWriter m_json;
    BlockWriter m_blocks;
    ToolPlan m_tools{};
    ClaudeThinking m_thinking{};
    bool m_native_schema = false;
    bool m_hint_json = false;
};

/// What would change the meaning of the answer if it were left out.
Result<> checkServed(const Request &request)
{
    if (request.sampling.n.value_or(1) > 1)
        return badRequest("/n", "Ask for one answer at a time: Bedrock gives no more.");
    if (!request.audio.empty() || request.modalities.text.find("\"audio\"") != std::string::npos)
        return badRequest("/modalities", "Ask for text: Bedrock's Converse answers with no audio.");
    return {};
}

void noteRest(const Request &request, Exchange &exchange)
{
    noteOpenAiOnly(request, exchange);
    if (request.sampling.logprobs == true || request.sampling.top_logprobs)
        note(exchange, Note::Kind::Dropped, "logprobs", "Bedrock gives none");
    if (!request.web_search_options.empty())
        note(exchange, Note::Kind::Dropped, "web_search_options", "Bedrock searches no web");
    if (std::ranges::any_of(request.messages, [](const Message &message) { return !message.name.empty(); }))
        note(exchange, Note::Kind::Dropped, "name", "Bedrock knows no names of participants");
}

} // namespace

Result<WireRequest> converseRequest(const Request &request, Exchange &exchange)
{
    if (const auto served = checkServed(request); !served)
        return fail(served.error());
    auto path = modelPath(exchange.target.model, request.stream ? "converse-stream" : "converse");
    if (!path)
        return fail(path.error());
    WireRequest wire{.path = *std::move(path)};
    ConverseBody body(request, exchange, wire.body);
    if (const auto written = body.write(); !written)
        return fail(written.error());
    noteRest(request, exchange);
    wire.headers = {{"content-type", "application/json"},
                    {"accept", request.stream ? "application/vnd.amazon.eventstream" : "application/json"}};
    return wire;
}

} // namespace portolan::dialect::bedrock
