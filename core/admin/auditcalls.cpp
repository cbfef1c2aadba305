// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/auditcalls.h"

#include "core/admin/parts.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portolan::admin {

namespace {

using namespace Qt::StringLiterals;

constexpr std::size_t kMostPage = 100;

using Word = std::pair<std::string_view, std::string_view>; ///< Portkey's, ours
constexpr std::array kActions{Word{"Create", "create"}, Word{"Update", "update"}, Word{"Delete", "delete"},
                              Word{"Rotate", "rotate"}};
constexpr std::array kResources{Word{"integrations", "account"}, Word{"model catalog", "virtual key"},
                                Word{"models", "model"},         Word{"API keys", "client key"},
                                Word{"configs", "config"},       Word{"organisation", "settings"}};

template <std::size_t N>
std::string ours(const std::array<Word, N> &words, const std::string &given)
{
    const auto found = std::ranges::find(words, std::string_view(given), &Word::first);
    return found == words.end() ? given : std::string(found->second);
}

template <std::size_t N>
std::string portkeys(const std::array<Word, N> &words, const QString &word)
{
    const auto found = std::ranges::find(words, std::string_view(word.toStdString()), &Word::second);
    return found == words.end() ? word.toStdString() : std::string(found->first);
}

/// Microseconds; 0 when the query has no such time, nothing when it is none.
std::optional<qint64> queryTime(const std::string &query, std::string_view name)
{
    const auto value = queryText(query, name);
    if (value.empty())
        return 0;
    const auto at = QDateTime::fromString(text(value), Qt::ISODateWithMs);
    return at.isValid() ? std::optional(at.toMSecsSinceEpoch() * 1000) : std::nullopt;
}

void writeJson(JsonWriter &json, std::string_view name, const std::string &text)
{
    json.key(name);
    if (text.empty())
        json.null();
    else
        json.raw(text);
}

void write(JsonWriter &json, const control::AuditEntry &entry)
{
    json.object();
    json.member("id", std::to_string(entry.id)).member("timestamp", timeText(entry.at));
    writeText(json, "user_id", entry.actor.name);
    json.member("user_type", control::wordOf(entry.actor.kind).toStdString());
    json.member("action", portkeys(kActions, entry.action));
    json.member("resource_type", portkeys(kResources, entry.resource));
    json.member("resource_name", entry.name.toStdString());
    writeJson(json, "before", entry.before);
    writeJson(json, "after", entry.after);
    for (const std::string_view none : {"method", "uri", "request_id", "organisation_id", "workspace_id",
                                        "response_status_code", "client_ip", "country"})
        json.key(none).null();
    json.end();
}

} // namespace

void listAuditLogs(const Call &call)
{
    const auto &query = call.request->call.query;
    const auto from = queryTime(query, "start_time");
    const auto to = queryTime(query, "end_time");
    if (!from || !to)
        return call.answer.refuse(400, "admin.bad_value", "Write times like 2026-12-01T00:00:00Z.");
    const auto page = queryNumber(query, "current_page", 0);
    const auto size = queryNumber(query, "page_size", kMostPage);
    constexpr std::size_t kMostPages = 1'000'000;
    if (!page || !size || *size == 0 || *size > kMostPage || *page > kMostPages)
        return call.answer.refuse(400, "admin.bad_value",
                                  "current_page counts from 0, and page_size is 1 to 100.");
    control::AuditQuery wanted{.actor = text(queryText(query, "user_id")),
                               .resource = text(ours(kResources, queryText(query, "resource_type"))),
                               .action = text(ours(kActions, queryText(query, "action"))),
                               .fromUs = *from,
                               .toUs = *to,
                               .skip = int(*page * *size),
                               .limit = int(*size)};
    call.control.auditLog(std::move(wanted), [answer = call.answer](Result<control::AuditPage> found) {
        if (!found)
            return answer.refuse(found.error());
        std::string body;
        JsonWriter json(body);
        json.object().key("records").array();
        for (const auto &entry : found->entries)
            write(json, entry);
        json.end().member("total", found->total).member("object", "list").end();
        answer.send(std::move(body));
    });
}

} // namespace portolan::admin
