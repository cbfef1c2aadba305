// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/ledger.h"
#include "core/store/store.h"
#include "core/trace/record.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace portolan::store {

/// Wall clock in microseconds, for records that retention must leave alone.
[[nodiscard]] std::int64_t nowUs();

/// A request that went well, with one attempt and both bodies.
[[nodiscard]] trace::Record plainRecord(std::int64_t id);

/// A record with a value in every field, none of them like another.
[[nodiscard]] trace::Record fullRecord(std::int64_t id);

/// Equal in every field; trace::Record itself compares nothing.
[[nodiscard]] bool areEqual(const trace::Record &a, const trace::Record &b);

/// The key of store_spender: a budget that is never spent, and windows that outlive the program.
inline constexpr admission::Party kSpender{trace::Charge::Party::VirtualKey, 1'000};
[[nodiscard]] admission::KeyLimits spenderLimits();

/// Opens a store and fails the test with its words when it cannot.
[[nodiscard]] std::unique_ptr<Store> openStore(StoreOptions options);
[[nodiscard]] std::unique_ptr<Store> openStore(const std::filesystem::path &directory);

/// Every byte of the data directory holds no `text`; names the first file that does.
[[nodiscard]] std::string fileWith(const std::filesystem::path &directory, const std::string &text);

} // namespace portolan::store
