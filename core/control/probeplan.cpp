// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/probeplan.h"

#include "core/base/jsonreader.h"
#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"
#include "core/base/text.h"
#include "core/gateway/azurepath.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace portolan::control {

namespace {

constexpr std::size_t kMostModels = 5'000;
constexpr std::size_t kLongestId = 200;
constexpr std::string_view kRuntimeHost = "bedrock-runtime.";

bool isModelId(std::string_view id)
{
    return !id.empty() && id.size() <= kLongestId
        && std::ranges::all_of(id, [](char c) { return c > 0x20 && c < 0x7F; });
}

/// The first chat model that is known and not on its way out; empty when none is.
std::string chatModelOf(const catalog::Catalog &catalog, std::string_view provider)
{
    std::string cheapest;
    std::int64_t price = -1;
    for (const catalog::Model &model : catalog.models(provider)) {
        if (model.mode != "chat" || !model.status.empty() || !model.out)
            continue;
        if (price < 0 || *model.out < price) {
            price = *model.out;
            cheapest = std::string(model.id);
        }
    }
    return cheapest;
}

std::string oneToken(std::string_view model)
{
    std::string body;
    JsonWriter json(body);
    json.object().member("model", model).member("max_tokens", 1).key("messages").array().object();
    json.member("role", "user").member("content", "Hi").end().end().end();
    return body;
}

/// Bedrock lists its models at another host than it runs them on (bedrock.md 1).
http::Endpoint controlPlane(http::Endpoint endpoint)
{
    if (endpoint.host.starts_with(kRuntimeHost))
        endpoint.host.replace(0, kRuntimeHost.size(), "bedrock.");
    return endpoint;
}

void planVertex(ProbePlan &plan, const gateway::Target &target)
{
    plan.method = http::Method::Post;
    std::string root = target.base.path;
    if (root.empty())
        root = fmt::format("/v1/projects/{}/locations/{}", percentEncoded(target.project),
                           percentEncoded(target.region));
    plan.target = root + "/publishers/google/models/gemini-2.5-flash:countTokens";
    plan.body = R"({"contents":[{"role":"user","parts":[{"text":"Hi"}]}]})";
}

} // namespace

std::string ProbePlan::line() const
{
    const bool usual_port = endpoint.port == (endpoint.tls ? 443 : 80);
    const auto host = endpoint.host.contains(':') ? fmt::format("[{}]", endpoint.host) : endpoint.host;
    return fmt::format("{} {}://{}{}{}", http::toString(method), endpoint.tls ? "https" : "http", host,
                       usual_port ? "" : fmt::format(":{}", endpoint.port), target);
}

ProbePlan planProbe(const gateway::Target &target, const catalog::Catalog &catalog)
{
    ProbePlan plan{.endpoint = target.base.endpoint, .target = target.base.path + "/models"};
    const std::string_view family = target.provider ? target.provider->family : std::string_view();
    if (family == "bedrock") {
        plan.endpoint = controlPlane(std::move(plan.endpoint));
        plan.target = "/foundation-models";
    } else if (family == "vertex") {
        planVertex(plan, target);
    } else if (family == "azure-openai") {
        plan.target = gateway::azurePath(target, "/models", {});
    } else if (family == "gemini") {
        plan.target += "?pageSize=1000";
    } else if (family == "cohere") {
        plan.target = target.base.path.empty() ? "/v1/models?page_size=1000" : target.base.path + "/models";
    } else if (family == "openai" && !target.provider->endpoints.empty()
               && std::ranges::find(target.provider->endpoints, "models")
                   == target.provider->endpoints.end()) {
        if (auto model = chatModelOf(catalog, target.provider->id); !model.empty()) {
            plan.method = http::Method::Post;
            plan.target = target.base.path + "/chat/completions";
            plan.body = oneToken(model);
        }
    }
    return plan;
}

namespace {

/// The window of a listed model, as OpenRouter, Mistral, vLLM, Groq, Gemini or Anthropic call it; 0: not
/// said.
std::int64_t contextOf(const JsonValue &entry)
{
    constexpr std::int64_t kMost = 1'000'000'000;
    for (const std::string_view name : {"context_length", "max_context_length", "max_model_len",
                                        "context_window", "inputTokenLimit", "max_input_tokens"}) {
        const auto said = entry[name].integer().value_or(0);
        if (said > 0 && said <= kMost)
            return said;
    }
    return 0;
}

} // namespace

std::optional<std::vector<store::ListedModel>> modelsIn(std::string body)
{
    struct Form {
        std::string_view list;
        std::string_view id;
    };
    constexpr auto kForms = std::to_array<Form>(
        {{"data", "id"}, {"models", "name"}, {"models", "id"}, {"modelSummaries", "modelId"}});
    const auto document = JsonDocument::parse(std::move(body));
    if (!document)
        return std::nullopt;
    const JsonValue root(*document);
    std::optional<std::vector<store::ListedModel>> models;
    for (const Form &form : kForms) {
        const JsonValue list = root.isArray() ? root : root[form.list];
        if (!list.isArray())
            continue;
        models.emplace();
        for (const JsonValue entry : list.elements()) {
            auto id = entry[form.id].stringOr("");
            if (id.starts_with("models/")) // Gemini's full name of a model
                id.erase(0, std::string_view("models/").size());
            if (isModelId(id) && models->size() < kMostModels)
                models->push_back({.id = std::move(id), .context = contextOf(entry)});
        }
        if (!models->empty())
            break;
    }
    return models;
}

} // namespace portolan::control
