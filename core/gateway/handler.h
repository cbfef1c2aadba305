// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/gateway/threadcontext.h"
#include "core/http/exchange.h"
#include "core/http/server.h"

#include <chrono>

namespace portolan::gateway {

/// The gateway on one I/O thread: gives each request a Pipeline and holds the snapshot that new ones start
/// with.
class GatewayHandler : public http::Handler
{
public:
    /// `direct` is this thread's way out to real providers.
    GatewayHandler(http::IoThread &thread, Services &services, SharedSnapshot snapshot,
                   std::unique_ptr<http::RoutedTransport> direct);

    http::Task<> handle(http::Exchange &exchange) override;
    void refused(const http::RequestHead *head, const http::Refusal &refusal,
                 std::chrono::steady_clock::time_point started) override;

    /// Requests that begin from now on see this one.
    void publish(SharedSnapshot snapshot);
    /// Ends that request, if it runs on this thread.
    void abort(RequestId id);
    void abortAll(); ///< that run on this thread now

private:
    ThreadContext m_thread;
};

} // namespace portolan::gateway
