// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/dialect/embeddings/provider.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/gemini/errors.h"
#include "core/dialect/notes.h"
#include "core/dialect/usagejson.h"

#include <utility>

namespace portolan::dialect::embeddings {
namespace {

constexpr std::size_t kMostTexts = 100;
constexpr std::string_view kModels = "models/";

std::string_view plainModel(std::string_view model)
{
    return model.starts_with(kModels) ? model.substr(kModels.size()) : model;
}

std::string bodyOf(const EmbeddingsRequest &request, std::span<const std::string> texts,
                   const std::string &model)
{
    std::string body;
    JsonWriter json(body);
    json.object().key("requests").array();
    for (const std::string &text : texts) {
        json.object().member("model", model);
        json.key("content").object().key("parts").array();
        json.object().member("text", text).end().end().end();
        if (!request.input_type.empty())
            json.member("taskType", googleTask(request.input_type));
        if (request.dimensions)
            json.member("outputDimensionality", *request.dimensions);
        json.end();
    }
    json.end().end();
    return body;
}

class GeminiEmbeddings final : public EmbeddingsProvider
{
public:
    Result<std::vector<EmbeddingsCall>> encode(const EmbeddingsRequest &request,
                                               Exchange &exchange) const override
    {
        const std::string_view plain = plainModel(exchange.target.model);
        if (const auto texts = requireTexts(request); !texts)
            return fail(texts.error());
        if (plain.empty() || plain == "." || plain == "..")
            return badRequest("/model", "Name a model of Google's, such as gemini-embedding-001.");
        const std::string model = std::string(kModels).append(plain);
        std::vector<EmbeddingsCall> calls;
        for (const auto texts : groupsOf(request.texts, kMostTexts)) {
            EmbeddingsCall &call = calls.emplace_back();
            call.wire = {.path = "/v1beta/models/" + percentEncoded(plain) + ":batchEmbedContents",
                         .headers = {{"content-type", "application/json"}},
                         .body = bodyOf(request, texts, model)};
            call.inputs = texts.size();
            call.normalise = request.dimensions && plain.starts_with("gemini-embedding-001");
        }
        if (calls.front().normalise)
            note(exchange, Note::Kind::Changed, "dimensions", "shortened embeddings are brought to length 1");
        if (!request.truncate.empty())
            note(exchange, Note::Kind::Dropped, "truncate", "this provider has nothing like it");
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
        if (auto error = gemini::errorInside(body))
            return std::unexpected(*std::move(error));
        auto vectors = vectorsIn(body["embeddings"], {"values"}, call);
        if (!vectors)
            return std::unexpected(std::move(vectors).error());
        return EmbeddingsReply{.data = *std::move(vectors),
                               .usage = usageOf(body["usageMetadata"], UsageStyle::Gemini)};
    }
};

} // namespace

const EmbeddingsProvider &geminiProvider()
{
    static const GeminiEmbeddings kProvider;
    return kProvider;
}

} // namespace portolan::dialect::embeddings
