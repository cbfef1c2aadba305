// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/requesthead.h"

#include "core/base/text.h"
#include "core/http/framing.h"
#include "core/http/headlines.h"
#include "core/http/pathform.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace portolan::http {

namespace {

Refusal refuse(int status, std::string code, std::string message)
{
    return {.status = status,
            .type = status == 403 ? "permission_error" : "invalid_request_error",
            .code = std::move(code),
            .message = std::move(message),
            .close = true};
}

Refusal badHost()
{
    return refuse(400, "http.bad_host",
                  "Send exactly one Host line with the name and port you connected to.");
}

std::optional<Refusal> checkHost(const Fields &fields, const ListenerRules &rules)
{
    const auto host = fields.find("host");
    if (!host || fields.count("host") != 1)
        return badHost();
    switch (rules.judgeHost(*host)) {
    case ListenerRules::HostVerdict::Allowed: return std::nullopt;
    case ListenerRules::HostVerdict::Malformed: return badHost();
    case ListenerRules::HostVerdict::Foreign: break;
    }
    return refuse(
        403, "http.foreign_host",
        "Portolan does not answer to this Host. Use http://127.0.0.1 with its port, or add the name to the "
        "allowed hosts in Settings.");
}

std::optional<Refusal> checkOrigin(const Fields &fields, const ListenerRules &rules)
{
    const auto origin = fields.find("origin");
    const bool allowed = origin && fields.count("origin") == 1 && rules.allowsOrigin(*origin);
    const bool cross_site = listsToken(fields, "sec-fetch-site", "cross-site");
    if (allowed || (!origin && !cross_site))
        return std::nullopt;
    return refuse(
        403, "http.foreign_origin",
        "Web pages may not call Portolan unless their origin is in the allowed origins in Settings.");
}

std::optional<Refusal> readMethod(std::string_view text, Method &method)
{
    constexpr std::array kMethods{Method::Get,    Method::Head,  Method::Post,   Method::Put,
                                  Method::Delete, Method::Patch, Method::Options};
    for (const auto known : kMethods) {
        if (text == toString(known)) {
            method = known;
            return std::nullopt;
        }
    }
    if (text == "CONNECT" || text == "TRACE")
        return refuse(405, "http.method_not_allowed", fmt::format("Portolan does not serve {}.", text));
    return refuse(501, "http.unknown_method",
                  "Portolan knows GET, HEAD, POST, PUT, DELETE, PATCH and OPTIONS, in capitals.");
}

Refusal badTarget()
{
    return refuse(
        400, "http.bad_target",
        "The request target must be a plain path: no dot segments, ';', '\\', encoded slashes or unescaped "
        "special characters.");
}

/// Strips "http://authority" of an absolute-form target.
std::optional<Refusal> takeOriginForm(std::string_view &target, const ListenerRules &rules)
{
    if (target.starts_with('/'))
        return std::nullopt;
    const auto elsewhere = [] {
        return refuse(421, "http.other_host",
                      "Portolan is no forward proxy: use its address as the API's base URL.");
    };
    if (startsWithIgnoringCase(target, "https://"))
        return elsewhere();
    if (!startsWithIgnoringCase(target, "http://"))
        return badTarget();
    target.remove_prefix(7);
    const auto authority = target.substr(0, target.find_first_of("/?"));
    switch (rules.judgeHost(authority)) {
    case ListenerRules::HostVerdict::Malformed: return badTarget();
    case ListenerRules::HostVerdict::Foreign: return elsewhere();
    case ListenerRules::HostVerdict::Allowed: break;
    }
    target.remove_prefix(authority.size());
    if (target.empty())
        target = "/";
    return std::nullopt;
}

std::optional<Refusal> readTarget(std::string_view target, const ListenerRules &rules, RequestHead &head)
{
    if (auto refusal = takeOriginForm(target, rules))
        return refusal;
    const auto question = std::min(target.find('?'), target.size());
    auto path = normalPath(target.substr(0, question));
    if (!path || !isQuery(target.substr(question)))
        return badTarget();
    head.path = *std::move(path);
    head.query = question < target.size() ? target.substr(question + 1) : std::string_view{};
    head.target = head.path;
    head.target += target.substr(question);
    return std::nullopt;
}

std::optional<Refusal> readBodyLines(RequestHead &head)
{
    const auto framing = readFraming(head.fields, head.http10);
    if (!framing)
        return refuse(400, "http.bad_framing", std::string(framing.error()));
    head.content_length = framing->length;
    head.has_body = framing->chunked || framing->length.value_or(0) > 0;
    head.keep_alive = staysOpen(head.fields, head.http10);
    head.upgrade_websocket = listsToken(head.fields, "upgrade", "websocket");
    if (const auto expect = head.fields.find("expect"); expect && !head.http10) {
        if (head.fields.count("expect") != 1 || !equalsIgnoringCase(*expect, "100-continue"))
            return refuse(417, "http.bad_expectation",
                          "The only expectation Portolan meets is \"100-continue\".");
        head.expect_continue = head.has_body;
    }
    return std::nullopt;
}

} // namespace

HeadScanner::Bounds requestBounds(const Limits &limits)
{
    return {.start_line = limits.request_line_bytes, .head = limits.head_bytes, .lines = limits.head_lines};
}

Refusal scanRefusal(HeadScanner::State state, const Limits &limits)
{
    switch (state) {
    case HeadScanner::State::StartLineTooLong:
        return refuse(414, "http.target_too_long",
                      fmt::format("The request line may have {} bytes.", limits.request_line_bytes));
    case HeadScanner::State::TooLarge:
        return refuse(431, "http.head_too_large",
                      fmt::format("The request's headers may have {} bytes together.", limits.head_bytes));
    case HeadScanner::State::TooManyLines:
        return refuse(431, "http.head_too_large",
                      fmt::format("The request may have {} header lines.", limits.head_lines));
    case HeadScanner::State::More:
    case HeadScanner::State::Complete:
    case HeadScanner::State::BadByte: break;
    }
    return refuse(400, "http.bad_head", "This is not a well-formed HTTP/1.1 request.");
}

std::optional<Refusal> readRequestHead(std::string_view bytes, const ListenerRules &rules, RequestHead &head)
{
    const auto line = parseRequestLines(bytes, head.fields);
    if (!line)
        return scanRefusal(HeadScanner::State::BadByte, {});
    // The Host rule comes before anything else of the request may matter (A2).
    if (auto refusal = checkHost(head.fields, rules))
        return refusal;
    head.http10 = line->version == 10;
    if (auto refusal = readMethod(line->method, head.method))
        return refusal;
    if (auto refusal = readTarget(line->target, rules, head))
        return refusal;
    if (auto refusal = checkOrigin(head.fields, rules))
        return refusal;
    return readBodyLines(head);
}

} // namespace portolan::http
