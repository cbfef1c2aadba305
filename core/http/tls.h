// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/http/upstream.h"

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <vector>

namespace portolan::http {

struct SslFree {
    void operator()(SSL *ssl) const noexcept { SSL_free(ssl); }
    void operator()(SSL_CTX *context) const noexcept { SSL_CTX_free(context); }
    void operator()(SSL_SESSION *session) const noexcept { SSL_SESSION_free(session); }
};
using SslPtr = std::unique_ptr<SSL, SslFree>;

/// TLS settings and resumable sessions of one I/O thread: TLS 1.2 and later, chain and name verified against
/// the system's store and the owner's own certificates (threat-model E1). The store is read at the first use,
/// since a gateway to local servers never needs it.
class TlsClient
{
public:
    /// Fails when `ca_file` (PEM, may be empty) cannot be read.
    static Result<std::unique_ptr<TlsClient>> make(std::string ca_file);

    /// A handshake that has not begun, on a non-blocking descriptor that outlives it. Null when OpenSSL
    /// fails.
    [[nodiscard]] SslPtr newHandshake(const Endpoint &endpoint, int descriptor);

    /// Why a handshake failed, in words.
    [[nodiscard]] static std::string reason(SSL *ssl);

private:
    using Context = std::unique_ptr<SSL_CTX, SslFree>;
    struct Kept {
        Endpoint endpoint;
        std::unique_ptr<SSL_SESSION, SslFree> session;
    };

    explicit TlsClient(std::string ca_file);
    static Context makeContext();
    static int keepSession(SSL *ssl, SSL_SESSION *session);
    [[nodiscard]] SSL_SESSION *keptSession(const Endpoint &endpoint) const;

    const std::string m_ca_file;
    Context m_context;
    std::vector<Kept> m_kept; // newest last
};

} // namespace portolan::http
