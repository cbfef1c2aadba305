// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/catalog.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

/// A catalog of a few lines. The text lives beside it, because the catalog's views point into it.
struct SmallCatalog {
    std::string providers{};
    std::string models{};
    std::shared_ptr<const portolan::catalog::Catalog> catalog{};

    /// The lines of both files without their heads. A line of models that begins with '[' names the provider.
    SmallCatalog(const std::vector<std::string> &provider_lines, const std::vector<std::string> &model_lines)
        : providers(fileOf("portolan-providers/1", provider_lines))
        , models(fileOf("portolan-models/1", model_lines))
    {
        if (auto parsed = portolan::catalog::Catalog::parse(providers, models))
            catalog = *parsed;
    }

private:
    static std::string fileOf(const std::string &form, const std::vector<std::string> &lines)
    {
        const auto is_fact = [](const std::string &line) { return !line.starts_with('['); };
        std::string file
            = form + "\tas_of=2026-08-21\tcount=" + std::to_string(std::ranges::count_if(lines, is_fact));
        for (const auto &line : lines)
            file += '\n' + line;
        return file + '\n';
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

/// For QCOMPARE, which takes any toString that it finds for its own.
inline std::string wordOf(portolan::catalog::Match match)
{
    return std::string(toString(match));
}
