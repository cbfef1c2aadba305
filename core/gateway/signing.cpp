// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/signing.h"

#include "core/dialect/bedrock/sigv4.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace portolan::gateway {

namespace {

using dialect::bedrock::SigV4Request;

/// As the transport writes it.
std::string hostLine(const http::Endpoint &endpoint)
{
    std::string host = endpoint.host.contains(':') ? fmt::format("[{}]", endpoint.host) : endpoint.host;
    if (endpoint.port != (endpoint.tls ? 443 : 80))
        host += fmt::format(":{}", endpoint.port);
    return host;
}

bool isPart(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

std::string_view takeLine(std::string_view &lines)
{
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    return line;
}

} // namespace

std::optional<AwsKeys> awsKeys(std::string_view lines)
{
    AwsKeys keys;
    keys.access_key_id = takeLine(lines);
    keys.secret_access_key = takeLine(lines);
    keys.session_token = takeLine(lines);
    const bool whole = isPart(keys.access_key_id) && isPart(keys.secret_access_key)
        && (keys.session_token.empty() || isPart(keys.session_token)) && lines.empty();
    return whole ? std::optional(keys) : std::nullopt;
}

Result<> signForAws(http::UpstreamRequest &request, const AwsKeys &keys, std::string_view region,
                    std::chrono::sys_seconds now)
{
    if (request.source) {
        return fail({.origin = Origin::Client,
                     .code = "signing.streamed_body",
                     .message
                     = "Amazon Bedrock takes no uploads: its calls are signed over the whole body. Send "
                       "JSON."});
    }
    const std::string host = hostLine(request.endpoint);
    const std::string_view target = request.target;
    const auto question = std::min(target.find('?'), target.size());
    std::string joined;
    if (request.body.size() > 1) {
        for (const auto piece : request.body)
            joined.append(piece);
    }
    std::vector<SigV4Request::Header> headers{{"host", host}};
    if (const auto type = request.fields.find("content-type"))
        headers.emplace_back("content-type", *type);
    const SigV4Request signable{
        .method = http::toString(request.method),
        .path = target.substr(0, question),
        .query = target.substr(std::min(question + 1, target.size())),
        .headers = headers,
        .body = request.body.size() == 1 ? request.body.front() : std::string_view(joined),
    };
    const auto signature = dialect::bedrock::sign(signable,
                                                  {.access_key_id = keys.access_key_id,
                                                   .secret_access_key = keys.secret_access_key,
                                                   .session_token = keys.session_token},
                                                  {.region = region, .time = now});
    if (!signature)
        return fail(signature.error());
    request.fields.add("x-amz-date", signature->amz_date);
    request.fields.add("Authorization", signature->authorization);
    return {};
}

} // namespace portolan::gateway
