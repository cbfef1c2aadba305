// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/output.h"

#include "core/base/text.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <cstdio>
#include <string>
#include <string_view>
#include <unistd.h>

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
    const auto config = key.contains(u"config"_s) ? u"  config "_s + text(key, u"config") : QString();
    printLine(u"%1 %2 %3 %4%5"_s.arg(text(key, u"name").leftJustified(24),
                                     text(key, u"key").leftJustified(10), scopes.join(u',').leftJustified(12),
                                     key.value(u"enabled").toBool() ? u"on"_s : u"off"_s, config));
}

void printConfig(const QJsonObject &config)
{
    QStringList used;
    for (const auto &key : config.value(u"used_by").toArray())
        used << key.toString();
    const auto state = !text(config, u"broken").isEmpty() ? u"broken"_s
        : config.value(u"archived").toBool()              ? u"archived"_s
                                                          : u"active"_s;
    printLine(u"%1 %2 v%3 %4 %5"_s.arg(text(config, u"slug").leftJustified(32),
                                       text(config, u"name").leftJustified(24),
                                       text(config, u"version").leftJustified(5), state.leftJustified(9),
                                       used.isEmpty() ? QString() : u"default of "_s + used.join(u", "_s)));
}

void printVersion(const QJsonObject &version)
{
    printLine(u"v%1 %2 %3 %4"_s.arg(text(version, u"version").leftJustified(5), text(version, u"saved"),
                                    text(version, u"author").leftJustified(16), text(version, u"note")));
}

void printChange(const QJsonObject &change)
{
    printLine(u"%1 %2 %3 %4 %5"_s.arg(text(change, u"time"), text(change, u"by").leftJustified(16),
                                      text(change, u"action").leftJustified(10),
                                      text(change, u"resource").leftJustified(11), text(change, u"name")));
}

/// The text of a config: byte for byte into a file or a pipe, harmless on a terminal.
void printText(const QString &config)
{
    const auto bytes = config.toStdString();
    if (isatty(STDOUT_FILENO)) {
        for (const auto &line : config.split(u'\n'))
            printLine(line);
        return;
    }
    std::fwrite(bytes.data(), 1, bytes.size(), stdout);
    std::fflush(stdout);
}

void printSave(const QJsonObject &save)
{
    if (!save.value(u"problems").toArray().isEmpty())
        printProblems(u"config"_s, save.value(u"problems").toArray(), Voice::Words);
    const auto config = save.value(u"config").toObject();
    if (!save.value(u"saved").toBool())
        printLine(u"Not saved: it has errors."_s);
    else
        printLine(u"%1 is at version %2%3"_s.arg(
            text(config, u"slug"), text(config, u"version"),
            save.value(u"changed").toBool() ? u"."_s : u"; its text has not changed."_s));
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

void printProblems(const QString &file, const QJsonArray &problems, Voice voice)
{
    int errors = 0;
    for (const auto &entry : problems)
        errors += entry.toObject().value(u"severity") == u"error"_s ? 1 : 0;
    if (voice == Voice::Json)
        return printJson({{u"file"_s, file}, {u"ok"_s, errors == 0}, {u"problems"_s, problems}});
    for (const auto &entry : problems) {
        const auto problem = entry.toObject();
        printLine(u"%1:%2:%3: %4: %5%6"_s.arg(
            file, text(problem, u"line"), text(problem, u"column"), text(problem, u"severity"),
            text(problem, u"message"),
            text(problem, u"pointer").isEmpty() ? QString() : u" (%1)"_s.arg(text(problem, u"pointer"))));
    }
    if (problems.isEmpty())
        printLine(u"%1: no problems"_s.arg(file));
}

void printSimulation(const QJsonObject &simulation, Voice voice)
{
    if (voice == Voice::Json)
        return printJson(simulation);
    const auto printSkipped = [](const QJsonObject &holder) {
        for (const auto &entry : holder.value(u"skipped").toArray()) {
            const auto skip = entry.toObject();
            printLine(u"   %1 is passed over: %2"_s.arg(text(skip, u"label"), text(skip, u"reason")));
        }
    };
    for (const auto &entry : simulation.value(u"steps").toArray()) {
        printSkipped(entry.toObject());
        printLine(text(entry.toObject(), u"sentence"));
    }
    printSkipped(simulation);
    printLine(text(simulation, u"end"));
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
    for (const auto &config : result.value.value(u"configs").toArray())
        printConfig(config.toObject());
    for (const auto &version : result.value.value(u"versions").toArray())
        printVersion(version.toObject());
    for (const auto &change : result.value.value(u"changes").toArray())
        printChange(change.toObject());
    if (result.value.contains(u"saved"_s) && result.value.contains(u"problems"_s))
        printSave(result.value);
    if (command == u"config.show")
        printText(result.value.value(u"text").toString());
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
