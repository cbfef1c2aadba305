// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/changes.h"
#include "core/store/reader.h"
#include "core/store/sql.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::store {

namespace {

// Each condition lets everything through when its parameter is empty, so that the text is one literal.
constexpr QStringView kWhere
    = u" WHERE (? = '' OR actor = ? OR actor_kind = ?) AND (? = '' OR resource = ?)"
      " AND (? = '' OR action = ?) AND (? = 0 OR at_us >= ?) AND (? = 0 OR at_us < ?)";

void bind(Sql &sql, const AuditFilter &filter)
{
    sql.text(filter.actor).text(filter.actor).text(filter.actor);
    sql.text(filter.resource).text(filter.resource).text(filter.action).text(filter.action);
    sql.bind(filter.from_us).bind(filter.from_us).bind(filter.to_us).bind(filter.to_us);
}

} // namespace

Result<> SqlChanges::addAudit(const AuditRow &row)
{
    Sql insert(m_connection.database(),
               u"INSERT INTO audit (at_us, actor_kind, actor, action, resource, name, before, after)"
               " VALUES (?,?,?,?,?,?,?,?)"_s);
    insert.bind(row.at_us).text(row.actor_kind).text(row.actor).text(row.action).text(row.resource);
    if (auto done = insert.text(row.name).text(row.before).text(row.after).run(); !done)
        return done;
    Sql forget(m_connection.database(), u"DELETE FROM audit WHERE id <= ?"_s);
    return forget.bind(insert.insertedId() - kMostAuditRows).run();
}

Result<std::vector<AuditRow>> SqlReader::audit(const AuditFilter &filter)
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    auto sql = u"SELECT id, at_us, actor_kind, actor, action, resource, name, before, after FROM audit"_s;
    sql.append(kWhere).append(u" AND (? = 0 OR id < ?) ORDER BY id DESC LIMIT ? OFFSET ?"_s);
    Sql rows(*database, sql);
    bind(rows, filter);
    rows.bind(filter.before).bind(filter.before).bind(filter.limit).bind(filter.skip);
    if (auto done = rows.run(); !done)
        return fail(std::move(done).error());
    std::vector<AuditRow> entries;
    while (rows.next()) {
        entries.push_back({.id = rows.number(0),
                           .at_us = rows.number(1),
                           .actor_kind = rows.textAt(2),
                           .actor = rows.textAt(3),
                           .action = rows.textAt(4),
                           .resource = rows.textAt(5),
                           .name = rows.textAt(6),
                           .before = rows.textAt(7),
                           .after = rows.textAt(8)});
    }
    if (auto ended = rows.ending(); !ended)
        return fail(std::move(ended).error());
    return entries;
}

Result<std::int64_t> SqlReader::auditCount(const AuditFilter &filter)
{
    const auto database = this->database();
    if (!database)
        return fail(database.error());
    auto sql = u"SELECT count(*) FROM audit"_s;
    Sql row(*database, sql.append(kWhere));
    bind(row, filter);
    if (auto done = row.run(); !done)
        return fail(std::move(done).error());
    return row.next() ? row.number(0) : 0;
}

} // namespace portolan::store
