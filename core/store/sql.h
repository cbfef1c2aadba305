// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QSqlQuery>

#include <cstdint>
#include <string>

namespace portolan::store {

/// A query of Qt SQL in terms of std types and Result, for everything but the writer's hot path. Parameters
/// are bound in order; text travels as UTF-8, and bytes as they are.
class Sql
{
public:
    Sql(const QSqlDatabase &database, const QString &sql);

    Sql &bind(std::int64_t value);
    Sql &bind(std::optional<std::int64_t> value); ///< nothing as NULL
    Sql &text(const std::string &value);
    Sql &blob(const std::string &value);

    Result<> run();
    /// run() for a change of one row by its id: "store.not_found" when there is none.
    Result<> runOnOne();
    /// The next row; false after the last, or when reading failed (see failure()).
    [[nodiscard]] bool next() { return m_query.next(); }
    /// How the rows ended.
    [[nodiscard]] Result<> ending() const;

    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] std::optional<std::int64_t> numberOrNull(int column) const;
    [[nodiscard]] std::string textAt(int column) const;
    [[nodiscard]] std::string blobAt(int column) const;
    [[nodiscard]] std::int64_t insertedId() const;

private:
    [[nodiscard]] Error failure() const;

    QSqlQuery m_query;
    bool m_isPrepared = false;
};

} // namespace portolan::store
