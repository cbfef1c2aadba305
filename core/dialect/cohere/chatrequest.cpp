// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/cohere/chatrequest.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/cohere/messages.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/requestlimits.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::dialect::cohere {
namespace {

constexpr std::size_t kMostStops = 5;
constexpr std::string_view kNoParameters = R"({"type":"object","properties":{}})";

/// What is sent of tools, choice and format: Cohere refuses a JSON answer beside tools, and can't be told to
/// call one tool of several.
struct Plan {
    std::vector<const Tool *> tools{};
    std::string_view choice{}; // REQUIRED, NONE or nothing
    std::string instruction{}; // a system message that asks for the JSON answer
    bool native_format = true;
};

bool isOffered(const Tool &tool, const std::optional<ToolChoice> &choice)
{
    if (!choice)
        return true;
    if (choice->mode == ToolChoice::Mode::Named)
        return tool.name == choice->name;
    return choice->allowed.empty() || std::ranges::find(choice->allowed, tool.name) != choice->allowed.end();
}

void planFormat(const ResponseFormat &format, Plan &plan, Exchange &exchange)
{
    if (format.kind == ResponseFormat::Kind::Text || plan.tools.empty())
        return;
    if (plan.choice == "NONE") {
        plan.tools.clear();
        plan.choice = {};
        note(exchange, Note::Kind::Dropped, "tools", "Cohere can't have them beside a JSON answer");
        return;
    }
    plan.native_format = false;
    if (plan.choice == "REQUIRED") {
        note(exchange, Note::Kind::Dropped, "response_format", "the answer must be a tool call");
        return;
    }
    plan.instruction = "When you answer and call no tool, respond with one JSON object only.";
    if (!format.schema.empty())
        plan.instruction += " It must fit this JSON schema: " + format.schema.text;
    note(exchange, Note::Kind::Emulated, "response_format", "asked for in words: there are tools");
}

Result<Plan> planOf(const Request &request, Exchange &exchange)
{
    Plan plan;
    for (const Tool &tool : request.tools) {
        if (tool.kind == Tool::Kind::Hosted)
            note(exchange, Note::Kind::Dropped, "tools: " + tool.name, "runs only at its own provider");
        else if (isOffered(tool, request.tool_choice))
            plan.tools.push_back(&tool);
    }
    if (!request.web_search_options.empty())
        note(exchange, Note::Kind::Dropped, "web_search_options", "Cohere has no web search of its own");
    if (request.parallel_tool_calls == false && !plan.tools.empty())
        note(exchange, Note::Kind::Dropped, "parallel_tool_calls", "Cohere has no switch for it");
    if (request.tool_choice) {
        const ToolChoice::Mode mode = request.tool_choice->mode;
        const bool forced = mode == ToolChoice::Mode::Required || mode == ToolChoice::Mode::Named;
        if (forced && plan.tools.empty())
            return badRequest("/tool_choice",
                              "tool_choice wants a call of a tool that is not in tools: add it there.");
        if (!plan.tools.empty())
            plan.choice = forced ? "REQUIRED" : mode == ToolChoice::Mode::None ? "NONE" : "";
    }
    planFormat(request.response_format, plan, exchange);
    return plan;
}

/// Endless where the spelling goes beyond a double (1e400), 0 where it goes below (1e-400).
double numberIn(std::string_view text)
{
    double read = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
    if (error != std::errc::result_out_of_range || text.find("e-") != text.npos
        || text.find("E-") != text.npos)
        return read;
    const double endless = std::numeric_limits<double>::infinity();
    return text.starts_with('-') ? -endless : endless;
}

class ChatRequest
{
public:
    ChatRequest(const Request &request, Exchange &exchange, JsonWriter &json)
        : m_request(request)
        , m_exchange(exchange)
        , m_json(json)
    { }

    Result<> write();

private:
    void writeTools(const Plan &plan);
    void writeFormat();
    void writeSampling();
    void writeClamped(std::string_view name, std::string_view sent, const RawJson &value,
                      std::string_view least, std::string_view most);
    void writeStops();
    void writeThinking();
    void noteRest();

    const Request &m_request;
    Exchange &m_exchange;
    JsonWriter &m_json;
};

Result<> ChatRequest::write()
{
    if (m_request.sampling.n.value_or(1) != 1)
        return badRequest("/n", "Cohere gives one answer at a time: leave n out or send the request again.");
    if (m_request.modalities.text.find("audio") != std::string::npos)
        return badRequest("/modalities", "Cohere answers in text only: leave audio out of modalities.");
    const auto plan = planOf(m_request, m_exchange);
    if (!plan)
        return std::unexpected(plan.error());
    m_json.object().member("model", m_exchange.target.model);
    if (m_request.stream)
        m_json.member("stream", true);
    if (auto written = MessagesWriter(m_json, m_exchange).write(m_request, plan->instruction); !written)
        return written;
    writeTools(*plan);
    if (plan->native_format)
        writeFormat();
    writeSampling();
    writeStops();
    if (const auto most = sentMaxTokens(m_request, m_exchange))
        m_json.member("max_tokens", *most);
    writeThinking();
    m_json.end();
    noteRest();
    return {};
}

void ChatRequest::writeTools(const Plan &plan)
{
    if (plan.tools.empty())
        return;
    m_json.key("tools").array();
    for (const Tool *tool : plan.tools) {
        const bool custom = tool->kind == Tool::Kind::Custom;
        if (custom) {
            m_exchange.custom_tools.push_back(tool->name);
            note(m_exchange, Note::Kind::Emulated, "tools: " + tool->name,
                 "a function with one text stands for it");
        }
        if (tool->cache)
            note(m_exchange, Note::Kind::Dropped, "cache_control", "Cohere has no such hint");
        m_json.object().member("type", "function").key("function").object();
        m_json.member("name", sentToolName(tool->name, m_exchange));
        if (!tool->description.empty())
            m_json.member("description", tool->description);
        const std::string_view schema = custom ? kCustomToolSchema : std::string_view(tool->parameters.text);
        m_json.key("parameters").raw(schema.empty() ? kNoParameters : schema).end().end();
    }
    m_json.end();
    if (!plan.choice.empty())
        m_json.member("tool_choice", plan.choice);
    const auto strict = [](const Tool *tool) { return tool->strict.value_or(false); };
    if (std::ranges::all_of(plan.tools, strict))
        m_json.member("strict_tools", true);
    else if (std::ranges::any_of(plan.tools, strict))
        note(m_exchange, Note::Kind::Dropped, "tools[].strict", "Cohere has it for all tools or for none");
}

void ChatRequest::writeFormat()
{
    const ResponseFormat &format = m_request.response_format;
    if (format.kind == ResponseFormat::Kind::Text)
        return;
    m_json.key("response_format").object().member("type", "json_object");
    if (format.kind == ResponseFormat::Kind::JsonSchema && !format.schema.empty())
        m_json.member("json_schema", format.schema);
    m_json.end();
}

void ChatRequest::writeSampling()
{
    const Sampling &sampling = m_request.sampling;
    writeClamped("temperature", "temperature", sampling.temperature, "0", "1");
    writeClamped("top_p", "p", sampling.top_p, "0.01", "0.99");
    writeClamped("top_k", "k", sampling.top_k, "0", "500");
    writeClamped("frequency_penalty", "frequency_penalty", sampling.frequency_penalty, "0", "1");
    writeClamped("presence_penalty", "presence_penalty", sampling.presence_penalty, "0", "1");
    if (!sampling.seed.empty())
        m_json.member("seed", sampling.seed);
    if (sampling.logprobs.value_or(false))
        m_json.member("logprobs", true);
    if (sampling.top_logprobs)
        note(m_exchange, Note::Kind::Dropped, "top_logprobs", "Cohere gives the chosen token's only");
}

/// Bounds are spelled as they are sent; the client's own spelling stays inside of them.
void ChatRequest::writeClamped(std::string_view name, std::string_view sent, const RawJson &value,
                               std::string_view least, std::string_view most)
{
    if (value.empty())
        return;
    const double wanted = numberIn(value.text);
    const std::string_view bound = wanted < numberIn(least) ? least : wanted > numberIn(most) ? most : "";
    if (!bound.empty())
        note(m_exchange, Note::Kind::Changed, name, "brought into Cohere's range");
    m_json.key(sent).raw(bound.empty() ? std::string_view(value.text) : bound);
}

void ChatRequest::writeStops()
{
    const auto stops = sentStops(m_request.sampling, kMostStops, m_exchange);
    if (stops.empty())
        return;
    m_json.key("stop_sequences").array();
    for (const std::string_view stop : stops)
        m_json.string(stop);
    m_json.end();
}

std::int64_t budgetOf(Effort effort)
{
    switch (effort) {
    case Effort::None:
    case Effort::Minimal: return 1024;
    case Effort::Low: return 2048;
    case Effort::Medium: return 8192;
    case Effort::High: return 16384;
    case Effort::XHigh: return 24576;
    case Effort::Max: return 32768;
    }
    return 32768;
}

void ChatRequest::writeThinking()
{
    const ReasoningWish &wish = m_request.reasoning;
    const bool off = wish.disabled || wish.effort == Effort::None || wish.budget_tokens == 0;
    if (!off && !wish.effort && !wish.budget_tokens && !wish.adaptive)
        return;
    if (m_exchange.target.capabilities.thinking == ThinkingStyle::None) {
        if (!off)
            note(m_exchange, Note::Kind::Dropped, "reasoning", "the model is not known to think");
        return;
    }
    m_json.key("thinking").object().member("type", off ? "disabled" : "enabled");
    if (!off && wish.budget_tokens && *wish.budget_tokens > 0)
        m_json.member("token_budget", *wish.budget_tokens);
    else if (!off && wish.effort)
        m_json.member("token_budget", budgetOf(*wish.effort));
    m_json.end();
}

void ChatRequest::noteRest()
{
    noteOpenAiOnly(m_request, m_exchange);
    if (!m_request.service_tier.empty())
        note(m_exchange, Note::Kind::Dropped, "service_tier", "Cohere has no tiers");
}

} // namespace

Result<WireRequest> writeChatRequest(const Request &request, Exchange &exchange)
{
    WireRequest wire{.path = "/v2/chat", .headers = {{"content-type", "application/json"}}};
    JsonWriter json(wire.body);
    if (auto written = ChatRequest(request, exchange, json).write(); !written)
        return std::unexpected(std::move(written.error()));
    return wire;
}

} // namespace portolan::dialect::cohere
