// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gateway/googletoken.h"
#include "core/gateway/snapshot.h"
#include "core/gateway/threadcontext.h"

namespace portolan::gateway {

/// Gives a request that is complete otherwise what its target's credential becomes on the wire: nothing to do
/// for a key, which the request carries already; a signature over the whole request for AWS keys; an access
/// token, asked for where none is at hand, for a service account. Call it last, just before the transport
/// opens. Its errors say who refused and what to do.
http::Task<Result<>> authorize(http::UpstreamTransport &transport, GoogleTokens &tokens, const Target &target,
                               http::UpstreamRequest &request);
http::Task<Result<>> authorize(ThreadContext &thread, const Target &target, http::UpstreamRequest &request);

} // namespace portolan::gateway
