// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/feed.h"

#include "core/gateway/recorder.h"

#include <utility>

namespace portolan::control {

namespace {

constexpr std::size_t kMostPending = 20'000;

bool isGood(const LastCall &call)
{
    return call.error.empty();
}

} // namespace

Feed::Feed(bool gathers_live)
    : m_gathers_live(gathers_live)
{ }

void Feed::publish(LiveEvent::Kind kind, const trace::Record &record)
{
    if (!m_gathers_live)
        return;
    LiveEvent event{kind, trace::rowOf(record)};
    const std::scoped_lock lock(m_mutex);
    if (m_pending.size() >= kMostPending)
        m_pending.erase(m_pending.begin(), m_pending.begin() + kMostPending / 2);
    m_pending.push_back(std::move(event));
}

void Feed::started(const trace::Record &record)
{
    publish(LiveEvent::Kind::Started, record);
}

void Feed::changed(const trace::Record &record)
{
    publish(LiveEvent::Kind::Changed, record);
}

void Feed::finished(const trace::Record &record)
{
    m_finished.fetch_add(1, std::memory_order_relaxed);
    publish(LiveEvent::Kind::Finished, record);
    if (!record.client_key)
        return;
    const std::scoped_lock lock(m_mutex);
    m_last_uses[record.client_key] = gateway::wallClockUs();
}

void Feed::attemptEnded(const trace::Attempt &attempt)
{
    if (attempt.slug.empty() || attempt.error_code == "upstream.cancelled")
        return;
    LastCall call;
    call.status = attempt.status;
    call.error = attempt.error_message.empty() ? attempt.error_code : attempt.error_message;
    call.at_us = gateway::wallClockUs();
    call.since_us = call.at_us;
    if (attempt.head_us >= 0)
        call.latency_us = attempt.head_us - attempt.start_us;
    const std::scoped_lock lock(m_mutex);
    LastCall &last = m_last_calls[attempt.slug];
    // One that fails now with 500, now with 503, has been failing since the first of them.
    if (last.at_us != 0 && isGood(last) == isGood(call))
        call.since_us = last.since_us;
    if (call.latency_us < 0)
        call.latency_us = last.latency_us;
    last = std::move(call);
}

void Feed::refusedUnrecorded()
{
    m_unrecorded.fetch_add(1, std::memory_order_relaxed);
}

LiveBatch Feed::take()
{
    const std::scoped_lock lock(m_mutex);
    return std::exchange(m_pending, {});
}

std::unordered_map<std::string, LastCall> Feed::lastCalls() const
{
    const std::scoped_lock lock(m_mutex);
    return m_last_calls;
}

std::unordered_map<ClientKeyId, std::int64_t> Feed::lastUses() const
{
    const std::scoped_lock lock(m_mutex);
    return m_last_uses;
}

} // namespace portolan::control
