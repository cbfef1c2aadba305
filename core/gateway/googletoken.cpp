// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/googletoken.h"

#include "core/base/text.h"
#include "core/gateway/secretjson.h"
#include "core/gateway/serviceaccountkey.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace portolan::gateway {

namespace {

using namespace std::chrono_literals;
namespace asio = http::asio;
using Clock = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, http::Executor>;

constexpr std::size_t kMostAnswerBytes = 64U << 10;
constexpr std::size_t kMostAccounts = 64;
constexpr auto kEarlier = 60s; // a token is not used in its last minute
constexpr std::int64_t kLongestLife = 12 * 3600;
constexpr std::string_view kGrant
    = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";

struct Granted {
    SharedSecret token{};
    std::chrono::seconds life{};
};

Error noToken(std::string message, bool retryable)
{
    return {.origin = Origin::Upstream,
            .code = "google.token",
            .message = std::move(message),
            .retryable = retryable};
}

std::string textOf(std::string_view json, std::string_view member)
{
    WipedText text(json.size());
    const auto value = jsonMember(json, member);
    if (!value || !appendDecoded(*value, text))
        return {};
    std::string shown(text.view().substr(0, 300));
    std::ranges::replace_if(shown, [](char c) { return c < 0x20 || c == 0x7F; }, ' ');
    return toUtf8(shown);
}

Error refusedBy(int status, std::string_view body)
{
    const auto code = textOf(body, "error");
    const auto words = textOf(body, "error_description");
    if (code.empty())
        return noToken(fmt::format("Google's token service answered {} without a reason.", status),
                       status >= 500);
    return noToken(
        fmt::format("Google gave no access token: {}{}{}. Check that the service account and its key "
                    "still exist, and this computer's clock.",
                    code, words.empty() ? "" : ": ", words),
        status >= 500);
}

Result<Granted> granted(std::string_view body)
{
    const auto token = jsonMember(body, "access_token");
    const auto life = jsonMember(body, "expires_in");
    WipedText text(body.size());
    std::int64_t seconds = 0;
    const bool has_life
        = life && std::from_chars(life->data(), life->data() + life->size(), seconds).ec == std::errc{};
    if (!token || !appendDecoded(*token, text) || text.size() == 0 || !http::isFieldValue(text.view()))
        return fail(noToken("Google's token service answered without a token.", true));
    Granted out{.token = std::make_shared<const SecretBytes>(SecretBytes::copy(text.view()))};
    out.life = std::chrono::seconds(has_life ? std::clamp<std::int64_t>(seconds, 0, kLongestLife) : 0);
    return out;
}

http::Task<Result<Granted>> ask(http::UpstreamTransport &transport, SharedSecret credential,
                                std::string token_uri)
{
    const auto account = serviceAccount(credential->view());
    if (!account) {
        Error unreadable{.origin = Origin::Config,
                         .code = "account.bad_service_account",
                         .message
                         = "The service account's key cannot be read. Give its file again in the Catalog."};
        co_return std::unexpected(std::move(unreadable));
    }
    if (token_uri.empty())
        token_uri = std::string(account->token_uri);
    auto url = http::BaseUrl::parse(token_uri);
    if (!url)
        co_return std::unexpected(std::move(url).error());
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto assertion = signedAssertion(*account, token_uri, now);
    if (!assertion)
        co_return std::unexpected(assertion.error());

    http::UpstreamRequest request;
    request.endpoint = url->endpoint;
    request.target = url->path.empty() ? "/" : url->path;
    request.fields.add("Content-Type", "application/x-www-form-urlencoded");
    request.fields.add("Accept", "application/json");
    request.body = {kGrant, assertion->view()};
    request.connect_timeout = 5s;
    request.first_byte_timeout = 15s;
    request.idle_timeout = 15s;
    const auto call = transport.open(std::move(request));
    const auto reply = co_await call->send();
    if (!reply) {
        auto failed = noToken(
            fmt::format("Google's token service could not be asked: {}", reply.error().message), true);
        co_return std::unexpected(std::move(failed));
    }
    WipedText body(kMostAnswerBytes);
    while (true) {
        const auto piece = co_await call->read();
        if (!piece || !body.append(*piece)) {
            auto cut = noToken("Google's token service did not answer in full. Try again.", true);
            co_return std::unexpected(std::move(cut));
        }
        if (piece->empty())
            break;
    }
    if (reply->status != 200) {
        auto refused = refusedBy(reply->status, body.view());
        co_return std::unexpected(std::move(refused));
    }
    co_return granted(body.view());
}

/// The same account, the same key and the same address: hashed, so that no key lies in a map.
std::string digestOf(std::string_view credential, std::string_view token_uri)
{
    std::string digest(2 * SHA256_DIGEST_LENGTH, '\0');
    auto *bytes = reinterpret_cast<unsigned char *>(digest.data());
    SHA256(reinterpret_cast<const unsigned char *>(credential.data()), credential.size(), bytes);
    SHA256(reinterpret_cast<const unsigned char *>(token_uri.data()), token_uri.size(),
           bytes + SHA256_DIGEST_LENGTH);
    return digest;
}

} // namespace

struct GoogleTokens::Entry {
    explicit Entry(const http::Executor &executor)
        : answered(executor, Clock::time_point::max())
    { }

    [[nodiscard]] bool isFresh() const { return token && Clock::now() < until; }

    SharedSecret token{};
    Clock::time_point until{};
    Error error{};
    bool asking = false;
    Timer answered; // never expires: cancelled when the answer is there
};

/// While it lives, others wait; however it ends, they go on.
class GoogleTokens::Asking
{
public:
    explicit Asking(Entry &entry)
        : m_entry(entry)
    {
        m_entry.asking = true;
        m_entry.token = nullptr;
        m_entry.error = noToken("Google's token service was not asked to the end. Try again.", true);
    }
    ~Asking()
    {
        m_entry.asking = false;
        m_entry.answered.cancel();
    }
    Asking(const Asking &) = delete;
    Asking &operator=(const Asking &) = delete;

private:
    Entry &m_entry;
};

GoogleTokens::GoogleTokens() = default;
GoogleTokens::~GoogleTokens() = default;

http::Task<Result<SharedSecret>> GoogleTokens::token(http::UpstreamTransport &transport,
                                                     SharedSecret credential, std::string token_uri)
{
    const auto executor = co_await asio::this_coro::executor;
    auto key = digestOf(credential->view(), token_uri);
    auto found = m_entries.find(key);
    if (found == m_entries.end()) {
        if (m_entries.size() >= kMostAccounts)
            std::erase_if(m_entries, [](const auto &entry) { return !entry.second->asking; });
        found = m_entries.emplace(std::move(key), std::make_shared<Entry>(executor)).first;
    }
    const auto entry = found->second; // stays while this waits, whatever happens to the map
    if (entry->isFresh())
        co_return entry->token;
    if (entry->asking) {
        boost::system::error_code cancelled;
        co_await entry->answered.async_wait(asio::redirect_error(http::useTask, cancelled));
        if (entry->token)
            co_return entry->token;
        co_return std::unexpected(entry->error);
    }

    const Asking asking(*entry);
    auto answer = co_await ask(transport, std::move(credential), std::move(token_uri));
    if (answer) {
        entry->token = std::move(answer->token);
        entry->until = Clock::now() + answer->life - kEarlier;
        co_return entry->token;
    }
    entry->error = answer.error();
    co_return std::unexpected(std::move(answer).error());
}

} // namespace portolan::gateway
