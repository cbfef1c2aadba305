// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/anthropic/errors.h"

#include "core/base/jsonwriter.h"
#include "core/dialect/anthropic/words.h"
#include "core/dialect/bedrock/errors.h"
#include "core/dialect/errorkinds.h"

#include <algorithm>
#include <utility>

namespace portolan::dialect::anthropic {
namespace {

constexpr std::string_view kNoCredit = "credit balance is too low"; // comes as a 400
constexpr int kPaymentRequired = 402;
constexpr int kOverloaded = 529;

bool isErrorStatus(std::int64_t status)
{
    return status >= 400 && status <= 599;
}

std::string wordsIn(const JsonValue &root, int status)
{
    for (const JsonValue &words : {root["error"]["message"], root["error"], root["message"]}) {
        if (auto text = words.string(); text && !text->empty())
            return *std::move(text);
    }
    return isErrorStatus(status) ? "The provider answered with status " + std::to_string(status) + '.'
                                 : "The provider answered with an error and no reason.";
}

/// What the answer says apart from its words, as a status.
int meaningOf(const JsonValue &error, int status)
{
    const int by_type = statusOfErrorType(error["type"].stringOr(""));
    if (!isErrorStatus(status)) {
        const std::int64_t code = error["code"].integer().value_or(0); // Vertex
        return by_type != 0 ? by_type : isErrorStatus(code) ? int(code) : 502;
    }
    // Types that say more than the status they are sometimes sent with.
    return by_type == kOverloaded || by_type == kPaymentRequired ? by_type : status;
}

} // namespace

ApiError errorIn(const JsonValue &answer, int status)
{
    // Google sends a list of one at times.
    const JsonValue root = answer.isArray() && !answer.empty() ? *answer.elements().begin() : answer;
    std::string words = wordsIn(root, status);
    const bool broke = words.find(kNoCredit) != std::string::npos;
    const int meaning = broke ? kPaymentRequired : meaningOf(root["error"], status);
    ApiError error = errorOfStatus(meaning, std::move(words));
    error.upstream_status = isErrorStatus(status) ? status : meaning;
    if (error.kind == ErrorKind::InvalidRequest && saysContextTooLong(error.message))
        error.code = "context_length_exceeded";
    return error;
}

ApiError readError(const WireReply &reply, Platform platform)
{
    if (platform == Platform::BedrockInvoke)
        return bedrock::readError(reply);
    const auto body = JsonDocument::parse(reply.body);
    ApiError error = body ? errorIn(JsonValue(*body), reply.status)
                          : invalidAnswer("its error is no JSON", reply.status);
    error.retry_after_ms = retryAfterMs(reply.headers);
    return error;
}

std::string errorBody(const ApiError &error)
{
    std::string body;
    JsonWriter json(body);
    json.object().member("type", "error").key("error").object();
    json.member("type", errorType(error.kind));
    json.member("message", error.message.empty() ? std::string_view("The request failed.") : error.message);
    json.end().end();
    return body;
}

int errorStatus(const ApiError &error) noexcept
{
    switch (error.kind) {
    case ErrorKind::Overloaded: return kOverloaded;
    case ErrorKind::InsufficientQuota: return kPaymentRequired;
    default: return error.status;
    }
}

} // namespace portolan::dialect::anthropic
