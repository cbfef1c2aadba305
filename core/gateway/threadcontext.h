// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/clientkeys.h"
#include "core/admission/estimate.h"
#include "core/admission/ledger.h"
#include "core/base/jsonpeek.h"
#include "core/catalog/tariffcache.h"
#include "core/dialect/usagereader.h"
#include "core/gateway/circuits.h"
#include "core/gateway/googletoken.h"
#include "core/gateway/observer.h"
#include "core/gateway/policy.h"
#include "core/gateway/snapshot.h"
#include "core/http/routedtransport.h"
#include "core/http/server.h"
#include "core/http/upstream.h"
#include "core/store/store.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <unordered_map>

namespace portolan::gateway {

class AdminCalls;
class Pipeline;

/// What all I/O threads share. Outlives the server.
struct Services {
    store::Store *store = nullptr;       ///< not owned
    Observer *observer = nullptr;        ///< not owned; null when nobody watches
    AdminCalls *admin = nullptr;         ///< not owned; null: no admin API. Set before the server starts
    admission::Ledger *ledger = nullptr; ///< not owned; null: no key has limits. Likewise
    std::atomic<int> active{0};          ///< requests in flight
    std::atomic<std::size_t> held{
        0};              ///< bytes of request bodies held in memory, against Limits::held_body_bytes
    Circuits circuits{}; ///< breakers and sticky callers of all configs
    std::atomic<std::uint64_t> unrecorded{0}; ///< failed authentications beyond those that got a row
};

/// What the requests of one I/O thread work with; used on that thread alone.
struct ThreadContext {
    http::asio::io_context &io;
    http::DeadlineList &deadlines;
    Services &services;
    SharedSnapshot snapshot;
    std::unique_ptr<http::RoutedTransport> direct; ///< to real providers, through a proxy where one is named
    std::unique_ptr<http::UpstreamTransport> practice;
    JsonPeek peek{};
    dialect::ReplyReader replies{};
    catalog::TariffCache tariffs{};
    admission::FailureLimiter failures{};
    admission::LearnedOutputs learned_outputs{};
    GoogleTokens google_tokens{};
    InlineConfigs inline_configs{};
    std::unordered_map<RequestId, Pipeline *> running{}; ///< not owned: each unlinks itself

    ThreadContext(http::IoThread &thread, Services &shared, SharedSnapshot first);
};

/// Counts bytes of request bodies against the global cap for as long as it lives.
class HeldBytes
{
public:
    HeldBytes(Services &services, std::size_t limit);
    ~HeldBytes();
    HeldBytes(const HeldBytes &) = delete;
    HeldBytes &operator=(const HeldBytes &) = delete;

    /// False when the cap would be passed; then nothing is added.
    [[nodiscard]] bool add(std::size_t bytes);
    /// Gives back what was added.
    void release();

private:
    Services &m_services;
    const std::size_t m_limit;
    std::size_t m_bytes = 0;
};

} // namespace portolan::gateway
