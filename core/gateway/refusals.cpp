// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/refusals.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace portolan::gateway {

namespace {

struct StatusOfCode {
    std::string_view code;
    int status;
};

// Network failures are 502, our own default clocks 504 (architecture 9.11).
constexpr auto kStatuses = std::to_array<StatusOfCode>({
    {"auth.key_missing", 401},
    {"auth.key_unknown", 401},
    {"auth.key_expired", 401},
    {"auth.key_disabled", 403},
    {"auth.conflicting_keys", 401},
    {"auth.repeated_header", 400},
    {"http.body_too_large", 413},
    {"http.body_timeout", 408},
    {"http.bad_framing", 400},
    {"google.token", 502},
    {"upstream.first_byte_timeout", 504},
    {"upstream.idle_timeout", 504},
    {"upstream.connect_timeout", 504},
    {"upstream.address_not_allowed", 400},
    {"upstream.no_descriptors", 503},
});

int statusOf(std::string_view code)
{
    const auto found = std::ranges::find(kStatuses, code, &StatusOfCode::code);
    if (found != kStatuses.end())
        return found->status;
    return code.starts_with("upstream.") ? 502 : 400;
}

} // namespace

std::string errorType(int status)
{
    switch (status) {
    case 401: return "authentication_error";
    case 403: return "permission_error";
    case 404: return "not_found_error";
    case 408:
    case 504: return "timeout_error";
    case 429: return "rate_limit_error";
    default: return status >= 500 ? "api_error" : "invalid_request_error";
    }
}

http::Refusal refusal(int status, std::string code, std::string message, std::string param)
{
    http::Refusal answer;
    answer.status = status;
    answer.type = errorType(status);
    answer.code = std::move(code);
    answer.message = std::move(message);
    answer.param = std::move(param);
    return answer;
}

http::Refusal refusalFor(const Error &error)
{
    auto answer = refusal(statusOf(error.code), error.code, error.message);
    answer.close = error.code.starts_with("http.");
    if (answer.status == 503)
        answer.retry_after_s = 1;
    return answer;
}

} // namespace portolan::gateway
