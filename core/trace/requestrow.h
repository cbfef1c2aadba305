// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/money.h"
#include "core/trace/record.h"

#include <cstdint>
#include <string>

namespace portolan::trace {

/// One line of the list of requests: the narrow row, without headers, metadata and bodies.
struct RequestRow {
    RequestId id{};
    std::int64_t started_us = 0;
    Outcome outcome = Outcome::Ok;
    int status = 0;
    std::string error_code{};
    std::string error_message{};
    std::string client_key_name{};
    std::string program{};
    std::string endpoint{};
    std::string path{};
    std::string config{};
    std::string model_asked{};
    std::string model_served{};
    std::string provider{};
    std::string slug{};
    bool stream = false;
    CacheState cache = CacheState::Disabled;
    std::string finish_reason{};
    std::string attempt_marks{}; ///< one letter per attempt: o ok, x failed, - skipped
    std::int64_t first_token_us = -1;
    std::int64_t total_us = 0;
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
    UsageState usage_state = UsageState::Unknown;
    std::int64_t tokens_in = 0;
    std::int64_t tokens_out = 0;
    std::int64_t tokens_cached = 0;
    std::int64_t tokens_reasoning = 0;
    CostState cost_state = CostState::Unknown;
    NanoUsd cost{};
    std::string trace_id{};

    friend bool operator==(const RequestRow &, const RequestRow &) = default;
};

/// RequestRow::attempt_marks of a record.
[[nodiscard]] std::string attemptMarks(const Record &record);

/// The narrow row of a record: the live list shows it before the store has written it.
[[nodiscard]] RequestRow rowOf(const Record &record);

} // namespace portolan::trace
