// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QSqlDatabase>

#include <filesystem>
#include <memory>

struct sqlite3;

namespace portolan::store {

enum class Access { Write, Read };

/// A connection of Qt SQL to the SQLite file with the defences of threat-model F5, and the handle under it.
/// This is the only place that opens a database: once for writing (threat-model I1), any number of times
/// read-only. Belongs to the thread that opened it; every query and statement on it must be gone before it
/// goes.
class Connection
{
public:
    static Result<std::unique_ptr<Connection>> open(const std::filesystem::path &file, Access access);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    [[nodiscard]] QSqlDatabase database() const { return QSqlDatabase::database(m_name, false); }
    [[nodiscard]] sqlite3 *handle() const noexcept { return m_handle; }
    /// Runs fixed SQL without parameters and rows: PRAGMA, BEGIN, COMMIT, schema steps.
    Result<> run(const char *sql) const;
    /// Copies the whole database into a new file (0600); the file appears only when it is complete.
    Result<> copyTo(const std::filesystem::path &target) const;
    /// Moves what can be moved from the WAL into the file, waiting for nobody. The writer's alone (I1).
    Result<> checkpoint() const;
    /// The same, and empties the WAL; "store.busy" while a reader still needs it.
    Result<> truncateWal() const;

private:
    explicit Connection(QString name);
    Result<> prepare(Access access);

    QString m_name;
    sqlite3 *m_handle = nullptr; // owned by the connection of Qt SQL
};

/// A failure of SQLite as a value: store.busy, store.disk_full, store.read_only, store.io, store.damaged or
/// store.failed. `code` is SQLite's own, plain or extended.
[[nodiscard]] Error failureOf(int code);

/// True when the failure lies in what was to be written, not in the disk or the file: trying again cannot
/// help.
[[nodiscard]] bool isRecordAtFault(const Error &error);

} // namespace portolan::store
