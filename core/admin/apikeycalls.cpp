// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/apikeycalls.h"

#include "core/admin/keyjson.h"
#include "core/admin/limitsjson.h"
#include "core/admin/parts.h"
#include "core/admission/scopes.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace portolan::admin {

namespace {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using control::ClientKeyEdit;
using control::ClientKeyInfo;

// Gateway-protocol 4.5. None at all is ours: the old token has leaked.
constexpr std::chrono::milliseconds kShortestTransition = 30min;

/// The key that the path names; answers by itself when there is none.
const ClientKeyInfo *namedKey(const Call &call)
{
    const auto &keys = call.control.clientKeys();
    const auto found = std::ranges::find_if(
        keys, [&](const ClientKeyInfo &key) { return std::to_string(key.id.value) == call.names.front(); });
    if (found != keys.end())
        return &*found;
    call.answer.refuse(404, "key.unknown", "There is no API key with this id.");
    return nullptr;
}

/// Answers by itself when the caller's own key has less.
bool mayGive(const Call &call, const QStringList &scopes)
{
    const auto isHeld = [&](const QString &scope) {
        const auto word = scope == u"use" ? std::string("completions.write") : scope.toStdString();
        return admission::grants(call.request->call.scopes, word);
    };
    if (std::ranges::all_of(scopes, isHeld))
        return true;
    call.answer.refuse(403, "auth.scope_missing",
                       "A key cannot give scopes that it has not itself. Use one with the scope admin.");
    return false;
}

Result<QMap<QString, QString>> metadataOf(const JsonValue &value)
{
    QMap<QString, QString> metadata;
    for (const JsonValue member : value.members()) {
        const auto string = member.string();
        if (!string)
            return bad("The values of \"metadata\" must be strings.");
        metadata.insert(text(member.key()), text(*string));
    }
    return metadata;
}

Result<> takeDefaults(const JsonValue &defaults, ClientKeyEdit &edit)
{
    auto config = stringOf(defaults, "config_id");
    auto metadata = metadataOf(defaults["metadata"]);
    if (!config || !metadata)
        return fail(!config ? config.error() : metadata.error());
    if (defaults["config_id"].present())
        edit.config = text(config->value_or(""));
    if (defaults["metadata"].present())
        edit.metadata = *std::move(metadata);
    if (const JsonValue allow = defaults["allow_config_override"]) {
        edit.allowConfigOverride = allow.boolean();
        if (!edit.allowConfigOverride)
            return bad("\"allow_config_override\" is true or false.");
    }
    return {};
}

/// What the body changes of a key.
Result<ClientKeyEdit> editOf(const JsonValue &body, const admission::KeyLimits &limits)
{
    auto name = stringOf(body, "name");
    auto note = stringOf(body, "description");
    auto expires = timeOf(body, "expires_at");
    auto scopes = listOf(body, "scopes");
    auto slugs = listOf(body, "virtual_keys");
    auto models = listOf(body, "models");
    auto given = limitsOf(body, limits);
    if (!name || !note)
        return fail(!name ? name.error() : note.error());
    if (!scopes || !slugs || !models)
        return fail(!scopes ? scopes.error() : !slugs ? slugs.error() : models.error());
    if (!expires || !given)
        return fail(!expires ? expires.error() : given.error());
    ClientKeyEdit edit{.scopes = *scopes,
                       .expires = *expires,
                       .slugs = *slugs,
                       .models = *models,
                       .limits = *std::move(given)};
    if (*name)
        edit.name = text(**name);
    if (body["description"].present())
        edit.note = text(note->value_or(""));
    if (auto taken = takeDefaults(body["defaults"], edit); !taken)
        return fail(std::move(taken).error());
    return edit;
}

/// The answer with a new token: the only moment it can be seen.
std::string madeJson(const control::CreatedKey &made)
{
    std::string body;
    JsonWriter json(body);
    json.object().member("success", true).member("id", std::to_string(made.info.id.value));
    json.member("key", made.token->view());
    writeTime(json, "key_transition_expires_at", made.info.oldTokenEnds);
    json.member("object", "api-key").end();
    return body;
}

control::Reply<control::CreatedKey> sendMade(Answer answer)
{
    return [answer = std::move(answer)](Result<control::CreatedKey> made) {
        if (made)
            answer.send(madeJson(*made));
        else
            answer.refuse(made.error());
    };
}

} // namespace

void createApiKey(const Call &call)
{
    const auto &type = call.names.at(0);
    const auto &sub_type = call.names.at(1);
    if ((type != "organisation" && type != "workspace") || (sub_type != "user" && sub_type != "service"))
        return call.answer.refuse(404, "admin.no_route", "The admin API has no such call.");
    if (!admission::grants(call.request->call.scopes, type + '_' + sub_type + "_api_keys.create"))
        return call.answer.refuse(403, "auth.scope_missing",
                                  "This client key may not make this call. It needs the scope " + type + '_'
                                      + sub_type + "_api_keys.create, or admin.");
    auto edit = editOf(call.request->json(), {});
    if (!edit)
        return call.answer.refuse(edit.error());
    const auto scopes = edit->scopes.value_or(QStringList());
    if (!mayGive(call, scopes))
        return;
    control::NewClientKey key{.name = edit->name.value_or(QString()),
                              .kind = text(type) + u'-' + text(sub_type),
                              .scopes = scopes,
                              .note = edit->note.value_or(QString()),
                              .expires = edit->expires.value_or(QDateTime()),
                              .metadata = edit->metadata.value_or(QMap<QString, QString>()),
                              .slugs = edit->slugs.value_or(QStringList()),
                              .models = edit->models.value_or(QStringList()),
                              .limits = edit->limits.value_or(admission::KeyLimits())};
    key.defaults.config = edit->config.value_or(QString());
    key.defaults.allowConfigOverride = edit->allowConfigOverride.value_or(true);
    call.control.createClientKey(std::move(key), sendMade(call.answer));
}

void listApiKeys(const Call &call)
{
    sendList(call.answer, call.request->call.query, call.control.clientKeys(), writeApiKey);
}

void showApiKey(const Call &call)
{
    const auto *key = namedKey(call);
    if (!key)
        return;
    std::string body;
    JsonWriter json(body);
    writeApiKey(json, *key);
    call.answer.send(std::move(body));
}

void updateApiKey(const Call &call)
{
    const auto *key = namedKey(call);
    if (!key)
        return;
    const JsonValue body = call.request->json();
    auto edit = editOf(body, key->limits);
    if (!edit)
        return call.answer.refuse(edit.error());
    if (!mayGive(call, edit->scopes.value_or(QStringList())))
        return;
    const bool resets = body["reset_usage"].boolean().value_or(false);
    auto reply = doneWith(call.answer);
    call.control.editClientKey(key->id, *std::move(edit),
                               [call, id = key->id, resets, reply = std::move(reply)](Result<> done) {
                                   if (!done || !resets)
                                       return reply(std::move(done));
                                   const auto acting = call.act();
                                   call.control.resetUse(id, afterReset(reply));
                               });
}

void removeApiKey(const Call &call)
{
    if (const auto *key = namedKey(call))
        call.control.removeClientKey(key->id, doneWith(call.answer));
}

void rotateApiKey(const Call &call)
{
    const auto *key = namedKey(call);
    if (!key || !mayGive(call, key->scopes))
        return;
    auto transition = kShortestTransition;
    if (const JsonValue given = call.request->json()["key_transition_period_ms"]) {
        const auto ms = given.integer();
        if (!ms || (*ms != 0 && *ms < kShortestTransition.count()))
            return call.answer.refuse(
                bad("key_transition_period_ms is 1800000 or more, or 0 to end the old key at once.").error());
        transition = std::chrono::milliseconds(*ms);
    }
    call.control.rotateClientKey(key->id, transition, sendMade(call.answer));
}

} // namespace portolan::admin
