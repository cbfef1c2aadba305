// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonwriter.h"
#include "core/dialect/embeddings/embeddings.h"
#include "core/dialect/embeddings/floats.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/tooltext.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portolan::dialect::embeddings {
namespace {

constexpr std::size_t kMostInputs = 2048;
constexpr std::int64_t kMostDimensions = 1 << 16;

bool isTokens(const JsonValue &value)
{
    const auto tokens = value.elements();
    return value.isArray() && !value.empty()
        && std::all_of(tokens.begin(), tokens.end(), [](JsonValue token) {
               const auto number = token.integer();
               return number && *number >= 0;
           });
}

Result<> readEntry(const JsonValue &entry, std::string where, EmbeddingsRequest &request)
{
    if (entry.isString()) {
        auto text = entry.stringOr("");
        if (text.empty())
            return badRequest(std::move(where), "Leave empty texts out of input: they have no embedding.");
        request.texts.push_back(std::move(text));
    } else if (isTokens(entry)) {
        request.tokens.push_back({compactJson(entry.raw())});
    } else {
        return badRequest(std::move(where), "Give each input as a text or as an array of token numbers.");
    }
    return {};
}

Result<> readInput(const JsonValue &input, EmbeddingsRequest &request)
{
    if (input.isString() || isTokens(input))
        return readEntry(input, "/input", request);
    if (!input.isArray() || input.empty())
        return badRequest("/input", "Give input as a text, an array of texts, or arrays of token numbers.");
    std::size_t index = 0;
    for (const JsonValue entry : input.elements()) {
        if (index == kMostInputs)
            return badRequest("/input", "Send at most 2048 inputs at once.");
        if (const auto read = readEntry(entry, "/input/" + std::to_string(index), request); !read)
            return read;
        ++index;
    }
    if (!request.texts.empty() && !request.tokens.empty())
        return badRequest("/input", "Send either texts or tokens, not both at once.");
    return {};
}

Result<> readFormat(const JsonValue &format, EmbeddingsRequest &request)
{
    if (!format || format.equals("float"))
        return {};
    if (!format.equals("base64"))
        return badRequest("/encoding_format", "Set encoding_format to float or base64.");
    request.base64 = true;
    return {};
}

Result<> readDimensions(const JsonValue &dimensions, EmbeddingsRequest &request)
{
    if (!dimensions)
        return {};
    request.dimensions = dimensions.integer();
    if (!request.dimensions || *request.dimensions < 1 || *request.dimensions > kMostDimensions)
        return badRequest("/dimensions", "Give dimensions as a whole number above 0.");
    return {};
}

Result<> readWord(const JsonValue &value, std::string_view name, std::string &into)
{
    if (value && !value.isString())
        return badRequest('/' + std::string(name), "Give " + std::string(name) + " as a text.");
    into = value.stringOr("");
    return {};
}

void readExtras(const JsonValue &body, EmbeddingsRequest &request)
{
    static constexpr std::array<std::string_view, 7> kKnown{
        "model", "input", "dimensions", "encoding_format", "user", "input_type", "truncate"};
    for (const JsonValue member : body.members()) {
        if (std::string name = member.key(); std::ranges::find(kKnown, name) == kKnown.end())
            request.extras.emplace_back(std::move(name), member.rawJson());
    }
}

/// The vector in the client's form; false when it can't be brought into it.
bool writeVector(const Embedding &embedding, bool base64, JsonWriter &json)
{
    if (base64) {
        const auto text
            = embedding.base64.empty() ? base64OfNumbers(embedding.numbers) : std::optional(embedding.base64);
        if (text)
            json.member("embedding", *text);
        return text.has_value();
    }
    const auto numbers
        = embedding.base64.empty() ? std::optional(embedding.numbers) : numbersOfBase64(embedding.base64);
    if (numbers)
        json.member("embedding", *numbers);
    return numbers.has_value();
}

} // namespace

Result<EmbeddingsRequest> decodeRequest(const JsonDocument &document)
{
    const JsonValue body(document);
    if (!body.isObject())
        return badRequest("", "Send a JSON object with model and input.");
    EmbeddingsRequest request{.model = body["model"].stringOr("")};
    if (request.model.empty())
        return badRequest("/model", "Name a model.");
    for (const auto &read :
         {readInput(body["input"], request), readDimensions(body["dimensions"], request),
          readFormat(body["encoding_format"], request), readWord(body["user"], "user", request.user),
          readWord(body["input_type"], "input_type", request.input_type),
          readWord(body["truncate"], "truncate", request.truncate)}) {
        if (!read)
            return fail(read.error());
    }
    readExtras(body, request);
    return request;
}

std::expected<std::string, ApiError> encodeReply(const EmbeddingsReply &reply,
                                                 const EmbeddingsRequest &request, const Exchange &exchange)
{
    std::string body;
    JsonWriter json(body);
    json.object().member("object", "list").key("data").array();
    for (std::size_t i = 0; i < reply.data.size(); ++i) {
        json.object().member("object", "embedding").member("index", i);
        if (!writeVector(reply.data[i], request.base64, json))
            return std::unexpected(invalidAnswer("a number of an embedding does not fit into 32 bits"));
        json.end();
    }
    json.end().member("model", reply.model.empty() ? exchange.requested_model : reply.model);
    const std::int64_t tokens = reply.usage ? reply.usage->input : 0;
    json.key("usage").object().member("prompt_tokens", tokens).member("total_tokens", tokens).end().end();
    return body;
}

EmbeddingsReply joined(std::vector<EmbeddingsReply> replies)
{
    EmbeddingsReply whole;
    for (EmbeddingsReply &reply : replies) {
        std::ranges::move(reply.data, std::back_inserter(whole.data));
        if (whole.model.empty())
            whole.model = std::move(reply.model);
        if (!reply.usage)
            continue;
        if (!whole.usage)
            whole.usage.emplace();
        whole.usage->input += reply.usage->input;
        whole.usage->output += reply.usage->output;
        whole.usage->image_in += reply.usage->image_in;
        std::ranges::move(reply.usage->units, std::back_inserter(whole.usage->units));
    }
    return whole;
}

} // namespace portolan::dialect::embeddings
