// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"

#include <chrono>
#include <optional>
#include <string_view>

namespace portolan::gateway {

/// A service account's key as an account keeps it: client_email, private_key_id, token_uri, project_id and
/// the PKCS#8 key in base64, a line each. Views into the text.
struct ServiceAccount {
    std::string_view client_email{};
    std::string_view private_key_id{};
    std::string_view token_uri{};
    std::string_view project_id{};
    std::string_view private_key{};
};

/// Nothing when the text is not such five lines.
[[nodiscard]] std::optional<ServiceAccount> serviceAccount(std::string_view lines);

/// Those lines from the JSON file that Google hands out ("type": "service_account"). The key must be RSA, and
/// the token address Google's own unless `own_token_uri` takes its place. "account.bad_service_account" with
/// what is wrong. The caller wipes the JSON.
[[nodiscard]] Result<SharedSecret> readServiceAccountFile(std::string_view json,
                                                          std::string_view own_token_uri);

/// The signed JWT that a token is asked for with (RFC 7523, gemini.md 12), valid for an hour.
[[nodiscard]] Result<SecretBytes> signedAssertion(const ServiceAccount &account, std::string_view audience,
                                                  std::chrono::sys_seconds now);

} // namespace portolan::gateway
