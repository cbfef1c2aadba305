// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/responses/providerrequest.h"

#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"
#include "core/base/text.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/responses/outgoingitems.h"
#include "core/dialect/responses/outgoingtools.h"
#include "core/dialect/wishedeffort.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::dialect::responses {
namespace {

/// The API refuses less.
constexpr std::int64_t kLeastTokens = 16;
constexpr std::string_view kUnknownThere = "the Responses API has nothing like it";
constexpr std::string_view kReasoningExtra = "reasoning.";

bool wantsAudio(const Request &request)
{
    return !request.audio.empty() || request.modalities.text.find("\"audio\"") != std::string::npos;
}

class BodyWriter
{
public:
    BodyWriter(std::string &body, const Request &request, Exchange &exchange)
        : m_json(body)
        , m_request(request)
        , m_exchange(exchange)
        , m_can(exchange.target.capabilities)
        , m_own(request.from == Dialect::OpenAiResponses)
    { }

    Result<> write();

private:
    void writeText();
    void writeFormat();
    void writeReasoning();
    void writeLimit();
    void writeSampling();
    void writeIdentity();
    void writeInclude();
    void writeExtras();
    void noteUnknown();
    void drop(bool given, std::string_view what, std::string_view why)
    {
        if (given)
            note(m_exchange, Note::Kind::Dropped, what, why);
    }
    void text(std::string_view name, std::string_view value)
    {
        if (!value.empty())
            m_json.member(name, value);
    }

    JsonWriter m_json;
    const Request &m_request;
    Exchange &m_exchange;
    const Capabilities &m_can;
    bool m_own; // the client speaks this API too
};

Result<> BodyWriter::write()
{
    if (m_request.sampling.n.value_or(1) > 1)
        return badRequest("/n", "This API gives one answer to a request. Set n to 1.");
    if (wantsAudio(m_request))
        return badRequest("/modalities", "This API answers in text. Leave audio out.");
    const Target &target = m_exchange.target;
    m_json.object().member("model", target.deployment.empty() ? target.model : target.deployment);
    writeInput(m_json, m_request, m_exchange);
    if (auto written = writeTools(m_json, m_request, m_exchange); !written)
        return written;
    writeText();
    writeReasoning();
    writeLimit();
    writeSampling();
    writeIdentity();
    writeInclude();
    m_json.member("store", false);
    if (m_request.stream)
        m_json.member("stream", true);
    writeExtras();
    noteUnknown();
    m_json.end();
    return {};
}

void BodyWriter::writeText()
{
    const bool formatted = m_request.response_format.kind != ResponseFormat::Kind::Text;
    if (!formatted && m_request.verbosity.empty())
        return;
    m_json.key("text").object();
    if (formatted)
        writeFormat();
    text("verbosity", m_request.verbosity);
    m_json.end();
}

void BodyWriter::writeFormat()
{
    const ResponseFormat &format = m_request.response_format;
    m_json.key("format").object();
    if (format.kind == ResponseFormat::Kind::JsonObject || format.schema.empty()) {
        m_json.member("type", "json_object").end();
        return;
    }
    m_json.member("type", "json_schema");
    m_json.member("name", format.name.empty() ? std::string_view("response") : format.name);
    text("description", format.description);
    m_json.member("schema", format.schema);
    if (format.strict)
        m_json.member("strict", *format.strict);
    m_json.end();
}

void BodyWriter::writeReasoning()
{
    const ReasoningWish &wish = m_request.reasoning;
    const auto effort = wishedEffort(wish);
    const bool extras = std::ranges::any_of(m_request.extras, [&](const auto &extra) {
        return m_own && extra.first.starts_with(kReasoningExtra);
    });
    if (!effort && wish.summary.empty() && wish.display != "summarized" && !extras)
        return;
    if (!m_can.reasoning_effort) {
        drop(effort != Effort::None, "reasoning", "the model is not known to take an effort");
        return;
    }
    m_json.key("reasoning").object();
    if (effort)
        m_json.member("effort", effortName(*effort));
    text("summary", wish.summary.empty() && wish.display == "summarized" ? "auto" : wish.summary);
    for (const auto &[name, value] : m_request.extras) {
        if (m_own && name.starts_with(kReasoningExtra))
            m_json.member(std::string_view(name).substr(kReasoningExtra.size()), value);
    }
    m_json.end();
}

void BodyWriter::writeLimit()
{
    if (!m_request.max_tokens)
        return;
    std::int64_t limit = std::max(*m_request.max_tokens, kLeastTokens);
    if (m_can.max_output_tokens)
        limit = std::min(limit, std::max(*m_can.max_output_tokens, kLeastTokens));
    if (limit != *m_request.max_tokens)
        note(m_exchange, Note::Kind::Changed, "max_tokens", "the API's or the model's own limit");
    m_json.member("max_output_tokens", limit);
}

void BodyWriter::writeSampling()
{
    const Sampling &sampling = m_request.sampling;
    const auto number = [&](std::string_view name, const RawJson &value) {
        if (!value.empty() && m_can.sampling_params)
            m_json.member(name, value);
        else
            drop(!value.empty(), name, "the model thinks by itself and refuses it");
    };
    number("temperature", sampling.temperature);
    number("top_p", sampling.top_p);
    if (sampling.top_logprobs && m_can.sampling_params)
        m_json.member("top_logprobs", *sampling.top_logprobs);
}

void BodyWriter::writeIdentity()
{
    const bool standard_only = m_request.service_tier == "standard_only"; // Anthropic's word
    text("service_tier", standard_only ? std::string_view("default") : m_request.service_tier);
    text("user", m_request.user);
    text("prompt_cache_key", m_request.prompt_cache_key);
    if (!m_request.metadata.empty() && (m_own || m_request.from == Dialect::OpenAiChat))
        m_json.member("metadata", m_request.metadata);
}

void BodyWriter::writeInclude()
{
    std::vector<std::string> wanted;
    if (m_can.reasoning_effort) // a model that does not reason refuses it
        wanted.emplace_back("reasoning.encrypted_content");
    if (m_request.sampling.logprobs.value_or(false) && m_can.sampling_params)
        wanted.emplace_back("message.output_text.logprobs");
    for (const auto &[name, value] : m_request.extras) {
        if (!m_own || name != "include")
            continue;
        const auto more = JsonDocument::parse(value.text);
        for (const JsonValue element : more ? JsonValue(*more).elements() : JsonValue::Range()) {
            auto word = element.string();
            if (word && std::ranges::find(wanted, *word) == wanted.end())
                wanted.push_back(*std::move(word));
        }
    }
    if (wanted.empty())
        return;
    m_json.key("include").array();
    for (const std::string &word : wanted)
        m_json.string(word);
    m_json.end();
}

void BodyWriter::writeExtras()
{
    for (const auto &[name, value] : m_request.extras) {
        if (!m_own)
            drop(true, name, kUnknownThere);
        else if (name != "include" && !name.starts_with(kReasoningExtra))
            m_json.member(name, value);
    }
}

void BodyWriter::noteUnknown()
{
    const Sampling &sampling = m_request.sampling;
    drop(!sampling.top_k.empty(), "top_k", kUnknownThere);
    drop(!sampling.seed.empty(), "seed", kUnknownThere);
    drop(!sampling.frequency_penalty.empty(), "frequency_penalty", kUnknownThere);
    drop(!sampling.presence_penalty.empty(), "presence_penalty", kUnknownThere);
    drop(!sampling.logit_bias.empty(), "logit_bias", kUnknownThere);
    drop(!sampling.stop.empty(), "stop", kUnknownThere);
    drop(!m_request.prediction.empty(), "prediction", kUnknownThere);
    drop(m_request.store == true, "store", "nothing is stored at the provider");
    const bool named
        = std::ranges::any_of(m_request.messages, [](const Message &m) { return !m.name.empty(); });
    drop(named, "messages.name", kUnknownThere);
}

std::string pathOf(const Target &target)
{
    const bool azure = target.platform == Platform::Azure;
    std::string path = azure && !target.deployment.empty() ? "/responses" : "/v1/responses";
    if (azure && !target.api_version.empty())
        path += "?api-version=" + percentEncoded(target.api_version);
    return path;
}

} // namespace

Result<WireRequest> encodeRequest(const Request &request, Exchange &exchange)
{
    WireRequest wire{.path = pathOf(exchange.target), .headers = {{"content-type", "application/json"}}};
    if (auto written = BodyWriter(wire.body, request, exchange).write(); !written)
        return std::unexpected(std::move(written).error());
    return wire;
}

} // namespace portolan::dialect::responses
