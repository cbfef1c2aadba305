// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/handler.h"

#include "core/base/requestid.h"
#include "core/gateway/pipeline.h"
#include "core/gateway/practice.h"
#include "core/gateway/recorder.h"

#include <utility>
#include <vector>

namespace portolan::gateway {

ThreadContext::ThreadContext(http::IoThread &thread, Services &shared, SharedSnapshot first)
    : io(thread.context)
    , deadlines(thread.deadlines)
    , services(shared)
    , snapshot(std::move(first))
    , practice(makePracticeTransport(thread.context))
{ }

HeldBytes::HeldBytes(Services &services, std::size_t limit)
    : m_services(services)
    , m_limit(limit)
{ }

HeldBytes::~HeldBytes()
{
    release();
}

void HeldBytes::release()
{
    if (const auto bytes = std::exchange(m_bytes, 0); bytes > 0)
        m_services.held.fetch_sub(bytes, std::memory_order_relaxed);
}

bool HeldBytes::add(std::size_t bytes)
{
    const auto before = m_services.held.fetch_add(bytes, std::memory_order_relaxed);
    if (before + bytes > m_limit) {
        m_services.held.fetch_sub(bytes, std::memory_order_relaxed);
        return false;
    }
    m_bytes += bytes;
    return true;
}

GatewayHandler::GatewayHandler(http::IoThread &thread, Services &services, SharedSnapshot snapshot,
                               std::unique_ptr<http::RoutedTransport> direct)
    : m_thread(thread, services, std::move(snapshot))
{
    m_thread.direct = std::move(direct);
    m_thread.direct->follow(m_thread.snapshot->proxies);
}

http::Task<> GatewayHandler::handle(http::Exchange &exchange)
{
    Pipeline pipeline(m_thread, exchange);
    co_await pipeline.run();
}

void GatewayHandler::refused(const http::RequestHead *head, const http::Refusal &refusal,
                             std::chrono::steady_clock::time_point started)
{
    trace::Record record;
    const auto now_us = wallClockUs();
    record.id = makeRequestId(now_us);
    record.total_us
        = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started)
              .count();
    record.started_us = now_us - record.total_us;
    record.outcome = trace::Outcome::Refused;
    record.status = refusal.status;
    record.error_code = refusal.code;
    record.error_message = refusal.message;
    record.cost_state = trace::CostState::Free;
    record.capture = std::min(m_thread.snapshot->capture, trace::CaptureLevel::Metadata);
    if (head) {
        record.method = std::string(toString(head->method));
        record.path = head->path;
    }
    auto &services = m_thread.services;
    if (services.observer)
        services.observer->finished(record);
    // No coroutine to wait in: a full queue takes the row without waiting.
    if (!services.store->tryAppend(record))
        services.store->appendShedding(std::move(record));
}

void GatewayHandler::publish(SharedSnapshot snapshot)
{
    m_thread.snapshot = std::move(snapshot);
    m_thread.direct->follow(m_thread.snapshot->proxies);
}

void GatewayHandler::abort(RequestId id)
{
    if (const auto found = m_thread.running.find(id); found != m_thread.running.end())
        found->second->abort();
}

void GatewayHandler::abortAll()
{
    std::vector<RequestId> ids; // a request that ends at once leaves the map
    for (const auto &[id, pipeline] : m_thread.running)
        ids.push_back(id);
    for (const RequestId id : ids)
        abort(id);
}

} // namespace portolan::gateway
