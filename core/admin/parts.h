// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/answer.h"
#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/base/secretbytes.h"
#include "core/control/types.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace portolan::admin {

// What the calls are made of.

[[nodiscard]] std::unexpected<Error> bad(std::string message);

[[nodiscard]] inline QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

/// A string of the body; nothing when it is absent or null.
[[nodiscard]] Result<std::optional<std::string>> stringOf(const JsonValue &body, std::string_view name);

/// A moment of the body, "2026-12-01T00:00:00Z": nothing when it is absent, invalid when it is null.
[[nodiscard]] Result<std::optional<QDateTime>> timeOf(const JsonValue &body, std::string_view name);
/// A list of strings of the body; nothing when it is absent, empty when it is null.
[[nodiscard]] Result<std::optional<QStringList>> listOf(const JsonValue &body, std::string_view name);
/// A credential of the body; null when it is absent or empty.
[[nodiscard]] SharedSecret secretOf(const JsonValue &body, std::string_view name);
[[nodiscard]] std::string timeText(const QDateTime &at); ///< ISO 8601, UTC
/// The same as JSON; null for none.
void writeTime(JsonWriter &json, std::string_view name, const QDateTime &at);
/// A text, or null for an empty one.
void writeText(JsonWriter &json, std::string_view name, const QString &text);
/// What Portkey calls it, and "disabled" for what is switched off.
[[nodiscard]] std::string_view statusWord(control::KeyState state);

/// A number of the query; `otherwise` when it is absent, nothing when it is none.
[[nodiscard]] std::optional<std::size_t> queryNumber(const std::string &query, std::string_view name,
                                                     std::size_t otherwise);

/// A text of the query; empty when it is absent.
[[nodiscard]] std::string queryText(const std::string &query, std::string_view name);

struct Page {
    std::size_t first = 0;
    std::size_t count = 0;
};

/// `current_page` counts from 0; without `page_size` all is one page.
[[nodiscard]] std::optional<Page> pageOf(const std::string &query, std::size_t total);
void refusePage(const Answer &answer);

/// {"object":"list","total":...,"data":[...]} of the page that the query asks for; `write` writes one.
template <typename Items, typename Write>
void sendList(const Answer &answer, const std::string &query, const Items &items, Write write)
{
    const auto page = pageOf(query, items.size());
    if (!page)
        return refusePage(answer);
    std::string body;
    JsonWriter json(body);
    json.object().member("success", true).member("object", "list").member("total", items.size());
    json.key("data").array();
    for (const auto &item : std::span(items).subspan(page->first, page->count))
        write(json, item);
    json.end().end();
    answer.send(std::move(body));
}

/// A reset of what a key has used, after which a key without limits is as it should be.
[[nodiscard]] control::Reply<> afterReset(control::Reply<> reply);

/// Answers with success and nothing more, or refuses.
[[nodiscard]] control::Reply<> doneWith(Answer answer);

} // namespace portolan::admin
