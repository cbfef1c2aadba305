// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/serviceaccountkey.h"

#include "core/base/jsonwriter.h"
#include "core/gateway/secretjson.h"
#include "core/http/upstream.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace portolan::gateway {

namespace {

constexpr std::size_t kMostFileBytes = 32U << 10;
constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::string_view kBegin = "-----BEGIN PRIVATE KEY-----";
constexpr std::string_view kEnd = "-----END PRIVATE KEY-----";

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Digest = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

/// Bytes that are wiped when they go.
struct Bytes {
    explicit Bytes(std::size_t size)
        : data(size)
    { }
    ~Bytes() { OPENSSL_cleanse(data.data(), data.size()); }
    Bytes(const Bytes &) = delete;
    Bytes &operator=(const Bytes &) = delete;

    std::vector<unsigned char> data;
};

std::unexpected<Error> unreadable(std::string message)
{
    return fail(
        {.origin = Origin::Config, .code = "account.bad_service_account", .message = std::move(message)});
}

bool isBase64(std::string_view text)
{
    return !text.empty() && text.size() % 4 == 0
        && text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
        == text.npos;
}

/// Null when it is no RSA key.
Key readKey(std::string_view base64)
{
    Key key(nullptr, &EVP_PKEY_free);
    if (!isBase64(base64))
        return key;
    Bytes der(base64.size() / 4 * 3 + 1);
    const int size = EVP_DecodeBlock(der.data.data(), reinterpret_cast<const unsigned char *>(base64.data()),
                                     static_cast<int>(base64.size()));
    if (size <= 0)
        return key;
    const unsigned char *at = der.data.data(); // the padding's zero bytes are behind the structure's end
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, decltype(&PKCS8_PRIV_KEY_INFO_free)> info(
        d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, size), &PKCS8_PRIV_KEY_INFO_free);
    if (info)
        key.reset(EVP_PKCS82PKEY(info.get()));
    if (key && EVP_PKEY_base_id(key.get()) != EVP_PKEY_RSA)
        key.reset();
    return key;
}

void appendBase64Url(std::string &out, std::span<const unsigned char> bytes)
{
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::uint32_t bits = 0;
    int held = 0;
    for (const unsigned char byte : bytes) {
        bits = bits << 8 | byte;
        for (held += 8; held >= 6; held -= 6)
            out += kLetters[bits >> (held - 6) & 0x3F];
    }
    if (held > 0)
        out += kLetters[bits << (6 - held) & 0x3F];
}

void appendBase64Url(std::string &out, std::string_view text)
{
    appendBase64Url(out, std::span(reinterpret_cast<const unsigned char *>(text.data()), text.size()));
}

bool isGooglesTokenService(std::string_view url)
{
    const auto parsed = http::BaseUrl::parse(url);
    return parsed && parsed->endpoint.tls
        && (parsed->endpoint.host.ends_with(".googleapis.com")
            || parsed->endpoint.host == "accounts.google.com");
}

bool isLine(std::string_view text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
}

/// The base64 between the PEM's two lines, in one line.
bool appendPemBody(std::string_view pem, WipedText &out)
{
    const auto begin = pem.find(kBegin);
    const auto end = pem.find(kEnd);
    if (begin == pem.npos || end == pem.npos || end < begin + kBegin.size())
        return false;
    auto body = pem.substr(begin + kBegin.size(), end - begin - kBegin.size());
    while (!body.empty()) {
        const auto line = body.substr(0, body.find_first_of("\r\n"));
        if (!out.append(line))
            return false;
        body.remove_prefix(std::min(line.size() + 1, body.size()));
    }
    return true;
}

} // namespace

std::optional<ServiceAccount> serviceAccount(std::string_view lines)
{
    std::array<std::string_view, 5> parts{};
    for (auto &part : parts) {
        part = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(part.size() + 1, lines.size()));
        if (!isLine(part))
            return std::nullopt;
    }
    if (!lines.empty())
        return std::nullopt;
    return ServiceAccount{.client_email = parts[0],
                          .private_key_id = parts[1],
                          .token_uri = parts[2],
                          .project_id = parts[3],
                          .private_key = parts[4]};
}

Result<SharedSecret> readServiceAccountFile(std::string_view json, std::string_view own_token_uri)
{
    if (json.size() > kMostFileBytes)
        return unreadable("This file is too large for a service account's key.");
    WipedText type(json.size());
    const auto kind = jsonMember(json, "type");
    if (!kind || !appendDecoded(*kind, type))
        return unreadable("This is not the JSON key file of a service account.");
    if (type.view() != "service_account")
        return unreadable("This file holds another kind of login. Make a JSON key for a service account in "
                          "Google Cloud (IAM, Service accounts, Keys).");
    WipedText lines(json.size() + 8);
    for (const char *name : {"client_email", "private_key_id", "token_uri", "project_id"}) {
        WipedText value(json.size());
        const auto member = jsonMember(json, name);
        if (!member || !appendDecoded(*member, value) || !isLine(value.view()) || !lines.append(value.view())
            || !lines.append("\n"))
            return unreadable(fmt::format("The service account's file has no usable \"{}\".", name));
        const bool is_address = std::string_view(name) == "token_uri";
        if (is_address && own_token_uri.empty() && !isGooglesTokenService(value.view()))
            return unreadable(
                "The file's token_uri is not Google's. Give the account a token address of its own "
                "if that is meant.");
    }
    WipedText pem(json.size());
    WipedText body(json.size());
    const auto key = jsonMember(json, "private_key");
    if (!key || !appendDecoded(*key, pem) || !appendPemBody(pem.view(), body) || !readKey(body.view())
        || !lines.append(body.view()))
        return unreadable("The file's private_key is not an RSA key. Download the JSON key again.");
    return std::make_shared<const SecretBytes>(SecretBytes::copy(lines.view()));
}

Result<SecretBytes> signedAssertion(const ServiceAccount &account, std::string_view audience,
                                    std::chrono::sys_seconds now)
{
    const auto issued = now.time_since_epoch().count();
    std::string head;
    JsonWriter(head)
        .object()
        .member("alg", "RS256")
        .member("typ", "JWT")
        .member("kid", account.private_key_id)
        .end();
    std::string claims;
    JsonWriter(claims)
        .object()
        .member("iss", account.client_email)
        .member("scope", kScope)
        .member("aud", audience)
        .member("iat", issued)
        .member("exp", issued + 3600)
        .end();
    std::string token;
    appendBase64Url(token, head);
    token += '.';
    appendBase64Url(token, claims);

    const Key key = readKey(account.private_key);
    const Digest digest(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    const auto *message = reinterpret_cast<const unsigned char *>(token.data());
    std::size_t size = 0;
    if (!key || !digest || EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1
        || EVP_DigestSign(digest.get(), nullptr, &size, message, token.size()) != 1)
        return unreadable("The service account's key cannot sign. Give its file again in the Catalog.");
    std::vector<unsigned char> signature(size);
    if (EVP_DigestSign(digest.get(), signature.data(), &size, message, token.size()) != 1)
        return unreadable("The service account's key cannot sign. Give its file again in the Catalog.");
    signature.resize(size);
    token += '.';
    appendBase64Url(token, signature);
    return SecretBytes::take(token);
}

} // namespace portolan::gateway
