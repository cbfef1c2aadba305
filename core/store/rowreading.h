// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/sql.h"
#include "core/trace/record.h"
#include "core/trace/requestrow.h"

namespace portolan::store {

// What stands in the current row of the reader's three queries, in the order of their columns. Numbers that
// no enum has come from a damaged file and read as its last value.

[[nodiscard]] trace::RequestRow readRow(const Sql &row);
/// The columns of requests come first, then those of request_details; attempts and bodies have rows of their
/// own.
[[nodiscard]] trace::Record readRecord(const Sql &row);
[[nodiscard]] trace::Attempt readAttempt(const Sql &row);

} // namespace portolan::store
