// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/dialect/codec.h"
#include "core/dialect/streamtranslator.h"

#include <string>
#include <string_view>

/// What the tests of Anthropic's codecs share.
namespace portolan::dialect::anthropic {

inline JsonDocument parsed(std::string_view json)
{
    return JsonDocument::parse(std::string(json)).value();
}

/// The value at a JSON Pointer as it is written; empty when there is none.
inline std::string at(const std::string &json, std::string_view pointer)
{
    const auto document = parsed(json);
    const JsonNode *node = document.find(pointer);
    return node ? std::string(document.text(node->range)) : std::string();
}

inline Exchange exchangeFor(Capabilities capabilities = {}, Platform platform = Platform::Own)
{
    Exchange exchange(7);
    exchange.target = {.dialect = Dialect::Anthropic,
                       .platform = platform,
                       .capabilities = capabilities,
                       .model = "claude-x"};
    exchange.requested_model = "asked-for";
    return exchange;
}

/// A request of a client of `from`, as this provider gets it.
inline Result<WireRequest> sent(Dialect from, std::string_view body, Exchange &exchange)
{
    const auto request = clientCodec(from)->decodeRequest(parsed(body));
    if (!request)
        return std::unexpected(request.error());
    return providerCodec(Dialect::Anthropic, exchange.target.platform)->encodeRequest(*request, exchange);
}

/// What a client of `to` gets of an Anthropic stream.
inline std::string streamed(Dialect to, std::string_view bytes, Exchange &exchange)
{
    StreamTranslator translator(*providerCodec(Dialect::Anthropic, exchange.target.platform),
                                *clientCodec(to), exchange);
    std::string out;
    translator.feed(bytes, out);
    translator.end(out);
    return out;
}

inline std::string sseEvent(std::string_view type, std::string_view rest)
{
    std::string out = "event: ";
    out.append(type).append("\ndata: {\"type\":\"").append(type).append("\"");
    return out.append(rest.empty() ? "" : ",").append(rest).append("}\n\n");
}

inline bool hasNote(const Exchange &exchange, Note::Kind kind, std::string_view what)
{
    for (const Note &note : exchange.notes) {
        if (note.kind == kind && note.what == what)
            return true;
    }
    return false;
}

} // namespace portolan::dialect::anthropic
