// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/catalog.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <memory>
#include <string>

/// A catalog of a few lines. The text lives beside it, because the catalog's views point into it.
struct SmallCatalog {
    std::string providers{};
    std::string models{};
    std::shared_ptr<const portolan::catalog::Catalog> catalog{};

    /// The lines without the heads of the files.
    SmallCatalog(const std::string &provider_lines, const std::string &model_lines)
        : providers("portolan-providers/1\tas_of=2026-08-21\tcount=1\n" + provider_lines)
        , models("portolan-models/1\tas_of=2026-08-21\tcount=1\n" + model_lines)
    {
        if (auto parsed = portolan::catalog::Catalog::parse(providers, models))
            catalog = *parsed;
    }
};

/// A table of cases in tests/data/catalog.
inline QJsonArray casesFrom(const char *name)
{
    QFile file(QStringLiteral(PORTOLAN_TEST_DATA "/catalog/") + QString::fromLatin1(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).array();
}

inline std::string text(const QJsonObject &object, const char *key)
{
    return object.value(QLatin1StringView(key)).toString().toStdString();
}
