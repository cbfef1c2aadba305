// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/output.h"

#include "core/base/text.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cstdio>
#include <string>
#include <string_view>

namespace portolan::app {

using namespace Qt::StringLiterals;

namespace {

void printLine(const QString &line)
{
    std::fputs((forTerminal(line.toStdString()) + '\n').c_str(), stdout);
    std::fflush(stdout);
}

void printJson(const QJsonObject &object)
{
    std::fputs((QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n').constData(), stdout);
    std::fflush(stdout);
}

/// JSON with the token as its last member. The token never becomes a QString.
void printJsonWithToken(const QJsonObject &object, const SecretBytes &token)
{
    const auto text = QJsonDocument(object).toJson(QJsonDocument::Compact);
    std::fwrite(text.constData(), 1, static_cast<std::size_t>(text.size()) - 1, stdout);
    std::fputs(R"(,"token":")", stdout);
    std::fwrite(token.view().data(), 1, token.size(), stdout);
    std::fputs("\"}\n", stdout);
    std::fflush(stdout);
}

QString text(const QJsonObject &object, QStringView key)
{
    const auto value = object.value(key);
    if (value.isDouble())
        return QString::number(value.toDouble(), 'g', 15);
    if (value.isNull() || value.isUndefined())
        return u"-"_s;
    return value.isBool() ? (value.toBool() ? u"yes"_s : u"no"_s) : value.toString();
}

void printAccount(const QJsonObject &account)
{
    printLine(u"%1 %2 %3 %4  %5"_s.arg(
        (u'@' + text(account, u"slug")).leftJustified(24), text(account, u"provider").leftJustified(16),
        text(account, u"credential").leftJustified(10), text(account, u"state").leftJustified(12),
        text(account, u"base_url")));
}

void printKey(const QJsonObject &key)
{
    QStringList scopes;
    for (const auto &scope : key.value(u"scopes").toArray())
        scopes << scope.toString();
    printLine(u"%1 %2 %3 %4"_s.arg(text(key, u"name").leftJustified(24), text(key, u"key").leftJustified(10),
                                   scopes.join(u',').leftJustified(12),
                                   key.value(u"enabled").toBool() ? u"on"_s : u"off"_s));
}

QString duration(const QJsonObject &request, QStringView key)
{
    const auto value = request.value(key);
    return value.isDouble() ? u"%1 ms"_s.arg(value.toDouble(), 0, 'f', 1) : u"-"_s;
}

} // namespace

void printLogLine(const QJsonObject &request, Voice voice)
{
    if (voice == Voice::Json) {
        printJson(request);
        return;
    }
    const auto model = text(request, u"model").isEmpty() ? text(request, u"path") : text(request, u"model");
    printLine(u"%1  %2 %3  %4  ttft %5  total %6  %7+%8 tokens  %9  %10"_s
                  .arg(text(request, u"time").mid(11, 12), text(request, u"status"),
                       text(request, u"outcome").leftJustified(9), model.leftJustified(32),
                       duration(request, u"ttft_ms"), duration(request, u"total_ms"),
                       text(request, u"tokens_in"), text(request, u"tokens_out"),
                       request.value(u"cost_usd").isString() ? u'$' + text(request, u"cost_usd")
                                                             : u"cost unknown"_s)
                  .arg(text(request, u"error")));
}

void printResult(const QString &command, const control::CommandResult &result, Voice voice)
{
    if (command == u"logs") {
        for (const auto &request : result.value.value(u"requests").toArray())
            printLogLine(request.toObject(), voice);
        return;
    }
    if (voice == Voice::Json) {
        if (result.secret)
            printJsonWithToken(result.value, *result.secret);
        else
            printJson(result.value);
        return;
    }
    for (const auto &account : result.value.value(u"accounts").toArray())
        printAccount(account.toObject());
    for (const auto &key : result.value.value(u"keys").toArray())
        printKey(key.toObject());
    if (command == u"account.add")
        printAccount(result.value);
    else if (command == u"account.test")
        printLine(text(result.value, u"sent").isEmpty()
                      ? text(result.value, u"message")
                      : u"%1: %2"_s.arg(text(result.value, u"sent"), text(result.value, u"message")));
    else if (command == u"status")
        printLine(result.value.value(u"running").toBool() ? u"running at %1"_s.arg(text(result.value, u"url"))
                                                          : u"not running"_s);
    if (result.secret) {
        std::fputs("Client key (shown this once): ", stdout);
        std::fwrite(result.secret->view().data(), 1, result.secret->size(), stdout);
        std::fputs("\n", stdout);
    }
}

} // namespace portolan::app
