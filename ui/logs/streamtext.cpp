// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/streamtext.h"

#include "core/dialect/sse.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

// Tool calls are part of what the model wrote; a line names each, so that arguments do not run into the text.
QString toolCalls(const QJsonArray &calls)
{
    QString out;
    for (const QJsonValue &call : calls) {
        const QJsonObject function = call["function"_L1].toObject();
        if (const QString name = function["name"_L1].toString(); !name.isEmpty())
            out += u"\n→ "_s + name + u' ';
        out += function["arguments"_L1].toString();
    }
    return out;
}

QString ofChoices(const QJsonArray &choices)
{
    QString out;
    for (const QJsonValue &choice : choices) {
        const QJsonObject delta = choice["delta"_L1].toObject();
        out += delta["content"_L1].toString();
        out += toolCalls(delta["tool_calls"_L1].toArray());
        out += choice["text"_L1].toString();
    }
    return out;
}

QString ofCandidates(const QJsonArray &candidates)
{
    QString out;
    for (const QJsonValue &candidate : candidates) {
        const QJsonArray parts = candidate["content"_L1]["parts"_L1].toArray();
        for (const QJsonValue &part : parts)
            out += part["text"_L1].toString();
    }
    return out;
}

// OpenAI chat and completions; OpenAI Responses; Anthropic messages; Gemini: told apart by their own members.
QString deltaOf(const QJsonObject &event)
{
    if (event.contains("choices"_L1))
        return ofChoices(event["choices"_L1].toArray());
    if (event.contains("candidates"_L1))
        return ofCandidates(event["candidates"_L1].toArray());
    const QString type = event["type"_L1].toString();
    if (type == "response.output_text.delta"_L1 || type == "response.function_call_arguments.delta"_L1)
        return event["delta"_L1].toString();
    if (type == "content_block_start"_L1) {
        const QJsonValue block = event["content_block"_L1];
        return block["type"_L1].toString() == "tool_use"_L1 ? u"\n→ "_s + block["name"_L1].toString() + u' '
                                                            : block["text"_L1].toString();
    }
    if (type == "content_block_delta"_L1) {
        const QJsonObject delta = event["delta"_L1].toObject();
        return delta["text"_L1].toString() + delta["partial_json"_L1].toString();
    }
    return {};
}

} // namespace

StreamText readStream(std::string_view body)
{
    StreamText out;
    dialect::SseSplitter splitter(body.size() + 1);
    if (!splitter.feed(body))
        return out;
    QString text;
    for (dialect::SseSplitter::Event event; splitter.next(event);) {
        if (!event.has_data)
            continue;
        const auto json
            = QJsonDocument::fromJson(QByteArray(event.data.data(), qsizetype(event.data.size())));
        text += deltaOf(json.object());
        out.events.push_back({
            .name = QString::fromUtf8(event.name.data(), qsizetype(event.name.size())),
            .data = std::string(event.data),
        });
    }
    out.unfinished = !splitter.pending().empty();
    out.text = text.toStdString();
    return out;
}

} // namespace portolan::ui
