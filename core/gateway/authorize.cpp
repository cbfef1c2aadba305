// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/authorize.h"

#include "core/gateway/signing.h"

#include <chrono>
#include <utility>

namespace portolan::gateway {

namespace {

Result<> signedForAws(const Target &target, http::UpstreamRequest &request)
{
    const auto keys = awsKeys(target.secret->view());
    if (!keys)
        return fail({.origin = Origin::Config,
                     .code = "account.bad_credential",
                     .message = "The account's AWS keys cannot be read. Give them again in the Catalog."});
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return signForAws(request, *keys, target.region, now);
}

} // namespace

http::Task<Result<>> authorize(http::UpstreamTransport &transport, GoogleTokens &tokens, const Target &target,
                               http::UpstreamRequest &request)
{
    if (target.signing == Signing::Aws)
        co_return signedForAws(target, request);
    if (target.signing == Signing::ServiceAccount) {
        SharedSecret credential = target.secret;
        std::string token_uri = target.token_uri;
        auto token = co_await tokens.token(transport, std::move(credential), std::move(token_uri));
        if (!token)
            co_return std::unexpected(std::move(token).error());
        request.credential
            = http::Credential{.header = "Authorization", .prefix = "Bearer ", .secret = *std::move(token)};
    }
    co_return Result<>{};
}

http::Task<Result<>> authorize(ThreadContext &thread, const Target &target, http::UpstreamRequest &request)
{
    return authorize(*thread.direct, thread.google_tokens, target, request);
}

} // namespace portolan::gateway
