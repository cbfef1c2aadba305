// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/gemini/errors.h"

#include "core/dialect/errorkinds.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

namespace portolan::dialect::gemini {
namespace {

constexpr int kNoStatus = 200;
constexpr double kLongestRetryS = 24.0 * 3600;

struct Status {
    std::string_view name;
    int code;
};

constexpr std::array kStatuses{
    Status{"INVALID_ARGUMENT", 400}, Status{"FAILED_PRECONDITION", 400}, Status{"OUT_OF_RANGE", 400},
    Status{"UNAUTHENTICATED", 401},  Status{"PERMISSION_DENIED", 403},   Status{"NOT_FOUND", 404},
    Status{"ABORTED", 409},          Status{"ALREADY_EXISTS", 409},      Status{"RESOURCE_EXHAUSTED", 429},
    Status{"CANCELLED", 499},        Status{"UNAVAILABLE", 503},         Status{"DEADLINE_EXCEEDED", 504},
};

/// What the error says of itself, for answers whose own status says nothing.
int statusOf(const JsonValue &error)
{
    if (const auto code = error["code"].integer(); code && *code >= 400 && *code <= 599)
        return int(*code);
    const auto known = std::ranges::find_if(
        kStatuses, [&](const Status &status) { return error["status"].equals(status.name); });
    return known == kStatuses.end() ? 502 : known->code;
}

/// "34.5s", as protobuf writes a duration in JSON.
std::optional<std::int64_t> durationMs(std::string_view text)
{
    if (!text.ends_with('s'))
        return std::nullopt;
    text.remove_suffix(1);
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(seconds) || seconds < 0)
        return std::nullopt;
    return std::int64_t(std::ceil(std::min(seconds, kLongestRetryS) * 1000));
}

bool isBadKey(const JsonValue &error)
{
    const auto details = error["details"].elements();
    return std::ranges::any_of(details.begin(), details.end(), [](const JsonValue &detail) {
        return detail["reason"].equals("API_KEY_INVALID");
    });
}

std::optional<std::int64_t> retryDelay(const JsonValue &error)
{
    std::optional<std::int64_t> longest;
    for (const JsonValue detail : error["details"].elements()) {
        if (const auto delay = durationMs(detail["retryDelay"].stringOr("")))
            longest = std::max(longest.value_or(0), *delay);
    }
    return longest;
}

ApiError errorFrom(const JsonValue &error, int status)
{
    // An invalid key is a plain 400 (gemini.md 10); a call that Google gave up is no fault of the request.
    const int meant = isBadKey(error) ? 401 : status == 499 ? 502 : status;
    const JsonValue words = error.isString() ? error : error["message"];
    ApiError read = errorOfStatus(meant, words.stringOr("The provider gave no reason."));
    read.upstream_status = status;
    read.retry_after_ms = retryDelay(error);
    if (read.status == 400 && saysContextTooLong(read.message))
        read.code = "context_length_exceeded";
    return read;
}

/// The object itself or, in an array, its first element.
JsonValue unwrapped(const JsonValue &root)
{
    if (!root.isArray())
        return root;
    return root.empty() ? JsonValue() : *root.elements().begin();
}

} // namespace

ApiError readError(const WireReply &reply)
{
    const auto document = JsonDocument::parse(reply.body);
    if (!document)
        return invalidAnswer("the error is not written in JSON", reply.status);
    const JsonValue error = unwrapped(JsonValue(*document))["error"];
    if (!error.isObject())
        return invalidAnswer("the error has none of Google's members", reply.status);
    ApiError read = errorFrom(error, reply.status);
    if (const auto wait = retryAfterMs(reply.headers))
        read.retry_after_ms = std::max(read.retry_after_ms.value_or(0), *wait);
    return read;
}

std::optional<ApiError> errorInside(const JsonValue &root)
{
    const JsonValue error = unwrapped(root)["error"];
    if (!error)
        return std::nullopt;
    ApiError read = errorFrom(error, statusOf(error));
    read.upstream_status = kNoStatus;
    return read;
}

} // namespace portolan::dialect::gemini
