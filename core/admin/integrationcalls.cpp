// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/integrationcalls.h"

#include "core/admin/accountbody.h"
#include "core/admin/parts.h"

#include <algorithm>
#include <utility>

namespace portolan::admin {

namespace {

using control::Account;

/// The account that the path names; answers by itself when there is none.
const Account *namedAccount(const Call &call)
{
    const auto &accounts = call.control.accounts();
    const auto found = std::ranges::find(accounts, text(call.names.front()), &Account::slug);
    if (found != accounts.end() && !found->builtIn)
        return &*found;
    call.answer.refuse(404, "account.unknown", "There is no integration with this slug.");
    return nullptr;
}

void write(JsonWriter &json, const Account &account)
{
    const auto slug = account.slug.toStdString();
    json.object();
    json.member("id", slug).member("slug", slug);
    json.member("name", (account.name.isEmpty() ? account.slug : account.name).toStdString());
    json.member("ai_provider_id", account.provider.toStdString());
    json.member("status", account.enabled ? "active" : "archived");
    json.member("masked_key", account.credential.toStdString());
    json.key("description").null();
    json.key("configurations").object();
    if (!account.ownAddress.isEmpty())
        json.member("custom_host", account.ownAddress.toStdString());
    for (auto it = account.settings.begin(); it != account.settings.end(); ++it)
        json.member(it.key().toStdString(), it.value().toStdString());
    json.end();
    writeTime(json, "created_at", account.created);
    writeTime(json, "last_rotated_at", account.rotated);
    json.member("object", "integration").end();
}

void sendMade(const Answer &answer, const QString &slug)
{
    std::string body;
    JsonWriter json(body);
    const auto id = slug.toStdString();
    json.object().member("success", true).member("id", id).member("slug", id);
    json.member("object", "integration").end();
    answer.send(std::move(body));
}

control::Reply<> thenSend(Answer answer, QString slug)
{
    return [answer = std::move(answer), slug = std::move(slug)](Result<> done) {
        if (done)
            sendMade(answer, slug);
        else
            answer.refuse(done.error());
    };
}

/// Portkey's default provider is the account's first key. Where the body wants none, that one is switched
/// off; where it wants another slug, there is a second one.
void makeProviders(const Call &call, AccountId account, const QString &slug, const QString &provider_slug,
                   bool wanted)
{
    const auto acting = call.act();
    if (!wanted) {
        const auto &keys = call.control.virtualKeys();
        const auto first = std::ranges::find(keys, slug, &control::VirtualKey::slug);
        if (first == keys.end())
            return sendMade(call.answer, slug);
        return call.control.editVirtualKey(first->id, {.enabled = false}, thenSend(call.answer, slug));
    }
    if (provider_slug.isEmpty() || provider_slug == slug)
        return sendMade(call.answer, slug);
    call.control.addVirtualKey({.slug = provider_slug, .account = account},
                               [answer = call.answer, slug](Result<VirtualKeyId> made) {
                                   if (made)
                                       sendMade(answer, slug);
                                   else
                                       answer.refuse(made.error());
                               });
}

struct Change {
    QString model{};
    control::ModelEdit edit{};
    bool adds = false;
    bool removes = false;
};

/// One after the other; the first that cannot be made ends it.
void makeChanges(const Call &call, AccountId account, std::shared_ptr<const std::vector<Change>> changes,
                 std::size_t next = 0)
{
    if (next == changes->size())
        return call.answer.send(R"({"success":true,"data":{}})");
    const auto go_on = [call, account, changes, next](Result<> done) {
        if (done)
            makeChanges(call, account, changes, next + 1);
        else
            call.answer.refuse(done.error());
    };
    const auto acting = call.act();
    const Change &change = changes->at(next);
    if (change.removes)
        call.control.removeModel(account, change.model, go_on);
    else if (change.adds)
        call.control.addModel(account, change.model, change.edit, go_on);
    else
        call.control.editModel(account, change.model, change.edit, go_on);
}

/// US cents for a token into nano-dollars for a million.
std::optional<qint64> priceOf(const JsonValue &value)
{
    constexpr double kNanoPerCent = 1e13;
    constexpr double kMost = 1e15;
    const auto cents = value["price"].number();
    if (!cents || *cents < 0 || *cents * kNanoPerCent > kMost)
        return std::nullopt;
    return std::llround(*cents * kNanoPerCent);
}

void writePrice(JsonWriter &json, std::string_view name, const std::optional<qint64> &nano)
{
    if (nano)
        json.key(name).object().member("price", double(*nano) / 1e13).end();
}

Result<control::OwnPrice> ownPriceOf(const JsonValue &config)
{
    const JsonValue prices = config["pay_as_you_go"];
    const auto in = priceOf(prices["request_token"]);
    const auto out = priceOf(prices["response_token"]);
    if (!in || !out)
        return bad("A pricing_config has pay_as_you_go with request_token.price and response_token.price, in "
                   "US cents for one token.");
    return control::OwnPrice{.in = *in,
                             .out = *out,
                             .cached = priceOf(prices["cache_read_input_token"]),
                             .cacheWrite = priceOf(prices["cache_write_input_token"]),
                             .source = QStringLiteral("admin API")};
}

Result<Change> changeOf(const JsonValue &model, const std::vector<control::ModelInfo> &known,
                        AccountId account)
{
    const auto slug = model["slug"].stringOr("");
    if (slug.empty())
        return bad("Each model has a \"slug\".");
    Change change{.model = text(slug)};
    change.edit.enabled = model["enabled"].boolean();
    if (const JsonValue price = model["pricing_config"]) {
        auto own = ownPriceOf(price);
        if (!own)
            return fail(std::move(own).error());
        change.edit.price = *std::move(own);
    }
    const bool there = std::ranges::any_of(known, [&](const control::ModelInfo &one) {
        return one.account == account && one.id == change.model;
    });
    change.adds = !there && model["is_custom"].boolean().value_or(false);
    if (!there && !change.adds)
        return bad("This account has no model \"" + slug + "\"; one of its owner's has is_custom true.");
    return change;
}

} // namespace

void createIntegration(const Call &call)
{
    const JsonValue body = call.request->json();
    auto account = accountFrom(call.control, body, "ai_provider_id");
    auto provider_slug = stringOf(body, "default_provider_slug");
    if (!account || !provider_slug)
        return call.answer.refuse(!account ? account.error() : provider_slug.error());
    const bool wanted = body["create_default_provider"].boolean().value_or(true);
    const auto slug = account->slug;
    call.control.addAccount(
        *std::move(account),
        [call, slug, wanted, other = text(provider_slug->value_or(""))](Result<AccountId> id) {
            if (id)
                makeProviders(call, *id, slug, other, wanted);
            else
                call.answer.refuse(id.error());
        });
}

void listIntegrations(const Call &call)
{
    auto accounts = call.control.accounts();
    std::erase_if(accounts, [](const Account &account) { return account.builtIn; });
    sendList(call.answer, call.request->call.query, accounts, write);
}

void showIntegration(const Call &call)
{
    const auto *account = namedAccount(call);
    if (!account)
        return;
    std::string body;
    JsonWriter json(body);
    write(json, *account);
    call.answer.send(std::move(body));
}

void updateIntegration(const Call &call)
{
    const auto *account = namedAccount(call);
    if (!account)
        return;
    const JsonValue body = call.request->json();
    auto name = stringOf(body, "name");
    auto parts = accountPartsFrom(call.control, account->provider, body);
    if (!name || !parts)
        return call.answer.refuse(!name ? name.error() : parts.error());
    control::AccountEdit edit{.name = *name ? text(**name) : account->name,
                              .baseUrl = parts->baseUrl.isEmpty() ? account->ownAddress : parts->baseUrl,
                              .settings = account->settings,
                              .credential = parts->credential};
    edit.settings->insert(parts->settings);
    call.control.editAccount(account->id, std::move(edit), thenSend(call.answer, account->slug));
}

void removeIntegration(const Call &call)
{
    if (const auto *account = namedAccount(call))
        call.control.removeAccount(account->id, doneWith(call.answer));
}

void listIntegrationModels(const Call &call)
{
    const auto *account = namedAccount(call);
    if (!account)
        return;
    std::string body;
    JsonWriter json(body);
    json.object().member("success", true).member("object", "list").member("allow_all_models", true);
    json.key("models").array();
    for (const auto &model : call.control.models()) {
        if (model.account != account->id || model.slug != account->slug)
            continue;
        json.object();
        json.member("slug", model.id.toStdString()).member("enabled", model.enabled);
        json.member("is_custom", model.own).member("is_finetune", false);
        json.key("pricing_config").object().member("type", "static").key("pay_as_you_go").object();
        writePrice(json, "request_token", model.in);
        writePrice(json, "response_token", model.out);
        writePrice(json, "cache_read_input_token", model.cached);
        writePrice(json, "cache_write_input_token", model.cacheWrite);
        json.end().end().end();
    }
    json.end().end();
    call.answer.send(std::move(body));
}

void updateIntegrationModels(const Call &call)
{
    const auto *account = namedAccount(call);
    if (!account)
        return;
    const JsonValue body = call.request->json();
    if (!body["allow_all_models"].boolean().value_or(true))
        return call.answer.refuse(bad("Models are switched off one by one here, or give the virtual key the "
                                      "list of its \"models\".")
                                      .error());
    const auto known = call.control.models();
    auto changes = std::make_shared<std::vector<Change>>();
    for (const JsonValue model : body["models"].elements()) {
        auto change = changeOf(model, known, account->id);
        if (!change)
            return call.answer.refuse(change.error());
        changes->push_back(*std::move(change));
    }
    makeChanges(call, account->id, std::move(changes));
}

void removeIntegrationModels(const Call &call)
{
    const auto *account = namedAccount(call);
    if (!account)
        return;
    auto changes = std::make_shared<std::vector<Change>>();
    for (const auto &slug :
         text(queryText(call.request->call.query, "slugs")).split(u',', Qt::SkipEmptyParts))
        changes->push_back({.model = slug.trimmed(), .removes = true});
    if (changes->empty())
        return call.answer.refuse(bad("Name the models in the query: ?slugs=one,two.").error());
    makeChanges(call, account->id, std::move(changes));
}

} // namespace portolan::admin
