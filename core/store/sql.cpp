// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sql.h"

#include "core/store/connection.h"

#include <QSqlError>
#include <QVariant>

namespace portolan::store {

Sql::Sql(const QSqlDatabase &database, const QString &sql)
    : m_query(database)
{
    m_query.setForwardOnly(true);
    m_isPrepared = m_query.prepare(sql);
}

Sql &Sql::bind(std::int64_t value)
{
    m_query.addBindValue(qlonglong(value));
    return *this;
}

Sql &Sql::bind(std::optional<std::int64_t> value)
{
    if (value)
        return bind(*value);
    m_query.addBindValue(QVariant(QMetaType::fromType<qlonglong>()));
    return *this;
}

Sql &Sql::text(const std::string &value)
{
    // A null QString would be bound as NULL.
    m_query.addBindValue(value.empty() ? QString(QLatin1String("")) : QString::fromStdString(value));
    return *this;
}

Sql &Sql::blob(const std::string &value)
{
    m_query.addBindValue(QByteArray(value.data(), qsizetype(value.size())));
    return *this;
}

Result<> Sql::run()
{
    if (!m_isPrepared || !m_query.exec())
        return fail(failure());
    return {};
}

Result<> Sql::runOnOne()
{
    if (auto done = run(); !done)
        return done;
    if (m_query.numRowsAffected() == 0)
        return fail(
            {.code = "store.not_found", .message = "It is not there any more; reload and try again."});
    return {};
}

Result<> Sql::ending() const
{
    if (m_query.lastError().isValid())
        return fail(failure());
    return {};
}

std::int64_t Sql::number(int column) const
{
    return m_query.value(column).toLongLong();
}

std::optional<std::int64_t> Sql::numberOrNull(int column) const
{
    return m_query.isNull(column) ? std::nullopt : std::optional(number(column));
}

std::string Sql::textAt(int column) const
{
    return m_query.value(column).toString().toStdString();
}

std::string Sql::blobAt(int column) const
{
    return m_query.value(column).toByteArray().toStdString();
}

std::int64_t Sql::insertedId() const
{
    return m_query.lastInsertId().toLongLong();
}

Error Sql::failure() const
{
    return failureOf(m_query.lastError().nativeErrorCode().toInt());
}

} // namespace portolan::store
