// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/record.h"

namespace portolan::trace {

namespace {

std::size_t heapOf(const std::string &text)
{
    static const std::size_t inPlace = std::string().capacity();
    return text.capacity() > inPlace ? text.capacity() + 1 : 0;
}

template <typename... Texts>
std::size_t heapOfAll(const Texts &...texts)
{
    return (heapOf(texts) + ...);
}

std::size_t heapOf(const Usage &usage)
{
    std::size_t bytes = usage.units.capacity() * sizeof(UsageUnit);
    for (const auto &unit : usage.units)
        bytes += heapOf(unit.name);
    return bytes;
}

std::size_t heapOf(const std::optional<Body> &body)
{
    return body ? heapOfAll(body->text, body->content_type) : 0;
}

std::size_t heapOf(const Attempt &attempt)
{
    return heapOfAll(attempt.pointer, attempt.slug, attempt.provider, attempt.model, attempt.host,
                     attempt.chosen_by, attempt.then, attempt.error_code, attempt.error_message,
                     attempt.provider_request_id)
        + heapOf(attempt.usage) + attempt.request_headers.heapBytes() + attempt.response_headers.heapBytes();
}

} // namespace

std::size_t weightOf(const Record &record) noexcept
{
    std::size_t bytes = sizeof(Record) + record.attempts.capacity() * sizeof(Attempt);
    for (const auto &attempt : record.attempts)
        bytes += heapOf(attempt);
    for (const auto &skipped : record.skipped)
        bytes += sizeof(Skipped) + heapOfAll(skipped.pointer, skipped.label, skipped.reason);
    bytes += record.charges.capacity() * sizeof(Charge);
    for (const auto &charge : record.charges)
        bytes += heapOfAll(charge.period);
    bytes += heapOfAll(record.error_code, record.error_message, record.client_key_name, record.program,
                       record.method, record.path, record.endpoint, record.model_asked, record.model_served,
                       record.provider, record.slug, record.config, record.finish_reason, record.note,
                       record.price_version, record.priced_as, record.trace_id, record.span_id,
                       record.parent_span_id, record.span_name, record.cache_key, record.guardrails,
                       record.request_hash);
    return bytes + heapOf(record.usage) + record.metadata.heapBytes() + record.request_headers.heapBytes()
        + record.response_headers.heapBytes() + heapOf(record.request_body) + heapOf(record.response_body);
}

} // namespace portolan::trace
