// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/passage.h"

#include "core/dialect/modelfacts.h"
#include "core/dialect/openai/relatives.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace portolan::gateway {
namespace {

using dialect::Dialect;
using dialect::Platform;

std::optional<Dialect> clientDialect(std::string_view endpoint)
{
    if (endpoint == "chat")
        return Dialect::OpenAiChat;
    if (endpoint == "completions")
        return Dialect::OpenAiCompletions;
    if (endpoint == "responses")
        return Dialect::OpenAiResponses;
    if (endpoint == "messages")
        return Dialect::Anthropic;
    return std::nullopt;
}

/// Serve Anthropic's Messages too, but below another address than the account's.
constexpr std::array<std::string_view, 3> kMessagesElsewhere{"deepseek", "minimax", "z-ai"};

bool servesNatively(const catalog::Provider &provider, std::string_view endpoint)
{
    if (endpoint == "messages"
        && std::ranges::find(kMessagesElsewhere, provider.id) != kMessagesElsewhere.end())
        return false;
    return std::ranges::find(provider.endpoints, endpoint) != provider.endpoints.end();
}

bool embedsInItsOwnWay(std::string_view family)
{
    return family == "gemini" || family == "vertex" || family == "bedrock" || family == "cohere";
}

bool reranksInItsOwnWay(std::string_view provider)
{
    return provider == "cohere" || provider == "voyage" || provider == "jina" || provider == "together-ai";
}

Dialect nativeDialect(std::string_view family)
{
    if (family == "gemini" || family == "vertex")
        return Dialect::Gemini;
    if (family == "bedrock")
        return Dialect::BedrockConverse;
    return family == "cohere" ? Dialect::CohereChat : Dialect::OpenAiChat;
}

bool isClaude(std::string_view model)
{
    return model.find("claude") != std::string_view::npos;
}

std::string noSuchEndpoint(const Target &target, std::string_view endpoint)
{
    return fmt::format(
        "{} has no endpoint for {} that Portolan can call. Choose another provider for this request.",
        target.provider->name, endpoint);
}

} // namespace

std::expected<Passage, std::string> passageOf(std::string_view endpoint, const Target &target,
                                              std::string_view model, bool responses_only)
{
    Passage passage;
    if (!target.provider) // practice speaks OpenAI's chat API
        passage.provider = Dialect::OpenAiChat;
    const std::string_view family = target.provider ? target.provider->family : "openai";
    const auto client = clientDialect(endpoint);
    const auto native = [&](Dialect dialect, Platform platform) {
        return Passage{.client = dialect, .provider = dialect, .platform = platform};
    };
    if (endpoint == "embeddings" && embedsInItsOwnWay(family))
        return Passage{.kind = Passage::Kind::Embeddings,
                       .provider = nativeDialect(family),
                       .platform = family == "vertex" ? Platform::Vertex : Platform::Own};
    if (endpoint == "rerank" && target.provider && reranksInItsOwnWay(target.provider->id))
        return Passage{.kind = Passage::Kind::Rerank, .provider = nativeDialect(family)};
    const auto towards = [&](Dialect dialect, Platform platform) -> std::expected<Passage, std::string> {
        if (!client)
            return std::unexpected(noSuchEndpoint(target, endpoint));
        return Passage{
            .kind = Passage::Kind::Translated, .client = *client, .provider = dialect, .platform = platform};
    };

    if (family == "openai" || family == "azure-openai") {
        const Platform platform = family == "azure-openai" ? Platform::Azure : Platform::Own;
        if (!client)
            return native(Dialect::OpenAiChat, platform);
        const bool has_responses = target.provider && servesNatively(*target.provider, "responses");
        if (responses_only && has_responses && *client != Dialect::OpenAiResponses)
            return towards(Dialect::OpenAiResponses, platform);
        const bool served = *client == Dialect::OpenAiChat
            || (target.provider && servesNatively(*target.provider, endpoint));
        return served ? native(*client, platform) : towards(Dialect::OpenAiChat, platform);
    }
    if (family == "anthropic") {
        if (!client || *client == Dialect::Anthropic)
            return native(Dialect::Anthropic, Platform::Own);
        return towards(Dialect::Anthropic, Platform::Own);
    }
    if (family == "gemini")
        return towards(Dialect::Gemini, Platform::Own);
    const bool both_claude = isClaude(model) && client == Dialect::Anthropic;
    if (family == "vertex") {
        if (both_claude)
            return native(Dialect::Anthropic, Platform::Vertex);
        return isClaude(model) ? towards(Dialect::Anthropic, Platform::Vertex)
                               : towards(Dialect::Gemini, Platform::Vertex);
    }
    if (family == "bedrock")
        return both_claude ? native(Dialect::Anthropic, Platform::BedrockInvoke)
                           : towards(Dialect::BedrockConverse, Platform::Own);
    if (family == "cohere")
        return towards(Dialect::CohereChat, Platform::Own);
    return std::unexpected(noSuchEndpoint(target, endpoint));
}

std::string joinedPath(std::string_view base, std::string_view path, Dialect dialect)
{
    const bool of_openai = dialect == Dialect::OpenAiChat || dialect == Dialect::OpenAiResponses;
    if (base.empty() && !of_openai)
        return std::string(path);
    if (!base.empty() && path.starts_with(base) && path.substr(base.size()).starts_with('/'))
        return std::string(path);
    const std::string_view version = path.substr(0, path.find('/', 1));
    const bool is_version = version.size() > 2 && version[1] == 'v' && version[2] >= '0' && version[2] <= '9';
    return std::string(base).append(is_version ? path.substr(version.size()) : path);
}

dialect::Target wireTarget(const Passage &passage, const Target &target, std::string_view model,
                           const catalog::Catalog &catalog)
{
    dialect::Target wire;
    wire.dialect = passage.provider;
    wire.platform = passage.platform;
    wire.model = std::string(model);
    wire.region = target.region;
    wire.project = target.project;
    wire.deployment = target.deployment;
    wire.api_version = target.api_version;
    dialect::ModelFacts facts{.id = model};
    const auto resolution = catalog.resolve(target.provider_id, model);
    if (resolution.model) {
        facts.caps = resolution.model->caps;
        facts.max_output = resolution.model->max_output;
    }
    const bool of_openai = passage.provider == Dialect::OpenAiChat;
    wire.flavour = dialect::openai::flavourOf(target.provider_id);
    wire.capabilities = of_openai ? dialect::openai::chatCapabilities(target.provider_id, facts)
                                  : dialect::capabilitiesOf(passage.provider, facts);
    if (wire.capabilities.max_output_tokens)
        wire.default_max_tokens = *wire.capabilities.max_output_tokens;
    return wire;
}

} // namespace portolan::gateway
