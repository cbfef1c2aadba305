// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/auditcommand.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>
#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

QJsonValue parsed(const std::string &json)
{
    if (json.empty())
        return QJsonValue::Null;
    return QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
}

QJsonObject toJson(const AuditEntry &entry)
{
    return {
        {u"id"_s, entry.id},
        {u"time"_s, entry.at.toUTC().toString(Qt::ISODateWithMs)},
        {u"by"_s, entry.actor.name.isEmpty() ? wordOf(entry.actor.kind) : entry.actor.name},
        {u"way"_s, wordOf(entry.actor.kind)},
        {u"action"_s, entry.action},
        {u"resource"_s, entry.resource},
        {u"name"_s, entry.name},
        {u"before"_s, parsed(entry.before)},
        {u"after"_s, parsed(entry.after)},
    };
}

} // namespace

void auditList(Control &control, const Command &command, const Answer &answer)
{
    AuditQuery query;
    query.limit = std::clamp(command.arguments.value(u"limit").toInt(50), 1, 10'000);
    query.actor = command.arguments.value(u"by").toString();
    query.resource = command.arguments.value(u"resource").toString();
    query.action = command.arguments.value(u"action").toString();
    control.auditLog(std::move(query), [answer](Result<AuditPage> page) {
        if (!page)
            return answer(fail(std::move(page).error()));
        QJsonArray changes;
        for (const auto &entry : page->entries)
            changes.append(toJson(entry));
        answer(valueOf({{u"changes"_s, changes}, {u"total"_s, page->total}}));
    });
}

} // namespace portolan::control
