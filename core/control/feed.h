// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "core/gateway/observer.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace portolan::control {

/// What the last real call to an account came to.
struct LastCall {
    int status = 0;               ///< 0: no answer came
    std::string error{};          ///< empty when it went well
    std::int64_t latency_us = -1; ///< to the answer's head
    std::int64_t at_us = 0;       ///< wall clock
    std::int64_t since_us = 0;    ///< when this kind of outcome began
};

/// The only way request events reach the window. I/O threads publish, one consumer takes everything at once.
/// Publishing never waits for the window: when nobody takes, the oldest events are dropped and counted (the
/// store has them all).
class Feed : public gateway::Observer
{
public:
    /// Without a window no live events are gathered, only the health of accounts.
    explicit Feed(bool gathers_live);

    void started(const trace::Record &record) override;
    void changed(const trace::Record &record) override;
    void finished(const trace::Record &record) override;
    void attemptEnded(const trace::Attempt &attempt) override;
    void refusedUnrecorded() override;

    [[nodiscard]] LiveBatch take();
    [[nodiscard]] std::unordered_map<std::string, LastCall> lastCalls() const; ///< by slug
    /// When requests with a client key ended last, microseconds since 1970.
    [[nodiscard]] std::unordered_map<ClientKeyId, std::int64_t> lastUses() const;
    [[nodiscard]] std::uint64_t finishedCount() const noexcept
    {
        return m_finished.load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t unrecordedCount() const noexcept
    {
        return m_unrecorded.load(std::memory_order_relaxed);
    }

private:
    void publish(LiveEvent::Kind kind, const trace::Record &record);

    const bool m_gathers_live;
    mutable std::mutex m_mutex; // guards m_pending, m_last_calls and m_last_uses
    LiveBatch m_pending;
    std::unordered_map<std::string, LastCall> m_last_calls;
    std::unordered_map<ClientKeyId, std::int64_t> m_last_uses;
    std::atomic<std::uint64_t> m_finished{0};
    std::atomic<std::uint64_t> m_unrecorded{0};
};

} // namespace portolan::control
