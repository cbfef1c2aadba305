// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/modelid.h"
#include "core/dialect/embeddings/floats.h"
#include "core/dialect/embeddings/provider.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"

#include <cstdint>
#include <utility>

namespace portolan::dialect::embeddings {
namespace {

enum class Titan : std::uint8_t { TextV1, TextV2, Multimodal };

Titan titanOf(std::string_view model)
{
    model = bedrock::plainModel(model);
    if (model.starts_with("amazon.titan-embed-text-v2"))
        return Titan::TextV2;
    return model.starts_with("amazon.titan-embed-image") ? Titan::Multimodal : Titan::TextV1;
}

std::string bodyOf(Titan titan, const std::string &text, std::optional<std::int64_t> dimensions)
{
    std::string body;
    JsonWriter json(body);
    json.object().member("inputText", text);
    if (titan == Titan::TextV2) {
        if (dimensions)
            json.member("dimensions", *dimensions);
        json.member("normalize", true);
    } else if (titan == Titan::Multimodal && dimensions) {
        json.key("embeddingConfig").object().member("outputEmbeddingLength", *dimensions).end();
    }
    json.end();
    return body;
}

/// Takes one text per call.
class TitanEmbeddings final : public EmbeddingsProvider
{
public:
    Result<std::vector<EmbeddingsCall>> encode(const EmbeddingsRequest &request,
                                               Exchange &exchange) const override
    {
        const Titan titan = titanOf(exchange.target.model);
        if (const auto texts = requireTexts(request); !texts)
            return fail(texts.error());
        if (const auto one_size = refuseDimensions(request); !one_size && titan == Titan::TextV1)
            return fail(one_size.error());
        auto calls = invokePerText(request, exchange.target.model, [&](const std::string &text) {
            return bodyOf(titan, text, request.dimensions);
        });
        if (!calls)
            return calls;
        noteLeftOut(request, exchange);
        for (const auto &[given, what] : {std::pair(!request.input_type.empty(), "input_type"),
                                          std::pair(!request.truncate.empty(), "truncate")}) {
            if (given)
                note(exchange, Note::Kind::Dropped, what, "Titan has nothing like it");
        }
        return calls;
    }

    std::expected<EmbeddingsReply, ApiError> decode(const WireReply &reply, const EmbeddingsCall & /*call*/,
                                                    const Exchange & /*exchange*/) const override
    {
        const auto document = objectOf(reply);
        if (!document)
            return std::unexpected(document.error());
        const JsonValue body(*document);
        auto numbers = numbersOf(body["embedding"]);
        if (!numbers)
            return std::unexpected(invalidAnswer("its embedding is malformed", reply.status));
        EmbeddingsReply answer;
        answer.data.push_back({.numbers = *std::move(numbers)});
        if (const auto tokens = body["inputTextTokenCount"].integer(); tokens && *tokens >= 0)
            answer.usage = Usage{.input = *tokens};
        return answer;
    }
};

} // namespace

const EmbeddingsProvider &titanProvider()
{
    static const TitanEmbeddings kProvider;
    return kProvider;
}

} // namespace portolan::dialect::embeddings
