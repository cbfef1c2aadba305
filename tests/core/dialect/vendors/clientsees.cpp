// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/vendors/clientsees.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <vector>

using namespace Qt::StringLiterals;
using portolan::dialect::Dialect;

namespace vendors {
namespace {

struct Event {
    QByteArray name{};
    QByteArray data{};

    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(data).object(); }
};

/// Nothing when the bytes are no whole events.
bool readEvents(std::string_view bytes, std::vector<Event> &events)
{
    const QByteArray text(bytes.data(), qsizetype(bytes.size()));
    if (!text.isEmpty() && !text.endsWith("\n\n"))
        return false;
    for (const QByteArray &block : text.split('\n')) {
        if (block.startsWith("event: "))
            events.push_back({.name = block.mid(7)});
        else if (block.startsWith("data: ")) {
            if (events.empty() || !events.back().data.isEmpty())
                events.emplace_back();
            events.back().data = block.mid(6);
        }
    }
    return true;
}

bool isError(Dialect client, const QJsonObject &body)
{
    const auto error = body[u"error"_s].toObject();
    if (error[u"message"_s].toString().isEmpty() || error[u"type"_s].toString().isEmpty())
        return false;
    return client != Dialect::Anthropic || body[u"type"_s].toString() == u"error"_s;
}

bool isEnd(Dialect client, const Event &event)
{
    switch (client) {
    case Dialect::Anthropic: return event.name == "message_stop";
    case Dialect::OpenAiResponses:
        return event.name == "response.completed" || event.name == "response.incomplete";
    default: return event.data == "[DONE]";
    }
}

bool isFailure(Dialect client, const Event &event)
{
    const auto json = event.json();
    switch (client) {
    case Dialect::Anthropic: return event.name == "error" && isError(client, json);
    case Dialect::OpenAiResponses:
        if (event.name == "error")
            return !json[u"message"_s].toString().isEmpty() || isError(client, json);
        return event.name == "response.failed"
            && !json[u"response"_s][u"error"_s][u"message"_s].toString().isEmpty();
    default: return isError(client, json);
    }
}

} // namespace

Seen streamSeen(Dialect client, std::string_view bytes)
{
    std::vector<Event> events;
    if (!readEvents(bytes, events) || events.empty())
        return Seen::Neither;
    bool failed = false;
    for (std::size_t i = 0; i < events.size(); ++i) {
        if (isEnd(client, events[i]))
            return i + 1 == events.size() && !failed ? Seen::Answer : Seen::Neither;
        failed = failed || isFailure(client, events[i]);
    }
    return isFailure(client, events.back()) ? Seen::Failure : Seen::Neither;
}

Seen bodySeen(Dialect client, int status, std::string_view body)
{
    const auto json = QJsonDocument::fromJson(QByteArray(body.data(), qsizetype(body.size()))).object();
    if (status >= 400)
        return status < 600 && isError(client, json) ? Seen::Failure : Seen::Neither;
    const char16_t *const member = client == Dialect::Anthropic ? u"content"
        : client == Dialect::OpenAiResponses                    ? u"output"
                                                                : u"choices";
    const bool no_error = !json.contains(u"error"_s) || json[u"error"_s].isNull();
    return no_error && json[QStringView(member)].isArray() ? Seen::Answer : Seen::Neither;
}

std::string textOf(Dialect client, std::string_view bytes)
{
    std::vector<Event> events;
    readEvents(bytes, events);
    QString text;
    for (const Event &event : events) {
        const auto json = event.json();
        if (client == Dialect::Anthropic)
            text += json[u"delta"_s][u"text"_s].toString();
        else if (client == Dialect::OpenAiResponses)
            text += event.name == "response.output_text.delta" ? json[u"delta"_s].toString() : QString();
        else if (client == Dialect::OpenAiCompletions)
            text += json[u"choices"_s][0][u"text"_s].toString();
        else
            text += json[u"choices"_s][0][u"delta"_s][u"content"_s].toString();
    }
    return text.toStdString();
}

} // namespace vendors
