// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <array>
#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// AWS Signature Version 4 for every service but S3 (bedrock.md 3): a pure function of the request, the
/// credentials and the time. Secrets come as views; what is derived from them is wiped before it is let go,
/// and nothing that is returned can be turned back into one.
namespace portolan::dialect::bedrock {

/// What is signed: exactly what is sent.
struct SigV4Request {
    using Header = std::pair<std::string_view, std::string_view>;

    std::string_view method{};
    std::string_view path{};  ///< as on the wire, percent-encoded, without dot segments
    std::string_view query{}; ///< as on the wire, without its '?'
    /// "host" and whatever no proxy changes; names in lower case, each once, without x-amz-date and
    /// x-amz-security-token, which sign() adds.
    std::span<const Header> headers{};
    std::string_view body{};
};

struct SigV4Credentials {
    std::string_view access_key_id{};
    std::string_view secret_access_key{};
    std::string_view session_token{}; ///< empty for keys that last
};

struct SigV4Scope {
    std::string_view region{};
    std::string_view service = "bedrock";
    std::chrono::sys_seconds time{};
};

/// Headers that the request needs beside the signed ones; with temporary credentials also
/// x-amz-security-token, which the caller takes from its own secret.
struct SigV4Signature {
    std::string amz_date{}; ///< x-amz-date
    std::string authorization{};

    friend bool operator==(const SigV4Signature &, const SigV4Signature &) = default;
};

/// Fails only when OpenSSL does ("sigv4.crypto").
Result<SigV4Signature> sign(const SigV4Request &request, const SigV4Credentials &credentials,
                            const SigV4Scope &scope);

// The steps, each as the specification names it.

/// 32 bytes that are wiped when they go.
class SigV4Key
{
public:
    SigV4Key() = default;
    SigV4Key(const SigV4Key &) = delete;
    SigV4Key &operator=(const SigV4Key &) = delete;
    ~SigV4Key();

    [[nodiscard]] std::span<unsigned char, 32> bytes() noexcept { return m_bytes; }
    [[nodiscard]] std::span<const unsigned char, 32> bytes() const noexcept { return m_bytes; }

private:
    std::array<unsigned char, 32> m_bytes{};
};

struct SigV4Keys {
    SigV4Key date{};
    SigV4Key region{};
    SigV4Key service{};
    SigV4Key signing{};
};

[[nodiscard]] std::string amzDate(std::chrono::sys_seconds time);   ///< 20260102T030405Z
[[nodiscard]] std::string credentialScope(const SigV4Scope &scope); ///< 20260102/region/...
[[nodiscard]] std::string signedHeaders(const SigV4Request &request, bool with_session_token);
/// Gives the canonical request piece by piece: it holds the session token, and nobody needs it whole.
void canonicalRequest(const SigV4Request &request, const SigV4Credentials &credentials,
                      const SigV4Scope &scope, const std::function<void(std::string_view)> &piece);
[[nodiscard]] std::string stringToSign(const SigV4Scope &scope, std::string_view canonical_request_sha256);
/// False when OpenSSL fails.
[[nodiscard]] bool deriveKeys(std::string_view secret_access_key, const SigV4Scope &scope, SigV4Keys &keys);

} // namespace portolan::dialect::bedrock
