// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline.h"

#include "app/configcheck.h"
#include "app/output.h"
#include "app/serve.h"
#include "app/simulation.h"
#include "app/textfile.h"
#include "app/verbs.h"
#include "core/base/text.h"
#include "core/control/commands.h"
#include "core/control/controlsocket.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonArray>
#include <QStandardPaths>
#include <QThread>

#include <sodium.h>

#include <array>
#include <cstdio>
#include <optional>
#include <unistd.h>
#include <utility>

namespace portolan::app {

using namespace Qt::StringLiterals;

namespace {

void complain(const std::string &message)
{
    std::fputs((forTerminal(message) + '\n').c_str(), stderr);
}

int complain(const Error &error)
{
    complain(error.message);
    if (error.code == "store.locked")
        return kExitRunning;
    return error.code == "command.usage" ? kExitUsage : kExitFailed;
}

int overview()
{
    QString text = u"Usage: portolan-gateway COMMAND [options]\n\nCommands:\n"_s;
    for (const Verb &verb : verbs())
        text += u"  %1  %2\n"_s.arg(verb.name.leftJustified(16), verb.help);
    text += u"\nportolan-gateway COMMAND --help says more.\n"_s;
    std::fputs(text.toUtf8().constData(), stdout);
    return kExitDone;
}

/// The verb the arguments begin with, and how many words it took.
std::pair<const Verb *, int> findVerb(const QStringList &arguments)
{
    for (const Verb &verb : verbs()) {
        const auto words = verb.name.split(u' ');
        if (arguments.mid(1, words.size()) == words)
            return {&verb, int(words.size())};
    }
    return {nullptr, 0};
}

/// The credential on standard input, straight into locked memory.
Result<SharedSecret> readSecret()
{
    std::array<char, 64 * 1024> buffer{};
    std::size_t size = 0;
    while (size < buffer.size()) {
        const auto got = ::read(STDIN_FILENO, buffer.data() + size, buffer.size() - size);
        if (got <= 0)
            break;
        size += static_cast<std::size_t>(got);
    }
    if (size == 0 || size == buffer.size()) {
        sodium_memzero(buffer.data(), buffer.size());
        return fail(
            {.origin = Origin::Client,
             .code = "command.usage",
             .message
             = "Give the credential on standard input, e.g. printf %s \"$KEY\" | portolan-gateway ..."});
    }
    return std::make_shared<const SecretBytes>(SecretBytes::take(std::span(buffer.data(), size)));
}

/// "SLUG" as `slug`, "VERSION" as a number; of "FILE" the text that is in it.
Result<> putOperand(const QString &name, const QString &value, QJsonObject &arguments)
{
    if (name == u"FILE") {
        auto text = readTextFile(value);
        if (!text)
            return fail(std::move(text).error());
        arguments.insert(u"text"_s, QString::fromStdString(*text));
    } else if (name == u"VERSION") {
        arguments.insert(u"version"_s, value.toInt());
    } else {
        arguments.insert(name.toLower(), value);
    }
    return {};
}

Result<control::Command> commandFrom(const QCommandLineParser &parser, const Verb &verb)
{
    control::Command command;
    command.name = verb.call;
    for (const auto &option : verb.options) {
        if ((option == u"limit" || option == u"version") && parser.isSet(option))
            command.arguments.insert(option, parser.value(option).toInt());
        else if (option == u"setting")
            command.arguments.insert(option, QJsonArray::fromStringList(parser.values(option)));
        else if (option == u"errors")
            command.arguments.insert(u"errors_only"_s, parser.isSet(option));
        else if (option == u"no-override")
            command.arguments.insert(u"no_override"_s, parser.isSet(option));
        else if (option != u"key-stdin" && option != u"follow" && parser.isSet(option))
            command.arguments.insert(QString(option).replace(u'-', u'_'), parser.value(option));
    }
    for (qsizetype i = 0; i < verb.operands.size(); ++i) {
        if (auto put = putOperand(verb.operands.at(i), parser.positionalArguments().at(i), command.arguments);
            !put)
            return fail(std::move(put).error());
    }
    if (verb.options.contains(u"key-stdin"_s) && parser.isSet(u"key-stdin"_s)) {
        auto secret = readSecret();
        if (!secret)
            return fail(std::move(secret).error());
        command.secret = *std::move(secret);
    }
    return command;
}

control::ControlOptions controlOptions(const QCommandLineParser &parser)
{
    control::ControlOptions options;
    options.dataDirectory = parser.value(u"data"_s);
    if (parser.isSet(u"profile"_s))
        options.profile = parser.value(u"profile"_s);
    if (options.dataDirectory.isEmpty())
        options.dataDirectory = control::defaultDataDirectory(options.profile);
    options.useKeyring = !parser.isSet(u"key-file"_s);
    return options;
}

/// Where a command runs: in the instance that has the data directory, or here on the store itself.
class Runner
{
public:
    static Result<Runner> open(const control::ControlOptions &options);

    Result<control::CommandResult> run(const control::Command &command);

private:
    std::optional<control::ControlClient> m_client;
    std::unique_ptr<control::Control> m_control;
};

Result<Runner> Runner::open(const control::ControlOptions &options)
{
    Runner runner;
    auto client = control::ControlClient::connect(options.dataDirectory.toStdString());
    if (!client)
        return fail(std::move(client).error());
    if (*client) {
        runner.m_client = std::move(**client);
        return runner;
    }
    auto control = control::Control::open(options);
    if (!control)
        return fail(std::move(control).error());
    runner.m_control = *std::move(control);
    return runner;
}

Result<control::CommandResult> Runner::run(const control::Command &command)
{
    if (m_client) {
        auto answer = m_client->call(command.name, command.arguments, command.secret.get());
        if (!answer)
            return fail(std::move(answer).error());
        return control::CommandResult{.value = answer->value.toObject(), .secret = answer->secret};
    }
    std::optional<Result<control::CommandResult>> outcome;
    control::runCommand(*m_control, command, [&outcome](Result<control::CommandResult> result) {
        outcome = std::move(result);
        QCoreApplication::quit();
    });
    if (!outcome)
        QCoreApplication::exec();
    if (!outcome)
        return fail({.code = "command.interrupted", .message = "The command was interrupted."});
    return *std::move(outcome);
}

int follow(Runner &runner, control::Command command, Voice voice)
{
    double last = 0;
    while (true) {
        command.arguments.insert(u"after"_s, last);
        auto result = runner.run(command);
        if (!result)
            return complain(result.error());
        for (const auto &request : result->value.value(u"requests").toArray()) {
            last = std::max(last, request.toObject().value(u"id").toDouble());
            printLogLine(request.toObject(), voice);
        }
        command.arguments.insert(u"limit"_s, 1000);
        QThread::msleep(250);
    }
}

int runVerb(const QCommandLineParser &parser, const Verb &verb)
{
    const auto voice = parser.isSet(u"json"_s) ? Voice::Json : Voice::Words;
    if (verb.name == u"check") {
        const auto code = checkConfig(parser.positionalArguments().constFirst(), voice);
        return code ? *code : complain(code.error());
    }
    if (verb.name == u"simulate") {
        const auto code = simulateConfig(
            {.file = parser.positionalArguments().constFirst(),
             .request = parser.value(u"request"_s),
             .assumptions = parser.value(u"assume"_s),
             .metadata = parser.values(u"metadata"_s),
             .seed = parser.isSet(u"seed"_s) ? parser.value(u"seed"_s).toULongLong() : std::uint64_t{1}},
            voice);
        return code ? *code : complain(code.error());
    }
    auto options = controlOptions(parser);
    if (verb.call.isEmpty()) {
        options.listen = parser.value(u"listen"_s);
        if (!options.listen.isEmpty() && !control::isListenAddress(options.listen)) {
            complain("Write --listen as ADDRESS:PORT, e.g. 127.0.0.1:8787.");
            return kExitUsage;
        }
        if (parser.isSet(u"open-on-loopback"_s))
            options.openOnLoopback = true;
        auto control = control::Control::open(std::move(options));
        return control ? serve(**control, voice) : complain(control.error());
    }
    auto command = commandFrom(parser, verb);
    if (!command)
        return complain(command.error());
    auto runner = Runner::open(options);
    if (!runner)
        return complain(runner.error());
    if (verb.options.contains(u"follow"_s) && parser.isSet(u"follow"_s))
        return follow(*runner, *std::move(command), voice);
    auto result = runner->run(*command);
    if (!result)
        return complain(result.error());
    printResult(verb.call, *result, voice);
    const bool failed = (verb.call == u"account.test" && !result->value.value(u"ok").toBool())
        || result->value.value(u"saved") == QJsonValue(false);
    return failed ? kExitFailed : kExitDone;
}

} // namespace

int runCommandLine(const QStringList &arguments)
{
    const auto first = arguments.value(1);
    if (first.isEmpty() || first == u"--help" || first == u"-h" || first == u"help")
        return overview();
    if (first == u"--version") {
        std::fputs(qPrintable(u"portolan-gateway %1\n"_s.arg(QCoreApplication::applicationVersion())),
                   stdout);
        return kExitDone;
    }
    const auto [verb, words] = findVerb(arguments);
    if (!verb) {
        complain("There is no such command. portolan-gateway --help shows them.");
        return kExitUsage;
    }
    QCommandLineParser parser;
    parser.setApplicationDescription(verb->help);
    const auto help = parser.addHelpOption();
    parser.addOptions(optionsOf(*verb));
    for (const QString &operand : verb->operands)
        parser.addPositionalArgument(operand, {});
    QStringList rest{u"portolan-gateway %1"_s.arg(verb->name)};
    rest += arguments.mid(1 + words);
    if (!parser.parse(rest)) {
        complain(parser.errorText().toStdString());
        return kExitUsage;
    }
    if (parser.isSet(help)) {
        std::fputs(qPrintable(parser.helpText()), stdout);
        return kExitDone;
    }
    const auto given = parser.positionalArguments();
    if (given.size() > verb->operands.size()) {
        complain("Unexpected argument: " + given.at(verb->operands.size()).toStdString());
        return kExitUsage;
    }
    if (given.size() < verb->operands.size()) {
        complain(u"Name the %1: portolan-gateway %2 %3"_s
                     .arg(verb->operands.at(given.size()), verb->name, verb->operands.join(u' '))
                     .toStdString());
        return kExitUsage;
    }
    return runVerb(parser, *verb);
}

} // namespace portolan::app
