// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/tariffcache.h"
#include "core/gateway/snapshot.h"
#include "core/http/exchange.h"
#include "core/http/upstream.h"
#include "core/trace/record.h"

#include <chrono>
#include <string_view>

namespace portolan::gateway {

/// What the head of a request says about who sent it and to which trace it belongs. `metadata` is
/// x-portkey-metadata over W3C baggage (gateway-protocol 2.2), whatever of it is kept. Fails (400) on
/// metadata that breaks the limits of threat-model D7.
Result<> describeRequest(const http::RequestHead &head, const Snapshot &snapshot, trace::Record &record,
                         trace::Pairs &metadata);

/// A client key's metadata over that of the request: what the key says of its requests cannot be unsaid by
/// them (gateway-protocol 2.6, threat-model B7).
[[nodiscard]] trace::Pairs withKeyMetadata(const std::vector<std::pair<std::string, std::string>> &of_key,
                                           const trace::Pairs &of_request);

/// Copies where the time of a call went; `offset_us` is the call's start since the request's.
void noteTimings(const http::CallTimings &timings, trace::Attempt &attempt);

/// The price of the record's usage by the snapshot's catalog, into the record and its last attempt.
void priceRecord(const Snapshot &snapshot, catalog::TariffCache &tariffs, const Target &target,
                 std::string_view service_tier, trace::Record &record);

/// UTC day of a wall-clock time, "YYYY-MM-DD".
[[nodiscard]] std::string utcDay(std::int64_t us);

/// Microseconds since 1970.
[[nodiscard]] std::int64_t wallClockUs();

/// The first product of a User-Agent, cut and without control characters.
[[nodiscard]] std::string programOf(std::string_view user_agent);

} // namespace portolan::gateway
