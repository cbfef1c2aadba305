// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/platform.h"

#include "core/base/jsonwriter.h"
#include "core/base/text.h"
#include "core/dialect/base64.h"
#include "core/dialect/bedrock/modelid.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/foreignreasoning.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace portolan::dialect::anthropic {
namespace {

constexpr std::string_view kVersion = "2023-06-01";

/// Features of Anthropic's own service and marks of its own programs (anthropic.md 12; "invalid beta flag" of
/// Bedrock: anthropics/claude-code 49370 and 56595, BerriAI/litellm 19877).
constexpr auto kOwnBetas = std::to_array<std::string_view>({
    "advanced-tool-use-",
    "claude-code-",
    "code-execution-",
    "extended-cache-ttl-",
    "files-api-",
    "mcp-client-",
    "mcp-servers-",
    "message-batches-",
    "oauth-",
    "prompt-caching-scope-",
    "skills-",
    "structured-outputs-",
    "web-fetch-",
});

bool isOwnBeta(std::string_view beta)
{
    return std::ranges::any_of(kOwnBetas, [&](std::string_view name) { return beta.starts_with(name); });
}

std::vector<std::string> takeKnown(std::span<const std::string> betas, Notes &notes)
{
    std::vector<std::string> known;
    for (const std::string &beta : betas) {
        if (isOwnBeta(beta))
            notes.push_back({.what = "anthropic-beta " + beta, .why = "only Anthropic's own service has it"});
        else
            known.push_back(beta);
    }
    return known;
}

std::string_view versionFor(const Target &target)
{
    const bool newer = !target.api_version.empty() && target.api_version != kVersion;
    return newer ? std::string_view(target.api_version) : bodyVersion(target.platform);
}

std::string vertexPath(const Target &target, std::string_view method)
{
    return ("/v1/projects/" + percentEncoded(target.project) + "/locations/" + percentEncoded(target.region)
            + "/publishers/anthropic/models/")
        .append(method);
}

/// Vertex names versions of models with '@', which a path may hold as it is.
std::string vertexModel(std::string_view model)
{
    std::string segment;
    for (std::size_t at = 0; at <= model.size();) {
        const std::size_t end = std::min(model.find('@', at), model.size());
        segment += percentEncoded(model.substr(at, end - at));
        segment += end < model.size() ? "@" : "";
        at = end + 1;
    }
    return segment;
}

bool movesAway(std::string_view member, Platform platform)
{
    return member == "model" || (member == "stream" && platform == Platform::BedrockInvoke);
}

/// The members that move in, without the braces.
std::string additions(const JsonValue &root, const Target &target, std::span<const std::string> betas)
{
    std::string members;
    JsonWriter json(members);
    json.object();
    if (!root["anthropic_version"].present())
        json.member("anthropic_version", versionFor(target));
    if (target.platform == Platform::BedrockInvoke && !betas.empty() && !root["anthropic_beta"].present()) {
        json.key("anthropic_beta").array();
        for (const std::string &beta : betas)
            json.string(beta);
        json.end();
    }
    json.end();
    return members.substr(1, members.size() - 2);
}

void insert(std::string members, const JsonValue &root, bool others, std::vector<BodyEdit> &edits)
{
    if (members.empty())
        return;
    if (others)
        members += ',';
    // In the place of the brace: an insertion behind it could stand where a removal begins.
    edits.push_back({.range = {root.range().offset, 1}, .text = '{' + members});
}

void takeOutForeign(const JsonDocument &body, NativeRequest &request)
{
    if (!mayHoldForeignReasoning(Dialect::Anthropic, body.text()))
        return;
    auto edits = withoutForeignReasoning(Dialect::Anthropic, body);
    if (!edits.empty())
        request.notes.push_back({.what = "thinking", .why = "another provider's"});
    std::ranges::move(edits, std::back_inserter(request.edits));
}

} // namespace

bool isModelName(std::string_view model) noexcept
{
    return model.find_first_not_of('.') != std::string_view::npos;
}

std::string requestPath(const Target &target, bool stream)
{
    switch (target.platform) {
    case Platform::BedrockInvoke:
        return "/model/" + percentEncoded(target.model)
            + (stream ? "/invoke-with-response-stream" : "/invoke");
    case Platform::Vertex:
        return vertexPath(target, vertexModel(target.model) + (stream ? ":streamRawPredict" : ":rawPredict"));
    case Platform::Own:
    case Platform::Azure: break;
    }
    return "/v1/messages";
}

std::string_view bodyVersion(Platform platform) noexcept
{
    switch (platform) {
    case Platform::BedrockInvoke: return "bedrock-2023-05-31";
    case Platform::Vertex: return "vertex-2023-10-16";
    case Platform::Own:
    case Platform::Azure: break;
    }
    return {};
}

Headers requestHeaders(const Target &target, std::span<const std::string> betas)
{
    Headers headers{{"content-type", "application/json"}};
    if (bodyVersion(target.platform).empty())
        headers.emplace_back("anthropic-version",
                             target.api_version.empty() ? std::string(kVersion) : target.api_version);
    if (betas.empty() || target.platform == Platform::BedrockInvoke)
        return headers;
    std::string list;
    for (const std::string &beta : betas)
        list.append(list.empty() ? "" : ",").append(beta);
    headers.emplace_back("anthropic-beta", std::move(list));
    return headers;
}

Result<NativeRequest> nativeRequest(const JsonDocument &body, const Target &target,
                                    std::span<const std::string> betas)
{
    const JsonValue root(body);
    if (!root.isObject())
        return badRequest("", "Send a JSON object.");
    if (!isModelName(target.model))
        return badRequest("/model", "Name a model of this provider's.");
    NativeRequest request{.path = requestPath(target, root["stream"].boolean().value_or(false))};
    if (bodyVersion(target.platform).empty()) {
        request.headers = requestHeaders(target, betas);
        if (const JsonValue model = root["model"]; model.present())
            request.edits.push_back({.range = model.range(), .text = jsonQuoted(target.model)});
        takeOutForeign(body, request);
        return request;
    }
    const std::vector<std::string> known = takeKnown(betas, request.notes);
    request.headers = requestHeaders(target, known);
    const auto range = root.members();
    const std::vector<JsonValue> members(range.begin(), range.end());
    const auto moves = [&](const JsonValue &member) { return movesAway(member.key(), target.platform); };
    request.edits = removalEdits(members, moves);
    takeOutForeign(body, request);
    const bool others = !std::ranges::all_of(members, moves);
    insert(additions(root, target, known), root, others, request.edits);
    return request;
}

Result<WireRequest> countRequest(const JsonDocument &body, const Target &target,
                                 std::span<const std::string> betas)
{
    const JsonValue root(body);
    auto native = nativeRequest(body, target, betas);
    if (!native)
        return std::unexpected(std::move(native).error());
    WireRequest request{.path = native->path, .headers = native->headers};
    if (target.platform == Platform::Vertex) {
        request.path = vertexPath(target, "count-tokens:rawPredict");
        native->edits = withoutForeignReasoning(Dialect::Anthropic, body); // the model stays in the body
        if (const JsonValue model = root["model"]; model.present())
            native->edits.push_back({.range = model.range(), .text = jsonQuoted(target.model)});
        insert(additions(root, target, {}), root, !root.empty(), native->edits);
    }
    std::string counted;
    for (const std::string_view piece : applyEdits(body.text(), native->edits))
        counted += piece;
    if (target.platform != Platform::BedrockInvoke) {
        request.body = std::move(counted);
        return request;
    }
    auto path = bedrock::modelPath(target.model, "count-tokens");
    if (!path)
        return std::unexpected(std::move(path).error());
    request.path = *std::move(path);
    // It is checked as a request for an answer would be, although it asks for none.
    if (!root["max_tokens"].present())
        counted.insert(counted.rfind('}'), R"(,"max_tokens":1)");
    JsonWriter json(request.body);
    json.object().key("input").object().key("invokeModel").object();
    json.member("body", base64Of(counted)).end().end().end();
    return request;
}

std::optional<std::int64_t> countedTokens(const JsonValue &answer)
{
    const JsonValue tokens = answer["input_tokens"] ? answer["input_tokens"] : answer["inputTokens"];
    const auto count = tokens.integer();
    return count && *count >= 0 ? count : std::nullopt;
}

} // namespace portolan::dialect::anthropic
