// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/gemini/geminicodec.h"

#include "core/base/jsonwriter.h"
#include "core/base/text.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/functioncodec.h"
#include "core/dialect/gemini/contents.h"
#include "core/dialect/gemini/errors.h"
#include "core/dialect/gemini/generationconfig.h"
#include "core/dialect/gemini/reply.h"
#include "core/dialect/gemini/streamdecoder.h"
#include "core/dialect/gemini/tooling.h"
#include "core/dialect/notes.h"

#include <string>
#include <string_view>

namespace portolan::dialect::gemini {
namespace {

/// A model is one segment of the path ("tunedModels/x" and Vertex's "endpoints/1" are two): whoever names
/// one must not reach another resource with the account's credential.
Result<std::string> modelPath(std::string_view model, Platform platform)
{
    const bool vertex = platform == Platform::Vertex;
    std::string path = vertex ? "publishers/google/models/" : "models/";
    const std::string_view own = vertex ? "endpoints/" : "tunedModels/";
    if (model.starts_with(path)) {
        model.remove_prefix(path.size());
    } else if (model.starts_with("models/")) {
        model.remove_prefix(std::string_view("models/").size());
    } else if (model.starts_with(own)) {
        path = own;
        model.remove_prefix(own.size());
    }
    if (model.empty() || model == "." || model == "..")
        return badRequest("/model", "Name a model of Google's, such as gemini-2.5-flash.");
    return path + percentEncoded(model);
}

std::string vertexRoot(const Target &target)
{
    if (target.project.empty()) // express mode: the API key stands for the project
        return "/v1/";
    const std::string_view region = target.region.empty() ? std::string_view("global") : target.region;
    return "/v1/projects/" + percentEncoded(target.project) + "/locations/" + percentEncoded(region) + '/';
}

Result<std::string> pathOf(const Request &request, const Target &target)
{
    auto path = modelPath(target.model, target.platform);
    if (!path)
        return path;
    path->insert(0, target.platform == Platform::Vertex ? vertexRoot(target) : "/v1beta/");
    *path += request.stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
    return path;
}

void writeServiceTier(std::string_view tier, JsonWriter &json, Exchange &exchange)
{
    if (tier.empty() || tier == "auto")
        return;
    const bool known = tier == "flex" || tier == "priority";
    if (exchange.target.platform != Platform::Vertex && (known || tier == "default"))
        json.member("serviceTier", known ? tier : std::string_view("standard"));
    else
        note(exchange, Note::Kind::Dropped, "service_tier", "Google has no such tier here");
}

void noteRest(const Request &request, Exchange &exchange)
{
    noteOpenAiOnly(request, exchange);
    for (const Message &message : request.messages) {
        if (!message.name.empty())
            note(exchange, Note::Kind::Dropped, "messages[].name", "Gemini knows no names of participants");
    }
}

Result<WireRequest> writeRequest(const Request &request, Exchange &exchange)
{
    auto path = pathOf(request, exchange.target);
    if (!path)
        return std::unexpected(std::move(path.error()));
    const auto tooling = Tooling::of(request, exchange);
    if (!tooling)
        return std::unexpected(tooling.error());

    WireRequest wire{.path = *std::move(path), .headers = {{"content-type", "application/json"}}};
    JsonWriter json(wire.body);
    json.object();
    if (auto said = ContentsWriter(json, exchange).write(request, tooling->instruction()); !said)
        return std::unexpected(std::move(said.error()));
    tooling->write(json);
    const auto format = tooling->hasNativeFormat() ? NativeFormat::Yes : NativeFormat::No;
    if (auto config = writeGenerationConfig(request, format, json, exchange); !config)
        return std::unexpected(std::move(config.error()));
    writeServiceTier(request.service_tier, json, exchange);
    json.end();
    noteRest(request, exchange);
    return wire;
}

} // namespace

const ProviderCodec &providerCodec()
{
    static constexpr FunctionCodec kCodec({.encode_request = writeRequest,
                                           .decode_reply = readReply,
                                           .decode_error = readError,
                                           .stream_decoder = decoderOf<GeminiStreamDecoder>});
    return kCodec;
}

} // namespace portolan::dialect::gemini
