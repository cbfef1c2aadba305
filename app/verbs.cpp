// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/verbs.h"

#include <array>

namespace portolan::app {

using namespace Qt::StringLiterals;

namespace {

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
     "is one, the session token on lines of their own; for Vertex AI the service account's JSON file."},
    {"name", "NAME", "Name of the client key or of the config."},
    {"scope", "LIST", "Scopes of the client key: use, admin or both (default: use)."},
    {"config", "SLUG", "The config of requests with this key that name none; empty takes it away."},
    {"no-override", "", "Requests with this key may name no other config; without this they may."},
    {"note", "TEXT", "What is new in this version."},
    {"version", "N", "Which version (default: the current one)."},
    {"request", "FILE", "The request: a JSON body as for /v1/chat/completions."},
    {"assume", "LIST",
     "How calls end, by the target's position, name or JSON Pointer: ok, a status, timeout, refused or cut, "
     "e.g. 0=429,1=timeout. What is not named goes well."},
    {"seed", "N", "Where the dice of a load balance begin (default: 1)."},
    {"metadata", "NAME=VALUE", "Metadata of the request; may be given more than once."},
    {"limit", "N", "How many of the newest ones (default: 50)."},
    {"by", "WHO", "Only changes by these: window, command line, admin key, program, or an admin key's name."},
    {"resource", "KIND", "Only changes of these: account, model, virtual key, client key, config, settings."},
    {"action", "WHAT", "Only these: create, update, delete, rotate, reset."},
    {"errors", "", "Only failed requests."},
    {"follow", "", "Go on printing requests as they end."},
});

} // namespace

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
         {u"name"_s, u"scope"_s, u"config"_s, u"no-override"_s}},
        {u"key set"_s,
         u"key.set"_s,
         u"Give a client key another default config."_s,
         {u"name"_s, u"config"_s, u"no-override"_s}},
        {u"key list"_s, u"key.list"_s, u"Show the client keys."_s, {}},
        {u"key revoke"_s, u"key.revoke"_s, u"Remove a client key."_s, {u"name"_s}},
        {u"config list"_s, u"config.list"_s, u"Show the saved configs."_s, {}},
        {u"config add"_s,
         u"config.add"_s,
         u"Save a config under a name; - reads standard input."_s,
         {u"name"_s, u"note"_s},
         {u"FILE"_s}},
        {u"config show"_s, u"config.show"_s, u"Print a config's text."_s, {u"version"_s}, {u"SLUG"_s}},
        {u"config save"_s,
         u"config.save"_s,
         u"Save the next version of a config."_s,
         {u"note"_s},
         {u"SLUG"_s, u"FILE"_s}},
        {u"config rename"_s,
         u"config.rename"_s,
         u"Give a config another name; its slug stays."_s,
         {},
         {u"SLUG"_s, u"NAME"_s}},
        {u"config versions"_s, u"config.versions"_s, u"Show the versions of a config."_s, {}, {u"SLUG"_s}},
        {u"config restore"_s,
         u"config.restore"_s,
         u"Save the text of an older version anew."_s,
         {},
         {u"SLUG"_s, u"VERSION"_s}},
        {u"config remove"_s,
         u"config.remove"_s,
         u"Remove a config with all its versions."_s,
         {},
         {u"SLUG"_s}},
        {u"check"_s, {}, u"Print every problem of a config; - reads standard input."_s, {}, {u"FILE"_s}},
        {u"simulate"_s,
         {},
         u"Say step by step where a config sends a request."_s,
         {u"request"_s, u"assume"_s, u"seed"_s, u"metadata"_s},
         {u"FILE"_s}},
        {u"logs"_s, u"logs"_s, u"Show the newest requests."_s, {u"limit"_s, u"errors"_s, u"follow"_s}},
        {u"audit"_s,
         u"audit"_s,
         u"Show who changed accounts, keys, configs and settings."_s,
         {u"limit"_s, u"by"_s, u"resource"_s, u"action"_s}},
        {u"status"_s, u"status"_s, u"Say whether the gateway runs."_s, {}},
    };
    return all;
}

QList<QCommandLineOption> optionsOf(const Verb &verb)
{
    const QStringList always{u"data"_s, u"profile"_s, u"json"_s, u"key-file"_s};
    QList<QCommandLineOption> options;
    for (const Option &option : kOptions) {
        const auto name = QString::fromLatin1(option.name);
        if (always.contains(name) || verb.options.contains(name))
            options.append({name, QString::fromLatin1(option.help), QString::fromLatin1(option.value)});
    }
    return options;
}

} // namespace portolan::app
