// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/errors.h"

#include "core/base/text.h"
#include "core/dialect/errorkinds.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace portolan::dialect::bedrock {
namespace {

/// The status that says what the type means; errorOfStatus() knows the rest.
struct Row {
    std::string_view type;
    int status;
};
constexpr int kModelFailed = 424;
constexpr std::array kRows{
    Row{"ValidationException", 400},
    Row{"ServiceQuotaExceededException", 402},
    Row{"ConflictException", 409},
    Row{"UnrecognizedClientException", 401},
    Row{"InvalidSignatureException", 401},
    Row{"IncompleteSignatureException", 401},
    Row{"MissingAuthenticationTokenException", 401},
    Row{"ExpiredTokenException", 401},
    Row{"AccessDeniedException", 403},
    Row{"ResourceNotFoundException", 404},
    Row{"ModelTimeoutException", 504},
    Row{"ModelErrorException", kModelFailed},
    Row{"ModelStreamErrorException", kModelFailed},
    Row{"ThrottlingException", 429},
    Row{"ModelNotReadyException", 429},
    Row{"InternalServerException", 500},
    Row{"ServiceUnavailableException", 503},
};

/// Headers add a URL behind ':', bodies a namespace before '#'.
std::string_view bareType(std::string_view type)
{
    type = type.substr(0, type.find(':'));
    const std::size_t hash = type.rfind('#');
    return hash == std::string_view::npos ? type : type.substr(hash + 1);
}

std::string wordsOf(const JsonValue &body, std::string_view type)
{
    for (const std::string_view name : {"originalMessage", "message", "Message"}) {
        if (auto words = body[name].string(); words && !words->empty())
            return *std::move(words);
    }
    return type.empty() ? "Bedrock answered with an error and no reason."
                        : "Bedrock answered with " + toUtf8(type) + " and no reason.";
}

/// What the model's own host said, where Bedrock only hands it on.
ApiError modelError(const JsonValue &body, std::string words, int upstream_status)
{
    const auto original = body["originalStatusCode"].integer().value_or(0);
    return {.status = original >= 400 && original <= 599 ? int(original) : 502,
            .message = std::move(words),
            .code = "upstream_error",
            .upstream_status = upstream_status};
}

} // namespace

ApiError errorOfType(std::string_view type, const JsonValue &body, int upstream_status)
{
    type = bareType(type);
    const auto row = std::ranges::find_if(
        kRows, [type](const Row &candidate) { return equalsIgnoringCase(candidate.type, type); });
    const int meant = row == kRows.end() ? upstream_status : row->status;
    std::string words = wordsOf(body, type);
    if (meant == kModelFailed)
        return modelError(body, std::move(words), upstream_status);
    ApiError error = errorOfStatus(meant, std::move(words));
    error.upstream_status = upstream_status;
    if (error.kind == ErrorKind::InvalidRequest && saysContextTooLong(error.message))
        error.code = "context_length_exceeded";
    if (error.kind == ErrorKind::Authentication)
        // Bedrock quotes the string that was signed.
        error.message
            = "Bedrock did not accept the account's credential. Check its keys, its region and this "
              "computer's clock in the gateway.";
    return error;
}

ApiError readError(const WireReply &reply)
{
    const auto document = JsonDocument::parse(reply.body);
    if (!document || !JsonValue(*document).isObject()) {
        ApiError error = errorOfStatus(reply.status, "");
        const ApiError unread = invalidAnswer("its error is not JSON", reply.status);
        error.message = unread.message;
        error.code = unread.code;
        error.status = unread.status;
        error.retry_after_ms = retryAfterMs(reply.headers);
        return error;
    }
    const JsonValue body(*document);
    std::string type(headerValue(reply.headers, "x-amzn-errortype"));
    if (type.empty())
        type = body["__type"].stringOr("");
    ApiError error = errorOfType(type, body, reply.status);
    error.retry_after_ms = retryAfterMs(reply.headers);
    return error;
}

} // namespace portolan::dialect::bedrock
