// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlmessage.h"

#include "core/base/readysodium.h"
#include "core/base/text.h"

#include <QJsonDocument>
#include <QJsonParseError>
#include <QStringList>

#include <sodium.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace portolan::control {

namespace {

constexpr qsizetype kMaxCommand = 64;
constexpr qint64 kMaxId = 1'000'000'000'000; // within what a double keeps exactly

std::unexpected<Error> bad(std::string message)
{
    return fail({.origin = Origin::Client, .code = "control.bad_message", .message = std::move(message)});
}

/// QJsonDocument goes 1,024 levels deep; this looks before it does.
bool isShallow(std::string_view json)
{
    int depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        if (in_string) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            if (++depth > kMaxControlDepth)
                return false;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return true;
}

Result<QJsonObject> parseObject(std::string_view line)
{
    if (line.size() > kMaxControlLine)
        return bad("A control message has at most 1 MiB.");
    if (!isUtf8(line))
        return bad("A control message is UTF-8.");
    if (!isShallow(line))
        return bad("A control message is at most 16 levels deep.");
    QJsonParseError error;
    const QByteArray bytes = QByteArray::fromRawData(line.data(), qsizetype(line.size()));
    const QJsonDocument document = QJsonDocument::fromJson(bytes, &error);
    if (error.error != QJsonParseError::NoError || !document.isObject())
        return bad("A control message is one JSON object on a line.");
    return document.object();
}

bool hasOnly(const QJsonObject &object, const QStringList &keys)
{
    return std::ranges::all_of(object.keys(), [&](const QString &key) { return keys.contains(key); });
}

/// A whole number from `least` to `most`.
std::optional<qint64> wholeNumber(const QJsonValue &value, qint64 least, qint64 most)
{
    if (!value.isDouble())
        return std::nullopt;
    const double number = value.toDouble();
    if (std::trunc(number) != number || number < double(least) || number > double(most))
        return std::nullopt;
    return qint64(number);
}

/// Nothing when it is there and wrong; 0 when it is not there.
std::optional<std::size_t> secretBytesOf(const QJsonObject &object)
{
    if (!object.contains("secret_bytes"_L1))
        return 0;
    const auto size = wholeNumber(object["secret_bytes"_L1], 1, qint64(kMaxControlSecret));
    return size ? std::optional(std::size_t(*size)) : std::nullopt;
}

bool isCommand(const QString &text)
{
    const auto plain = [](QChar c) { return (c >= u'a' && c <= u'z') || c == u'.' || c == u'-'; };
    return !text.isEmpty() && text.size() <= kMaxCommand && std::ranges::all_of(text, plain);
}

std::string printObject(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact).append('\n').toStdString();
}

Result<ControlReply> parseError(const QJsonObject &object, qint64 id)
{
    const QJsonObject error = object["error"_L1].toObject();
    if (!hasOnly(object, {u"id"_s, u"ok"_s, u"error"_s}) || !hasOnly(error, {u"code"_s, u"message"_s})
        || !error["code"_L1].isString() || !error["message"_L1].isString())
        return bad("A refusal has an \"error\" with \"code\" and \"message\".");
    return ControlReply{
        .id = id,
        .kind = ControlReply::Kind::Error,
        .error = {.code = error["code"_L1].toString().toStdString(),
                  .message = error["message"_L1].toString().toStdString()},
    };
}

Result<ControlReply> parseResult(const QJsonObject &object, qint64 id)
{
    const auto secret_bytes = secretBytesOf(object);
    if (!hasOnly(object, {u"id"_s, u"ok"_s, u"result"_s, u"secret_bytes"_s}) || !object.contains("result"_L1)
        || !secret_bytes)
        return bad("An answer has a \"result\".");
    return ControlReply{.id = id, .value = object["result"_L1], .secretBytes = *secret_bytes};
}

} // namespace

Result<ControlRequest> parseControlRequest(std::string_view line)
{
    const auto object = parseObject(line);
    if (!object)
        return fail(object.error());
    const auto id = wholeNumber((*object)["id"_L1], 1, kMaxId);
    const auto secret_bytes = secretBytesOf(*object);
    const QJsonValue command = (*object)["command"_L1];
    const QJsonValue arguments = (*object)["arguments"_L1];
    if (!hasOnly(*object, {u"id"_s, u"command"_s, u"arguments"_s, u"secret_bytes"_s}))
        return bad("A command has \"id\", \"command\", \"arguments\" and \"secret_bytes\", nothing else.");
    if (!id || !secret_bytes)
        return bad("\"id\" is a whole number from 1, \"secret_bytes\" one from 1 to 65,536.");
    if (!isCommand(command.toString()))
        return bad("\"command\" is a name such as \"account.add\".");
    if (!arguments.isObject() && !arguments.isUndefined())
        return bad("\"arguments\" is an object.");
    return ControlRequest{
        .id = *id,
        .command = command.toString(),
        .arguments = arguments.toObject(),
        .secretBytes = *secret_bytes,
    };
}

Result<ControlReply> parseControlReply(std::string_view line)
{
    const auto object = parseObject(line);
    if (!object)
        return fail(object.error());
    const auto id = wholeNumber((*object)["id"_L1], 1, kMaxId);
    if (!id)
        return bad("\"id\" is a whole number from 1.");
    if (object->contains("event"_L1)) {
        if (!hasOnly(*object, {u"id"_s, u"event"_s}))
            return bad("An event has \"id\" and \"event\", nothing else.");
        return ControlReply{.id = *id, .kind = ControlReply::Kind::Event, .value = (*object)["event"_L1]};
    }
    const QJsonValue ok = (*object)["ok"_L1];
    if (!ok.isBool())
        return bad("\"ok\" is true or false.");
    return ok.toBool() ? parseResult(*object, *id) : parseError(*object, *id);
}

std::string print(const ControlRequest &request)
{
    QJsonObject object{
        {u"id"_s, request.id}, {u"command"_s, request.command}, {u"arguments"_s, request.arguments}};
    if (request.secretBytes != 0)
        object[u"secret_bytes"_s] = qint64(request.secretBytes);
    return printObject(object);
}

std::string print(const ControlReply &reply)
{
    QJsonObject object{{u"id"_s, reply.id}};
    switch (reply.kind) {
    case ControlReply::Kind::Event: object[u"event"_s] = reply.value; break;
    case ControlReply::Kind::Result:
        object[u"ok"_s] = true;
        object[u"result"_s] = reply.value;
        if (reply.secretBytes != 0)
            object[u"secret_bytes"_s] = qint64(reply.secretBytes);
        break;
    case ControlReply::Kind::Error:
        object[u"ok"_s] = false;
        object[u"error"_s] = QJsonObject{{u"code"_s, QString::fromStdString(reply.error.code)},
                                         {u"message"_s, QString::fromStdString(reply.error.message)}};
        break;
    }
    return printObject(object);
}

ControlFrames::LockedBuffer::LockedBuffer(std::size_t bytes)
    : size(bytes)
{
    readySodium();
    data = static_cast<char *>(sodium_malloc(bytes));
    if (!data)
        throw std::bad_alloc();
}

ControlFrames::LockedBuffer::~LockedBuffer()
{
    sodium_free(data);
}

Result<ControlFrames::Got> ControlFrames::take(std::span<const char> &bytes)
{
    if (m_secret) {
        const std::size_t count = std::min(bytes.size(), m_secret->size - m_secret->filled);
        std::memcpy(m_secret->data + m_secret->filled, bytes.data(), count);
        m_secret->filled += count;
        bytes = bytes.subspan(count);
        return m_secret->filled == m_secret->size ? Got::Secret : Got::Nothing;
    }
    if (std::exchange(m_line_done, false))
        m_line.clear();
    const auto end = std::ranges::find(bytes, '\n');
    const auto count = static_cast<std::size_t>(end - bytes.begin());
    if (m_line.size() + count > kMaxControlLine)
        return bad("A control message has at most 1 MiB.");
    m_line.append(bytes.data(), count);
    m_line_done = end != bytes.end();
    bytes = bytes.subspan(m_line_done ? count + 1 : count);
    return m_line_done ? Got::Line : Got::Nothing;
}

void ControlFrames::expectSecret(std::size_t size)
{
    m_secret = std::make_unique<LockedBuffer>(std::min(size, kMaxControlSecret));
}

SharedSecret ControlFrames::takeSecret()
{
    auto secret = std::make_shared<const SecretBytes>(SecretBytes::take({m_secret->data, m_secret->size}));
    m_secret.reset();
    return secret;
}

} // namespace portolan::control
