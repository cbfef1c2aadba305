// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/opening.h"

#include "core/store/configcopy.h"
#include "core/store/files.h"
#include "core/store/schema.h"
#include "core/store/sql.h"

#include <array>
#include <fstream>
#include <string_view>
#include <utility>

using namespace Qt::StringLiterals;

namespace fs = std::filesystem;

namespace portolan::store {

namespace {

constexpr std::uintmax_t kCheckedWhole = 16U << 20; // quick_check reads some 300 MB/s
constexpr std::string_view kMagic("SQLite format 3\0", 16);

std::uintmax_t sizeOf(const fs::path &file)
{
    std::error_code error;
    const auto size = fs::file_size(file, error);
    return error ? 0 : size;
}

// Before SQLite has the file open: closing it would drop SQLite's locks.
bool hasGoodHeader(const fs::path &file)
{
    std::ifstream in(file, std::ios::binary);
    std::array<char, 100> head{};
    if (!in.read(head.data(), head.size()) || std::string_view(head.data(), kMagic.size()) != kMagic)
        return false;
    const auto pageSize = (std::uint32_t(std::uint8_t(head[16])) << 8) | std::uint8_t(head[17]);
    return pageSize == 1 || (pageSize >= 512 && (pageSize & (pageSize - 1)) == 0);
}

std::unexpected<Error> damaged(const fs::path &file)
{
    return fail({.code = "store.damaged", .message = "The log database is damaged.", .where = file.string()});
}

Result<std::int64_t> pragma(const Connection &connection, const QString &sql)
{
    Sql query(connection.database(), sql);
    if (auto done = query.run(); !done)
        return fail(done.error());
    return query.next() ? query.number(0) : 0;
}

Result<> checkWhole(const Connection &connection, const fs::path &file)
{
    Sql check(connection.database(), u"PRAGMA quick_check(1)"_s);
    if (auto done = check.run(); !done)
        return done;
    if (!check.next() || check.textAt(0) != "ok")
        return damaged(file);
    return {};
}

// Reads the root, the left and the right edge of each table that the writer works on.
Result<> checkEdges(const Connection &connection)
{
    // min and max in one SELECT would read the whole table.
    constexpr std::array kEdges{
        "SELECT min(id) FROM requests; SELECT max(id) FROM requests",
        "SELECT min(id) FROM request_details; SELECT max(id) FROM request_details",
        "SELECT min(id) FROM attempts; SELECT max(id) FROM attempts",
        "SELECT min(id) FROM bodies; SELECT max(id) FROM bodies",
        "SELECT min(rowid) FROM rollups; SELECT max(rowid) FROM rollups",
        "SELECT min(rowid) FROM model_rollups; SELECT max(rowid) FROM model_rollups",
        "SELECT count(*) FROM settings",
        "SELECT count(*) FROM accounts",
        "SELECT count(*) FROM account_models",
        "SELECT count(*) FROM model_choices",
        "SELECT count(*) FROM virtual_keys",
        "SELECT count(*) FROM client_keys",
        "SELECT count(*) FROM configs",
        "SELECT count(*) FROM config_versions",
        "SELECT count(*) FROM counters",
        "SELECT count(*) FROM key_spend",
        "SELECT count(*) FROM key_windows",
        "SELECT count(*) FROM running_requests",
        "SELECT count(*) FROM running_charges",
    };
    for (const char *edge : kEdges) {
        if (auto done = connection.run(edge); !done)
            return done;
    }
    return {};
}

Result<> check(const Connection &connection, const fs::path &file, bool wasLeftOpen)
{
    const auto id = pragma(connection, u"PRAGMA application_id"_s);
    if (!id)
        return fail(id.error());
    const auto version = storedVersion(connection);
    if (!version)
        return fail(version.error());
    const auto tables = pragma(connection, u"SELECT count(*) FROM sqlite_schema"_s);
    if (!tables)
        return fail(tables.error());
    if (*tables == 0 && *version == 0)
        return {}; // empty: this program died before its first commit, or the owner made the file
    if (*id != kApplicationId || *version == 0)
        return damaged(file);
    if (*version > schemaVersion())
        return {}; // migrate() refuses it, untouched
    if (wasLeftOpen && sizeOf(file) <= kCheckedWhole)
        return checkWhole(connection, file);
    return *version == schemaVersion() ? checkEdges(connection) : Result<>();
}

Result<std::unique_ptr<Connection>> openChecked(const fs::path &file)
{
    const bool isThere = sizeOf(file) > 0;
    if (isThere && !hasGoodHeader(file))
        return damaged(file);
    // A clean end removes the WAL.
    const bool wasLeftOpen = sizeOf(file.string() + "-wal") > 0;
    if (!isThere) {
        if (auto made = createPrivateFile(file); !made)
            return fail(made.error());
    }
    auto connection = Connection::open(file, Access::Write);
    if (!connection)
        return connection;
    if (isThere) {
        auto checked = check(**connection, file, wasLeftOpen);
        if (!checked && checked.error().code == "store.failed")
            return damaged(file); // a format or tables that are not ours
        if (!checked)
            return fail(checked.error());
    }
    const auto version = storedVersion(**connection);
    if (!version)
        return fail(version.error());
    if (*version <= schemaVersion()) {
        // auto_vacuum counts only before the first table; journal_mode stays with the file.
        const char *settings
            = "PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
              "PRAGMA secure_delete=ON; PRAGMA journal_size_limit=67108864; PRAGMA foreign_keys=ON;"
              "PRAGMA cache_size=-8192";
        if (auto done = (*connection)->run(settings); !done)
            return fail(done.error());
    }
    if (auto done = migrate(**connection, file, migrations()); !done)
        return fail(done.error());
    return connection;
}

Result<Opened> openFresh(const fs::path &directory, std::string setAside)
{
    auto connection = openChecked(databaseFile(directory));
    if (!connection)
        return fail(connection.error());
    auto restored = restoreConfigCopy(**connection, directory);
    if (!restored)
        return fail(restored.error());
    return Opened{std::move(*connection), std::move(setAside), *restored};
}

} // namespace

fs::path databaseFile(const fs::path &directory)
{
    return directory / "portolan.db";
}

Result<Opened> openDatabase(const fs::path &directory)
{
    const auto file = databaseFile(directory);
    if (sizeOf(file) == 0 && sizeOf(file.string() + "-wal") == 0)
        return openFresh(directory, {});
    auto connection = openChecked(file);
    if (connection)
        return Opened{.connection = std::move(*connection)};
    if (connection.error().code != "store.damaged")
        return fail(connection.error());
    return replaceDatabase(directory);
}

Result<Opened> replaceDatabase(const fs::path &directory)
{
    const auto moved = setAside(databaseFile(directory));
    if (!moved)
        return fail(moved.error());
    return openFresh(directory, moved->string());
}

} // namespace portolan::store
