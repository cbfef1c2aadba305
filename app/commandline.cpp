// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline.h"

#include "app/output.h"
#include "app/serve.h"
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

/// What a command takes, for its --help and its parser.
struct Verb {
    QString name; ///< "account add"
    QString call; ///< of runCommand; empty for serve
    QString help;
    QStringList options; ///< names out of kOptions
};

struct Option {
    const char *name;
    const char *value; ///< name of its value; empty for a flag
    const char *help;
};

constexpr auto kOptions = std::to_array<Option>({
    {"data", "DIR", "Data directory (default: the profile's own)."},
    {"profile", "NAME", "Profile: separates data, port and key store (default: default)."},
    {"json", "", "Print JSON."},
    {"key-file", "",
     "Keep the master key in a file that only you can read instead of the desktop's keyring."},
    {"listen", "ADDRESS:PORT", "Where to listen, e.g. 127.0.0.1:8787; port 0 picks a free one."},
    {"open-on-loopback", "", "Ask programs on this computer for no client key."},
    {"slug", "SLUG", "Slug of the account, e.g. openai."},
    {"provider", "ID", "Kind of provider, e.g. openai."},
    {"base-url", "URL", "Base URL, when it is not the provider's own."},
    {"setting", "NAME=VALUE",
     "A setting of that kind of provider, e.g. region=us-east-1; may be given more than once."},
    {"key-stdin", "",
     "Read the credential from standard input: one line; for AWS the access key id, the secret and, if there "
     "is "
     "one, the session token on lines of their own; for Vertex AI the service account's JSON file."},
    {"name", "NAME", "Name of the client key."},
    {"scope", "LIST", "Scopes of the client key: use, admin or both (default: use)."},
    {"limit", "N", "How many of the newest requests (default: 50)."},
    {"errors", "", "Only failed requests."},
    {"follow", "", "Go on printing requests as they end."},
});

const QList<Verb> &verbs()
{
    static const QList<Verb> all{
        {u"serve"_s, {}, u"Run the gateway until it is told to end."_s, {u"listen"_s, u"open-on-loopback"_s}},
        {u"account add"_s,
         u"account.add"_s,
         u"Add a provider account."_s,
         {u"slug"_s, u"provider"_s, u"base-url"_s, u"setting"_s, u"key-stdin"_s, u"name"_s}},
        {u"account set"_s,
         u"account.set"_s,
         u"Change settings of an account; another host needs the credential again."_s,
         {u"slug"_s, u"setting"_s, u"key-stdin"_s}},
        {u"account list"_s, u"account.list"_s, u"Show the provider accounts."_s, {}},
        {u"account rotate"_s,
         u"account.rotate"_s,
         u"Replace the credential of an account."_s,
         {u"slug"_s, u"key-stdin"_s}},
        {u"account remove"_s, u"account.remove"_s, u"Remove an account."_s, {u"slug"_s}},
        {u"account test"_s,
         u"account.test"_s,
         u"Make the cheapest possible call to an account's provider."_s,
         {u"slug"_s}},
        {u"key create"_s,
         u"key.create"_s,
         u"Make a client key; it is shown this once."_s,
         {u"name"_s, u"scope"_s}},
        {u"key list"_s, u"key.list"_s, u"Show the client keys."_s, {}},
        {u"key revoke"_s, u"key.revoke"_s, u"Remove a client key."_s, {u"name"_s}},
        {u"logs"_s, u"logs"_s, u"Show the newest requests."_s, {u"limit"_s, u"errors"_s, u"follow"_s}},
        {u"status"_s, u"status"_s, u"Say whether the gateway runs."_s, {}},
    };
    return all;
}

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

void addOptions(QCommandLineParser &parser, const Verb &verb)
{
    const QStringList always{u"data"_s, u"profile"_s, u"json"_s, u"key-file"_s};
    for (const Option &option : kOptions) {
        const auto name = QString::fromLatin1(option.name);
        if (always.contains(name) || verb.options.contains(name))
            parser.addOption({name, QString::fromLatin1(option.help), QString::fromLatin1(option.value)});
    }
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

Result<control::Command> commandFrom(const QCommandLineParser &parser, const Verb &verb)
{
    control::Command command;
    command.name = verb.call;
    for (const auto &option : verb.options) {
        if (option == u"limit" && parser.isSet(option))
            command.arguments.insert(option, parser.value(option).toInt());
        else if (option == u"setting")
            command.arguments.insert(option, QJsonArray::fromStringList(parser.values(option)));
        else if (option == u"errors")
            command.arguments.insert(u"errors_only"_s, parser.isSet(option));
        else if (option != u"key-stdin" && option != u"follow" && parser.isSet(option))
            command.arguments.insert(QString(option).replace(u'-', u'_'), parser.value(option));
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
    const bool failed_test = verb.call == u"account.test" && !result->value.value(u"ok").toBool();
    return failed_test ? kExitFailed : kExitDone;
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
    addOptions(parser, *verb);
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
    if (!parser.positionalArguments().isEmpty()) {
        complain("Unexpected argument: " + parser.positionalArguments().constFirst().toStdString());
        return kExitUsage;
    }
    return runVerb(parser, *verb);
}

} // namespace portolan::app
