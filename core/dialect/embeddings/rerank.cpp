// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/embeddings/rerank.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/notes.h"
#include "core/dialect/openaierrors.h"
#include "core/dialect/usagejson.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portolan::dialect::rerank {
namespace {

constexpr std::size_t kMostDocuments = 10'000;
// As the catalog and readers of usage call it.
constexpr std::string_view kSearchUnit = "query";

/// How a provider that is not Cohere wants it, by catalog id.
struct Relative {
    std::string_view id{};
    std::string_view top = "top_n"; ///< its name of that member
};
constexpr std::array kRelatives{
    Relative{.id = "voyage", .top = "top_k"},
    Relative{.id = "jina"},
    Relative{.id = "together-ai"},
};

Result<> readDocuments(const JsonValue &documents, RerankRequest &request)
{
    if (!documents.isArray() || documents.empty())
        return badRequest("/documents", "Give documents as an array of texts.");
    for (const JsonValue document : documents.elements()) {
        auto text = document.isObject() ? document["text"].string() : document.string();
        if (!text)
            return badRequest("/documents/" + std::to_string(request.documents.size()),
                              "Give each document as a text, or as an object with \"text\".");
        if (request.documents.size() == kMostDocuments)
            return badRequest("/documents", "Send at most 10,000 documents at once.");
        request.documents.push_back(*std::move(text));
    }
    return {};
}

Result<> readCount(const JsonValue &value, std::string_view name, std::optional<std::int64_t> &into)
{
    if (!value)
        return {};
    into = value.integer();
    if (!into || *into < 1)
        return badRequest('/' + std::string(name),
                          "Give " + std::string(name) + " as a whole number above 0.");
    return {};
}

std::int64_t searchUnits(const Usage &usage)
{
    const auto found = std::ranges::find(usage.units, kSearchUnit, &UsageUnit::name);
    return found == usage.units.end() ? 0 : found->count_micro / 1'000'000;
}

void writeMeta(const RerankReply &reply, JsonWriter &json)
{
    json.key("meta").object();
    json.key("api_version").object().member("version", "2").end();
    if (reply.usage && searchUnits(*reply.usage) > 0)
        json.key("billed_units").object().member("search_units", searchUnits(*reply.usage)).end();
    else if (reply.usage && reply.usage->input > 0)
        json.key("tokens").object().member("input_tokens", reply.usage->input).end();
    json.end();
}

} // namespace

Result<RerankRequest> decodeRequest(const JsonDocument &document)
{
    static constexpr std::array<std::string_view, 6> kKnown{
        "model", "query", "documents", "top_n", "max_tokens_per_doc", "return_documents"};
    const JsonValue body(document);
    RerankRequest request{.model = body["model"].stringOr(""),
                          .query = body["query"].stringOr(""),
                          .return_documents = body["return_documents"].boolean().value_or(false)};
    if (request.model.empty())
        return badRequest("/model", "Name a model.");
    if (request.query.empty())
        return badRequest("/query", "Give the query that the documents are ranked by.");
    for (const auto &read :
         {readDocuments(body["documents"], request), readCount(body["top_n"], "top_n", request.top_n),
          readCount(body["max_tokens_per_doc"], "max_tokens_per_doc", request.max_tokens_per_doc)}) {
        if (!read)
            return fail(read.error());
    }
    for (const JsonValue member : body.members()) {
        if (std::string name = member.key(); std::ranges::find(kKnown, name) == kKnown.end())
            request.extras.emplace_back(std::move(name), member.rawJson());
    }
    return request;
}

std::string encodeReply(const RerankReply &reply, const RerankRequest &request)
{
    std::string body;
    JsonWriter json(body);
    json.object();
    if (!reply.id.empty())
        json.member("id", reply.id);
    json.key("results").array();
    for (const RerankResult &result : reply.results) {
        json.object().member("index", result.index).member("relevance_score", result.score);
        if (request.return_documents && result.index < request.documents.size())
            json.key("document").object().member("text", request.documents[result.index]).end();
        json.end();
    }
    json.end();
    writeMeta(reply, json);
    json.end();
    return body;
}

Result<WireRequest> encodeCall(const RerankRequest &request, Exchange &exchange)
{
    const Target &target = exchange.target;
    const bool cohere = target.dialect == Dialect::CohereChat;
    const auto relative = std::ranges::find(kRelatives, target.flavour.provider, &Relative::id);
    if (!cohere && (target.dialect != Dialect::OpenAiChat || relative == kRelatives.end()))
        return badRequest("/model",
                          "Choose a model of Cohere, Voyage, Jina or Together: this one's provider "
                          "ranks no documents here.");
    WireRequest wire{.path = cohere ? "/v2/rerank" : "/v1/rerank",
                     .headers = {{"content-type", "application/json"}}};
    JsonWriter json(wire.body);
    json.object().member("model", target.model).member("query", request.query).key("documents").array();
    for (const std::string &document : request.documents)
        json.string(document);
    json.end();
    if (request.top_n)
        json.member(cohere ? std::string_view("top_n") : relative->top, *request.top_n);
    if (request.max_tokens_per_doc && cohere)
        json.member("max_tokens_per_doc", *request.max_tokens_per_doc);
    else if (request.max_tokens_per_doc)
        note(exchange, Note::Kind::Dropped, "max_tokens_per_doc", "this provider has nothing like it");
    if (!cohere)
        json.member("return_documents", false);
    json.end();
    for (const auto &[name, value] : request.extras)
        note(exchange, Note::Kind::Dropped, name, "not part of this API");
    return wire;
}

std::expected<RerankReply, ApiError> decodeCall(const WireReply &reply, const RerankRequest &request)
{
    const auto document = JsonDocument::parse(reply.body);
    if (!document)
        return std::unexpected(invalidAnswer("its body is not JSON", reply.status));
    const JsonValue body(*document);
    if (auto error = openAiErrorInside(body))
        return std::unexpected(*std::move(error));
    // Voyage says data where all others say results.
    const JsonValue results = body["results"].isArray() ? body["results"] : body["data"];
    if (!results.isArray())
        return std::unexpected(invalidAnswer("it holds no results", reply.status));
    RerankReply answer{.id = body["id"].stringOr("")};
    std::vector<bool> named(request.documents.size());
    for (const JsonValue result : results.elements()) {
        const auto index = result["index"].integer().value_or(-1);
        const JsonValue score = result["relevance_score"];
        if (index < 0 || std::size_t(index) >= named.size() || named[std::size_t(index)] || !score.isNumber())
            return std::unexpected(invalidAnswer("its results are malformed", reply.status));
        named[std::size_t(index)] = true;
        answer.results.push_back({.index = std::size_t(index), .score = score.rawJson()});
    }
    const JsonValue usage = body["usage"].isObject() ? body["usage"] : body["meta"];
    if (const ReportedCounts counts = countsOf(usage); !counts.empty()) {
        answer.usage = usageFrom(counts, UsageStyle::Cohere);
        if (answer.usage->input == 0 && answer.usage->output == 0)
            answer.usage->input = counts.total.value_or(0);
    }
    return answer;
}

} // namespace portolan::dialect::rerank
