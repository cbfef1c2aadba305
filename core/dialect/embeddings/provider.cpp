// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/embeddings/provider.h"

#include "core/dialect/bedrock/modelid.h"
#include "core/dialect/embeddings/floats.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace portolan::dialect::embeddings {

const EmbeddingsProvider *embeddingsProvider(const Target &target) noexcept
{
    switch (target.dialect) {
    case Dialect::OpenAiChat:
    case Dialect::OpenAiResponses: return &openAiProvider();
    case Dialect::CohereChat: return &cohereProvider();
    case Dialect::Gemini: return target.platform == Platform::Vertex ? &vertexProvider() : &geminiProvider();
    case Dialect::BedrockConverse: {
        const std::string_view model = bedrock::plainModel(target.model);
        if (model.starts_with("amazon.titan-embed"))
            return &titanProvider();
        if (model.starts_with("amazon.nova"))
            return &novaProvider();
        return model.starts_with("cohere.embed") ? &bedrockCohereProvider() : nullptr;
    }
    case Dialect::OpenAiCompletions:
    case Dialect::Anthropic: return nullptr;
    }
    return nullptr;
}

ApiError decodeError(const WireReply &reply, const Target &target)
{
    if (const ProviderCodec *codec = providerCodec(target.dialect, target.platform))
        return codec->decodeError(reply);
    return errorOfStatus(reply.status, "The provider answered with an error.");
}

std::expected<JsonDocument, ApiError> objectOf(const WireReply &reply)
{
    auto document = JsonDocument::parse(reply.body);
    if (!document)
        return std::unexpected(invalidAnswer("its body is not JSON", reply.status));
    if (!JsonValue(*document).isObject())
        return std::unexpected(invalidAnswer("its body is no object", reply.status));
    return std::move(*document);
}

std::expected<std::vector<Embedding>, ApiError> vectorsOf(const JsonValue &arrays, std::size_t inputs)
{
    std::vector<Embedding> vectors;
    for (const JsonValue array : arrays.elements()) {
        auto numbers = numbersOf(array);
        if (!numbers || vectors.size() == inputs)
            return std::unexpected(invalidAnswer("its embeddings are malformed"));
        vectors.push_back({.numbers = *std::move(numbers)});
    }
    if (vectors.size() != inputs)
        return std::unexpected(invalidAnswer("it has fewer embeddings than the request has inputs"));
    return vectors;
}

std::expected<std::vector<Embedding>, ApiError>
vectorsIn(const JsonValue &list, std::initializer_list<std::string_view> names, const EmbeddingsCall &call)
{
    std::vector<Embedding> vectors;
    for (const JsonValue element : list.elements()) {
        JsonValue vector = element;
        for (const std::string_view name : names)
            vector = vector[name];
        auto numbers = numbersOf(vector);
        if (numbers && call.normalise)
            numbers = normalised(*numbers);
        if (!numbers || vectors.size() == call.inputs)
            return std::unexpected(invalidAnswer("its embeddings are malformed"));
        vectors.push_back({.numbers = *std::move(numbers)});
    }
    if (vectors.size() != call.inputs)
        return std::unexpected(invalidAnswer("it has fewer embeddings than the request has inputs"));
    return vectors;
}

std::optional<Usage> usageOfHead(const WireReply &reply)
{
    const std::string_view text = headerValue(reply.headers, "x-amzn-bedrock-input-token-count");
    Usage usage;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), usage.input);
    if (error != std::errc() || end != text.data() + text.size() || usage.input < 0)
        return std::nullopt;
    return usage;
}

std::string_view googleTask(std::string_view input_type)
{
    using Word = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Word, 4> kPurposes{{{"search_query", "RETRIEVAL_QUERY"},
                                                    {"search_document", "RETRIEVAL_DOCUMENT"},
                                                    {"classification", "CLASSIFICATION"},
                                                    {"clustering", "CLUSTERING"}}};
    const auto found = std::ranges::find(kPurposes, input_type, &Word::first);
    return found == kPurposes.end() ? input_type : found->second;
}

Result<> requireTexts(const EmbeddingsRequest &request)
{
    if (!request.tokens.empty())
        return badRequest("/input", "Send texts: the model's provider takes no token numbers.");
    return {};
}

Result<> refuseDimensions(const EmbeddingsRequest &request)
{
    if (request.dimensions)
        return badRequest("/dimensions", "Leave dimensions out: the embeddings of this model have one size.");
    return {};
}

void noteLeftOut(const EmbeddingsRequest &request, Exchange &exchange)
{
    if (!request.user.empty())
        note(exchange, Note::Kind::Dropped, "user", "this provider has nothing like it");
    for (const auto &[name, value] : request.extras)
        note(exchange, Note::Kind::Dropped, name, "this provider has nothing like it");
}

std::vector<std::span<const std::string>> groupsOf(const std::vector<std::string> &texts, std::size_t most)
{
    std::vector<std::span<const std::string>> groups;
    for (std::span<const std::string> left = texts; !left.empty();) {
        const std::size_t size = std::min(most, left.size());
        groups.push_back(left.first(size));
        left = left.subspan(size);
    }
    return groups;
}

Result<std::vector<EmbeddingsCall>>
invokePerText(const EmbeddingsRequest &request, std::string_view model,
              const std::function<std::string(const std::string &text)> &bodyOf)
{
    const auto path = bedrock::modelPath(model, "invoke");
    if (!path)
        return fail(path.error());
    std::vector<EmbeddingsCall> calls;
    for (const std::string &text : request.texts) {
        EmbeddingsCall &call = calls.emplace_back();
        call.wire = {.path = *path,
                     .headers = {{"content-type", "application/json"}, {"accept", "application/json"}},
                     .body = bodyOf(text)};
        call.inputs = 1;
    }
    return calls;
}

void writeTexts(std::string_view name, std::span<const std::string> texts, JsonWriter &json)
{
    json.key(name).array();
    for (const std::string &text : texts)
        json.string(text);
    json.end();
}

} // namespace portolan::dialect::embeddings
