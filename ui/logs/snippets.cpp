// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/snippets.h"

#include "core/base/text.h"
#include "core/trace/words.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

// Single quotes where they do; the $'...' form where the text holds a control character that a terminal would
// act on.
QString shellQuoted(const QString &value)
{
    const bool plain
        = std::ranges::none_of(value, [](QChar c) { return c.unicode() < 0x20 || c.unicode() == 0x7F; });
    if (plain)
        return u'\'' + QString(value).replace(u'\'', u"'\\''"_s) + u'\'';
    QString out = u"$'"_s;
    for (const QChar c : value) {
        if (c == u'\'' || c == u'\\')
            out += u'\\' + QString(c);
        else if (c == u'\n')
            out += u"\\n"_s;
        else if (c == u'\t')
            out += u"\\t"_s;
        else if (c.unicode() < 0x20 || c.unicode() == 0x7F)
            out += u"\\x%1"_s.arg(uint(c.unicode()), 2, 16, QChar(u'0'));
        else
            out += c;
    }
    return out + u'\'';
}

bool isMasked(const std::string &value)
{
    return value.find("***") != std::string::npos || value.find("[redacted]") != std::string::npos;
}

// Headers that decide where the request goes; what identifies a caller or was masked stays out.
bool belongsInSnippet(const std::string &name, const std::string &value)
{
    if (isMasked(value))
        return false;
    return equalsIgnoringCase(name, "content-type")
        || (startsWithIgnoringCase(name, "x-portkey-") && !equalsIgnoringCase(name, "x-portkey-api-key"));
}

QJsonObject pairsToJson(const trace::Pairs &pairs)
{
    QJsonObject out;
    for (const auto &[name, value] : pairs)
        out.insert(text(name), text(value));
    return out;
}

QJsonValue orNull(std::int64_t value)
{
    return value < 0 ? QJsonValue() : QJsonValue(qint64(value));
}

QJsonValue costToJson(trace::CostState state, NanoUsd cost)
{
    return state == trace::CostState::Unknown ? QJsonValue() : QJsonValue(qint64(cost.value));
}

QJsonValue usageToJson(UsageState state, const Usage &usage)
{
    if (state == UsageState::Unknown)
        return {};
    return QJsonObject{
        {u"input"_s, qint64(usage.input)},
        {u"output"_s, qint64(usage.output)},
        {u"cache_read"_s, qint64(usage.cache_read)},
        {u"reasoning"_s, qint64(usage.reasoning)},
        {u"estimated"_s, state == UsageState::Estimated},
    };
}

QJsonValue bodyToJson(const std::optional<trace::Body> &body)
{
    if (!body)
        return {};
    return QJsonObject{
        {u"content_type"_s, text(body->content_type)},
        {u"full_size"_s, qint64(body->full_size)},
        {u"text"_s, text(body->text)},
    };
}

QJsonObject attemptToJson(const trace::Attempt &attempt)
{
    return {
        {u"slug"_s, text(attempt.slug)},
        {u"provider"_s, text(attempt.provider)},
        {u"model"_s, text(attempt.model)},
        {u"host"_s, text(attempt.host)},
        {u"chosen_by"_s, text(attempt.chosen_by)},
        {u"then"_s, text(attempt.then)},
        {u"status"_s, attempt.status},
        {u"error_code"_s, text(attempt.error_code)},
        {u"error_message"_s, text(attempt.error_message)},
        {u"provider_request_id"_s, text(attempt.provider_request_id)},
        {u"reused_connection"_s, attempt.reused_connection},
        {u"start_us"_s, orNull(attempt.start_us)},
        {u"connected_us"_s, orNull(attempt.connected_us)},
        {u"tls_us"_s, orNull(attempt.tls_us)},
        {u"sent_us"_s, orNull(attempt.sent_us)},
        {u"head_us"_s, orNull(attempt.head_us)},
        {u"first_token_us"_s, orNull(attempt.first_token_us)},
        {u"end_us"_s, orNull(attempt.end_us)},
        {u"usage"_s, usageToJson(attempt.usage_state, attempt.usage)},
        {u"cost_nano_usd"_s, costToJson(attempt.cost_state, attempt.cost)},
        {u"request_headers"_s, pairsToJson(attempt.request_headers)},
        {u"response_headers"_s, pairsToJson(attempt.response_headers)},
    };
}

} // namespace

Result<QString> curlFor(const trace::Record &record, const QString &base_url)
{
    const bool needsBody = record.method != "GET" && record.method != "HEAD" && record.method != "DELETE";
    if (needsBody && (!record.request_body || record.request_body->isCut())) {
        return fail({
            .origin = Origin::Config,
            .code = "logs.body_missing",
            .message
            = "The request's body was not kept whole, so there is nothing to send again. Settings, Storage "
              "decides what is kept.",
        });
    }
    QUrl url(base_url);
    url.setPath(text(record.path));
    QString out = u"curl "_s + shellQuoted(url.toString(QUrl::FullyEncoded));
    if (record.method != "POST" || !needsBody)
        out += u" -X "_s + shellQuoted(text(record.method));
    out += u" \\\n  -H \"Authorization: Bearer $PORTOLAN_KEY\""_s;
    for (const auto &[name, value] : record.request_headers) {
        if (belongsInSnippet(name, value))
            out += u" \\\n  -H "_s + shellQuoted(text(name) + u": "_s + text(value));
    }
    // --data-raw: with --data a body that begins with '@' would be read as a file name.
    if (needsBody)
        out += u" \\\n  --data-raw "_s + shellQuoted(text(record.request_body->text));
    return out;
}

QByteArray recordToJson(const trace::Record &record)
{
    QJsonArray attempts;
    for (const trace::Attempt &attempt : record.attempts)
        attempts.append(attemptToJson(attempt));
    const QJsonObject json{
        {u"id"_s, QString::number(record.id.value)},
        {u"started_us"_s, qint64(record.started_us)},
        {u"outcome"_s, text(std::string(trace::toString(record.outcome)))},
        {u"status"_s, record.status},
        {u"error_code"_s, text(record.error_code)},
        {u"error_message"_s, text(record.error_message)},
        {u"client_key"_s, text(record.client_key_name)},
        {u"program"_s, text(record.program)},
        {u"method"_s, text(record.method)},
        {u"path"_s, text(record.path)},
        {u"endpoint"_s, text(record.endpoint)},
        {u"model_asked"_s, text(record.model_asked)},
        {u"model_served"_s, text(record.model_served)},
        {u"provider"_s, text(record.provider)},
        {u"slug"_s, text(record.slug)},
        {u"config"_s, text(record.config)},
        {u"stream"_s, record.stream},
        {u"finish_reason"_s, text(record.finish_reason)},
        {u"note"_s, text(record.note)},
        {u"queue_us"_s, orNull(record.queue_us)},
        {u"first_token_us"_s, orNull(record.first_token_us)},
        {u"total_us"_s, qint64(record.total_us)},
        {u"bytes_in"_s, qint64(record.bytes_in)},
        {u"bytes_out"_s, qint64(record.bytes_out)},
        {u"usage"_s, usageToJson(record.usage_state, record.usage)},
        {u"cost_nano_usd"_s, costToJson(record.cost_state, record.cost)},
        {u"price_version"_s, text(record.price_version)},
        {u"priced_as"_s, text(record.priced_as)},
        {u"trace_id"_s, text(record.trace_id)},
        {u"span_id"_s, text(record.span_id)},
        {u"metadata"_s, pairsToJson(record.metadata)},
        {u"request_headers"_s, pairsToJson(record.request_headers)},
        {u"response_headers"_s, pairsToJson(record.response_headers)},
        {u"request_body"_s, bodyToJson(record.request_body)},
        {u"response_body"_s, bodyToJson(record.response_body)},
        {u"attempts"_s, attempts},
    };
    return QJsonDocument(json).toJson();
}

} // namespace portolan::ui
