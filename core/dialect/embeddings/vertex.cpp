// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/dialect/embeddings/provider.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/gemini/errors.h"
#include "core/dialect/notes.h"

#include <utility>

namespace portolan::dialect::embeddings {
namespace {

/// A call may hold 20,000 tokens altogether.
constexpr std::size_t kMostTexts = 20;

std::string bodyOf(const EmbeddingsRequest &request, std::span<const std::string> texts)
{
    std::string body;
    JsonWriter json(body);
    json.object().key("instances").array();
    for (const std::string &text : texts) {
        json.object().member("content", text);
        if (!request.input_type.empty())
            json.member("task_type", googleTask(request.input_type));
        json.end();
    }
    json.end();
    json.key("parameters").object();
    if (request.dimensions)
        json.member("outputDimensionality", *request.dimensions);
    if (!request.truncate.empty())
        json.member("autoTruncate", request.truncate != "NONE");
    json.end().end();
    return body;
}

/// Vertex asks its embedding models as it asks any model of its own (gemini.md 12).
class VertexEmbeddings final : public EmbeddingsProvider
{
public:
    Result<std::vector<EmbeddingsCall>> encode(const EmbeddingsRequest &request,
                                               Exchange &exchange) const override
    {
        const Target &target = exchange.target;
        if (const auto texts = requireTexts(request); !texts)
            return fail(texts.error());
        if (target.model.find_first_not_of('.') == std::string::npos)
            return badRequest("/model", "Name a model of Google's, such as gemini-embedding-001.");
        const bool is_gemini = target.model.starts_with("gemini-embedding");
        const std::string path = "/v1/projects/" + percentEncoded(target.project) + "/locations/"
            + percentEncoded(target.region) + "/publishers/google/models/" + percentEncoded(target.model)
            + ":predict";
        std::vector<EmbeddingsCall> calls;
        for (const auto texts : groupsOf(request.texts, is_gemini ? 1 : kMostTexts)) {
            EmbeddingsCall &call = calls.emplace_back();
            call.wire = {.path = path,
                         .headers = {{"content-type", "application/json"}},
                         .body = bodyOf(request, texts)};
            call.inputs = texts.size();
            call.normalise = request.dimensions && is_gemini;
        }
        if (calls.front().normalise)
            note(exchange, Note::Kind::Changed, "dimensions", "shortened embeddings are brought to length 1");
        if (request.truncate == "START")
            note(exchange, Note::Kind::Changed, "truncate", "this provider cuts at the end");
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
        auto vectors = vectorsIn(body["predictions"], {"embeddings", "values"}, call);
        if (!vectors)
            return std::unexpected(std::move(vectors).error());
        return EmbeddingsReply{.data = *std::move(vectors), .usage = usageIn(body["predictions"])};
    }

private:
    /// Each text has its own count.
    static std::optional<Usage> usageIn(const JsonValue &predictions)
    {
        std::optional<Usage> usage;
        for (const JsonValue prediction : predictions.elements()) {
            const auto tokens = prediction["embeddings"]["statistics"]["token_count"].integer();
            if (!tokens || *tokens < 0)
                continue;
            if (!usage)
                usage.emplace();
            usage->input += *tokens;
        }
        return usage;
    }
};

} // namespace

const EmbeddingsProvider &vertexProvider()
{
    static const VertexEmbeddings kProvider;
    return kProvider;
}

} // namespace portolan::dialect::embeddings
