// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/embeddings/provider.h"
#include "core/dialect/notes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portolan::dialect::embeddings {
namespace {

using Word = std::pair<std::string_view, std::string_view>;
constexpr std::array<Word, 4> kPurposes{{{"search_query", "TEXT_RETRIEVAL"},
                                         {"search_document", "GENERIC_INDEX"},
                                         {"classification", "CLASSIFICATION"},
                                         {"clustering", "CLUSTERING"}}};

std::string bodyOf(const EmbeddingsRequest &request, const std::string &text)
{
    const auto purpose = std::ranges::find(kPurposes, request.input_type, &Word::first);
    std::string body;
    JsonWriter json(body);
    json.object().member("taskType", "SINGLE_EMBEDDING").key("singleEmbeddingParams").object();
    json.member("embeddingPurpose",
                purpose == kPurposes.end() ? std::string_view("GENERIC_INDEX") : purpose->second);
    if (request.dimensions)
        json.member("embeddingDimension", *request.dimensions);
    json.key("text").object();
    json.member("truncationMode", request.truncate.empty() ? std::string_view("NONE") : request.truncate);
    json.member("value", text).end().end().end();
    return body;
}

/// Amazon's Nova embeddings, one text per call (bedrock.md 8).
class NovaEmbeddings final : public EmbeddingsProvider
{
public:
    Result<std::vector<EmbeddingsCall>> encode(const EmbeddingsRequest &request,
                                               Exchange &exchange) const override
    {
        if (const auto texts = requireTexts(request); !texts)
            return fail(texts.error());
        auto calls = invokePerText(request, exchange.target.model,
                                   [&request](const std::string &text) { return bodyOf(request, text); });
        if (!calls)
            return calls;
        const bool known = request.input_type.empty()
            || std::ranges::find(kPurposes, request.input_type, &Word::first) != kPurposes.end();
        if (!known)
            note(exchange, Note::Kind::Dropped, "input_type", "Nova has no such purpose");
        noteLeftOut(request, exchange);
        return calls;
    }

    std::expected<EmbeddingsReply, ApiError> decode(const WireReply &reply, const EmbeddingsCall &call,
                                                    const Exchange & /*exchange*/) const override
    {
        const auto document = objectOf(reply);
        if (!document)
            return std::unexpected(document.error());
        auto vectors = vectorsIn(JsonValue(*document)["embeddings"], {"embedding"}, call);
        if (!vectors)
            return std::unexpected(std::move(vectors).error());
        return EmbeddingsReply{.data = *std::move(vectors), .usage = usageOfHead(reply)};
    }
};

} // namespace

const EmbeddingsProvider &novaProvider()
{
    static const NovaEmbeddings kProvider;
    return kProvider;
}

} // namespace portolan::dialect::embeddings
