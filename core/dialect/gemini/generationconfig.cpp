// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/gemini/generationconfig.h"

#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/requestlimits.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::dialect::gemini {
namespace {

constexpr std::size_t kMostStops = 5;
constexpr std::int64_t kMostCandidates = 8;
constexpr std::int64_t kMostBudget = 24576;    // Flash
constexpr std::int64_t kMostBudgetPro = 32768; // 2.5 Pro
constexpr std::int64_t kLeastBudgetPro = 128;
constexpr std::int64_t kDynamicBudget = -1;

/// gemini.md 5: such models always think.
bool isPro(const Target &target)
{
    return target.capabilities.always_thinking || target.model.find("-pro") != std::string::npos;
}

std::string_view levelOf(Effort effort, bool pro)
{
    switch (effort) {
    case Effort::None:
    case Effort::Minimal: return pro ? "LOW" : "MINIMAL";
    case Effort::Low: return "LOW";
    case Effort::Medium: return "MEDIUM";
    case Effort::High:
    case Effort::XHigh:
    case Effort::Max: return "HIGH";
    }
    return "HIGH";
}

std::int64_t budgetOf(Effort effort, bool pro)
{
    switch (effort) {
    case Effort::None: return pro ? kLeastBudgetPro : 0;
    case Effort::Minimal:
    case Effort::Low: return 1024;
    case Effort::Medium: return 8192;
    case Effort::High:
    case Effort::XHigh:
    case Effort::Max: return kMostBudget;
    }
    return kMostBudget;
}

/// mapping.md 13: how a budget is said in words.
Effort effortOf(std::int64_t budget)
{
    if (budget <= 0)
        return Effort::None;
    return budget < 2048 ? Effort::Low : budget < 16384 ? Effort::Medium : Effort::High;
}

std::int64_t fittingBudget(std::int64_t budget, bool pro)
{
    if (budget < 0)
        return kDynamicBudget;
    return pro ? std::clamp(budget, kLeastBudgetPro, kMostBudgetPro) : std::min(budget, kMostBudget);
}

void writeBudget(const ReasoningWish &wish, bool off, bool pro, JsonWriter &json)
{
    if (off)
        json.member("thinkingBudget", budgetOf(Effort::None, pro));
    else if (wish.budget_tokens)
        json.member("thinkingBudget", fittingBudget(*wish.budget_tokens, pro));
    else
        json.member("thinkingBudget", wish.effort ? budgetOf(*wish.effort, pro) : kDynamicBudget);
}

void writeLevel(const ReasoningWish &wish, bool off, bool pro, JsonWriter &json)
{
    if (off)
        json.member("thinkingLevel", levelOf(Effort::None, pro));
    else if (wish.effort)
        json.member("thinkingLevel", levelOf(*wish.effort, pro));
    else if (wish.budget_tokens)
        json.member("thinkingLevel", levelOf(effortOf(*wish.budget_tokens), pro));
}

/// Never level and budget together: a 400.
void writeThinking(const ReasoningWish &wish, JsonWriter &json, Exchange &exchange)
{
    const ThinkingStyle style = exchange.target.capabilities.thinking;
    const bool off = wish.disabled || wish.effort == Effort::None || wish.budget_tokens == 0;
    const bool asked = off || wish.effort || wish.budget_tokens || wish.adaptive;
    if (!asked)
        return;
    if (style == ThinkingStyle::None) {
        if (!off)
            note(exchange, Note::Kind::Dropped, "reasoning", "the model is not known to think");
        return;
    }
    const bool pro = isPro(exchange.target);
    json.key("thinkingConfig").object();
    if (style == ThinkingStyle::Budget)
        writeBudget(wish, off, pro, json);
    else
        writeLevel(wish, off, pro, json);
    if (!off && wish.display != "omitted")
        json.member("includeThoughts", true);
    json.end();
}

void writeSeed(const RawJson &seed, JsonWriter &json, Exchange &exchange)
{
    std::int32_t value = 0;
    const char *end = seed.text.data() + seed.text.size();
    const auto [at, error] = std::from_chars(seed.text.data(), end, value);
    if (error == std::errc() && at == end)
        json.member("seed", value);
    else
        note(exchange, Note::Kind::Dropped, "seed", "Gemini's has 32 bits");
}

void writeSampling(const Sampling &sampling, JsonWriter &json, Exchange &exchange)
{
    const auto member = [&](std::string_view name, const RawJson &value) {
        if (!value.empty())
            json.member(name, value);
    };
    if (exchange.target.capabilities.sampling_params) {
        member("temperature", sampling.temperature);
        member("topP", sampling.top_p);
        member("topK", sampling.top_k);
    } else if (!sampling.temperature.empty() || !sampling.top_p.empty() || !sampling.top_k.empty()) {
        note(exchange, Note::Kind::Dropped, "temperature, top_p, top_k", "the model refuses them");
    }
    if (!sampling.seed.empty())
        writeSeed(sampling.seed, json, exchange);
    member("presencePenalty", sampling.presence_penalty);
    member("frequencyPenalty", sampling.frequency_penalty);
    if (sampling.logprobs.value_or(false)) {
        json.member("responseLogprobs", true);
        if (sampling.top_logprobs)
            json.member("logprobs", *sampling.top_logprobs);
    }
}

void writeStops(const Sampling &sampling, JsonWriter &json, Exchange &exchange)
{
    const auto stops = sentStops(sampling, kMostStops, exchange);
    if (stops.empty())
        return;
    json.key("stopSequences").array();
    for (const std::string_view stop : stops)
        json.string(stop);
    json.end();
}

Result<> writeModalities(const RawJson &modalities, JsonWriter &json)
{
    const auto document = JsonDocument::parse(modalities.text);
    if (!document)
        return {};
    std::vector<std::string_view> names;
    for (const JsonValue value : JsonValue(*document).elements()) {
        if (value.equals("text"))
            names.emplace_back("TEXT");
        else if (value.equals("image"))
            names.emplace_back("IMAGE");
        else
            return badRequest("/modalities",
                              "Answers of this kind can't be had from Gemini here: ask for text "
                              "or image.");
    }
    if (std::ranges::find(names, "IMAGE") == names.end())
        return {};
    json.key("responseModalities").array();
    for (const std::string_view name : names)
        json.string(name);
    json.end();
    return {};
}

Result<> writeCandidates(std::optional<std::int64_t> n, JsonWriter &json)
{
    if (!n || *n == 1)
        return {};
    if (*n < 1 || *n > kMostCandidates)
        return badRequest("/n", "Gemini gives 1 to 8 answers at once: set n in that range.");
    json.member("candidateCount", *n);
    return {};
}

void writeFormat(const ResponseFormat &format, JsonWriter &json)
{
    if (format.kind == ResponseFormat::Kind::Text)
        return;
    json.member("responseMimeType", "application/json");
    if (format.kind == ResponseFormat::Kind::JsonSchema && !format.schema.empty())
        json.member("responseJsonSchema", format.schema);
}

} // namespace

Result<> writeGenerationConfig(const Request &request, NativeFormat format, JsonWriter &json,
                               Exchange &exchange)
{
    std::string config;
    JsonWriter writer(config);
    writer.object();
    if (const auto most = sentMaxTokens(request, exchange))
        writer.member("maxOutputTokens", *most);
    writeSampling(request.sampling, writer, exchange);
    writeStops(request.sampling, writer, exchange);
    if (auto written = writeCandidates(request.sampling.n, writer); !written)
        return written;
    if (auto written = writeModalities(request.modalities, writer); !written)
        return written;
    if (format == NativeFormat::Yes)
        writeFormat(request.response_format, writer);
    writeThinking(request.reasoning, writer, exchange);
    writer.end();
    if (config != "{}")
        json.key("generationConfig").raw(config);
    return {};
}

} // namespace portolan::dialect::gemini
