// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"
#include "core/dialect/openai/chatclient.h"
#include "core/dialect/openai/chatprovider.h"
#include "core/dialect/openai/relatives.h"
#include "core/dialect/streamtranslator.h"

#include <string>
#include <string_view>

/// What the tests of this folder share: exchanges with a provider of the catalog, bodies as documents.
namespace portolan::dialect::openai {

inline JsonDocument document(std::string_view text)
{
    return JsonDocument::parse(std::string(text)).value();
}

inline Exchange exchangeWith(std::string_view provider, std::string_view model = "m")
{
    Exchange exchange(7);
    exchange.target.model = model;
    exchange.target.flavour = flavourOf(provider);
    exchange.target.capabilities = chatCapabilities(provider, {.id = model});
    exchange.requested_model = "asked";
    exchange.created_s = 1'760'000'000;
    return exchange;
}

inline Request chatRequest(std::string_view body)
{
    return chatClientCodec().decodeRequest(document(body)).value();
}

/// A whole stream through the provider's decoder and the client's encoder, cut where `cut` says.
inline std::string translated(std::string_view stream, Exchange &exchange,
                              std::size_t piece_bytes = std::string_view::npos)
{
    StreamTranslator translator(chatProviderCodec(), chatClientCodec(), exchange);
    std::string out;
    for (std::size_t at = 0; at < stream.size(); at += std::min(piece_bytes, stream.size() - at))
        translator.feed(stream.substr(at, piece_bytes), out);
    translator.end(out);
    return out;
}

} // namespace portolan::dialect::openai
