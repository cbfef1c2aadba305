// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/connection.h"

#include "core/store/files.h"

#include <QSqlDriver>
#include <QSqlError>
#include <QVariant>

#include <sqlite3.h>

#include <array>
#include <atomic>
#include <cstring>
#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::store {

namespace {

QString freshName()
{
    static std::atomic<int> count{0};
    return u"portolan-store-%1"_s.arg(++count);
}

sqlite3 *handleOf(const QSqlDatabase &database)
{
    const QVariant handle = database.driver()->handle();
    if (!handle.isValid() || std::strcmp(handle.typeName(), "sqlite3*") != 0)
        return nullptr;
    return *static_cast<sqlite3 *const *>(handle.constData());
}

void lowerLimits(sqlite3 *handle, Access access)
{
    constexpr std::array limits{
        std::pair{SQLITE_LIMIT_LENGTH, 128 << 20},    std::pair{SQLITE_LIMIT_SQL_LENGTH, 32 << 10},
        std::pair{SQLITE_LIMIT_COLUMN, 100},          std::pair{SQLITE_LIMIT_EXPR_DEPTH, 50},
        std::pair{SQLITE_LIMIT_COMPOUND_SELECT, 8},   std::pair{SQLITE_LIMIT_VDBE_OP, 25'000},
        std::pair{SQLITE_LIMIT_FUNCTION_ARG, 8},      std::pair{SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1'000},
        std::pair{SQLITE_LIMIT_VARIABLE_NUMBER, 100}, std::pair{SQLITE_LIMIT_TRIGGER_DEPTH, 1},
        std::pair{SQLITE_LIMIT_WORKER_THREADS, 0},
    };
    for (const auto &[limit, value] : limits)
        sqlite3_limit(handle, limit, value);
    // The writer attaches the copy of keys and settings (configcopy.h).
    sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, access == Access::Write ? 1 : 0);
}

} // namespace

Connection::Connection(QString name)
    : m_name(std::move(name))
{ }

Connection::~Connection()
{
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path &file, Access access)
{
    std::unique_ptr<Connection> connection(new Connection(freshName()));
    auto database = QSqlDatabase::addDatabase(u"QSQLITE"_s, connection->m_name);
    if (!database.isValid())
        return fail({.code = "store.no_driver",
                     .message = "Qt's SQLite driver is missing: install the package libqt6sql6-sqlite."});
    database.setDatabaseName(QString::fromStdString(file.string()));
    // The writer never waits inside SQLite: it has a queue to keep and tries again by itself.
    database.setConnectOptions(access == Access::Write ? u"QSQLITE_BUSY_TIMEOUT=0"_s
                                                       : u"QSQLITE_OPEN_READONLY;QSQLITE_BUSY_TIMEOUT=250"_s);
    if (!database.open()) {
        auto error = failureOf(database.lastError().nativeErrorCode().toInt());
        error.where = file.string();
        return fail(std::move(error));
    }
    connection->m_handle = handleOf(database);
    if (!connection->m_handle)
        return fail({.code = "store.no_driver", .message = "Qt's SQL driver gives no SQLite handle."});
    if (auto prepared = connection->prepare(access); !prepared) {
        prepared.error().where = file.string();
        return fail(std::move(prepared.error()));
    }
    return connection;
}

Result<> Connection::prepare(Access access)
{
    sqlite3_extended_result_codes(m_handle, 1);
    // Before the schema is read: what stands in a foreign file must not run.
    constexpr std::array switches{
        std::pair{SQLITE_DBCONFIG_DEFENSIVE, 1},
        std::pair{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
        std::pair{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
        std::pair{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
        std::pair{SQLITE_DBCONFIG_DQS_DDL, 0},
        std::pair{SQLITE_DBCONFIG_DQS_DML, 0},
        std::pair{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    for (const auto &[option, value] : switches) {
        if (const int code = sqlite3_db_config(m_handle, option, value, nullptr); code != SQLITE_OK)
            return fail(failureOf(code));
    }
    lowerLimits(m_handle, access);

    // Neither kind of connection checkpoints by itself: the writer does, when it is idle (I1).
    const char *settings = "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;"
                           "PRAGMA wal_autocheckpoint=0";
    if (auto done = run(settings); !done)
        return done;
    if (access == Access::Read)
        sqlite3_db_config(m_handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return {};
}

Result<> Connection::run(const char *sql) const
{
    const int code = sqlite3_exec(m_handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail(failureOf(code));
    return {};
}

Result<> Connection::copyTo(const std::filesystem::path &target) const
{
    auto draft = target;
    draft += ".part";
    if (auto made = createPrivateFile(draft); !made)
        return made;

    sqlite3 *copy = nullptr;
    int code = sqlite3_open_v2(draft.c_str(), &copy, SQLITE_OPEN_READWRITE, nullptr);
    if (code == SQLITE_OK) {
        sqlite3_backup *backup = sqlite3_backup_init(copy, "main", m_handle, "main");
        if (backup) {
            sqlite3_backup_step(backup, -1);
            code = sqlite3_backup_finish(backup);
        } else {
            code = sqlite3_errcode(copy);
        }
    }
    sqlite3_close(copy);
    if (code != SQLITE_OK)
        return fail(failureOf(code));
    return putInPlace(draft, target);
}

Result<> Connection::checkpoint() const
{
    const int code = sqlite3_wal_checkpoint_v2(m_handle, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail(failureOf(code));
    return {};
}

Result<> Connection::truncateWal() const
{
    const int code
        = sqlite3_wal_checkpoint_v2(m_handle, "main", SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail(failureOf(code));
    return {};
}

Error failureOf(int code)
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {.code = "store.busy",
                .message = "Another program holds the log database; close it and this goes on by itself.",
                .retryable = true};
    case SQLITE_FULL:
        return {.code = "store.disk_full",
                .message
                = "The disk that holds the log database is full; free some space and this goes on by itself.",
                .retryable = true};
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
        return {.code = "store.read_only",
                .message = "The log database cannot be written; check the permissions of its directory.",
                .retryable = true};
    case SQLITE_IOERR:
        return {.code = "store.io",
                .message
                = "The disk reports an error for the log database; check the disk and its free space.",
                .retryable = true};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
        return {.code = "store.damaged",
                .message = "The log database is damaged; it is set aside and a new one is begun."};
    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
        return {.code = "store.rejected",
                .message = "The database does not take this record; report it as a fault."};
    case SQLITE_INTERRUPT:
        return {
            .code = "store.interrupted", .message = "The query was cancelled; ask again.", .retryable = true};
    default:
        return {.code = "store.failed",
                .message = "SQLite failed with code " + std::to_string(code) + "; report it as a fault."};
    }
}

bool isRecordAtFault(const Error &error)
{
    return error.code == "store.rejected";
}

} // namespace portolan::store
