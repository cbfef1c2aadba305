// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/errorkinds.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace portolan::dialect {
namespace {

struct Row {
    int upstream;
    int status;
    ErrorKind kind;
    std::string_view code;
};

// mapping.md 8. 402 reaches OpenAI clients as 429, the only status their SDKs know for a spent quota.
constexpr std::array kRows{
    Row{400, 400, ErrorKind::InvalidRequest, ""},
    Row{401, 401, ErrorKind::Authentication, "invalid_api_key"},
    Row{402, 429, ErrorKind::InsufficientQuota, "insufficient_quota"},
    Row{403, 403, ErrorKind::Permission, "permission_denied"},
    Row{404, 404, ErrorKind::NotFound, "model_not_found"},
    Row{408, 504, ErrorKind::Timeout, "timeout"},
    Row{409, 409, ErrorKind::Conflict, ""},
    Row{413, 413, ErrorKind::TooLarge, "request_too_large"},
    Row{422, 400, ErrorKind::InvalidRequest, ""},
    Row{429, 429, ErrorKind::RateLimit, "rate_limit_exceeded"},
    Row{503, 503, ErrorKind::Overloaded, "overloaded"},
    Row{504, 504, ErrorKind::Timeout, "timeout"},
    Row{529, 503, ErrorKind::Overloaded, "overloaded"},
};

// Each provider has its own sentence for the same thing.
constexpr std::array<std::string_view, 9> kTooLong{
    "prompt is too long",        "maximum context length", "context_length_exceeded",
    "exceeds the context",       "context window",         "input is too long",
    "exceed_context_size_error", "too many tokens",        "exceeds the maximum number of tokens",
};

constexpr double kLongestRetryMs = 24.0 * 3600 * 1000;

std::optional<double> decimal(std::string_view text)
{
    text = trimmed(text);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || value < 0)
        return std::nullopt;
    return value;
}

/// "/messages/2/role" as "messages[2].role".
std::string paramOf(std::string_view pointer)
{
    std::string param;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const std::string_view step = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(step.size());
        if (!step.empty() && std::ranges::all_of(step, [](char c) { return c >= '0' && c <= '9'; })) {
            param.append("[").append(step).append("]");
        } else {
            if (!param.empty())
                param += '.';
            param += step;
        }
    }
    return param;
}

} // namespace

ApiError errorOfStatus(int upstream_status, std::string message)
{
    ApiError error{.message = std::move(message), .upstream_status = upstream_status};
    if (const auto *row = std::ranges::find(kRows, upstream_status, &Row::upstream); row != kRows.end()) {
        error.status = row->status;
        error.kind = row->kind;
        error.code = row->code;
    } else if (upstream_status >= 400 && upstream_status < 500) {
        error.status = upstream_status;
        error.kind = ErrorKind::InvalidRequest;
    } else {
        error.code = "upstream_error";
    }
    return error;
}

ApiError invalidAnswer(std::string_view what, int upstream_status)
{
    const bool is_error = upstream_status >= 400 && upstream_status <= 599;
    return {.status = is_error ? upstream_status : 502,
            .message = "The provider's answer could not be read: " + std::string(what) + '.',
            .code = "upstream_invalid_response",
            .upstream_status = upstream_status};
}

ApiError incompleteStream()
{
    return {.message = "The provider's stream ended before the answer was complete.",
            .code = "upstream_incomplete"};
}

ApiError unreachable(std::string message)
{
    return {.message = std::move(message), .code = "upstream_unreachable"};
}

std::optional<std::int64_t> retryAfterMs(const Headers &headers)
{
    const auto milliseconds = decimal(headerValue(headers, "retry-after-ms"));
    const auto seconds = decimal(headerValue(headers, "retry-after"));
    if (!milliseconds && !seconds)
        return std::nullopt;
    const double wait = std::max(milliseconds.value_or(0), seconds.value_or(0) * 1000);
    return std::int64_t(std::ceil(std::min(wait, kLongestRetryMs)));
}

std::string_view headerValue(const Headers &headers, std::string_view name) noexcept
{
    const auto found = std::ranges::find(headers, name, &Headers::value_type::first);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

bool saysContextTooLong(std::string_view message) noexcept
{
    return std::ranges::any_of(kTooLong, [message](std::string_view words) {
        const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? char(a + 32) : a) == b; };
        return !std::ranges::search(message, words, same).empty();
    });
}

std::unexpected<Error> badRequest(std::string where, std::string message, std::string code)
{
    return fail({.origin = Origin::Client,
                 .code = std::move(code),
                 .message = std::move(message),
                 .where = std::move(where)});
}

ApiError toApiError(const Error &error)
{
    const bool by_client = error.origin == Origin::Client || error.origin == Origin::Config;
    return {.kind = by_client ? ErrorKind::InvalidRequest : ErrorKind::Api,
            .status = by_client ? 400 : 502,
            .message = error.message,
            .param = paramOf(error.where)};
}

} // namespace portolan::dialect
