// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/changes.h"

#include "core/store/sql.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::store {

Result<ConfigId> SqlChanges::insertConfig(const ConfigRow &row)
{
    m_changed = true;
    Sql insert(m_connection.database(),
               u"INSERT INTO configs (slug, name, archived, created_us, updated_us, version)"
               " VALUES (?,?,?,?,?,?)"_s);
    insert.text(row.slug).text(row.name).bind(row.archived ? 1 : 0).bind(row.created_us);
    if (auto done = insert.bind(row.updated_us).bind(row.current.version).run(); !done)
        return fail(std::move(done).error());
    const ConfigId id{insert.insertedId()};
    if (auto done = insertVersion(id, row.current); !done)
        return fail(std::move(done).error());
    return id;
}

Result<> SqlChanges::updateConfig(const ConfigChange &change)
{
    m_changed = true;
    Sql time(m_connection.database(), u"UPDATE configs SET updated_us = ? WHERE id = ?"_s);
    if (auto done = time.bind(change.updated_us).bind(change.id.value).runOnOne(); !done)
        return done;
    if (change.name) {
        Sql name(m_connection.database(), u"UPDATE configs SET name = ? WHERE id = ?"_s);
        if (auto done = name.text(*change.name).bind(change.id.value).runOnOne(); !done)
            return done;
    }
    if (!change.archived)
        return {};
    Sql archived(m_connection.database(), u"UPDATE configs SET archived = ? WHERE id = ?"_s);
    return archived.bind(*change.archived ? 1 : 0).bind(change.id.value).runOnOne();
}

Result<int> SqlChanges::saveConfigVersion(ConfigId config, const ConfigVersionRow &row)
{
    Sql current(m_connection.database(),
                u"SELECT v.version, v.text FROM configs c JOIN config_versions v"
                " ON v.config = c.id AND v.version = c.version WHERE c.id = ?"_s);
    if (auto done = current.bind(config.value).run(); !done)
        return fail(std::move(done).error());
    if (!current.next()) {
        if (auto ended = current.ending(); !ended)
            return fail(std::move(ended).error());
        return fail({.origin = Origin::Client,
                     .code = "store.not_found",
                     .message = "This config is not there any more."});
    }
    const int before = int(current.number(0));
    if (current.textAt(1) == row.text)
        return before;

    m_changed = true;
    auto next = row;
    next.version = before + 1;
    if (auto done = insertVersion(config, next); !done)
        return fail(std::move(done).error());
    Sql update(m_connection.database(), u"UPDATE configs SET version = ?, updated_us = ? WHERE id = ?"_s);
    if (auto done = update.bind(next.version).bind(next.saved_us).bind(config.value).runOnOne(); !done)
        return fail(std::move(done).error());
    Sql forget(m_connection.database(), u"DELETE FROM config_versions WHERE config = ? AND version <= ?"_s);
    if (auto done = forget.bind(config.value).bind(next.version - kMostConfigVersions).run(); !done)
        return fail(std::move(done).error());
    return next.version;
}

Result<> SqlChanges::removeConfig(ConfigId id)
{
    if (auto unused = checkIsUnused(id); !unused)
        return unused;
    m_changed = true;
    Sql versions(m_connection.database(), u"DELETE FROM config_versions WHERE config = ?"_s);
    if (auto done = versions.bind(id.value).run(); !done)
        return done;
    Sql config(m_connection.database(), u"DELETE FROM configs WHERE id = ?"_s);
    return config.bind(id.value).runOnOne();
}

Result<> SqlChanges::insertVersion(ConfigId config, const ConfigVersionRow &row)
{
    Sql insert(m_connection.database(),
               u"INSERT INTO config_versions (config, version, text, note, author, saved_us)"
               " VALUES (?,?,?,?,?,?)"_s);
    insert.bind(config.value).bind(row.version).text(row.text).text(row.note);
    return insert.text(row.author).bind(row.saved_us).run();
}

// Checked here and not before, because only the writer sees all changes one after another.
Result<> SqlChanges::checkDefaultConfig(const ClientKeyRow &row)
{
    if (row.settings_json.empty())
        return {};
    Sql missing(m_connection.database(),
                u"WITH given (json) AS (SELECT ?), named (slug) AS (SELECT CASE WHEN json_valid(json) THEN"
                " json_extract(json, '$.default_config') END FROM given)"
                " SELECT 1 FROM named WHERE coalesce(slug, '') <> ''"
                " AND slug NOT IN (SELECT slug FROM configs)"_s);
    if (auto done = missing.text(row.settings_json).run(); !done)
        return done;
    if (missing.next())
        return fail({.origin = Origin::Client,
                     .code = "store.no_such_config",
                     .message = "The default config of this client key is not there any more; choose "
                                "another."});
    return missing.ending();
}

Result<> SqlChanges::checkIsUnused(ConfigId id)
{
    Sql users(m_connection.database(),
              u"SELECT k.name FROM client_keys k, configs c WHERE c.id = ? AND CASE WHEN"
              " json_valid(k.settings_json) THEN json_extract(k.settings_json, '$.default_config') END"
              " = c.slug ORDER BY k.id"_s);
    if (auto done = users.bind(id.value).run(); !done)
        return done;
    std::string names;
    while (users.next())
        names += (names.empty() ? "\"" : ", \"") + users.textAt(0) + '"';
    if (names.empty())
        return users.ending();
    return fail({.origin = Origin::Client,
                 .code = "store.config_in_use",
                 .message = "This config is the default of these client keys: " + names
                     + ". Give them another one first."});
}

} // namespace portolan::store
