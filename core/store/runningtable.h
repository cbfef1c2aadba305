// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/connection.h"
#include "core/store/statement.h"
#include "core/trace/record.h"

#include <vector>

namespace portolan::store {

/// Requests that run on the account of a key: what a program that was killed leaves behind, so that the next
/// start knows of them. All calls inside a transaction of the caller's.
class RunningTable
{
public:
    explicit RunningTable(const Connection &connection);

    /// Takes the place of what was noted of the same request.
    Result<> put(const trace::Record &record);
    Result<> remove(RequestId id);
    /// All that is there, as records of unknown outcome with their charges, oldest first.
    Result<std::vector<trace::Record>> left();

private:
    Result<> putCharge(RequestId id, std::int64_t place, const trace::Charge &charge);

    const Connection &m_connection;
    Statement m_put;
    Statement m_put_charge;
    Statement m_remove;
    Statement m_remove_charges;
};

} // namespace portolan::store
