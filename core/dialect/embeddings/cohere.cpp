// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/modelid.h"
#include "core/dialect/embeddings/provider.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/usagejson.h"

#include <utility>

namespace portolan::dialect::embeddings {
namespace {

constexpr std::size_t kMostTexts = 96;

/// What Cohere's own API and InvokeModel have in common.
void writeBody(const EmbeddingsRequest &request, std::span<const std::string> texts, JsonWriter &json)
{
    writeTexts("texts", texts, json);
    // OpenAI's clients don't say it, and Cohere wants it said.
    json.member("input_type",
                request.input_type.empty() ? std::string_view("search_document") : request.input_type);
    json.key("embedding_types").array().string("float").end();
    if (request.dimensions)
        json.member("output_dimension", *request.dimensions);
    if (!request.truncate.empty())
        json.member("truncate", request.truncate);
}

/// By type, or as older models answer: the arrays themselves.
std::expected<std::vector<Embedding>, ApiError> readVectors(const JsonValue &body, std::size_t inputs)
{
    const JsonValue embeddings = body["embeddings"];
    return vectorsOf(embeddings.isArray() ? embeddings : embeddings["float"], inputs);
}

class CohereEmbeddings final : public EmbeddingsProvider
{
public:
    Result<std::vector<EmbeddingsCall>> encode(const EmbeddingsRequest &request,
                                               Exchange &exchange) const override
    {
        if (const auto texts = requireTexts(request); !texts)
            return fail(texts.error());
        std::vector<EmbeddingsCall> calls;
        for (const auto texts : groupsOf(request.texts, kMostTexts)) {
            EmbeddingsCall &call = calls.emplace_back();
            call.wire = {.path = "/v2/embed", .headers = {{"content-type", "application/json"}}};
            call.inputs = texts.size();
            JsonWriter json(call.wire.body);
            json.object().member("model", exchange.target.model);
            writeBody(request, texts, json);
            json.end();
        }
        noteLeftOut(request, exchange);
        return calls;
    }

    std::expected<EmbeddingsReply, ApiError> decode(const WireReply &reply, const EmbeddingsCall &call,
                                                    const Exchange & /*exchange*/) const override
    {
        const auto document = objectOf(reply);
        if (!document)
            return std::unexpected(document.error());
        const JsonValue body(*document);
        auto vectors = readVectors(body, call.inputs);
        if (!vectors)
            return std::unexpected(std::move(vectors.error()));
        return EmbeddingsReply{.data = *std::move(vectors),
                               .usage = usageOf(body["meta"], UsageStyle::Cohere)};
    }
};

class BedrockCohereEmbeddings final : public EmbeddingsProvider
{
public:
    Result<std::vector<EmbeddingsCall>> encode(const EmbeddingsRequest &request,
                                               Exchange &exchange) const override
    {
        if (const auto texts = requireTexts(request); !texts)
            return fail(texts.error());
        if (!bedrock::plainModel(exchange.target.model).starts_with("cohere.embed-v4")) {
            if (const auto one_size = refuseDimensions(request); !one_size)
                return fail(one_size.error());
        }
        const auto path = bedrock::modelPath(exchange.target.model, "invoke");
        if (!path)
            return fail(path.error());
        std::vector<EmbeddingsCall> calls;
        for (const auto texts : groupsOf(request.texts, kMostTexts)) {
            EmbeddingsCall &call = calls.emplace_back();
            call.wire = {.path = *path,
                         .headers = {{"content-type", "application/json"}, {"accept", "application/json"}}};
            call.inputs = texts.size();
            JsonWriter json(call.wire.body);
            json.object();
            writeBody(request, texts, json);
            json.end();
        }
        noteLeftOut(request, exchange);
        return calls;
    }

    std::expected<EmbeddingsReply, ApiError> decode(const WireReply &reply, const EmbeddingsCall &call,
                                                    const Exchange & /*exchange*/) const override
    {
        const auto document = objectOf(reply);
        if (!document)
            return std::unexpected(document.error());
        auto vectors = readVectors(JsonValue(*document), call.inputs);
        if (!vectors)
            return std::unexpected(std::move(vectors.error()));
        return EmbeddingsReply{.data = *std::move(vectors), .usage = usageOfHead(reply)};
    }
};

} // namespace

const EmbeddingsProvider &cohereProvider()
{
    static const CohereEmbeddings kProvider;
    return kProvider;
}

const EmbeddingsProvider &bedrockCohereProvider()
{
    static const BedrockCohereEmbeddings kProvider;
    return kProvider;
}

} // namespace portolan::dialect::embeddings
