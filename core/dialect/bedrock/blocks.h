// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/dialect/codec.h"
#include "core/dialect/turns.h"

#include <set>
#include <string>

namespace portolan::dialect::bedrock {

/// Says which cache hints of a request become cachePoint blocks: the last four in the order of the prefix
/// (tools, system, messages), because the longest prefixes are worth most; none for models that refuse them.
class CachePoints
{
public:
    CachePoints(const Request &request, Exchange &exchange);

    /// True when this hint, the next one in that order, is to be written.
    [[nodiscard]] bool takes(bool in_tools);
    static void write(CacheTtl ttl, JsonWriter &json);

private:
    std::string_view m_vendor;
    Exchange &m_exchange;
    std::size_t m_skipped = 0; // hints that are still to be left out
};

/// Writes the parts of turns as Converse's content blocks, which are unions by member name (bedrock.md 4).
class BlockWriter
{
public:
    /// All four must outlive it.
    BlockWriter(const Request &request, Exchange &exchange, CachePoints &cache, JsonWriter &json)
        : m_request(request)
        , m_exchange(exchange)
        , m_cache(cache)
        , m_json(json)
    { }

    /// {"role":...,"content":[...]}. The error is the client's: a part that Bedrock can't take, at its place.
    Result<> turn(const Turn &turn);
    /// Text parts alone; others are noted and left out.
    void systemText(const std::vector<const Part *> &parts);

private:
    Result<bool> block(const Part &part);
    bool text(std::string_view text);
    Result<bool> image(const ImagePart &image, const Part &part);
    Result<bool> document(const DocumentPart &document, const Part &part);
    Result<bool> toolCall(const ToolCallPart &call, const Part &part);
    Result<bool> toolResult(const ToolResultPart &result, const Part &part);
    Result<bool> resultPart(const ResultPart &piece, const Part &part);
    bool reasoning(const ReasoningPart &reasoning);
    std::string documentName(const DocumentPart &document);
    [[nodiscard]] std::string pointerOf(const Part &part) const;

    const Request &m_request;
    Exchange &m_exchange;
    CachePoints &m_cache;
    JsonWriter &m_json;
    std::set<std::string, std::less<>> m_document_names{};
};

} // namespace portolan::dialect::bedrock
