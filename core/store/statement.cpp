// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/statement.h"

#include "core/store/connection.h"

#include <sqlite3.h>

namespace portolan::store {

namespace {

// SQLite takes a null pointer for NULL; an empty view may hold one.
const char *dataOf(std::string_view value)
{
    return value.data() ? value.data() : "";
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

bool Statement::prepare()
{
    if (!m_statement && m_code == SQLITE_OK) {
        sqlite3_stmt *statement = nullptr;
        m_code = sqlite3_prepare_v3(m_handle, m_sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        m_statement.reset(statement);
    }
    return m_code == SQLITE_OK;
}

Statement &Statement::bind(std::int64_t value)
{
    if (prepare())
        m_code = sqlite3_bind_int64(m_statement.get(), ++m_bound, value);
    return *this;
}

Statement &Statement::text(std::string_view value)
{
    if (prepare())
        m_code = sqlite3_bind_text64(m_statement.get(), ++m_bound, dataOf(value), value.size(), SQLITE_STATIC,
                                     SQLITE_UTF8);
    return *this;
}

Statement &Statement::blob(std::string_view value)
{
    if (prepare())
        m_code
            = sqlite3_bind_blob64(m_statement.get(), ++m_bound, dataOf(value), value.size(), SQLITE_STATIC);
    return *this;
}

Statement &Statement::null()
{
    if (prepare())
        m_code = sqlite3_bind_null(m_statement.get(), ++m_bound);
    return *this;
}

Result<bool> Statement::step()
{
    const int code = prepare() ? sqlite3_step(m_statement.get()) : m_code;
    if (code == SQLITE_ROW)
        return true;
    reset();
    if (code != SQLITE_DONE)
        return fail(failureOf(code));
    return false;
}

Result<> Statement::run()
{
    const auto row = step();
    if (!row)
        return fail(row.error());
    if (*row)
        reset();
    return {};
}

void Statement::reset()
{
    if (m_statement)
        sqlite3_reset(m_statement.get());
    m_bound = 0;
    m_code = SQLITE_OK;
}

std::int64_t Statement::number(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

std::string_view Statement::bytes(int column) const
{
    const auto *data = static_cast<const char *>(sqlite3_column_blob(m_statement.get(), column));
    const int size = sqlite3_column_bytes(m_statement.get(), column);
    return data ? std::string_view(data, std::size_t(size)) : std::string_view();
}

} // namespace portolan::store
