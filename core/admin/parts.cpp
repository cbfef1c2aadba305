// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/parts.h"

#include "core/gateway/modellist.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace portolan::admin {

std::unexpected<Error> bad(std::string message)
{
    return fail({.origin = Origin::Client, .code = "admin.bad_value", .message = std::move(message)});
}

Result<std::optional<std::string>> stringOf(const JsonValue &body, std::string_view name)
{
    const JsonValue value = body[name];
    if (!value)
        return std::nullopt;
    auto string = value.string();
    if (!string)
        return bad('"' + std::string(name) + "\" must be a string.");
    return string;
}

std::optional<std::size_t> queryNumber(const std::string &query, std::string_view name, std::size_t otherwise)
{
    const auto text = gateway::queryValue(query, name);
    if (!text)
        return otherwise;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size())
        return std::nullopt;
    return number;
}

std::string queryText(const std::string &query, std::string_view name)
{
    return gateway::queryValue(query, name).value_or(std::string());
}

std::optional<Page> pageOf(const std::string &query, std::size_t total)
{
    const auto page = queryNumber(query, "current_page", 0);
    const auto size = queryNumber(query, "page_size", std::numeric_limits<std::size_t>::max());
    if (!page || !size || *size == 0)
        return std::nullopt;
    if (*page > total / *size)
        return Page{};
    const auto first = *page * *size;
    return Page{.first = first, .count = std::min(*size, total - first)};
}

void refusePage(const Answer &answer)
{
    answer.refuse(400, "admin.bad_value", "current_page counts from 0, and page_size is 1 or more.");
}

Result<std::optional<QDateTime>> timeOf(const JsonValue &body, std::string_view name)
{
    const JsonValue value = body[name];
    if (!value.present())
        return std::nullopt;
    if (value.isNull())
        return QDateTime();
    const auto at = QDateTime::fromString(text(value.stringOr("")), Qt::ISODateWithMs).toUTC();
    if (!at.isValid())
        return bad('"' + std::string(name) + "\" must be a time like 2026-12-01T00:00:00Z.");
    return at;
}

Result<std::optional<QStringList>> listOf(const JsonValue &body, std::string_view name)
{
    const JsonValue value = body[name];
    if (!value.present())
        return std::nullopt;
    QStringList list;
    for (const JsonValue entry : value.elements()) {
        const auto string = entry.string();
        if (!string)
            return bad('"' + std::string(name) + "\" must be an array of strings.");
        list.append(text(*string));
    }
    if (value && !value.isArray())
        return bad('"' + std::string(name) + "\" must be an array of strings.");
    return list;
}

SharedSecret secretOf(const JsonValue &body, std::string_view name)
{
    auto clear = body[name].string();
    if (!clear || clear->empty())
        return nullptr;
    return std::make_shared<const SecretBytes>(SecretBytes::take(*clear));
}

std::string timeText(const QDateTime &at)
{
    return at.toUTC().toString(Qt::ISODateWithMs).toStdString();
}

void writeTime(JsonWriter &json, std::string_view name, const QDateTime &at)
{
    json.key(name);
    if (at.isValid())
        json.string(timeText(at));
    else
        json.null();
}

void writeText(JsonWriter &json, std::string_view name, const QString &text)
{
    json.key(name);
    if (text.isEmpty())
        json.null();
    else
        json.string(text.toStdString());
}

std::string_view statusWord(control::KeyState state)
{
    switch (state) {
    case control::KeyState::On: return "active";
    case control::KeyState::LimitReached: return "exhausted";
    case control::KeyState::Expired: return "expired";
    case control::KeyState::Off:
    case control::KeyState::AccountOff: break;
    }
    return "disabled";
}

control::Reply<> afterReset(control::Reply<> reply)
{
    return [reply = std::move(reply)](Result<> done) {
        reply(!done && done.error().code == "key.no_limits" ? Result<>() : std::move(done));
    };
}

control::Reply<> doneWith(Answer answer)
{
    return [answer = std::move(answer)](Result<> done) {
        if (done)
            answer.send(R"({"success":true,"data":{}})");
        else
            answer.refuse(done.error());
    };
}

} // namespace portolan::admin
