// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/requestrow.h"

namespace portolan::trace {

namespace {

char markOf(const Attempt &attempt)
{
    if (attempt.start_us < 0)
        return '-';
    return attempt.error_code.empty() ? 'o' : 'x';
}

} // namespace

std::string attemptMarks(const Record &record)
{
    std::string marks;
    marks.reserve(record.attempts.size());
    for (const auto &attempt : record.attempts)
        marks.push_back(markOf(attempt));
    return marks;
}

RequestRow rowOf(const Record &record)
{
    return {
        .id = record.id,
        .started_us = record.started_us,
        .outcome = record.outcome,
        .status = record.status,
        .error_code = record.error_code,
        .error_message = record.error_message,
        .client_key_name = record.client_key_name,
        .program = record.program,
        .endpoint = record.endpoint,
        .path = record.path,
        .config = record.config,
        .model_asked = record.model_asked,
        .model_served = record.model_served,
        .provider = record.provider,
        .slug = record.slug,
        .stream = record.stream,
        .cache = record.cache,
        .finish_reason = record.finish_reason,
        .attempt_marks = attemptMarks(record),
        .first_token_us = record.first_token_us,
        .total_us = record.total_us,
        .bytes_in = record.bytes_in,
        .bytes_out = record.bytes_out,
        .usage_state = record.usage_state,
        .tokens_in = record.usage.input,
        .tokens_out = record.usage.output,
        .tokens_cached = record.usage.cache_read,
        .tokens_reasoning = record.usage.reasoning,
        .cost_state = record.cost_state,
        .cost = record.cost,
        .trace_id = record.trace_id,
    };
}

} // namespace portolan::trace
