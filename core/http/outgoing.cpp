// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/outgoing.h"

#include "core/base/text.h"
#include "core/http/framing.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace portolan::http {

namespace {

bool isTarget(std::string_view target)
{
    return target.starts_with('/')
        && std::ranges::all_of(target, [](char c) { return c > 0x20 && c < 0x7F && c != '#'; });
}

bool carriesBody(Method method)
{
    return method == Method::Post || method == Method::Put || method == Method::Patch;
}

} // namespace

Error badRequest(std::string message)
{
    return {.origin = Origin::Internal, .code = "upstream.bad_request", .message = std::move(message)};
}

Result<> checkOutgoing(const UpstreamRequest &request)
{
    if (!isTarget(request.target))
        return fail(badRequest("The address to call holds characters that must be escaped."));
    for (std::size_t i = 0; i < request.fields.size(); ++i) {
        const auto [name, value] = request.fields[i];
        if (!isFieldName(name) || !isFieldValue(value))
            return fail(badRequest("A header for the provider holds characters that a header may not have."));
    }
    const auto &credential = request.credential;
    if (credential
        && (!isFieldName(credential->header) || !isFieldValue(credential->prefix) || !credential->secret
            || !isFieldValue(credential->secret->view())))
        return fail(
            badRequest("The stored key holds characters that a header may not have. Enter it again."));
    return {};
}

bool isSentAlong(std::string_view name) noexcept
{
    return !isHopByHop(name) && !equalsIgnoringCase(name, "host");
}

std::optional<std::uint64_t> outgoingLength(const UpstreamRequest &request) noexcept
{
    if (request.source && !request.source_bytes)
        return std::nullopt;
    std::uint64_t size = request.source_bytes.value_or(0);
    for (const auto piece : request.body)
        size += piece.size();
    const bool needed = request.source || size > 0 || carriesBody(request.method);
    return needed ? std::optional(size) : std::nullopt;
}

std::string hostLine(const Endpoint &endpoint)
{
    std::string host = endpoint.host.contains(':') ? fmt::format("[{}]", endpoint.host) : endpoint.host;
    if (endpoint.port != (endpoint.tls ? 443 : 80))
        host += fmt::format(":{}", endpoint.port);
    return host;
}

} // namespace portolan::http
