// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/relativeerrors.h"

#include "core/base/text.h"
#include "core/dialect/errorkinds.h"
#include "core/dialect/openaierrors.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace portolan::dialect::openai {
namespace {

constexpr std::size_t kMostWords = 2000;
constexpr double kLongestWaitS = 24.0 * 3600;

void shorten(std::string &text)
{
    if (text.size() <= kMostWords)
        return;
    std::size_t size = kMostWords;
    while (size > 0 && (std::uint8_t(text[size]) & 0xC0U) == 0x80U)
        --size;
    text.resize(size);
    text += "...";
}

/// FastAPI's list of what is wrong: [{"loc":["body","x"],"msg":"..."}].
std::string validationWords(const JsonValue &detail)
{
    std::string words;
    for (const JsonValue problem : detail.elements()) {
        const auto message = problem["msg"].string();
        if (!message)
            continue;
        words += words.empty() ? "" : "; ";
        std::string place;
        for (const JsonValue step : problem["loc"].elements()) {
            if (!step.equals("body"))
                place += (place.empty() ? "" : ".") + step.stringOr(step.raw());
        }
        words += place.empty() ? *message : place + ": " + *message;
    }
    return words;
}

/// OpenRouter wraps what the provider behind it said, often as JSON in a string.
std::string wrappedWords(const JsonValue &metadata)
{
    const auto raw = metadata["raw"].string();
    if (!raw)
        return {};
    const auto inner = JsonDocument::parse(*raw);
    if (!inner)
        return raw->starts_with('<') ? std::string() : *raw;
    const JsonValue root(*inner);
    return root["error"]["message"].stringOr(root["message"].stringOr(root["error"].stringOr("")));
}

/// "Please retry after 12 seconds", "Please try again in 1.5s", "... in 250ms".
std::optional<std::int64_t> waitInWords(std::string_view words)
{
    for (const std::string_view before : {"retry after ", "try again in "}) {
        const std::size_t at = words.find(before);
        if (at == std::string_view::npos)
            continue;
        const std::string_view rest = words.substr(at + before.size());
        double value = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
        if (error != std::errc() || !std::isfinite(value) || value < 0)
            continue;
        const std::string_view unit(end, std::size_t(rest.data() + rest.size() - end));
        const double seconds = unit.starts_with("ms") ? value / 1000 : value;
        if (unit.starts_with("m") && !unit.starts_with("ms"))
            continue;
        return std::int64_t(std::ceil(std::min(seconds, kLongestWaitS) * 1000));
    }
    return std::nullopt;
}

/// xAI answers 400 to a wrong key.
bool saysBadKey(const ApiError &error)
{
    const std::string words = toLowerAscii(error.message);
    return error.upstream_status == 400 && words.find("api key") != std::string::npos
        && (words.find("incorrect") != std::string::npos || words.find("invalid") != std::string::npos);
}

} // namespace

void refineRelativeError(ApiError &error, const JsonValue &said)
{
    if (auto words = wrappedWords(said["metadata"]);
        !words.empty() && error.kind != ErrorKind::Authentication) // may quote a part of the credential
        error.message = std::move(words);
    // DeepSeek and vLLM repeat the type where the code belongs.
    if (error.code == "invalid_request_error" || error.code == "BadRequest"
        || error.code == "BadRequestError")
        error.code.clear();
    const std::string_view type = said["type"].raw();
    if (error.kind == ErrorKind::InvalidRequest
        && (saysContextTooLong(error.message) || type == "\"exceed_context_size_error\""))
        error.code = "context_length_exceeded";
    if (error.kind == ErrorKind::NotFound && error.code == "DeploymentNotFound")
        error.code = "model_not_found";
    if (!error.retry_after_ms && (error.kind == ErrorKind::RateLimit || error.kind == ErrorKind::Overloaded))
        error.retry_after_ms = waitInWords(error.message);
    shorten(error.message);
}

ApiError readRelativeError(const WireReply &reply)
{
    ApiError error = readOpenAiError(reply);
    const auto body = JsonDocument::parse(reply.body);
    if (!body)
        return error;
    JsonValue root(*body);
    if (root.isArray() && !root.empty()) {
        // Google's compatible endpoint puts the one error into a list.
        root = *root.elements().begin();
        error = readOpenAiError(
            {.status = reply.status, .headers = reply.headers, .body = std::string(root.raw())});
    }
    const JsonValue message = root["message"];
    if (auto words = validationWords(root["detail"].isArray() ? root["detail"] : message["detail"]);
        !words.empty())
        error.message = std::move(words);
    if (saysBadKey(error)) {
        WireReply denied = reply;
        denied.status = 401;
        error = readOpenAiError(denied);
        error.upstream_status = reply.status;
    }
    if (reply.status == 498) { // Groq's flex tier has no capacity
        error.kind = ErrorKind::Overloaded;
        error.status = 503;
        error.code = "overloaded";
    }
    refineRelativeError(error, root["error"].isObject() ? root["error"] : root);
    return error;
}

} // namespace portolan::dialect::openai
