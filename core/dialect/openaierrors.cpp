// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openaierrors.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/errorkinds.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portolan::dialect {
namespace {

constexpr std::string_view kNoWords = "The provider answered with an error and no reason.";
constexpr std::string_view kBadCredential
    = "The provider did not accept the account's credential. Check it in the gateway.";

std::string_view typeOf(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::InvalidRequest:
    case ErrorKind::NotFound:
    case ErrorKind::TooLarge: return "invalid_request_error";
    case ErrorKind::Authentication: return "authentication_error";
    case ErrorKind::Permission: return "permission_error";
    case ErrorKind::Conflict: return "conflict_error";
    case ErrorKind::RateLimit: return "rate_limit_error";
    case ErrorKind::InsufficientQuota: return "insufficient_quota";
    case ErrorKind::Timeout: return "timeout_error";
    case ErrorKind::Overloaded: return "overloaded_error";
    case ErrorKind::Api: return "api_error";
    }
    return "api_error";
}

/// Of the places where relatives of OpenAI put it.
std::string wordsOf(const JsonValue &root)
{
    const JsonValue error = root["error"];
    for (const JsonValue place : {error["message"], error, error["detail"], root["message"], root["detail"],
                                  root["detail"]["message"]}) {
        if (auto words = place.string(); words && !words->empty())
            return *std::move(words);
    }
    return std::string(kNoWords);
}

void nullable(JsonWriter &json, std::string_view name, std::string_view text)
{
    json.key(name);
    if (text.empty())
        json.null();
    else
        json.string(text);
}

bool isOneOf(const JsonValue &value, std::initializer_list<std::string_view> words)
{
    return std::ranges::any_of(words, [&](std::string_view word) { return value.equals(word); });
}

/// Azure and vLLM say the status once more where the code belongs.
bool isCode(std::string_view text)
{
    return !text.empty() && !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// What the provider's own code says more finely than its status.
void refine(ApiError &error, const JsonValue &said)
{
    const std::string code = said["code"].stringOr("");
    if (isOneOf(said["code"], {"insufficient_quota", "billing_hard_limit_reached"})
        || said["type"].equals("insufficient_quota")) {
        error.kind = ErrorKind::InsufficientQuota;
        error.status = 429;
        error.code = "insufficient_quota";
    } else if (error.kind == ErrorKind::InvalidRequest || error.kind == ErrorKind::NotFound) {
        if (isCode(code))
            error.code = code;
        if (error.code.empty() && saysContextTooLong(error.message))
            error.code = "context_length_exceeded";
        error.param = said["param"].stringOr("");
    } else if (error.kind == ErrorKind::Authentication) {
        // It is the gateway's credential, and some providers quote a part of it.
        error.message = kBadCredential;
    }
}

int statusInside(const JsonValue &error)
{
    const auto code = error["code"].integer();
    return code && *code >= 400 && *code <= 599 ? int(*code) : 0;
}

/// The status that a code stands for where an answer or event says 200.
int statusOfCode(const JsonValue &error)
{
    struct Row {
        std::string_view code;
        int status;
    };
    static constexpr std::array kRows{
        Row{"rate_limit_exceeded", 429},     Row{"insufficient_quota", 429},
        Row{"context_length_exceeded", 400}, Row{"invalid_prompt", 400},
        Row{"server_is_overloaded", 503},    Row{"slow_down", 503},
        Row{"model_not_found", 404},         Row{"invalid_api_key", 401},
    };
    for (const Row &row : kRows) {
        if (error["code"].equals(row.code))
            return row.status;
    }
    if (isOneOf(error["type"], {"invalid_request_error"}))
        return 400;
    return 502;
}

} // namespace

std::string openAiErrorObject(const ApiError &error)
{
    std::string text;
    JsonWriter json(text);
    json.object().member("message", error.message).member("type", typeOf(error.kind));
    nullable(json, "param", error.param);
    nullable(json, "code", error.code);
    json.end();
    return text;
}

std::string openAiErrorBody(const ApiError &error)
{
    return R"({"error":)" + openAiErrorObject(error) + '}';
}

ApiError readOpenAiError(const WireReply &reply)
{
    const auto body = JsonDocument::parse(reply.body);
    if (!body || !JsonValue(*body).isObject()) {
        ApiError error = errorOfStatus(reply.status, "");
        const ApiError unread = invalidAnswer("its error is not JSON", reply.status);
        error.message = unread.message;
        if (error.code.empty() || error.kind == ErrorKind::Api)
            error.code = unread.code;
        error.retry_after_ms = retryAfterMs(reply.headers);
        return error;
    }
    const JsonValue root(*body);
    ApiError error = errorOfStatus(reply.status, wordsOf(root));
    refine(error, root["error"].isObject() ? root["error"] : root);
    error.retry_after_ms = retryAfterMs(reply.headers);
    return error;
}

ApiError openAiErrorOf(const JsonValue &said)
{
    const int numeric = statusInside(said);
    std::string words = said.isString() ? said.stringOr("") : said["message"].stringOr("");
    if (words.empty())
        words = kNoWords;
    ApiError error = errorOfStatus(numeric ? numeric : statusOfCode(said), std::move(words));
    refine(error, said);
    return error;
}

std::optional<ApiError> openAiErrorInside(const JsonValue &root)
{
    const JsonValue said = root["error"];
    if (!said.isObject() && !said.isString())
        return std::nullopt;
    return openAiErrorOf(said);
}

} // namespace portolan::dialect
