// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/vectors/vectorcase.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace portolan::dialect::vectors {
namespace {

namespace json = boost::json;

constexpr std::string_view kFolder = PORTOLAN_TEST_DATA "/vectors/";

std::string readFile(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string stringAt(const json::object &object, std::string_view name, std::string_view otherwise = {})
{
    const auto *value = object.if_contains(name);
    return std::string(value && value->is_string() ? std::string_view(value->as_string()) : otherwise);
}

const json::object &objectAt(const json::object &object, std::string_view name)
{
    static const json::object kNone;
    const auto *value = object.if_contains(name);
    return value && value->is_object() ? value->as_object() : kNone;
}

bool flag(const json::object &object, std::string_view name, bool otherwise)
{
    const auto *value = object.if_contains(name);
    return value && value->is_bool() ? value->as_bool() : otherwise;
}

struct Provider {
    std::string_view name;
    Dialect dialect;
    Platform platform = Platform::Own;
};
constexpr std::array kProviders{
    Provider{"anthropic", Dialect::Anthropic},
    Provider{"gemini", Dialect::Gemini},
    Provider{"bedrock.converse", Dialect::BedrockConverse},
    Provider{"bedrock.invoke.anthropic", Dialect::Anthropic, Platform::BedrockInvoke},
    Provider{"cohere", Dialect::CohereChat},
    Provider{"openai.chat", Dialect::OpenAiChat},
};
constexpr std::array kClients{
    Provider{"openai.chat", Dialect::OpenAiChat},
    Provider{"openai.responses", Dialect::OpenAiResponses},
    Provider{"anthropic.messages", Dialect::Anthropic},
};

const Provider *named(const auto &table, std::string_view name)
{
    const auto found = std::ranges::find(table, name, &Provider::name);
    return found == table.end() ? nullptr : found;
}

Capabilities capabilitiesOf(const json::object &context)
{
    const json::object &given = objectAt(context, "capabilities");
    Capabilities can;
    const std::string thinking = stringAt(given, "thinking", "none");
    can.thinking = thinking == "budget" ? ThinkingStyle::Budget
        : thinking == "adaptive"        ? ThinkingStyle::Adaptive
        : thinking == "level"           ? ThinkingStyle::Level
                                        : ThinkingStyle::None;
    can.structured_outputs = flag(given, "structured_outputs", false);
    can.sampling_params = flag(given, "sampling_params", true);
    can.thought_signatures_required = flag(given, "thought_signatures_required", false);
    can.reasoning_effort = flag(given, "reasoning_effort", false);
    can.developer_role = flag(given, "developer_role", true);
    can.custom_tools = flag(given, "custom_tools", true);
    can.max_completion_tokens = stringAt(given, "max_tokens_field") != "max_tokens";
    if (const auto *most = given.if_contains("max_output_tokens"))
        can.max_output_tokens = most->to_number<std::int64_t>();
    return can;
}

} // namespace

std::vector<VectorCase> allCases()
{
    std::vector<VectorCase> cases;
    std::vector<std::filesystem::path> folders;
    for (const auto &entry : std::filesystem::directory_iterator(kFolder)) {
        if (entry.is_directory())
            folders.push_back(entry.path());
    }
    std::ranges::sort(folders);
    for (const auto &folder : folders) {
        const auto root = json::parse(readFile(folder / "case.json")).as_object();
        cases.push_back(
            {.id = stringAt(root, "id"), .kind = stringAt(root, "kind"), .json = root, .folder = folder});
    }
    return cases;
}

std::string bytesOf(const VectorCase &vector, std::string_view file)
{
    const std::string text = readFile(vector.folder + '/' + std::string(file));
    if (!file.ends_with(".hex"))
        return text;
    std::string digits;
    std::ranges::copy_if(text, std::back_inserter(digits),
                         [](unsigned char c) { return std::isxdigit(c) != 0; });
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        unsigned value = 0;
        std::from_chars(&digits[i], &digits[i] + 2, value, 16);
        bytes += char(value);
    }
    return bytes;
}

const ClientCodec *clientOf(const VectorCase &vector)
{
    const auto *client = named(kClients, stringAt(vector.json, "client_dialect"));
    return client ? clientCodec(client->dialect) : nullptr;
}

const ProviderCodec *providerOf(const VectorCase &vector)
{
    const auto *provider = named(kProviders, stringAt(vector.json, "provider"));
    return provider ? providerCodec(provider->dialect, provider->platform) : nullptr;
}

Exchange exchangeOf(const VectorCase &vector)
{
    const json::object &context = objectAt(vector.json, "context");
    Exchange exchange(42);
    if (const auto *provider = named(kProviders, stringAt(vector.json, "provider"))) {
        exchange.target.dialect = provider->dialect;
        exchange.target.platform = provider->platform;
    }
    exchange.target.model = stringAt(context, "provider_model", "the-model");
    exchange.target.region = stringAt(context, "region", "us-east-1");
    exchange.target.capabilities = capabilitiesOf(context);
    if (const auto *most = context.if_contains("default_max_tokens"))
        exchange.target.default_max_tokens = most->to_number<std::int64_t>();
    exchange.requested_model = stringAt(context, "requested_model", exchange.target.model);
    exchange.created_s = 1'760'000'000;
    exchange.stream = vector.kind == "stream";
    exchange.include_usage = flag(context, "include_usage", false);
    exchange.schema_tool = stringAt(context, "emulated_schema_tool");
    return exchange;
}

WireReply replyOf(const VectorCase &vector)
{
    const json::object &input = objectAt(vector.json, "input");
    WireReply reply;
    reply.status = input.at("status").to_number<int>();
    for (const auto &[name, value] : objectAt(input, "headers"))
        reply.headers.emplace_back(name, std::string_view(value.as_string()));
    const json::value &body = input.at("body");
    reply.body = body.is_string() ? std::string(body.as_string()) : json::serialize(body);
    return reply;
}

} // namespace portolan::dialect::vectors
