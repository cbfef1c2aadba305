// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace portolan::store {

/// A prepared statement on the handle under Qt SQL, for what the writer runs for every request. Measured on
/// Debian 12 with a row of 51 columns: QSqlQuery 13 to 14 us (each value becomes a QVariant, each text UTF-16
/// and back), this 4 to 5 us; a request is five such rows. All else in this room goes through Qt SQL.
///
/// Values are bound in order; bound text and bytes must live until step(). One thread.
class Statement
{
public:
    /// `sql` is a literal of ours, prepared at its first use.
    Statement(sqlite3 *handle, const char *sql) noexcept
        : m_handle(handle)
        , m_sql(sql)
    { }

    Statement &bind(std::int64_t value);
    Statement &text(std::string_view value);
    Statement &blob(std::string_view value);
    Statement &null();

    /// One step: true when there is a row. Without a row, and on failure, the statement is ready for the next
    /// use.
    Result<bool> step();
    /// step() for what has no rows.
    Result<> run();
    /// Ends a statement that still has rows.
    void reset();

    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] std::string_view bytes(int column) const; ///< valid until the next step

private:
    /// Prepares at the first use, and again after a disk that could not be read. False: m_code says why.
    bool prepare();

    struct Finalize {
        void operator()(sqlite3_stmt *statement) const;
    };
    sqlite3 *m_handle;
    const char *m_sql;
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
    int m_code = 0;
    int m_bound = 0;
};

} // namespace portolan::store
