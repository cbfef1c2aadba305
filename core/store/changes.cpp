// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/changes.h"

#include "core/store/sql.h"

using namespace Qt::StringLiterals;

namespace portolan::store {

namespace {

std::string joined(const std::vector<std::string> &words)
{
    std::string text;
    for (const auto &word : words)
        text.append(text.empty() ? "" : " ").append(word);
    return text;
}

/// "gpt-4o gpt-4.1=1047576": a context stands behind the last '=' of a word.
std::string joined(const std::vector<ListedModel> &models)
{
    std::string text;
    for (const auto &model : models) {
        text.append(text.empty() ? "" : " ").append(model.id);
        if (model.context > 0 || model.id.find('=') != std::string::npos)
            text.append("=").append(std::to_string(model.context));
    }
    return text;
}

} // namespace

SqlChanges::SqlChanges(const Connection &connection, Removal &removal)
    : m_connection(connection)
    , m_removal(removal)
{ }

Result<AccountId> SqlChanges::insertAccount(const AccountRow &row)
{
    if (auto free = checkSlugIsFree(row.slug, {}, {}); !free)
        return fail(free.error());
    m_changed = true;
    Sql insert(
        m_connection.database(),
        u"INSERT INTO accounts (slug, provider, name, base_url, settings_json, sealed, last_four, enabled,"
        " created_us, rotated_us, notice) VALUES (?,?,?,?,?,?,?,?,?,?,?)"_s);
    insert.text(row.slug).text(row.provider).text(row.name).text(row.base_url).text(row.settings_json);
    insert.blob(row.sealed)
        .text(row.last_four)
        .bind(row.enabled ? 1 : 0)
        .bind(row.created_us)
        .bind(row.rotated_us);
    if (auto done = insert.text(row.notice).run(); !done)
        return fail(done.error());
    const AccountId id{insert.insertedId()};

    Sql key(
        m_connection.database(),
        u"INSERT INTO virtual_keys (slug, account, enabled, expires_us, models_json, limits_json, created_us)"
        " VALUES (?,?,1,0,'','',?)"_s);
    if (auto done = key.text(row.slug).bind(id.value).bind(row.created_us).run(); !done)
        return fail(done.error());
    return id;
}

Result<> SqlChanges::updateAccount(const AccountRow &row)
{
    if (auto free = checkSlugIsFree(row.slug, row.id, {}); !free)
        return free;
    m_changed = true;
    Sql key(m_connection.database(),
            u"UPDATE virtual_keys SET slug = ? WHERE account = ?"
            " AND slug = (SELECT slug FROM accounts WHERE id = ?)"_s);
    if (auto done = key.text(row.slug).bind(row.id.value).bind(row.id.value).run(); !done)
        return done;
    Sql update(
        m_connection.database(),
        u"UPDATE accounts SET slug = ?, provider = ?, name = ?, base_url = ?, settings_json = ?, sealed = ?,"
        " last_four = ?, enabled = ?, created_us = ?, rotated_us = ?, notice = ? WHERE id = ?"_s);
    update.text(row.slug).text(row.provider).text(row.name).text(row.base_url).text(row.settings_json);
    update.blob(row.sealed)
        .text(row.last_four)
        .bind(row.enabled ? 1 : 0)
        .bind(row.created_us)
        .bind(row.rotated_us);
    return update.text(row.notice).bind(row.id.value).runOnOne();
}

Result<> SqlChanges::removeAccount(AccountId id)
{
    m_changed = true;
    if (auto done = forgetUse(trace::Charge::Party::VirtualKey,
                              u"(SELECT id FROM virtual_keys WHERE account = ?)"_s, id.value);
        !done)
        return done;
    Sql keys(m_connection.database(), u"DELETE FROM virtual_keys WHERE account = ?"_s);
    if (auto done = keys.bind(id.value).run(); !done)
        return done;
    if (auto done = removeAccountModels(id); !done)
        return done;
    Sql choices(m_connection.database(), u"DELETE FROM model_choices WHERE account = ?"_s);
    if (auto done = choices.bind(id.value).run(); !done)
        return done;
    Sql account(m_connection.database(), u"DELETE FROM accounts WHERE id = ?"_s);
    return account.bind(id.value).runOnOne();
}

Result<> SqlChanges::setAccountModels(const AccountModelsRow &row)
{
    Sql insert(m_connection.database(),
               u"INSERT OR REPLACE INTO account_models (account, models, listed_us) VALUES (?,?,?)"_s);
    return insert.bind(row.account.value).text(joined(row.models)).bind(row.listed_us).run();
}

Result<> SqlChanges::removeAccountModels(AccountId id)
{
    Sql models(m_connection.database(), u"DELETE FROM account_models WHERE account = ?"_s);
    return models.bind(id.value).run();
}

Result<> SqlChanges::setModelChoice(const ModelChoiceRow &row)
{
    m_changed = true;
    Sql insert(m_connection.database(),
               u"INSERT OR REPLACE INTO model_choices (account, model, own, enabled, price_in, price_out,"
               " price_cache_read, price_cache_write, context, source, edited_us)"
               " VALUES (?,?,?,?,?,?,?,?,?,?,?)"_s);
    insert.bind(row.account.value).text(row.model).bind(row.own ? 1 : 0).bind(row.enabled ? 1 : 0);
    insert.bind(row.price_in).bind(row.price_out).bind(row.price_cache_read).bind(row.price_cache_write);
    return insert.bind(row.context).text(row.source).bind(row.edited_us).run();
}

Result<> SqlChanges::removeModelChoice(AccountId account, const std::string &model)
{
    m_changed = true;
    Sql choice(m_connection.database(), u"DELETE FROM model_choices WHERE account = ? AND model = ?"_s);
    return choice.bind(account.value).text(model).run();
}

Result<VirtualKeyId> SqlChanges::insertVirtualKey(const VirtualKeyRow &row)
{
    if (auto free = checkSlugIsFree(row.slug, {}, {}); !free)
        return fail(free.error());
    m_changed = true;
    Sql insert(
        m_connection.database(),
        u"INSERT INTO virtual_keys (slug, account, enabled, expires_us, models_json, limits_json, created_us)"
        " VALUES (?,?,?,?,?,?,?)"_s);
    insert.text(row.slug).bind(row.account.value).bind(row.enabled ? 1 : 0).bind(row.expires_us);
    if (auto done = insert.text(row.models_json).text(row.limits_json).bind(row.created_us).run(); !done)
        return fail(done.error());
    return VirtualKeyId{insert.insertedId()};
}

Result<> SqlChanges::updateVirtualKey(const VirtualKeyRow &row)
{
    Sql account(m_connection.database(), u"SELECT account FROM virtual_keys WHERE id = ?"_s);
    if (auto done = account.bind(row.id.value).run(); !done)
        return done;
    if (account.next() && account.number(0) != row.account.value) {
        if (auto further = checkIsNotFirst(row.id); !further)
            return further;
    }
    if (auto free = checkSlugIsFree(row.slug, row.account, row.id); !free)
        return free;
    m_changed = true;
    Sql update(m_connection.database(),
               u"UPDATE virtual_keys SET slug = ?, account = ?, enabled = ?, expires_us = ?, models_json = ?,"
               " limits_json = ?, created_us = ? WHERE id = ?"_s);
    update.text(row.slug).bind(row.account.value).bind(row.enabled ? 1 : 0).bind(row.expires_us);
    return update.text(row.models_json)
        .text(row.limits_json)
        .bind(row.created_us)
        .bind(row.id.value)
        .runOnOne();
}

Result<> SqlChanges::removeVirtualKey(VirtualKeyId id)
{
    if (auto further = checkIsNotFirst(id); !further)
        return further;
    m_changed = true;
    if (auto done = forgetUse(trace::Charge::Party::VirtualKey, u"(?)"_s, id.value); !done)
        return done;
    Sql remove(m_connection.database(), u"DELETE FROM virtual_keys WHERE id = ?"_s);
    return remove.bind(id.value).runOnOne();
}

Result<ClientKeyId> SqlChanges::insertClientKey(const ClientKeyRow &row)
{
    if (auto known = checkDefaultConfig(row); !known)
        return fail(std::move(known).error());
    m_changed = true;
    Sql insert(
        m_connection.database(),
        u"INSERT INTO client_keys (name, token_hash, last_four, scopes, enabled, created_us, expires_us,"
        " last_used_us, settings_json) VALUES (?,?,?,?,?,?,?,?,?)"_s);
    insert.text(row.name).blob(row.token_hash).text(row.last_four).text(joined(row.scopes));
    insert.bind(row.enabled ? 1 : 0).bind(row.created_us).bind(row.expires_us).bind(row.last_used_us);
    if (auto done = insert.text(row.settings_json).run(); !done)
        return fail(done.error());
    return ClientKeyId{insert.insertedId()};
}

Result<> SqlChanges::updateClientKey(const ClientKeyRow &row)
{
    if (auto known = checkDefaultConfig(row); !known)
        return known;
    m_changed = true;
    Sql update(m_connection.database(),
               u"UPDATE client_keys SET name = ?, token_hash = ?, last_four = ?, scopes = ?, enabled = ?,"
               " created_us = ?, expires_us = ?, last_used_us = ?, settings_json = ? WHERE id = ?"_s);
    update.text(row.name).blob(row.token_hash).text(row.last_four).text(joined(row.scopes));
    update.bind(row.enabled ? 1 : 0).bind(row.created_us).bind(row.expires_us).bind(row.last_used_us);
    return update.text(row.settings_json).bind(row.id.value).runOnOne();
}

Result<> SqlChanges::removeClientKey(ClientKeyId id)
{
    m_changed = true;
    if (auto done = forgetUse(trace::Charge::Party::ClientKey, u"(?)"_s, id.value); !done)
        return done;
    Sql remove(m_connection.database(), u"DELETE FROM client_keys WHERE id = ?"_s);
    return remove.bind(id.value).runOnOne();
}

Result<> SqlChanges::setSetting(const std::string &name, const std::string &value)
{
    m_changed = true;
    Sql set(m_connection.database(), u"INSERT OR REPLACE INTO settings (name, value) VALUES (?,?)"_s);
    return set.text(name).text(value).run();
}

Result<> SqlChanges::removeSetting(const std::string &name)
{
    m_changed = true;
    Sql remove(m_connection.database(), u"DELETE FROM settings WHERE name = ?"_s);
    return remove.text(name).run();
}

Result<> SqlChanges::removeRequests(const std::vector<RequestId> &ids)
{
    return m_removal.removeRequests(ids);
}

Result<> SqlChanges::removeAllRequests()
{
    return m_removal.removeAllRequests();
}

Result<> SqlChanges::checkIsNotFirst(VirtualKeyId id)
{
    Sql query(m_connection.database(),
              u"SELECT k.slug FROM virtual_keys k JOIN accounts a ON a.id = k.account AND a.slug = k.slug"
              " WHERE k.id = ?"_s);
    if (auto done = query.bind(id.value).run(); !done)
        return done;
    if (!query.next())
        return query.ending();
    return fail({.origin = Origin::Client,
                 .code = "store.first_virtual_key",
                 .message = "@" + query.textAt(0)
                     + " was made with its account and goes with it; switch it off instead."});
}

// Accounts and virtual keys share one namespace; an account and its own keys may have the same slug.
Result<> SqlChanges::checkSlugIsFree(const std::string &slug, AccountId account, VirtualKeyId key)
{
    Sql query(
        m_connection.database(),
        u"SELECT 1 FROM accounts WHERE slug = ? AND id <> ?"
        " UNION ALL SELECT 1 FROM virtual_keys WHERE slug = ? AND id <> ? AND (account <> ? OR ? <> 0)"_s);
    query.text(slug).bind(account.value).text(slug).bind(key.value).bind(account.value).bind(key.value);
    if (auto done = query.run(); !done)
        return done;
    if (query.next())
        return fail({.origin = Origin::Client,
                     .code = "store.slug_taken",
                     .message = "The slug " + slug + " is taken; choose another."});
    return {};
}

} // namespace portolan::store
