// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/practiceanswers.h"

#include "core/base/text.h"
#include "core/dialect/usagereader.h"

#include <boost/json.hpp>
#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <iterator>

namespace portolan::gateway {

namespace {

namespace json = boost::json;

constexpr int kMostDimensions = 4096;

std::string_view view(const json::string &text)
{
    return {text.data(), text.size()};
}

/// Text of a message's content: a string, or the text parts of a list.
std::string contentText(const json::value &content)
{
    if (const auto *text = content.if_string())
        return std::string(view(*text));
    std::string joined;
    if (const auto *parts = content.if_array()) {
        for (const auto &part : *parts) {
            const auto *object = part.if_object();
            const auto *text = object ? object->if_contains("text") : nullptr;
            if (text && text->is_string())
                joined += view(text->get_string());
        }
    }
    return joined;
}

/// A value that a schema's property would take.
json::value sample(const json::value *schema, const std::string &asked)
{
    const auto *object = schema ? schema->if_object() : nullptr;
    if (!object)
        return json::value(asked);
    if (const auto *choices = object->if_contains("enum");
        choices && choices->is_array() && !choices->get_array().empty())
        return choices->get_array().front();
    const auto *type = object->if_contains("type");
    const auto name = type && type->is_string() ? view(type->get_string()) : std::string_view("string");
    if (name == "integer" || name == "number")
        return json::value(1);
    if (name == "boolean")
        return json::value(true);
    if (name == "array")
        return json::value(json::array());
    if (name == "object")
        return json::value(json::object());
    return json::value(asked);
}

std::string sampleArguments(const json::object &function, const std::string &asked)
{
    json::object arguments;
    const auto *parameters = function.if_contains("parameters");
    const auto *schema = parameters ? parameters->if_object() : nullptr;
    const auto *properties = schema ? schema->if_contains("properties") : nullptr;
    if (properties && properties->is_object()) {
        for (const auto &[name, property] : properties->get_object())
            arguments[name] = sample(&property, asked);
    }
    return json::serialize(arguments);
}

void readTool(const json::object &body, PracticeQuestion &question)
{
    const auto *choice = body.if_contains("tool_choice");
    if (choice && choice->is_string() && view(choice->get_string()) == "none")
        return;
    const auto *tools = body.if_contains("tools");
    if (!tools || !tools->is_array() || tools->get_array().empty())
        return;
    const auto *tool = tools->get_array().front().if_object();
    const auto *function = tool ? tool->if_contains("function") : nullptr;
    const auto *object = function ? function->if_object() : nullptr;
    const auto *name = object ? object->if_contains("name") : nullptr;
    if (!name || !name->is_string())
        return;
    question.tool = std::string(view(name->get_string()));
    question.tool_arguments = sampleArguments(*object, question.text);
}

void readMessages(const json::object &body, PracticeQuestion &question)
{
    const auto *messages = body.if_contains("messages");
    if (messages && messages->is_array() && !messages->get_array().empty()) {
        std::size_t bytes = 0;
        const json::object *last = nullptr;
        for (const auto &message : messages->get_array()) {
            const auto *object = message.if_object();
            if (!object)
                continue;
            last = object;
            if (const auto *content = object->if_contains("content"))
                bytes += contentText(*content).size();
        }
        const auto *content = last ? last->if_contains("content") : nullptr;
        if (content)
            question.text = contentText(*content);
        question.prompt_tokens = dialect::estimatedTokens(bytes);
        // After a tool's result the answer is in words.
        const auto *role = last ? last->if_contains("role") : nullptr;
        if (!role || !role->is_string() || view(role->get_string()) != "tool")
            readTool(body, question);
        return;
    }
    if (const auto *prompt = body.if_contains("prompt"); prompt && prompt->is_string()) {
        question.text = std::string(view(prompt->get_string()));
        question.prompt_tokens = dialect::estimatedTokens(question.text.size());
    }
}

void readInputs(const json::object &body, PracticeQuestion &question)
{
    const auto *input = body.if_contains("input");
    if (!input)
        return;
    if (const auto *text = input->if_string())
        question.inputs.emplace_back(view(*text));
    if (const auto *list = input->if_array()) {
        for (const auto &entry : *list)
            question.inputs.push_back(entry.is_string() ? std::string(view(entry.get_string()))
                                                        : json::serialize(entry));
    }
    for (const auto &text : question.inputs)
        question.prompt_tokens += dialect::estimatedTokens(text.size());
    if (const auto *dims = body.if_contains("dimensions"); dims && dims->is_int64())
        question.dimensions
            = static_cast<int>(std::clamp<std::int64_t>(dims->get_int64(), 1, kMostDimensions));
    if (const auto *format = body.if_contains("encoding_format"); format && format->is_string())
        question.base64 = view(format->get_string()) == "base64";
}

std::int64_t answerTokens(const PracticeQuestion &question)
{
    return dialect::estimatedTokens(question.tool.empty() ? question.text.size()
                                                          : question.tool_arguments.size());
}

std::string usageJson(const PracticeQuestion &question)
{
    const auto out = answerTokens(question);
    return fmt::format(R"({{"prompt_tokens":{},"completion_tokens":{},"total_tokens":{}}})",
                       question.prompt_tokens, out, question.prompt_tokens + out);
}

std::string chunk(const PracticeQuestion &question, const PracticeStamp &stamp, std::string_view choices,
                  std::string_view usage)
{
    return fmt::format(
        "data: {{\"id\":\"{}\",\"object\":\"chat.completion.chunk\",\"created\":{},\"model\":{},"
        "\"choices\":[{}]{}{}}}\n\n",
        stamp.id, stamp.created_s, jsonQuoted(question.model), choices,
        usage.empty() ? "" : ",\"usage\":", usage);
}

std::string choice(std::string_view delta, std::string_view finish)
{
    return fmt::format(R"({{"index":0,"delta":{},"finish_reason":{}}})", delta, finish);
}

/// A unit vector that is the same for the same text.
std::vector<float> vectorOf(std::string_view text, int dimensions)
{
    std::array<unsigned char, crypto_stream_chacha20_KEYBYTES> key{};
    crypto_generichash(key.data(), key.size(), reinterpret_cast<const unsigned char *>(text.data()),
                       text.size(), nullptr, 0);
    const std::array<unsigned char, crypto_stream_chacha20_NONCEBYTES> nonce{};
    std::vector<std::uint32_t> noise(static_cast<std::size_t>(dimensions));
    crypto_stream_chacha20(reinterpret_cast<unsigned char *>(noise.data()),
                           noise.size() * sizeof(std::uint32_t), nonce.data(), key.data());
    std::vector<float> vector;
    vector.reserve(noise.size());
    double square = 0;
    for (const auto bits : noise) {
        const double value = static_cast<double>(bits) / 4294967295.0 - 0.5;
        square += value * value;
        vector.push_back(static_cast<float>(value));
    }
    const auto length = static_cast<float>(std::sqrt(std::max(square, 1e-12)));
    for (auto &value : vector)
        value /= length;
    return vector;
}

std::string base64Of(const std::vector<float> &vector)
{
    static_assert(std::endian::native == std::endian::little);
    const std::size_t bytes = vector.size() * sizeof(float);
    std::string text(sodium_base64_encoded_len(bytes, sodium_base64_VARIANT_ORIGINAL), '\0');
    sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char *>(vector.data()), bytes,
                      sodium_base64_VARIANT_ORIGINAL);
    text.pop_back(); // the NUL that libsodium ends with
    return text;
}

} // namespace

std::optional<PracticeQuestion> PracticeQuestion::parse(std::string_view text)
{
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 128;
    const json::value parsed = json::parse(text, error, {}, options);
    const auto *body = error ? nullptr : parsed.if_object();
    if (!body)
        return std::nullopt;
    PracticeQuestion question;
    if (const auto *model = body->if_contains("model"); model && model->is_string())
        question.model = std::string(view(model->get_string()));
    if (const auto *stream = body->if_contains("stream"))
        question.stream = stream->is_bool() && stream->get_bool();
    if (const auto *options_value = body->if_contains("stream_options");
        options_value && options_value->is_object()) {
        const auto *usage = options_value->get_object().if_contains("include_usage");
        question.include_usage = usage && usage->is_bool() && usage->get_bool();
    }
    readMessages(*body, question);
    readInputs(*body, question);
    return question;
}

std::vector<std::string_view> practiceWords(std::string_view text)
{
    std::vector<std::string_view> words;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const auto word = std::min(text.find_first_not_of(" \n\t", begin), text.size());
        const auto end = std::min(text.find_first_of(" \n\t", word), text.size());
        words.push_back(text.substr(begin, end - begin));
        begin = end;
    }
    return words;
}

std::string chatAnswer(const PracticeQuestion &question, const PracticeStamp &stamp)
{
    std::string message;
    if (question.tool.empty()) {
        message
            = fmt::format(R"({{"role":"assistant","content":{},"refusal":null}})", jsonQuoted(question.text));
    } else {
        message = fmt::format(
            R"({{"role":"assistant","content":null,"tool_calls":[{{"id":"call_{}","type":"function",)"
            R"("function":{{"name":{},"arguments":{}}}}}]}})",
            stamp.id.substr(0, 24), jsonQuoted(question.tool), jsonQuoted(question.tool_arguments));
    }
    return fmt::format(
        R"({{"id":"{}","object":"chat.completion","created":{},"model":{},"choices":[{{"index":0,)"
        R"("message":{},"logprobs":null,"finish_reason":"{}"}}],"usage":{}}})",
        stamp.id, stamp.created_s, jsonQuoted(question.model), message,
        question.tool.empty() ? "stop" : "tool_calls", usageJson(question));
}

std::vector<std::string> chatFrames(const PracticeQuestion &question, const PracticeStamp &stamp)
{
    // With include_usage every chunk before the last carries "usage":null.
    const std::string_view none = question.include_usage ? "null" : "";
    std::vector<std::string> frames;
    frames.push_back(chunk(question, stamp, choice(R"({"role":"assistant","content":""})", "null"), none));
    if (question.tool.empty()) {
        for (const auto word : practiceWords(question.text))
            frames.push_back(chunk(
                question, stamp, choice(fmt::format(R"({{"content":{}}})", jsonQuoted(word)), "null"), none));
    } else {
        const auto call = fmt::format(R"({{"tool_calls":[{{"index":0,"id":"call_{}","type":"function",)"
                                      R"("function":{{"name":{},"arguments":""}}}}]}})",
                                      stamp.id.substr(0, 24), jsonQuoted(question.tool));
        frames.push_back(chunk(question, stamp, choice(call, "null"), none));
        for (std::size_t at = 0; at < question.tool_arguments.size(); at += 12) {
            const auto piece = jsonQuoted(std::string_view(question.tool_arguments).substr(at, 12));
            frames.push_back(
                chunk(question, stamp,
                      choice(fmt::format(R"({{"tool_calls":[{{"index":0,"function":{{"arguments":{}}}}}]}})",
                                         piece),
                             "null"),
                      none));
        }
    }
    frames.push_back(
        chunk(question, stamp, choice("{}", question.tool.empty() ? R"("stop")" : R"("tool_calls")"), none));
    if (question.include_usage)
        frames.push_back(chunk(question, stamp, "", usageJson(question)));
    frames.emplace_back("data: [DONE]\n\n");
    return frames;
}

std::string embeddingsAnswer(const PracticeQuestion &question)
{
    std::string data;
    for (std::size_t i = 0; i < question.inputs.size(); ++i) {
        const auto vector = vectorOf(question.inputs[i], question.dimensions);
        std::string value;
        if (question.base64) {
            value = jsonQuoted(base64Of(vector));
        } else {
            value = "[";
            for (std::size_t k = 0; k < vector.size(); ++k)
                fmt::format_to(std::back_inserter(value), "{}{:.7f}", k == 0 ? "" : ",", vector[k]);
            value += "]";
        }
        fmt::format_to(std::back_inserter(data), R"({}{{"object":"embedding","index":{},"embedding":{}}})",
                       i == 0 ? "" : ",", i, value);
    }
    return fmt::format(
        R"({{"object":"list","data":[{}],"model":{},"usage":{{"prompt_tokens":{},"total_tokens":{}}}}})",
        data, jsonQuoted(question.model), question.prompt_tokens, question.prompt_tokens);
}

std::string transcriptionAnswer(std::string_view model, std::size_t audio_bytes)
{
    // 16 kHz, 16 bit, one channel: 32,000 bytes are a second.
    const auto seconds = std::max<std::size_t>(1, (audio_bytes + 31'999) / 32'000);
    return fmt::format(
        R"({{"text":"{} received {} bytes of audio.","usage":{{"type":"duration","seconds":{}}}}})",
        isClientId(model) ? model : std::string_view("transcribe"), audio_bytes, seconds);
}

std::string modelsAnswer()
{
    std::string data;
    for (const PracticeEntry &entry : practiceEntries()) {
        fmt::format_to(std::back_inserter(data),
                       R"({}{{"id":{},"object":"model","created":0,"owned_by":"portolan"}})",
                       data.empty() ? "" : ",", jsonQuoted(entry.id));
    }
    return fmt::format(R"({{"object":"list","data":[{}]}})", data);
}

std::string errorAnswer(std::string_view message, std::string_view type, std::string_view code)
{
    return fmt::format(R"({{"error":{{"message":{},"type":{},"param":null,"code":{}}}}})",
                       jsonQuoted(message), jsonQuoted(type), jsonQuoted(code));
}

} // namespace portolan::gateway
