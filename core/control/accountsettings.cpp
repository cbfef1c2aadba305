// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/accountsettings.h"

#include "core/base/jsonreader.h"
#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"

namespace portolan::control {

std::string toStored(const catalog::AccountSettings &settings)
{
    std::string json;
    if (settings.empty())
        return json;
    JsonWriter writer(json);
    writer.object();
    for (const auto &[name, value] : settings)
        writer.member(name, value);
    writer.end();
    return json;
}

catalog::AccountSettings settingsFromStored(std::string_view json)
{
    catalog::AccountSettings settings;
    if (json.empty())
        return settings;
    const auto document = JsonDocument::parse(std::string(json));
    if (!document)
        return settings;
    for (const JsonValue member : JsonValue(*document).members()) {
        if (auto value = member.string(); value && !value->empty())
            settings.insert_or_assign(member.key(), *std::move(value));
    }
    return settings;
}

QMap<QString, QString> toMap(const catalog::AccountSettings &settings)
{
    QMap<QString, QString> map;
    for (const auto &[name, value] : settings)
        map.insert(QString::fromStdString(name), QString::fromStdString(value));
    return map;
}

catalog::AccountSettings fromMap(const QMap<QString, QString> &map)
{
    catalog::AccountSettings settings;
    for (auto it = map.begin(); it != map.end(); ++it) {
        if (auto value = it.value().trimmed().toStdString(); !value.empty())
            settings.insert_or_assign(it.key().toStdString(), std::move(value));
    }
    return settings;
}

} // namespace portolan::control
