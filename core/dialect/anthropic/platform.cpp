// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/platform.h"

#include "core/base/jsonwriter.h"
#include "core/base/text.h"
#include "core/dialect/errorkinds.h"

#include <algorithm>

namespace portolan::dialect::anthropic {
namespace {

constexpr std::string_view kVersion = "2023-06-01";

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

/// Takes members out with the commas between them, one edit for each run of neighbours.
std::vector<BodyEdit> removals(const std::vector<JsonValue> &members, Platform platform)
{
    std::vector<BodyEdit> edits;
    for (std::size_t first = 0; first < members.size(); ++first) {
        std::size_t next = first;
        while (next < members.size() && movesAway(members[next].key(), platform))
            ++next;
        if (next == first)
            continue;
        std::size_t begin = members[first].keyRange().offset;
        std::size_t end = members[next - 1].range().end();
        if (first > 0)
            begin = members[first - 1].range().end();
        else if (next < members.size())
            end = members[next].keyRange().offset;
        edits.push_back({.range = {begin, end - begin}});
        first = next;
    }
    return edits;
}

/// The members that move in, without the braces.
std::string additions(const JsonValue &root, Platform platform, std::span<const std::string> betas)
{
    std::string members;
    JsonWriter json(members);
    json.object();
    if (!bodyVersion(platform).empty() && !root["anthropic_version"].present())
        json.member("anthropic_version", bodyVersion(platform));
    if (platform == Platform::BedrockInvoke && !betas.empty() && !root["anthropic_beta"].present()) {
        json.key("anthropic_beta").array();
        for (const std::string &beta : betas)
            json.string(beta);
        json.end();
    }
    json.end();
    return members.substr(1, members.size() - 2);
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
        return "/v1/projects/" + percentEncoded(target.project) + "/locations/"
            + percentEncoded(target.region) + "/publishers/anthropic/models/" + vertexModel(target.model)
            + (stream ? ":streamRawPredict" : ":rawPredict");
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
    NativeRequest request{.path = requestPath(target, root["stream"].boolean().value_or(false)),
                          .headers = requestHeaders(target, betas)};
    if (bodyVersion(target.platform).empty()) {
        if (const JsonValue model = root["model"]; model.present())
            request.edits.push_back({.range = model.range(), .text = jsonQuoted(target.model)});
        return request;
    }
    const auto range = root.members();
    const std::vector<JsonValue> members(range.begin(), range.end());
    request.edits = removals(members, target.platform);
    std::string added = additions(root, target.platform, betas);
    const bool others = std::ranges::any_of(
        members, [&](const JsonValue &member) { return !movesAway(member.key(), target.platform); });
    if (!added.empty() && others)
        added += ',';
    if (!added.empty())
        // In the place of the brace: an insertion behind it could stand where a removal begins.
        request.edits.push_back({.range = {root.range().offset, 1}, .text = '{' + added});
    return request;
}

} // namespace portolan::dialect::anthropic
