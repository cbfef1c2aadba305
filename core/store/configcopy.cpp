// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/configcopy.h"

#include "core/store/files.h"
#include "core/store/schema.h"
#include "core/store/sql.h"

#include <array>
#include <string>

using namespace Qt::StringLiterals;

namespace portolan::store {

namespace {

// The journal stays in memory: the copy is thrown away unless it is complete.
constexpr const char *kWrite = R"(
    PRAGMA copy.journal_mode=MEMORY;
    PRAGMA copy.synchronous=OFF;
    BEGIN;
    CREATE TABLE copy.settings AS SELECT * FROM main.settings;
    CREATE TABLE copy.accounts AS SELECT * FROM main.accounts;
    CREATE TABLE copy.virtual_keys AS SELECT * FROM main.virtual_keys;
    CREATE TABLE copy.client_keys AS SELECT * FROM main.client_keys;
    CREATE TABLE copy.configs AS SELECT * FROM main.configs;
    CREATE TABLE copy.config_versions AS SELECT * FROM main.config_versions;
    CREATE TABLE copy.model_choices AS SELECT * FROM main.model_choices;
)";

struct Part {
    int since; ///< schema version
    const char *read;
};

// A copy may be older than the program: from the last run before an update. No step so far has changed a
// table that was there before, so the columns stand in the same order.
constexpr std::array kParts{
    Part{1, "INSERT INTO main.settings SELECT * FROM copy.settings;"},
    Part{1, "INSERT INTO main.accounts SELECT * FROM copy.accounts;"},
    Part{1, "INSERT INTO main.virtual_keys SELECT * FROM copy.virtual_keys;"},
    Part{1, "INSERT INTO main.client_keys SELECT * FROM copy.client_keys;"},
    Part{2, "INSERT INTO main.configs SELECT * FROM copy.configs;"},
    Part{2, "INSERT INTO main.config_versions SELECT * FROM copy.config_versions;"},
    Part{4, "INSERT INTO main.model_choices SELECT * FROM copy.model_choices;"},
};

// Keeps a database attached as "copy" for a block.
class Attached
{
public:
    Attached(const Connection &connection, const std::filesystem::path &file)
        : m_connection(connection)
        , m_done(Sql(connection.database(), u"ATTACH ? AS copy"_s).text(file.string()).run())
    { }
    Attached(const Attached &) = delete;
    Attached &operator=(const Attached &) = delete;
    ~Attached()
    {
        if (m_done)
            (void)m_connection.run("DETACH copy"); // nothing is open in it
    }
    [[nodiscard]] const Result<> &done() const noexcept { return m_done; }

private:
    const Connection &m_connection;
    Result<> m_done;
};

Result<> runOrRollBack(const Connection &connection, const char *sql)
{
    auto done = connection.run(sql);
    if (!done)
        (void)connection.run("ROLLBACK"); // fails when SQLite has rolled back by itself
    return done;
}

Result<> fill(const Connection &connection, const std::filesystem::path &draft)
{
    const Attached copy(connection, draft);
    if (!copy.done())
        return copy.done();
    // PRAGMA takes no bound parameters; the version is a number of ours.
    const auto sql
        = std::string(kWrite) + "PRAGMA copy.user_version=" + std::to_string(schemaVersion()) + "; COMMIT;";
    return runOrRollBack(connection, sql.c_str());
}

/// Its schema version; 0 when it is of no use.
int usableVersion(const Connection &connection)
{
    Sql version(connection.database(), u"PRAGMA copy.user_version"_s);
    if (!version.run() || !version.next() || version.number(0) < 1 || version.number(0) > schemaVersion())
        return 0;
    Sql check(connection.database(), u"PRAGMA copy.quick_check(1)"_s);
    const bool isSound = check.run() && check.next() && check.textAt(0) == "ok";
    return isSound ? int(version.number(0)) : 0;
}

} // namespace

Result<> saveConfigCopy(const Connection &connection, const std::filesystem::path &directory)
{
    const auto draft = directory / (std::string(kConfigCopy) + ".part");
    if (auto made = createPrivateFile(draft); !made)
        return made;
    if (auto filled = fill(connection, draft); !filled)
        return filled;
    return putInPlace(draft, directory / kConfigCopy);
}

Result<bool> restoreConfigCopy(const Connection &connection, const std::filesystem::path &directory)
{
    const auto file = directory / kConfigCopy;
    std::error_code ignored; // what cannot be looked at cannot be read either
    if (!std::filesystem::exists(file, ignored))
        return false;
    const Attached copy(connection, file);
    const int version = copy.done() ? usableVersion(connection) : 0;
    if (version == 0)
        return false;
    std::string read = "BEGIN IMMEDIATE;";
    for (const auto &part : kParts) {
        if (part.since <= version)
            read += part.read;
    }
    read += "COMMIT";
    if (auto done = runOrRollBack(connection, read.c_str()); !done)
        return fail(done.error());
    return true;
}

} // namespace portolan::store
