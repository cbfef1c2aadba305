// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"

namespace portolan::test {

/// A finished, plain request with that id.
inline trace::RequestRow row(std::int64_t id)
{
    trace::RequestRow out;
    out.id = {id};
    out.started_us = id;
    out.status = 200;
    out.client_key_name = "web-app";
    out.model_asked = "@openai/gpt-4o";
    out.model_served = "gpt-4o";
    out.provider = "openai";
    out.slug = "openai";
    out.attempt_marks = "o";
    out.first_token_us = 410'000;
    out.total_us = 1'920'000;
    out.usage_state = UsageState::Reported;
    out.tokens_in = 1204;
    out.tokens_out = 312;
    out.cost_state = trace::CostState::Exact;
    out.cost = {6'130'000};
    return out;
}

inline control::LiveEvent event(control::LiveEvent::Kind kind, std::int64_t id)
{
    return {.kind = kind, .row = row(id)};
}

inline control::LiveBatch started(std::int64_t first, std::int64_t last)
{
    control::LiveBatch batch;
    for (auto id = first; id <= last; ++id)
        batch.push_back(event(control::LiveEvent::Kind::Started, id));
    return batch;
}

inline control::LiveBatch finished(std::int64_t first, std::int64_t last)
{
    control::LiveBatch batch;
    for (auto id = first; id <= last; ++id)
        batch.push_back(event(control::LiveEvent::Kind::Finished, id));
    return batch;
}

} // namespace portolan::test
