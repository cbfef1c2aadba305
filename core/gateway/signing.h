// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/http/upstream.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace portolan::gateway {

/// AWS credentials as an account keeps them: access key id, secret access key and, for temporary ones, the
/// session token, a line each. Views into the text.
struct AwsKeys {
    std::string_view access_key_id{};
    std::string_view secret_access_key{};
    std::string_view session_token{};
};

/// Nothing when the text is not two or three lines of plausible keys; a Bedrock API key, for example, is one.
[[nodiscard]] std::optional<AwsKeys> awsKeys(std::string_view lines);

/// Adds x-amz-date and Authorization (Signature Version 4, bedrock.md 3) to a request that is complete but
/// for them: host, content-type, path, query and body are signed as they stand. The session token is signed
/// too; the caller sends it as the request's credential, "x-amz-security-token". "signing.streamed_body" when
/// the body is not in memory.
[[nodiscard]] Result<> signForAws(http::UpstreamRequest &request, const AwsKeys &keys,
                                  std::string_view region, std::chrono::sys_seconds now);

} // namespace portolan::gateway
