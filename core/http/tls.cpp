// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/tls.h"

#include <boost/asio/ip/address.hpp>

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <utility>

#include <sys/socket.h>

namespace portolan::http {

namespace {

constexpr std::size_t kKeptSessions = 64;

// OpenSSL's own socket BIO writes with write(2), which raises SIGPIPE.
int descriptorOf(BIO *bio)
{
    return static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int finished(BIO *bio, ssize_t moved, int retry)
{
    BIO_clear_retry_flags(bio);
    if (moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
        BIO_set_flags(bio, retry | BIO_FLAGS_SHOULD_RETRY);
    if (moved == 0 && retry == BIO_FLAGS_READ)
        BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    return static_cast<int>(moved);
}

int writeBio(BIO *bio, const char *bytes, int size)
{
    const auto sent
        = ::send(descriptorOf(bio), bytes, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
    return finished(bio, sent, BIO_FLAGS_WRITE);
}

int readBio(BIO *bio, char *bytes, int size)
{
    return finished(bio, ::recv(descriptorOf(bio), bytes, static_cast<std::size_t>(size), MSG_DONTWAIT),
                    BIO_FLAGS_READ);
}

long controlBio(BIO *bio, int command, long, void *)
{
    if (command == BIO_CTRL_EOF)
        return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO *newBio(int descriptor)
{
    static BIO_METHOD *const method = [] {
        BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "portolan socket");
        if (made) {
            BIO_meth_set_write(made, writeBio);
            BIO_meth_set_read(made, readBio);
            BIO_meth_set_ctrl(made, controlBio);
        }
        return made;
    }();
    BIO *bio = method ? BIO_new(method) : nullptr;
    if (!bio)
        return nullptr;
    BIO_set_data(bio, reinterpret_cast<void *>(static_cast<std::intptr_t>(descriptor)));
    BIO_set_init(bio, 1);
    return bio;
}

int endpointIndex()
{
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr,
                                                  [](void *, void *endpoint, CRYPTO_EX_DATA *, int, long,
                                                     void *) { delete static_cast<Endpoint *>(endpoint); });
    return index;
}

bool setExpectedName(SSL *ssl, const Endpoint &endpoint)
{
    boost::system::error_code not_address;
    asio::ip::make_address(endpoint.host, not_address);
    X509_VERIFY_PARAM *rules = SSL_get0_param(ssl);
    if (!not_address)
        return X509_VERIFY_PARAM_set1_ip_asc(rules, endpoint.host.c_str()) == 1;
    X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return SSL_set_tlsext_host_name(ssl, endpoint.host.c_str()) == 1
        && X509_VERIFY_PARAM_set1_host(rules, endpoint.host.data(), endpoint.host.size()) == 1;
}

} // namespace

TlsClient::TlsClient(std::string ca_file)
    : m_ca_file(std::move(ca_file))
{ }

Result<std::unique_ptr<TlsClient>> TlsClient::make(std::string ca_file)
{
    std::unique_ptr<TlsClient> client(new TlsClient(std::move(ca_file)));
    if (client->m_ca_file.empty())
        return client;
    client->m_context = makeContext();
    if (!client->m_context
        || SSL_CTX_load_verify_file(client->m_context.get(), client->m_ca_file.c_str()) != 1) {
        ERR_clear_error();
        return fail({.origin = Origin::Config,
                     .code = "http.bad_ca_file",
                     .message = "The file of further certificates cannot be read. It must be PEM text.",
                     .where = client->m_ca_file});
    }
    return client;
}

TlsClient::Context TlsClient::makeContext()
{
    Context context(SSL_CTX_new(TLS_client_method()));
    if (!context)
        return context;
    SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(context.get(),
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                         | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context.get(), keepSession);
    SSL_CTX_set_default_verify_paths(context.get());
    return context;
}

int TlsClient::keepSession(SSL *ssl, SSL_SESSION *session)
{
    auto *client = static_cast<TlsClient *>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    const auto *endpoint = static_cast<const Endpoint *>(SSL_get_ex_data(ssl, endpointIndex()));
    if (!client || !endpoint)
        return 0;
    std::erase_if(client->m_kept, [endpoint](const Kept &kept) { return kept.endpoint == *endpoint; });
    if (client->m_kept.size() >= kKeptSessions)
        client->m_kept.erase(client->m_kept.begin());
    client->m_kept.emplace_back(*endpoint, std::unique_ptr<SSL_SESSION, SslFree>(session));
    return 1; // the reference is ours now
}

SSL_SESSION *TlsClient::keptSession(const Endpoint &endpoint) const
{
    const auto found = std::ranges::find(m_kept, endpoint, &Kept::endpoint);
    return found == m_kept.end() ? nullptr : found->session.get();
}

SslPtr TlsClient::newHandshake(const Endpoint &endpoint, int descriptor)
{
    if (!m_context)
        m_context = makeContext();
    if (!m_context)
        return nullptr;
    SSL_CTX_set_app_data(m_context.get(), this);
    SslPtr ssl(SSL_new(m_context.get()));
    BIO *bio = ssl ? newBio(descriptor) : nullptr;
    if (!bio)
        return nullptr;
    SSL_set_bio(ssl.get(), bio, bio);
    SSL_set_connect_state(ssl.get());
    SSL_set_verify(ssl.get(), endpoint.verify_tls ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    if (!setExpectedName(ssl.get(), endpoint))
        return nullptr;
    constexpr unsigned char kHttp11[] = "\x08http/1.1";
    SSL_set_alpn_protos(ssl.get(), kHttp11, sizeof kHttp11 - 1);
    auto name = std::make_unique<Endpoint>(endpoint);
    if (SSL_set_ex_data(ssl.get(), endpointIndex(), name.get()) == 1)
        static_cast<void>(name.release()); // freed with the SSL
    if (auto *session = keptSession(endpoint))
        SSL_set_session(ssl.get(), session);
    return ssl;
}

std::string TlsClient::reason(SSL *ssl)
{
    const auto verdict = SSL_get_verify_result(ssl);
    const auto code = ERR_peek_last_error();
    ERR_clear_error();
    if (verdict != X509_V_OK && SSL_get_verify_mode(ssl) != SSL_VERIFY_NONE)
        return X509_verify_cert_error_string(verdict);
    const char *text = code != 0 ? ERR_reason_error_string(code) : nullptr;
    return text ? text : "the connection was closed";
}

} // namespace portolan::http
