// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/exchange.h"

#include "core/base/text.h"

namespace portolan::http {

std::string_view toString(Method method) noexcept
{
    switch (method) {
    case Method::Get: return "GET";
    case Method::Head: return "HEAD";
    case Method::Post: return "POST";
    case Method::Put: return "PUT";
    case Method::Delete: return "DELETE";
    case Method::Patch: return "PATCH";
    case Method::Options: return "OPTIONS";
    }
    return "GET";
}

std::string refusalBody(const Refusal &refusal, std::string_view path)
{
    constexpr std::string_view kMessages = "/v1/messages";
    const bool anthropic
        = path.starts_with(kMessages) && (path.size() == kMessages.size() || path[kMessages.size()] == '/');
    const std::string message = jsonQuoted(refusal.message);
    std::string body = anthropic ? R"({"type":"error","status":"failure","message":)"
                                 : R"({"status":"failure","message":)";
    body.append(message).append(R"(,"error":{"message":)").append(message);
    body.append(R"(,"type":)")
        .append(jsonQuoted(refusal.type.empty() ? "invalid_request_error" : refusal.type));
    body.append(R"(,"param":)").append(refusal.param.empty() ? "null" : jsonQuoted(refusal.param));
    body.append(R"(,"code":)")
        .append(jsonQuoted(refusal.body_code.empty() ? refusal.code : refusal.body_code))
        .append("}");
    if (!refusal.errors.empty()) {
        body += R"(,"errors":[)";
        for (std::size_t i = 0; i < refusal.errors.size(); ++i)
            body.append(i == 0 ? "" : ",").append(jsonQuoted(refusal.errors[i]));
        body += ']';
    }
    return body += '}';
}

} // namespace portolan::http
