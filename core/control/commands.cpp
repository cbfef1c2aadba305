// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/commands.h"

#include "core/base/money.h"
#include "core/control/auditcommand.h"
#include "core/control/commandparts.h"
#include "core/control/configcommands.h"
#include "core/trace/words.h"

#include <QJsonArray>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

QString healthWord(AccountHealth::State state)
{
    switch (state) {
    case AccountHealth::State::Untested: return u"untested"_s;
    case AccountHealth::State::Ok: return u"ok"_s;
    case AccountHealth::State::RateLimited: return u"rate_limited"_s;
    case AccountHealth::State::Failing: return u"failing"_s;
    case AccountHealth::State::NoKey: return u"no_credential"_s;
    case AccountHealth::State::Disabled: return u"disabled"_s;
    }
    return {};
}

QJsonObject settingsOf(const Account &account)
{
    QJsonObject settings;
    for (auto it = account.settings.begin(); it != account.settings.end(); ++it)
        settings.insert(it.key(), it.value());
    return settings;
}

QJsonObject toJson(const Account &account)
{
    return {
        {u"slug"_s, account.slug},
        {u"provider"_s, account.provider},
        {u"name"_s, account.name},
        {u"base_url"_s, account.baseUrl},
        {u"settings"_s, settingsOf(account)},
        {u"credential"_s, account.credential},
        {u"built_in"_s, account.builtIn},
        {u"enabled"_s, account.enabled},
        {u"state"_s, healthWord(account.health.state)},
        {u"reason"_s, account.health.reason},
    };
}

QJsonObject toJson(const ClientKeyInfo &key)
{
    QJsonObject json{
        {u"id"_s, qint64(key.id.value)}, {u"name"_s, key.name},
        {u"key"_s, key.lastFour},        {u"scopes"_s, QJsonArray::fromStringList(key.scopes)},
        {u"enabled"_s, key.enabled},     {u"created"_s, key.created.toUTC().toString(Qt::ISODateWithMs)},
    };
    if (!key.defaultConfig.isEmpty())
        json.insert(u"config"_s, key.defaultConfig);
    if (!key.allowConfigOverride)
        json.insert(u"allow_config_override"_s, false);
    if (key.expires.isValid())
        json.insert(u"expires"_s, key.expires.toUTC().toString(Qt::ISODateWithMs));
    return json;
}

QJsonObject toJson(const TestResult &result)
{
    return {
        {u"ok"_s, result.ok},         {u"status"_s, result.status}, {u"ms"_s, result.ms},
        {u"models"_s, result.models}, {u"sent"_s, result.sent},     {u"message"_s, result.message},
    };
}

const Account *accountBySlug(const Control &control, QString slug)
{
    if (slug.startsWith(u'@'))
        slug.remove(0, 1);
    const auto found = std::ranges::find(control.accounts(), slug, &Account::slug);
    return found == control.accounts().end() ? nullptr : &*found;
}

/// The account a command names by `slug`; answers by itself when there is none.
const Account *namedAccount(const Control &control, const Command &command, const Answer &answer)
{
    const auto slug = command.arguments.value(u"slug").toString();
    if (slug.isEmpty()) {
        answer(usage(u"Name the account with --slug."_s));
        return nullptr;
    }
    const auto *account = accountBySlug(control, slug);
    if (!account)
        answer(
            fail({.origin = Origin::Client,
                  .code = "account.unknown",
                  .message = u"There is no account @%1. portolan-gateway account list shows them."_s.arg(slug)
                                 .toStdString()}));
    return account;
}

const Account *ownAccount(const Control &control, const Command &command, const Answer &answer)
{
    const auto *account = namedAccount(control, command, answer);
    if (account && account->builtIn) {
        answer(fail({.origin = Origin::Client,
                     .code = "account.built_in",
                     .message = "@practice is built in and cannot be changed."}));
        return nullptr;
    }
    return account;
}

/// Each --setting as NAME=VALUE.
Result<QMap<QString, QString>> givenSettings(const Command &command)
{
    QMap<QString, QString> settings;
    for (const auto &entry : command.arguments.value(u"setting"_s).toArray()) {
        const auto text = entry.toString();
        const auto equals = text.indexOf(u'=');
        if (equals < 1)
            return usage(u"Write settings as --setting NAME=VALUE, e.g. --setting region=us-east-1."_s);
        settings.insert(text.left(equals).trimmed(), text.mid(equals + 1));
    }
    return settings;
}

void accountAdd(Control &control, const Command &command, const Answer &answer)
{
    NewAccount account;
    account.provider = command.arguments.value(u"provider").toString();
    account.slug = command.arguments.value(u"slug").toString();
    account.name = command.arguments.value(u"name").toString();
    account.baseUrl = command.arguments.value(u"base_url").toString();
    account.credential = command.secret;
    auto settings = givenSettings(command);
    if (!settings)
        return answer(fail(std::move(settings).error()));
    account.settings = *std::move(settings);
    if (account.provider.isEmpty())
        return answer(usage(u"Name the kind of provider with --provider, e.g. openai."_s));
    if (account.slug.startsWith(u'@'))
        account.slug.remove(0, 1);
    if (account.slug.isEmpty())
        account.slug = control.proposeSlug(account.provider);
    const auto slug = account.slug;
    control.addAccount(std::move(account), [answer, slug, &control](Result<AccountId> id) {
        if (!id)
            return answer(fail(std::move(id).error()));
        const auto *added = accountBySlug(control, slug);
        answer(valueOf(added ? toJson(*added) : QJsonObject{{u"slug"_s, slug}}));
    });
}

void accountList(Control &control, const Command &, const Answer &answer)
{
    QJsonArray accounts;
    for (const auto &account : control.accounts())
        accounts.append(toJson(account));
    answer(valueOf({{u"accounts"_s, accounts}}));
}

/// Changes settings and leaves the rest; NAME= takes one away. The credential stays where it is sent to.
void accountSet(Control &control, const Command &command, const Answer &answer)
{
    const auto *account = ownAccount(control, command, answer);
    if (!account)
        return;
    const auto given = givenSettings(command);
    if (!given)
        return answer(fail(given.error()));
    if (given->isEmpty())
        return answer(usage(u"Name what to change with --setting NAME=VALUE."_s));
    AccountEdit edit{.name = account->name, .settings = account->settings, .credential = command.secret};
    edit.baseUrl = account->ownAddress;
    edit.settings->insert(*given);
    control.editAccount(account->id, std::move(edit), done(answer));
}

void accountRotate(Control &control, const Command &command, const Answer &answer)
{
    if (!command.secret)
        return answer(usage(u"Give the new credential on standard input with --key-stdin."_s));
    if (const auto *account = ownAccount(control, command, answer))
        control.rotateAccount(account->id, command.secret, done(answer));
}

void accountRemove(Control &control, const Command &command, const Answer &answer)
{
    if (const auto *account = ownAccount(control, command, answer))
        control.removeAccount(account->id, done(answer));
}

void accountTest(Control &control, const Command &command, const Answer &answer)
{
    const auto *account = namedAccount(control, command, answer);
    if (!account)
        return;
    control.testAccount(account->id, [answer](Result<TestResult> result) {
        if (result)
            answer(valueOf(toJson(*result)));
        else
            answer(fail(std::move(result).error()));
    });
}

void keyCreate(Control &control, const Command &command, const Answer &answer)
{
    auto scopes = command.arguments.value(u"scope").toString(u"use"_s).split(u',', Qt::SkipEmptyParts);
    NewClientKey key{.name = command.arguments.value(u"name").toString(), .scopes = std::move(scopes)};
    key.defaults.config = command.arguments.value(u"config").toString();
    key.defaults.allowConfigOverride = !command.arguments.value(u"no_override").toBool();
    control.createClientKey(std::move(key), [answer](Result<CreatedKey> made) {
        if (!made)
            return answer(fail(std::move(made).error()));
        answer(CommandResult{.value = toJson(made->info), .secret = made->token});
    });
}

void keyList(Control &control, const Command &, const Answer &answer)
{
    QJsonArray keys;
    for (const auto &key : control.clientKeys())
        keys.append(toJson(key));
    answer(valueOf({{u"keys"_s, keys}}));
}

const ClientKeyInfo *namedKey(const Control &control, const Command &command, const Answer &answer)
{
    const auto name = command.arguments.value(u"name").toString();
    if (name.isEmpty()) {
        answer(usage(u"Name the client key with --name."_s));
        return nullptr;
    }
    const auto found = std::ranges::find(control.clientKeys(), name, &ClientKeyInfo::name);
    if (found != control.clientKeys().end())
        return &*found;
    answer(
        fail({.origin = Origin::Client,
              .code = "key.unknown",
              .message = u"There is no client key \"%1\". portolan-gateway key list shows them."_s.arg(name)
                             .toStdString()}));
    return nullptr;
}

void keySet(Control &control, const Command &command, const Answer &answer)
{
    const auto *key = namedKey(control, command, answer);
    if (!key)
        return;
    KeyDefaults defaults{.config = key->defaultConfig,
                         .allowConfigOverride = !command.arguments.value(u"no_override").toBool()};
    if (const auto config = command.arguments.value(u"config"); config.isString())
        defaults.config = config.toString();
    control.setClientKeyDefaults(key->id, std::move(defaults), done(answer));
}

void keyRevoke(Control &control, const Command &command, const Answer &answer)
{
    if (const auto *key = namedKey(control, command, answer))
        control.removeClientKey(key->id, done(answer));
}

void logs(Control &control, const Command &command, const Answer &answer)
{
    HistoryQuery query;
    query.limit = std::clamp(command.arguments.value(u"limit").toInt(50), 1, 10'000);
    query.errorsOnly = command.arguments.value(u"errors_only").toBool();
    const auto after = static_cast<std::int64_t>(command.arguments.value(u"after").toDouble());
    control.history(query, [answer, after](Result<std::vector<trace::RequestRow>> rows) {
        if (!rows)
            return answer(fail(std::move(rows).error()));
        QJsonArray list;
        // Oldest first, as a log reads.
        for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
            if (row->id.value > after)
                list.append(control::toJson(*row));
        }
        answer(valueOf({{u"requests"_s, list}}));
    });
}

void status(Control &control, const Command &, const Answer &answer)
{
    const auto &gateway = control.gateway();
    answer(valueOf({
        {u"url"_s, gateway.baseUrl},
        {u"running"_s, gateway.state == GatewayStatus::State::Running},
        {u"active"_s, gateway.active},
        {u"reason"_s, gateway.reason},
    }));
}

double milliseconds(std::int64_t us)
{
    return static_cast<double>(us) / 1000.0;
}

QJsonValue orNull(bool known, const QJsonValue &value)
{
    return known ? value : QJsonValue(QJsonValue::Null);
}

/// A word of core/trace/words.h.
template <typename State>
QString word(State state)
{
    const std::string_view text = trace::toString(state);
    return QString::fromLatin1(text.data(), qsizetype(text.size()));
}

} // namespace

QJsonObject toJson(const trace::RequestRow &row)
{
    const bool has_usage = row.usage_state != UsageState::Unknown;
    const bool has_cost = row.cost_state != trace::CostState::Unknown;
    const auto text = [](const std::string &s) { return QString::fromStdString(s); };
    return {
        {u"id"_s, qint64(row.id.value)},
        {u"time"_s,
         QDateTime::fromMSecsSinceEpoch(row.started_us / 1000, Qt::UTC).toString(Qt::ISODateWithMs)},
        {u"outcome"_s, word(row.outcome)},
        {u"status"_s, row.status},
        {u"error_code"_s, text(row.error_code)},
        {u"error"_s, text(row.error_message)},
        {u"client_key"_s, text(row.client_key_name)},
        {u"program"_s, text(row.program)},
        {u"endpoint"_s, text(row.endpoint)},
        {u"path"_s, text(row.path)},
        {u"model"_s, text(row.model_asked)},
        {u"served"_s, text(row.model_served)},
        {u"provider"_s, text(row.provider)},
        {u"slug"_s, text(row.slug)},
        {u"stream"_s, row.stream},
        {u"finish_reason"_s, text(row.finish_reason)},
        {u"attempts"_s, qint64(row.attempt_marks.size())},
        {u"ttft_ms"_s, orNull(row.first_token_us >= 0, milliseconds(row.first_token_us))},
        {u"total_ms"_s, milliseconds(row.total_us)},
        {u"bytes_in"_s, qint64(row.bytes_in)},
        {u"bytes_out"_s, qint64(row.bytes_out)},
        {u"usage"_s, word(row.usage_state)},
        {u"tokens_in"_s, orNull(has_usage, qint64(row.tokens_in))},
        {u"tokens_out"_s, orNull(has_usage, qint64(row.tokens_out))},
        {u"tokens_cached"_s, orNull(has_usage, qint64(row.tokens_cached))},
        {u"tokens_reasoning"_s, orNull(has_usage, qint64(row.tokens_reasoning))},
        {u"cost"_s, word(row.cost_state)},
        {u"cost_usd"_s, orNull(has_cost, QString::fromStdString(toDecimal(row.cost, 9)))},
        {u"trace_id"_s, text(row.trace_id)},
    };
}

void runCommand(Control &control, const Command &command, std::function<void(Result<CommandResult>)> reply)
{
    using Run = void (*)(Control &, const Command &, const Answer &);
    static const std::unordered_map<QString, Run> commands{
        {u"account.add"_s, accountAdd},
        {u"account.list"_s, accountList},
        {u"account.rotate"_s, accountRotate},
        {u"account.set"_s, accountSet},
        {u"account.remove"_s, accountRemove},
        {u"account.test"_s, accountTest},
        {u"audit"_s, auditList},
        {u"config.list"_s, configList},
        {u"config.add"_s, configAdd},
        {u"config.show"_s, configShow},
        {u"config.save"_s, configSave},
        {u"config.rename"_s, configRename},
        {u"config.versions"_s, configVersions},
        {u"config.restore"_s, configRestore},
        {u"config.remove"_s, configRemove},
        {u"key.create"_s, keyCreate},
        {u"key.list"_s, keyList},
        {u"key.set"_s, keySet},
        {u"key.revoke"_s, keyRevoke},
        {u"logs"_s, logs},
        {u"status"_s, status},
    };
    const auto found = commands.find(command.name);
    if (found == commands.end())
        return reply(usage(u"There is no command %1."_s.arg(command.name)));
    const auto acting = control.actingAs({.kind = Actor::Kind::CommandLine});
    found->second(control, command, reply);
}

} // namespace portolan::control
