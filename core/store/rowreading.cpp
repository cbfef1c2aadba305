// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/rowreading.h"

#include "core/store/encoding.h"

namespace portolan::store {

namespace {

template <typename Enum>
Enum enumAt(const Sql &row, int column, Enum last)
{
    const auto value = row.number(column);
    return value >= 0 && value <= std::int64_t(last) ? Enum(value) : last;
}

} // namespace

trace::RequestRow readRow(const Sql &row)
{
    return {
        .id = {row.number(0)},
        .started_us = row.number(1),
        .outcome = enumAt(row, 2, trace::Outcome::Unknown),
        .status = int(row.number(3)),
        .error_code = row.textAt(4),
        .error_message = row.textAt(5),
        .client_key_name = row.textAt(6),
        .program = row.textAt(7),
        .endpoint = row.textAt(8),
        .path = row.textAt(9),
        .config = row.textAt(10),
        .model_asked = row.textAt(11),
        .model_served = row.textAt(12),
        .provider = row.textAt(13),
        .slug = row.textAt(14),
        .stream = row.number(15) != 0,
        .cache = enumAt(row, 16, trace::CacheState::Refresh),
        .finish_reason = row.textAt(17),
        .attempt_marks = row.textAt(18),
        .first_token_us = row.number(19),
        .total_us = row.number(20),
        .bytes_in = std::uint64_t(row.number(21)),
        .bytes_out = std::uint64_t(row.number(22)),
        .usage_state = enumAt(row, 23, UsageState::Estimated),
        .tokens_in = row.number(24),
        .tokens_out = row.number(25),
        .tokens_cached = row.number(26),
        .tokens_reasoning = row.number(27),
        .cost_state = enumAt(row, 28, trace::CostState::Free),
        .cost = {row.number(29)},
        .trace_id = row.textAt(30),
    };
}

trace::Attempt readAttempt(const Sql &row)
{
    return {
        .kind = enumAt(row, 0, trace::AttemptKind::Test),
        .pointer = row.textAt(1),
        .slug = row.textAt(2),
        .provider = row.textAt(3),
        .account = {row.number(4)},
        .virtual_key = {row.number(5)},
        .model = row.textAt(6),
        .host = row.textAt(7),
        .chosen_by = row.textAt(8),
        .then = row.textAt(9),
        .status = int(row.number(10)),
        .error_code = row.textAt(11),
        .error_message = row.textAt(12),
        .provider_request_id = row.textAt(13),
        .reused_connection = row.number(14) != 0,
        .start_us = row.number(15),
        .connected_us = row.number(16),
        .tls_us = row.number(17),
        .sent_us = row.number(18),
        .head_us = row.number(19),
        .first_token_us = row.number(20),
        .end_us = row.number(21),
        .bytes_sent = std::uint64_t(row.number(22)),
        .bytes_received = std::uint64_t(row.number(23)),
        .usage_state = enumAt(row, 24, UsageState::Estimated),
        .usage = usageFromText(row.textAt(25)),
        .cost_state = enumAt(row, 26, trace::CostState::Free),
        .cost = {row.number(27)},
        .request_headers = pairsFromText(row.textAt(28)),
        .response_headers = pairsFromText(row.textAt(29)),
    };
}

trace::Record readRecord(const Sql &row)
{
    const auto whole = row.textAt(41);
    return {
        .id = {row.number(0)},
        .started_us = row.number(1),
        .outcome = enumAt(row, 2, trace::Outcome::Unknown),
        .status = int(row.number(3)),
        .error_code = row.textAt(4),
        .error_message = whole.empty() ? row.textAt(5) : whole,
        .client_key = {row.number(6)},
        .client_key_name = row.textAt(7),
        .program = row.textAt(8),
        .method = row.textAt(40),
        .path = row.textAt(10),
        .endpoint = row.textAt(9),
        .model_asked = row.textAt(14),
        .model_served = row.textAt(15),
        .provider = row.textAt(16),
        .slug = row.textAt(17),
        .account = {row.number(18)},
        .virtual_key = {row.number(19)},
        .config = row.textAt(11),
        .config_id = {row.number(12)},
        .config_version = int(row.number(13)),
        .stream = row.number(20) != 0,
        .finish_reason = row.textAt(21),
        .note = row.textAt(42),
        .queue_us = row.number(22),
        .first_token_us = row.number(23),
        .total_us = row.number(24),
        .bytes_in = std::uint64_t(row.number(25)),
        .bytes_out = std::uint64_t(row.number(26)),
        .usage_state = enumAt(row, 27, UsageState::Estimated),
        .usage = usageFromText(row.textAt(43)),
        .cost_state = enumAt(row, 33, trace::CostState::Free),
        .cost = {row.number(34)},
        .cost_input = {row.number(44)},
        .cost_cached = {row.number(45)},
        .cost_output = {row.number(46)},
        .price_version = row.textAt(47),
        .priced_as = row.textAt(48),
        .trace_id = row.textAt(37),
        .span_id = row.textAt(49),
        .parent_span_id = row.textAt(50),
        .span_name = row.textAt(51),
        .metadata = pairsFromText(row.textAt(52)),
        .cache = enumAt(row, 35, trace::CacheState::Refresh),
        .cache_key = row.textAt(53),
        .cache_age_s = row.number(54),
        .cache_saved = {row.number(36)},
        .guardrails = row.textAt(55),
        .request_hash = row.textAt(56),
        .replay_of = {row.number(57)},
        .capture = enumAt(row, 38, trace::CaptureLevel::Full),
        .request_headers = pairsFromText(row.textAt(58)),
        .response_headers = pairsFromText(row.textAt(59)),
        .skipped = skippedFromText(row.textAt(60)),
    };
}

} // namespace portolan::store
