// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/schema.h"

#include <QSqlError>
#include <QSqlQuery>
#include <QVariant>

#include <string>

using namespace Qt::StringLiterals;

namespace portolan::store {

namespace {

Result<> runStep(const Connection &connection, const Migration &step)
{
    if (auto begun = connection.run("BEGIN IMMEDIATE"); !begun)
        return begun;
    const auto runAll = [&]() -> Result<> {
        for (const char *statement : step.statements) {
            if (auto done = connection.run(statement); !done)
                return done;
        }
        // PRAGMA takes no bound parameters; both values are numbers of ours.
        const auto marks = "PRAGMA user_version=" + std::to_string(step.version)
            + ";PRAGMA application_id=" + std::to_string(kApplicationId) + ";COMMIT";
        return connection.run(marks.c_str());
    };
    auto done = runAll();
    if (!done)
        (void)connection.run("ROLLBACK"); // fails when SQLite has rolled back by itself
    return done;
}

} // namespace

Result<int> storedVersion(const Connection &connection)
{
    QSqlQuery query(connection.database());
    if (!query.exec(u"PRAGMA user_version"_s) || !query.next())
        return fail(failureOf(query.lastError().nativeErrorCode().toInt()));
    return query.value(0).toInt();
}

Result<> migrate(const Connection &connection, const std::filesystem::path &file,
                 std::span<const Migration> steps)
{
    const auto stored = storedVersion(connection);
    if (!stored)
        return fail(stored.error());
    if (!steps.empty() && *stored > steps.back().version)
        return fail({.code = "store.newer_schema",
                     .message = "The log database was written by a newer Portolan (schema "
                         + std::to_string(*stored) + "); start that version, or name another data directory.",
                     .where = file.string()});
    int version = *stored;
    for (const auto &step : steps) {
        if (step.version <= version)
            continue;
        if (version > 0) {
            auto backup = file;
            backup += ".v" + std::to_string(version) + ".bak";
            if (auto copied = connection.copyTo(backup); !copied)
                return copied;
        }
        if (auto done = runStep(connection, step); !done)
            return done;
        version = step.version;
    }
    return {};
}

} // namespace portolan::store
