// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/virtualkeycalls.h"

#include "core/admin/accountbody.h"
#include "core/admin/keyjson.h"
#include "core/admin/limitsjson.h"
#include "core/admin/parts.h"

#include <algorithm>
#include <utility>

namespace portolan::admin {

namespace {

using control::VirtualKey;
using control::VirtualKeyEdit;

std::vector<VirtualKey> ownKeys(const control::Control &control)
{
    auto keys = control.virtualKeys();
    std::erase_if(keys, [](const VirtualKey &key) { return !key.id; }); // @practice is not the owner's
    return keys;
}

/// The key that the path names; answers by itself when there is none.
const VirtualKey *namedKey(const Call &call)
{
    const auto &keys = call.control.virtualKeys();
    const auto found = std::ranges::find(keys, text(call.names.front()), &VirtualKey::slug);
    if (found != keys.end() && found->id)
        return &*found;
    call.answer.refuse(404, "key.unknown", "There is no virtual key with this slug.");
    return nullptr;
}

/// What the body changes of a key.
Result<VirtualKeyEdit> editOf(const JsonValue &body, const admission::KeyLimits &limits)
{
    auto name = stringOf(body, "name");
    auto note = stringOf(body, "note");
    auto expires = timeOf(body, "expires_at");
    auto models = listOf(body, "models");
    auto given = limitsOf(body, limits);
    if (!name || !note)
        return fail(!name ? name.error() : note.error());
    if (!expires || !models || !given)
        return fail(!expires ? expires.error() : !models ? models.error() : given.error());
    VirtualKeyEdit edit{.expires = *expires, .models = *models, .limits = *std::move(given)};
    if (*name)
        edit.name = text(**name);
    if (body["note"].present())
        edit.note = text(note->value_or(""));
    return edit;
}

void sendMade(const Answer &answer, const QString &slug, std::string_view object)
{
    std::string body;
    JsonWriter json(body);
    const auto id = slug.toStdString();
    json.object().member("success", true).member("id", id).member("slug", id).member("object", object);
    json.key("data").object().member("id", id).member("slug", id).end().end();
    answer.send(std::move(body));
}

control::Reply<> thenSend(Answer answer, QString slug, std::string_view object)
{
    return [answer = std::move(answer), slug = std::move(slug), object](Result<> done) {
        if (done)
            sendMade(answer, slug, object);
        else
            answer.refuse(done.error());
    };
}

/// The edit, and after it a reset when the body asks for one.
void applyEdit(const Call &call, VirtualKeyId id, VirtualKeyEdit edit, control::Reply<> reply)
{
    const bool resets = call.request->json()["reset_usage"].boolean().value_or(false);
    call.control.editVirtualKey(id, std::move(edit), [call, id, resets, reply](Result<> done) {
        if (!done || !resets)
            return reply(std::move(done));
        const auto acting = call.act();
        call.control.resetUse(id, afterReset(reply));
    });
}

const control::Account *accountNamed(const control::Control &control, const QString &slug)
{
    const auto &accounts = control.accounts();
    const auto found = std::ranges::find(accounts, slug, &control::Account::slug);
    return found == accounts.end() || found->builtIn ? nullptr : &*found;
}

const control::Account *accountOf(const control::Control &control, AccountId id)
{
    const auto found = std::ranges::find(control.accounts(), id, &control::Account::id);
    return found == control.accounts().end() ? nullptr : &*found;
}

/// Gives the first key of a new account what the body says of it; an account whose key cannot have that is
/// taken away again.
void finishAccount(const Call &call, AccountId account, const QString &slug, VirtualKeyEdit edit)
{
    const auto &keys = call.control.virtualKeys();
    const auto key = std::ranges::find(keys, slug, &VirtualKey::slug);
    if (key == keys.end())
        return call.answer.refuse(404, "key.unknown", "The virtual key is not there any more.");
    const auto acting = call.act();
    call.control.editVirtualKey(key->id, std::move(edit), [call, account, slug](Result<> done) {
        if (done)
            return sendMade(call.answer, slug, "virtual-key");
        const auto acts = call.act();
        call.control.removeAccount(account,
                                   [call, why = done.error()](Result<>) { call.answer.refuse(why); });
    });
}

} // namespace

void createVirtualKey(const Call &call)
{
    const JsonValue body = call.request->json();
    auto account = accountFrom(call.control, body, "provider");
    if (!account)
        return call.answer.refuse(account.error());
    auto edit = editOf(body, {});
    if (!edit)
        return call.answer.refuse(edit.error());
    const auto slug = account->slug;
    call.control.addAccount(*std::move(account), [call, slug, edit = *std::move(edit)](Result<AccountId> id) {
        if (id)
            finishAccount(call, *id, slug, edit);
        else
            call.answer.refuse(id.error());
    });
}

void listVirtualKeys(const Call &call)
{
    sendList(call.answer, call.request->call.query, ownKeys(call.control),
             [&call](JsonWriter &json, const VirtualKey &key) {
                 if (const auto *account = accountOf(call.control, key.account))
                     writeVirtualKey(json, key, *account);
             });
}

void showVirtualKey(const Call &call)
{
    const auto *key = namedKey(call);
    const auto *account = key ? accountOf(call.control, key->account) : nullptr;
    if (!account)
        return;
    std::string body;
    JsonWriter json(body);
    writeVirtualKey(json, *key, *account);
    call.answer.send(std::move(body));
}

void updateVirtualKey(const Call &call)
{
    const auto *key = namedKey(call);
    if (!key)
        return;
    const JsonValue body = call.request->json();
    auto edit = editOf(body, key->limits);
    if (!edit)
        return call.answer.refuse(edit.error());
    auto reply = thenSend(call.answer, key->slug, "virtual-key");
    auto credential = secretOf(body, "key");
    if (!credential)
        return applyEdit(call, key->id, *std::move(edit), std::move(reply));
    call.control.rotateAccount(
        key->account, std::move(credential),
        [call, id = key->id, edit = *std::move(edit), reply = std::move(reply)](Result<> done) {
            if (!done)
                return reply(std::move(done));
            const auto acting = call.act();
            applyEdit(call, id, edit, reply);
        });
}

/// An account's only key goes with the account, as it was made with it.
void removeVirtualKey(const Call &call)
{
    const auto *key = namedKey(call);
    if (!key)
        return;
    const bool only = std::ranges::count(call.control.virtualKeys(), key->account, &VirtualKey::account) == 1;
    if (key->first && only)
        call.control.removeAccount(key->account, doneWith(call.answer));
    else
        call.control.removeVirtualKey(key->id, doneWith(call.answer));
}

void createProvider(const Call &call)
{
    const JsonValue body = call.request->json();
    auto edit = editOf(body, {});
    auto slug = stringOf(body, "slug");
    auto integration = stringOf(body, "integration_id");
    if (!edit || !slug || !integration)
        return call.answer.refuse(!edit ? edit.error() : !slug ? slug.error() : integration.error());
    const auto *account = accountNamed(call.control, text(integration->value_or("")));
    if (!account)
        return call.answer.refuse(404, "account.unknown",
                                  "There is no integration with this integration_id.");
    if (!edit->name)
        return call.answer.refuse(bad("Give the provider a \"name\".").error());
    control::NewVirtualKey key{.slug = slug->value_or("").empty() ? call.control.proposeSlug(*edit->name)
                                                                  : text(**slug),
                               .account = account->id,
                               .name = *edit->name,
                               .note = edit->note.value_or(QString()),
                               .expires = edit->expires.value_or(QDateTime()),
                               .models = edit->models.value_or(QStringList()),
                               .limits = edit->limits.value_or(admission::KeyLimits())};
    const auto made = key.slug;
    call.control.addVirtualKey(std::move(key), [answer = call.answer, made](Result<VirtualKeyId> id) {
        if (id)
            sendMade(answer, made, "provider");
        else
            answer.refuse(id.error());
    });
}

void listProviders(const Call &call)
{
    sendList(call.answer, call.request->call.query, ownKeys(call.control), writeProvider);
}

void showProvider(const Call &call)
{
    const auto *key = namedKey(call);
    if (!key)
        return;
    std::string body;
    JsonWriter json(body);
    writeProvider(json, *key);
    call.answer.send(std::move(body));
}

void updateProvider(const Call &call)
{
    const auto *key = namedKey(call);
    if (!key)
        return;
    auto edit = editOf(call.request->json(), key->limits);
    if (!edit)
        return call.answer.refuse(edit.error());
    applyEdit(call, key->id, *std::move(edit), thenSend(call.answer, key->slug, "provider"));
}

void removeProvider(const Call &call)
{
    if (const auto *key = namedKey(call))
        call.control.removeVirtualKey(key->id, doneWith(call.answer));
}

} // namespace portolan::admin
