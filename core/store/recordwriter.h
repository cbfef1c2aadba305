// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/connection.h"
#include "core/store/encoding.h"
#include "core/store/statement.h"
#include "core/trace/record.h"

#include <cstdint>
#include <string>

namespace portolan::store {

/// Writes a record into its tables, inside a transaction of the caller's. Statements are prepared once.
class RecordWriter
{
public:
    explicit RecordWriter(const Connection &connection);

    Result<> write(const trace::Record &record);

    /// Packed bytes of bodies written since the last call.
    [[nodiscard]] std::int64_t takeBodyBytes() noexcept;

private:
    Result<> writeRow(const trace::Record &record);
    Result<> writeDetails(const trace::Record &record);
    Result<> writeAttempt(RequestId request, std::int64_t place, const trace::Attempt &attempt);
    Result<> writeBody(RequestId request, std::int64_t place, const std::optional<trace::Body> &body);

    Statement m_row;
    Statement m_details;
    Statement m_attempt;
    Statement m_body;
    Packer m_packer;
    std::string m_usage; // texts of the row being written; they keep their memory
    std::string m_metadata;
    std::string m_sent;
    std::string m_received;
    std::int64_t m_body_bytes = 0;
};

/// Flags of requests.bodies: which bodies were stored, so that expired ones are known.
inline constexpr std::int64_t kHasRequestBody = 1;
inline constexpr std::int64_t kHasResponseBody = 2;

} // namespace portolan::store
