// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/codec.h"

#include "core/dialect/anthropic/anthropiccodec.h"
#include "core/dialect/bedrock/conversecodec.h"
#include "core/dialect/cohere/coherecodec.h"
#include "core/dialect/gemini/geminicodec.h"
#include "core/dialect/openai/chatclient.h"
#include "core/dialect/openai/chatprovider.h"
#include "core/dialect/openai/completions.h"
#include "core/dialect/responses/codecs.h"

namespace portolan::dialect {

const ClientCodec *clientCodec(Dialect dialect) noexcept
{
    switch (dialect) {
    case Dialect::OpenAiChat: return &openai::chatClientCodec();
    case Dialect::OpenAiCompletions: return &openai::completionsClientCodec();
    case Dialect::OpenAiResponses: return &responses::clientCodec();
    case Dialect::Anthropic: return &anthropic::clientCodec();
    case Dialect::Gemini:
    case Dialect::BedrockConverse:
    case Dialect::CohereChat: return nullptr;
    }
    return nullptr;
}

const ProviderCodec *providerCodec(Dialect dialect, Platform platform) noexcept
{
    switch (dialect) {
    case Dialect::OpenAiChat: return &openai::chatProviderCodec();
    case Dialect::OpenAiCompletions: return nullptr;
    case Dialect::OpenAiResponses: return &responses::providerCodec();
    case Dialect::Anthropic: return &anthropic::providerCodec(platform);
    case Dialect::Gemini: return &gemini::providerCodec();
    case Dialect::BedrockConverse: return &bedrock::providerCodec();
    case Dialect::CohereChat: return &cohere::providerCodec();
    }
    return nullptr;
}

} // namespace portolan::dialect
