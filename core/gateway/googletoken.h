// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"
#include "core/http/task.h"
#include "core/http/upstream.h"

#include <map>
#include <memory>
#include <string>

namespace portolan::gateway {

/// Access tokens of service accounts, kept until a minute before their end. While one is being asked for,
/// whoever needs the same waits for it. One object per I/O thread, used on that thread alone.
class GoogleTokens
{
public:
    GoogleTokens();
    ~GoogleTokens();
    GoogleTokens(const GoogleTokens &) = delete;
    GoogleTokens &operator=(const GoogleTokens &) = delete;

    /// `credential` holds the lines of a ServiceAccount; `token_uri` empty means its own. Errors:
    /// "google.token" with Google's words, or the transport's.
    http::Task<Result<SharedSecret>> token(http::UpstreamTransport &transport, SharedSecret credential,
                                           std::string token_uri);

private:
    struct Entry;
    class Asking;
    std::map<std::string, std::shared_ptr<Entry>> m_entries; // by a digest of the credential and the address
};

} // namespace portolan::gateway
