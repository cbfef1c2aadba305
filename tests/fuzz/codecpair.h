// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonreader.h"
#include "core/dialect/codec.h"

#include <array>
#include <cstdint>
#include <cstdlib>
#include <utility>

/// Which client and which provider a fuzzer's input is about, and what is asked of their codecs whatever the
/// bytes.
namespace portolan::fuzz {

inline void require(bool holds)
{
    if (!holds)
        std::abort();
}

struct CodecPair {
    const dialect::ClientCodec *client = nullptr;
    const dialect::ProviderCodec *provider = nullptr;
    dialect::Exchange exchange{1};
};

/// One byte names the pair, the next what the model can.
inline CodecPair pairOf(std::uint8_t which, std::uint8_t abilities)
{
    using dialect::Dialect;
    using dialect::Platform;
    static constexpr std::array kClients{Dialect::OpenAiChat, Dialect::OpenAiResponses, Dialect::Anthropic};
    static constexpr std::array<std::pair<Dialect, Platform>, 9> kProviders{{
        {Dialect::OpenAiChat, Platform::Own},
        {Dialect::OpenAiChat, Platform::Azure},
        {Dialect::OpenAiResponses, Platform::Own},
        {Dialect::Anthropic, Platform::Own},
        {Dialect::Anthropic, Platform::BedrockInvoke},
        {Dialect::Anthropic, Platform::Vertex},
        {Dialect::Gemini, Platform::Own},
        {Dialect::BedrockConverse, Platform::Own},
        {Dialect::CohereChat, Platform::Own},
    }};
    const auto &[provider, platform] = kProviders.at(which / kClients.size() % kProviders.size());
    CodecPair pair;
    pair.client = dialect::clientCodec(kClients.at(which % kClients.size()));
    pair.provider = dialect::providerCodec(provider, platform);
    require(pair.client && pair.provider);

    dialect::Target &target = pair.exchange.target;
    target.dialect = provider;
    target.platform = platform;
    target.model = "a-model";
    target.region = "us-east-1";
    target.project = "a-project";
    target.capabilities.thinking = static_cast<dialect::ThinkingStyle>(abilities % 4);
    target.capabilities.structured_outputs = (abilities & 4U) != 0;
    target.capabilities.reasoning_effort = (abilities & 8U) != 0;
    target.capabilities.sampling_params = (abilities & 16U) == 0;
    target.capabilities.thought_signatures_required = (abilities & 32U) != 0;
    target.capabilities.custom_tools = (abilities & 64U) == 0;
    pair.exchange.requested_model = "asked";
    pair.exchange.include_usage = (abilities & 128U) != 0;
    return pair;
}

/// What goes out is JSON, whatever came in.
inline void requireJson(std::string_view text)
{
    require(validateJson(text, {.depth = 1000}).has_value());
}

} // namespace portolan::fuzz
