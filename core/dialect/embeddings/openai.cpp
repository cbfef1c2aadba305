// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"
#include "core/dialect/embeddings/floats.h"
#include "core/dialect/embeddings/provider.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/openaierrors.h"
#include "core/dialect/usagejson.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portolan::dialect::embeddings {
namespace {

/// How a relative of OpenAI's embeddings differs from them, by its catalog id.
struct Relative {
    std::string_view id{};
    std::string_view dimensions = "dimensions"; ///< its name of that member
    std::string_view query{};                   ///< its words for what a text is for...
    std::string_view document{};
    std::string_view purpose{}; ///< ...and its name of the member that says so; empty: it knows none
    bool base64 = false; ///< knows encoding_format; of others numbers are asked and turned into it here
    bool tokens = true;
    bool unknown_members = true; ///< else they are an error
};

constexpr Relative kOther{};
constexpr std::array kRelatives{
    Relative{.id = "openai", .base64 = true},
    Relative{.id = "azure-openai", .base64 = true},
    Relative{.id = "mistral-ai", .dimensions = "output_dimension", .tokens = false, .unknown_members = false},
    Relative{.id = "voyage",
             .dimensions = "output_dimension",
             .query = "query",
             .document = "document",
             .purpose = "input_type",
             .tokens = false,
             .unknown_members = false},
    Relative{.id = "jina",
             .query = "retrieval.query",
             .document = "retrieval.passage",
             .purpose = "task",
             .tokens = false},
};

const Relative &relativeOf(std::string_view provider)
{
    const auto found = std::ranges::find(kRelatives, provider, &Relative::id);
    return found == kRelatives.end() ? kOther : *found;
}

/// As for chats (azure-openai.md): with a deployment the classic form, else the v1 API.
std::string pathOf(const Target &target)
{
    if (target.platform != Platform::Azure)
        return "/v1/embeddings";
    std::string path = "/openai/v1/embeddings";
    if (!target.deployment.empty())
        path = "/openai/deployments/" + percentEncoded(target.deployment) + "/embeddings";
    if (!target.api_version.empty())
        path += "?api-version=" + percentEncoded(target.api_version);
    return path;
}

void writeInput(const EmbeddingsRequest &request, JsonWriter &json)
{
    if (!request.texts.empty())
        return writeTexts("input", request.texts, json);
    json.key("input").array();
    for (const RawJson &tokens : request.tokens)
        json.raw(tokens);
    json.end();
}

void writePurpose(const EmbeddingsRequest &request, const Relative &relative, JsonWriter &json,
                  Exchange &exchange)
{
    if (request.input_type.empty())
        return;
    const std::string_view word = request.input_type == "search_query" ? relative.query
        : request.input_type == "search_document"                      ? relative.document
                                                                       : std::string_view();
    if (!relative.purpose.empty())
        json.member(relative.purpose, word.empty() ? std::string_view(request.input_type) : word);
    else if (relative.unknown_members && !relative.base64)
        json.member("input_type", request.input_type);
    else
        note(exchange, Note::Kind::Dropped, "input_type", "this provider has nothing like it");
}

void writeRest(const EmbeddingsRequest &request, const Relative &relative, JsonWriter &json,
               Exchange &exchange)
{
    if (!relative.unknown_members)
        return noteLeftOut(request, exchange);
    if (!request.user.empty())
        json.member("user", request.user);
    for (const auto &[name, value] : request.extras)
        json.member(name, value);
}

/// OpenAI's data: each vector with its index, in any order.
std::expected<std::vector<Embedding>, ApiError> dataOf(const JsonValue &data, std::size_t inputs)
{
    const auto malformed = [] { return std::unexpected(invalidAnswer("its embeddings are malformed")); };
    std::vector<Embedding> vectors(inputs);
    std::size_t count = 0;
    for (const JsonValue entry : data.elements()) {
        const auto index = entry["index"].integer().value_or(std::int64_t(count));
        if (index < 0 || std::size_t(index) >= inputs || vectors[std::size_t(index)] != Embedding{})
            return malformed();
        Embedding &vector = vectors[std::size_t(index)];
        if (auto text = entry["embedding"].string(); text && numbersOfBase64(*text))
            vector.base64 = *std::move(text);
        else if (auto numbers = numbersOf(entry["embedding"]))
            vector.numbers = *std::move(numbers);
        else
            return malformed();
        ++count;
    }
    if (count != inputs)
        return std::unexpected(invalidAnswer("it has fewer embeddings than the request has inputs"));
    return vectors;
}

/// Voyage and Jina say the total alone.
std::optional<Usage> embeddingUsage(const JsonValue &usage)
{
    const ReportedCounts counts = countsOf(usage);
    if (counts.empty())
        return std::nullopt;
    Usage read = usageFrom(counts, UsageStyle::OpenAi);
    if (read.input == 0 && read.output == 0)
        read.input = counts.total.value_or(0);
    return read;
}

class OpenAiEmbeddings final : public EmbeddingsProvider
{
public:
    Result<std::vector<EmbeddingsCall>> encode(const EmbeddingsRequest &request,
                                               Exchange &exchange) const override
    {
        const Relative &relative = relativeOf(exchange.target.flavour.provider);
        if (!relative.tokens) {
            if (const auto texts = requireTexts(request); !texts)
                return fail(texts.error());
        }
        EmbeddingsCall call{
            .wire = {.path = pathOf(exchange.target), .headers = {{"content-type", "application/json"}}},
            .inputs = request.size()};
        JsonWriter json(call.wire.body);
        json.object().member("model", exchange.target.model);
        writeInput(request, json);
        if (request.dimensions)
            json.member(relative.dimensions, *request.dimensions);
        if (relative.base64)
            json.member("encoding_format", request.base64 ? "base64" : "float");
        writePurpose(request, relative, json, exchange);
        writeRest(request, relative, json, exchange);
        json.end();
        return std::vector{std::move(call)};
    }

    std::expected<EmbeddingsReply, ApiError> decode(const WireReply &reply, const EmbeddingsCall &call,
                                                    const Exchange & /*exchange*/) const override
    {
        const auto document = objectOf(reply);
        if (!document)
            return std::unexpected(document.error());
        const JsonValue body(*document);
        if (auto error = openAiErrorInside(body))
            return std::unexpected(*std::move(error));
        auto data = dataOf(body["data"], call.inputs);
        if (!data)
            return std::unexpected(std::move(data.error()));
        return EmbeddingsReply{.data = *std::move(data),
                               .model = body["model"].stringOr(""),
                               .usage = embeddingUsage(body["usage"])};
    }
};

} // namespace

const EmbeddingsProvider &openAiProvider()
{
    static const OpenAiEmbeddings kProvider;
    return kProvider;
}

} // namespace portolan::dialect::embeddings
