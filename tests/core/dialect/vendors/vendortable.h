// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/target.h"
#include "tests/core/dialect/vendors/answers.h"

#include <array>

/// Who is put before whom: every provider codec and every client codec is a line here.
namespace vendors {

struct Vendor {
    const char *name;
    Api api;
    portolan::dialect::Dialect dialect;
    portolan::dialect::Platform platform = portolan::dialect::Platform::Own;
};

inline constexpr std::array kVendors{
    Vendor{"openai chat", Api::Chat, portolan::dialect::Dialect::OpenAiChat},
    Vendor{"responses", Api::Responses, portolan::dialect::Dialect::OpenAiResponses},
    Vendor{"anthropic", Api::Messages, portolan::dialect::Dialect::Anthropic},
    Vendor{"gemini", Api::Gemini, portolan::dialect::Dialect::Gemini},
    Vendor{"bedrock converse", Api::Converse, portolan::dialect::Dialect::BedrockConverse},
    Vendor{"cohere", Api::Cohere, portolan::dialect::Dialect::CohereChat},
    Vendor{"bedrock invoke", Api::InvokeModel, portolan::dialect::Dialect::Anthropic,
           portolan::dialect::Platform::BedrockInvoke},
};

struct Client {
    const char *name;
    portolan::dialect::Dialect dialect;
};

inline constexpr std::array kClients{
    Client{"chat", portolan::dialect::Dialect::OpenAiChat},
    Client{"responses", portolan::dialect::Dialect::OpenAiResponses},
    Client{"messages", portolan::dialect::Dialect::Anthropic},
    Client{"completions", portolan::dialect::Dialect::OpenAiCompletions}, // has no tools
};

} // namespace vendors
