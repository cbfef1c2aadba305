// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/chatbody.h"

#include "core/base/text.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/openai/outgoingmessages.h"
#include "core/dialect/openai/outgoingtools.h"
#include "core/dialect/requestlimits.h"
#include "core/dialect/wishedeffort.h"

namespace portolan::dialect::openai {
namespace {

constexpr std::size_t kMostStops = 4;
constexpr std::size_t kUserBytes = 64;
constexpr std::string_view kThinks = "the model thinks by itself and refuses it";
constexpr std::string_view kUnknownThere = "this provider has nothing like it";

class BodyWriter
{
public:
    BodyWriter(std::string &body, const Request &request, Exchange &exchange)
        : m_json(body)
        , m_request(request)
        , m_relative(relativeOf(exchange.target.flavour.provider))
        , m_exchange(exchange)
        , m_can(exchange.target.capabilities)
    { }

    Result<> write();

private:
    void writeLimits();
    void writeSampling();
    void writeStop();
    void writeLogprobs();
    void writeFormat();
    void writeReasoning();
    void writeEffort(Effort effort);
    void writeStream();
    void writeIdentity();
    void writeOwn();

    void number(std::string_view member, const RawJson &value, std::string_view sent = {});
    void leftOut(std::string_view what, std::string_view why)
    {
        note(m_exchange, Note::Kind::Dropped, what, why);
    }
    /// True when the target takes the member; else it is noted.
    bool takes(std::string_view member)
    {
        const bool refused = modelRefuses(m_relative, m_exchange.target.model, member);
        if (m_relative.takes(member) && !refused)
            return true;
        leftOut(member, refused ? kThinks : kUnknownThere);
        return false;
    }

    JsonWriter m_json;
    const Request &m_request;
    const Relative &m_relative;
    Exchange &m_exchange;
    const Capabilities &m_can;
};

Result<> BodyWriter::write()
{
    if (m_request.sampling.n.value_or(1) > 1 && !m_relative.several_answers)
        return badRequest("/n", "This provider gives one answer to a request. Set n to 1.");
    m_json.object().member("model", m_exchange.target.model).key("messages");
    if (auto written = writeMessages(m_json, m_request, m_relative, m_exchange); !written)
        return written;
    if (auto written = writeTools(m_json, m_request, m_relative, m_exchange); !written)
        return written;
    writeLimits();
    writeSampling();
    writeFormat();
    writeReasoning();
    writeStream();
    writeIdentity();
    writeOwn();
    m_json.end();
    return {};
}

void BodyWriter::writeLimits()
{
    if (const auto limit = sentMaxTokens(m_request, m_exchange))
        m_json.member(m_can.max_completion_tokens ? "max_completion_tokens" : "max_tokens", *limit);
}

void BodyWriter::number(std::string_view member, const RawJson &value, std::string_view sent)
{
    if (!value.empty() && takes(member))
        m_json.member(sent.empty() ? member : sent, value);
}

void BodyWriter::writeSampling()
{
    const Sampling &sampling = m_request.sampling;
    if (m_can.sampling_params) {
        number("temperature", sampling.temperature);
        number("top_p", sampling.top_p);
        number("frequency_penalty", sampling.frequency_penalty);
        number("presence_penalty", sampling.presence_penalty);
        number("logit_bias", sampling.logit_bias);
        writeStop();
        writeLogprobs();
    } else {
        const auto refused = [&](bool given, std::string_view member) {
            if (given)
                leftOut(member, kThinks);
        };
        refused(!sampling.temperature.empty(), "temperature");
        refused(!sampling.top_p.empty(), "top_p");
        refused(!sampling.frequency_penalty.empty(), "frequency_penalty");
        refused(!sampling.presence_penalty.empty(), "presence_penalty");
        refused(!sampling.logit_bias.empty(), "logit_bias");
        refused(!sampling.stop.empty(), "stop");
        refused(sampling.logprobs.has_value(), "logprobs");
    }
    if (!sampling.top_k.empty() && m_relative.top_k)
        m_json.member("top_k", sampling.top_k);
    else if (!sampling.top_k.empty())
        leftOut("top_k", kUnknownThere);
    number("seed", sampling.seed, m_relative.seed);
    if (sampling.n.value_or(1) > 1)
        m_json.member("n", *sampling.n);
}

void BodyWriter::writeStop()
{
    const auto stops = sentStops(m_request.sampling, kMostStops, m_exchange);
    if (stops.empty())
        return;
    m_json.key("stop").array();
    for (const std::string_view stop : stops)
        m_json.string(stop);
    m_json.end();
}

void BodyWriter::writeLogprobs()
{
    const Sampling &sampling = m_request.sampling;
    if (!sampling.logprobs.value_or(false) || !takes("logprobs"))
        return;
    if (m_relative.id == "together-ai") { // a number there
        m_json.member("logprobs", sampling.top_logprobs.value_or(1));
        return;
    }
    m_json.member("logprobs", true);
    if (sampling.top_logprobs)
        m_json.member("top_logprobs", *sampling.top_logprobs);
}

void BodyWriter::writeFormat()
{
    const ResponseFormat &format = m_request.response_format;
    if (format.kind == ResponseFormat::Kind::Text)
        return;
    m_json.key("response_format").object();
    if (format.kind == ResponseFormat::Kind::JsonObject) {
        m_json.member("type", "json_object").end();
        return;
    }
    m_json.member("type", "json_schema").key("json_schema").object();
    m_json.member("name", format.name.empty() ? std::string_view("response") : format.name);
    if (!format.description.empty())
        m_json.member("description", format.description);
    if (!format.schema.empty())
        m_json.member("schema", format.schema);
    if (format.strict)
        m_json.member("strict", *format.strict);
    m_json.end().end();
}

void BodyWriter::writeReasoning()
{
    const ReasoningWish &wish = m_request.reasoning;
    const auto effort = wishedEffort(wish);
    if (!effort)
        return;
    if (!m_can.reasoning_effort) {
        if (*effort != Effort::None)
            leftOut("reasoning", "the model is not known to take an effort");
        return;
    }
    // That a client does not want the thinking of its own model is no reason for an error of another one.
    if (wish.disabled && !wish.effort && !m_relative.can_stop_thinking) {
        leftOut("thinking", "not every model there can be told not to think");
        return;
    }
    if (m_relative.effort_object) {
        m_json.key("reasoning").object();
        if (*effort == Effort::None)
            m_json.member("enabled", false);
        else if (wish.budget_tokens && !wish.effort)
            m_json.member("max_tokens", *wish.budget_tokens);
        else
            m_json.member("effort", effortName(*effort));
        m_json.end();
        return;
    }
    if (m_relative.thinking_switch) {
        const bool off = *effort == Effort::None;
        m_json.key("thinking").object().member("type", off ? "disabled" : "enabled").end();
        if (off)
            return;
    }
    writeEffort(*effort);
}

void BodyWriter::writeEffort(Effort effort)
{
    const std::string_view word = m_relative.efforts.at(std::size_t(effort));
    if (word.empty()) {
        leftOut("reasoning_effort", kUnknownThere);
        return;
    }
    if (word != effortName(effort))
        note(m_exchange, Note::Kind::Changed, "reasoning_effort",
             "sent as " + std::string(word) + ", the nearest there is");
    m_json.member("reasoning_effort", word);
}

void BodyWriter::writeStream()
{
    if (!m_request.stream)
        return;
    m_json.member("stream", true);
    if (m_exchange.target.flavour.stream_usage)
        m_json.key("stream_options").object().member("include_usage", true).end();
}

void BodyWriter::writeIdentity()
{
    if (m_request.user.empty() || !takes("user"))
        return;
    // Longer ones are refused; the same one is always shortened to the same.
    m_json.member("user",
                  m_request.user.size() > kUserBytes ? fittingToolName(m_request.user) : m_request.user);
}

/// What only OpenAI itself knows, and what a chat client said in words of its own.
void BodyWriter::writeOwn()
{
    const bool from_chat = m_request.from == Dialect::OpenAiChat;
    const auto own = [&](std::string_view member, const RawJson &value) {
        if (value.empty())
            return;
        if ((m_relative.own || from_chat) && m_relative.takes(member))
            m_json.member(member, value);
        else
            leftOut(member, kUnknownThere);
    };
    const auto text = [&](std::string_view member, std::string_view value) {
        own(member, RawJson{value.empty() ? std::string() : jsonQuoted(value)});
    };
    const bool standard_only = m_request.service_tier == "standard_only"; // Anthropic's word
    text("service_tier", standard_only ? std::string_view("default") : m_request.service_tier);
    text("verbosity", m_request.verbosity);
    text("prompt_cache_key", m_request.prompt_cache_key);
    own("modalities", m_request.modalities);
    own("audio", m_request.audio);
    own("prediction", m_request.prediction);
    own("web_search_options", m_request.web_search_options);
    if (!from_chat)
        return; // metadata and store are about what the client's own API keeps
    own("metadata", m_request.metadata);
    if (m_request.store)
        own("store", RawJson{*m_request.store ? "true" : "false"});
    for (const auto &[name, value] : m_request.extras)
        own(name, value);
}

std::string pathOf(const Target &target)
{
    if (target.platform != Platform::Azure)
        return "/v1/chat/completions";
    std::string path = target.deployment.empty() ? "/openai/v1" : "/openai/deployments/";
    if (!target.deployment.empty())
        path += percentEncoded(target.deployment);
    path += "/chat/completions";
    if (!target.api_version.empty())
        path += "?api-version=" + percentEncoded(target.api_version);
    return path;
}

} // namespace

Result<WireRequest> encodeChatRequest(const Request &request, Exchange &exchange)
{
    WireRequest wire{.path = pathOf(exchange.target), .headers = {{"content-type", "application/json"}}};
    if (auto written = BodyWriter(wire.body, request, exchange).write(); !written)
        return std::unexpected(std::move(written).error());
    return wire;
}

} // namespace portolan::dialect::openai
