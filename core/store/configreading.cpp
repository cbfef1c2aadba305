// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/reader.h"

#include "core/store/sql.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::store {

Result<std::vector<ConfigRow>> SqlReader::configs()
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql rows(*database,
             u"SELECT c.id, c.slug, c.name, c.archived, c.created_us, c.updated_us, v.version, v.text,"
             " v.note, v.author, v.saved_us FROM configs c JOIN config_versions v"
             " ON v.config = c.id AND v.version = c.version ORDER BY c.id"_s);
    if (auto done = rows.run(); !done)
        return fail(std::move(done).error());
    std::vector<ConfigRow> configs;
    while (rows.next()) {
        configs.push_back({
            .id = {rows.number(0)},
            .slug = rows.textAt(1),
            .name = rows.textAt(2),
            .archived = rows.number(3) != 0,
            .created_us = rows.number(4),
            .updated_us = rows.number(5),
            .current = {.version = int(rows.number(6)),
                        .text = rows.textAt(7),
                        .note = rows.textAt(8),
                        .author = rows.textAt(9),
                        .saved_us = rows.number(10)},
        });
    }
    if (auto ended = rows.ending(); !ended)
        return fail(std::move(ended).error());
    return configs;
}

Result<std::vector<ConfigVersionRow>> SqlReader::configVersions(ConfigId config)
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql rows(*database,
             u"SELECT version, note, author, saved_us FROM config_versions WHERE config = ?"
             " ORDER BY version DESC"_s);
    if (auto done = rows.bind(config.value).run(); !done)
        return fail(std::move(done).error());
    std::vector<ConfigVersionRow> versions;
    while (rows.next()) {
        versions.push_back({.version = int(rows.number(0)),
                            .note = rows.textAt(1),
                            .author = rows.textAt(2),
                            .saved_us = rows.number(3)});
    }
    if (auto ended = rows.ending(); !ended)
        return fail(std::move(ended).error());
    return versions;
}

Result<std::optional<ConfigVersionRow>> SqlReader::configVersion(ConfigId config, int version)
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    Sql row(*database,
            u"SELECT version, text, note, author, saved_us FROM config_versions"
            " WHERE config = ? AND version = ?"_s);
    if (auto done = row.bind(config.value).bind(version).run(); !done)
        return fail(std::move(done).error());
    if (!row.next()) {
        if (auto ended = row.ending(); !ended)
            return fail(std::move(ended).error());
        return std::nullopt;
    }
    return ConfigVersionRow{.version = int(row.number(0)),
                            .text = row.textAt(1),
                            .note = row.textAt(2),
                            .author = row.textAt(3),
                            .saved_us = row.number(4)};
}

} // namespace portolan::store
