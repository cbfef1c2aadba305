// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/sigv4.h"

#include "core/base/text.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <vector>

namespace portolan::dialect::bedrock {
namespace {

using Header = SigV4Request::Header;
using Bytes = std::span<const unsigned char>;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

Bytes bytesOf(std::string_view text)
{
    return {reinterpret_cast<const unsigned char *>(text.data()), text.size()};
}

std::string hexOf(Bytes bytes)
{
    std::string hex;
    for (const unsigned char byte : bytes)
        fmt::format_to(std::back_inserter(hex), "{:02x}", byte);
    return hex;
}

/// SHA-256 of what comes in pieces.
class Sha256
{
public:
    Sha256()
        : m_context(EVP_MD_CTX_new(), &EVP_MD_CTX_free)
        , m_good(m_context && EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr) == 1)
    { }

    void add(std::string_view piece)
    {
        m_good = m_good && EVP_DigestUpdate(m_context.get(), piece.data(), piece.size()) == 1;
    }

    /// Empty when OpenSSL failed.
    std::string hex()
    {
        std::array<unsigned char, 32> digest{};
        m_good = m_good && EVP_DigestFinal_ex(m_context.get(), digest.data(), nullptr) == 1;
        return m_good ? hexOf(digest) : std::string();
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context;
    bool m_good;
};

std::string sha256Hex(std::string_view text)
{
    Sha256 hash;
    hash.add(text);
    return hash.hex();
}

bool hmac(Bytes key, std::string_view text, SigV4Key &out)
{
    const Bytes bytes = bytesOf(text);
    return HMAC(EVP_sha256(), key.data(), int(key.size()), bytes.data(), bytes.size(), out.bytes().data(),
                nullptr)
        != nullptr;
}

/// Every segment encoded once more, '%' and all: true for every service but S3.
std::string canonicalPath(std::string_view path)
{
    std::string canonical;
    while (!path.empty()) {
        const std::string_view segment = path.substr(0, path.find('/'));
        canonical += percentEncoded(segment);
        path.remove_prefix(segment.size());
        if (!path.empty()) {
            canonical += '/';
            path.remove_prefix(1);
        }
    }
    return canonical.empty() ? "/" : canonical;
}

/// '+' is no blank here, and a '%' without two hex digits stands for itself.
std::string percentDecoded(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned value = 0;
        const std::string_view digits = text.substr(std::min(i + 1, text.size()), 2);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (text[i] == '%' && digits.size() == 2 && read.ptr == digits.data() + 2) {
            decoded += char(value);
            i += 2;
        } else {
            decoded += text[i];
        }
    }
    return decoded;
}

std::string canonicalQuery(std::string_view query)
{
    std::vector<std::pair<std::string, std::string>> parameters;
    while (!query.empty()) {
        const std::string_view parameter = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), parameter.size() + 1));
        const std::string_view name = parameter.substr(0, parameter.find('='));
        const std::string_view value = parameter.substr(std::min(name.size() + 1, parameter.size()));
        if (!parameter.empty())
            parameters.emplace_back(percentEncoded(percentDecoded(name)),
                                    percentEncoded(percentDecoded(value)));
    }
    std::ranges::sort(parameters);
    std::string canonical;
    for (const auto &[name, value] : parameters)
        canonical += (canonical.empty() ? "" : "&") + name + '=' + value;
    return canonical;
}

/// All that is signed, sorted. Values are views of the caller's.
std::vector<Header> headersOf(const SigV4Request &request, std::string_view amz_date,
                              std::string_view session_token)
{
    std::vector<Header> headers(request.headers.begin(), request.headers.end());
    headers.emplace_back("x-amz-date", amz_date);
    if (!session_token.empty())
        headers.emplace_back("x-amz-security-token", session_token);
    std::ranges::sort(headers, {}, &Header::first);
    return headers;
}

std::string namesOf(const std::vector<Header> &headers)
{
    std::string names;
    for (const Header &header : headers)
        names.append(names.empty() ? "" : ";").append(header.first);
    return names;
}

/// A header's value trimmed, each run of blanks inside as one.
void canonicalValue(std::string_view value, const std::function<void(std::string_view)> &piece)
{
    value = trimmed(value);
    while (!value.empty()) {
        const std::string_view word = value.substr(0, value.find(' '));
        piece(word);
        value.remove_prefix(word.size());
        if (value.empty())
            break;
        piece(" ");
        value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    }
}

} // namespace

SigV4Key::~SigV4Key()
{
    OPENSSL_cleanse(m_bytes.data(), m_bytes.size());
}

std::string amzDate(std::chrono::sys_seconds time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", int(date.year()), unsigned(date.month()),
                       unsigned(date.day()), clock.hours().count(), clock.minutes().count(),
                       clock.seconds().count());
}

std::string credentialScope(const SigV4Scope &scope)
{
    return fmt::format("{}/{}/{}/aws4_request", amzDate(scope.time).substr(0, 8), scope.region,
                       scope.service);
}

std::string signedHeaders(const SigV4Request &request, bool with_session_token)
{
    return namesOf(headersOf(request, {}, with_session_token ? "-" : ""));
}

void canonicalRequest(const SigV4Request &request, const SigV4Credentials &credentials,
                      const SigV4Scope &scope, const std::function<void(std::string_view)> &piece)
{
    const std::string date = amzDate(scope.time);
    const auto headers = headersOf(request, date, credentials.session_token);
    piece(request.method);
    piece("\n");
    piece(canonicalPath(request.path));
    piece("\n");
    piece(canonicalQuery(request.query));
    piece("\n");
    for (const auto &[name, value] : headers) {
        piece(name);
        piece(":");
        canonicalValue(value, piece);
        piece("\n");
    }
    piece("\n");
    piece(namesOf(headers));
    piece("\n");
    piece(sha256Hex(request.body));
}

std::string stringToSign(const SigV4Scope &scope, std::string_view canonical_request_sha256)
{
    return fmt::format("{}\n{}\n{}\n{}", kAlgorithm, amzDate(scope.time), credentialScope(scope),
                       canonical_request_sha256);
}

bool deriveKeys(std::string_view secret_access_key, const SigV4Scope &scope, SigV4Keys &keys)
{
    std::vector<unsigned char> first;
    first.reserve(4 + secret_access_key.size()); // so that no copy is left behind by growth
    for (const std::string_view part : {std::string_view("AWS4"), secret_access_key})
        first.insert(first.end(), part.begin(), part.end());
    const bool derived = hmac(first, amzDate(scope.time).substr(0, 8), keys.date)
        && hmac(keys.date.bytes(), scope.region, keys.region)
        && hmac(keys.region.bytes(), scope.service, keys.service)
        && hmac(keys.service.bytes(), "aws4_request", keys.signing);
    OPENSSL_cleanse(first.data(), first.size());
    return derived;
}

Result<SigV4Signature> sign(const SigV4Request &request, const SigV4Credentials &credentials,
                            const SigV4Scope &scope)
{
    Sha256 canonical;
    canonicalRequest(request, credentials, scope, [&](std::string_view piece) { canonical.add(piece); });
    const std::string canonical_sha256 = canonical.hex();
    SigV4Keys keys;
    SigV4Key signature; // in a key's buffer, though no secret
    if (canonical_sha256.empty() || !deriveKeys(credentials.secret_access_key, scope, keys)
        || !hmac(keys.signing.bytes(), stringToSign(scope, canonical_sha256), signature))
        return fail({.code = "sigv4.crypto",
                     .message = "OpenSSL could not sign the request; check that its SHA-256 is available."});
    return SigV4Signature{
        .amz_date = amzDate(scope.time),
        .authorization
        = fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                      credentials.access_key_id, credentialScope(scope),
                      signedHeaders(request, !credentials.session_token.empty()), hexOf(signature.bytes())),
    };
}

} // namespace portolan::dialect::bedrock
