// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/snapshotbuilder.h"

#include "core/admission/scopes.h"
#include "core/base/jsonreader.h"
#include "core/base/jsonvalue.h"
#include "core/catalog/catalog.h"
#include "core/control/accountsettings.h"
#include "core/control/awsprofile.h"
#include "core/control/credentialinput.h"
#include "core/control/keysettings.h"
#include "core/gateway/recorder.h"
#include "core/routing/parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace portolan::control {

namespace {

struct Opened {
    SharedSecret secret{};
    std::string problem{};
};

Opened openCredential(const store::AccountRow &account, const catalog::AccountSettings &settings,
                      const vault::Vault &vault)
{
    if (const auto profile = settings.find("profile"); profile != settings.end()) {
        auto keys = awsProfile(AwsFiles::usual(), profile->second);
        return keys ? Opened{.secret = *std::move(keys)} : Opened{.problem = keys.error().message};
    }
    if (account.sealed.empty())
        return {};
    auto secret = vault.open(account.sealed, {.account = account.id, .provider = account.provider});
    if (!secret)
        return {.problem = secret.error().message};
    return {.secret = std::make_shared<const SecretBytes>(*std::move(secret))};
}

gateway::Target targetOf(const store::VirtualKeyRow &key, const store::AccountRow &account,
                         const Opened &opened, const catalog::Catalog &catalog)
{
    auto target = gateway::makeTarget(catalog, account.provider, account.base_url, opened.secret,
                                      settingsFromStored(account.settings_json));
    target.slug = key.slug;
    target.virtual_key = key.id;
    target.account = account.id;
    target.enabled = account.enabled && key.enabled;
    target.expires_us = key.expires_us;
    target.models = modelsFromStored(key.models_json);
    target.limits = virtualKeySettingsFromStored(key.limits_json).limits;
    if (!opened.problem.empty())
        target.unusable = opened.problem;
    return target;
}

std::uint8_t scopeBits(const std::vector<std::string> &scopes)
{
    const auto bit = [](bool holds, admission::Scope scope) {
        return holds ? static_cast<std::uint8_t>(scope) : std::uint8_t{0};
    };
    return static_cast<std::uint8_t>(
        bit(admission::grants(scopes, "completions.write"), admission::Scope::Use)
        | bit(admission::administers(scopes), admission::Scope::Admin));
}

std::vector<admission::ClientKey> clientKeys(const std::vector<store::ClientKeyRow> &rows)
{
    std::vector<admission::ClientKey> keys;
    for (const auto &row : rows) {
        admission::ClientKey key;
        if (row.token_hash.size() != key.hash.size())
            continue;
        std::ranges::copy(row.token_hash, reinterpret_cast<char *>(key.hash.data()));
        key.id = row.id;
        key.name = row.name;
        key.last_four = row.last_four;
        key.enabled = row.enabled;
        key.expires_us = row.expires_us;
        auto settings = keySettingsFromStored(row.settings_json);
        key.default_config = std::move(settings.default_config);
        key.allow_config_override = settings.allow_config_override;
        key.metadata.assign(settings.metadata.begin(), settings.metadata.end());
        key.slugs = std::move(settings.slugs);
        key.models = std::move(settings.models);
        key.limits = std::move(settings.limits);
        key.old_token = settings.old_token;
        key.granted = row.scopes;
        key.scopes = scopeBits(row.scopes);
        keys.push_back(std::move(key));
    }
    return keys;
}

catalog::OwnModels::Said saidOf(const store::ModelChoiceRow &row)
{
    catalog::OwnModels::Said said{
        .model = row.model, .own = row.own, .enabled = row.enabled, .context = row.context};
    if (!row.price_in || !row.price_out)
        return said;
    auto &price = said.price.emplace();
    price.set(catalog::PriceKey::In, *row.price_in);
    price.set(catalog::PriceKey::Out, *row.price_out);
    if (row.price_cache_read)
        price.set(catalog::PriceKey::CacheRead, *row.price_cache_read);
    if (row.price_cache_write)
        price.set(catalog::PriceKey::CacheWrite, *row.price_cache_write);
    said.priced_on = gateway::utcDay(row.edited_us);
    return said;
}

std::unordered_map<AccountId, std::shared_ptr<const catalog::OwnModels>>
ownModels(const std::vector<store::ModelChoiceRow> &rows)
{
    std::unordered_map<AccountId, std::vector<catalog::OwnModels::Said>> said;
    for (const auto &row : rows)
        said[row.account].push_back(saidOf(row));
    std::unordered_map<AccountId, std::shared_ptr<const catalog::OwnModels>> own;
    for (auto &[account, models] : said)
        own.emplace(account, std::make_shared<const catalog::OwnModels>(std::move(models)));
    return own;
}

/// Also those that a target's model names, where nothing else says where its calls go.
void addSlugs(const routing::Node &node, std::set<std::string> &slugs)
{
    if (!node.destination.slug.empty())
        slugs.insert(node.destination.slug);
    const auto *model = node.settings.params.override_of("model");
    if (model && !node.destination.isNamed()) {
        if (const auto text = JsonDocument::parse(model->text)) {
            if (const auto ref = catalog::ModelRef::parse(JsonValue(*text).stringOr("")))
                slugs.insert(ref->slug());
        }
    }
    for (const auto &target : node.targets)
        addSlugs(target, slugs);
}

void addConfigs(const Stored &stored, gateway::Snapshot &snapshot)
{
    std::unordered_map<std::string_view, int> names;
    for (const auto &config : stored.configs) {
        const auto &row = config->row;
        if (row.archived)
            snapshot.unusable_configs.emplace(
                row.slug, fmt::format("The config {} is archived. Activate it in Routing.", row.slug));
        else if (!config->saved)
            snapshot.unusable_configs.emplace(
                row.slug,
                fmt::format("The text of the config {} cannot be read: {} Restore one of its versions.",
                            row.slug, config->broken));
        else
            snapshot.configs.emplace(row.slug, config->saved);
        ++names[row.name];
    }
    for (const auto &config : stored.configs) {
        if (config->saved && !config->row.archived && names[config->row.name] == 1)
            snapshot.configs.emplace(config->row.name, config->saved);
    }
}

} // namespace

std::shared_ptr<const StoredConfig> storedConfig(store::ConfigRow row, routing::SharedConfig config)
{
    auto stored = std::make_shared<StoredConfig>();
    stored->saved = std::make_shared<const gateway::SavedConfig>(gateway::SavedConfig{
        .id = row.id,
        .slug = row.slug,
        .name = row.name,
        .version = row.current.version,
        .config = std::move(config),
    });
    addSlugs(stored->saved->config->root(), stored->slugs);
    stored->row = std::move(row);
    return stored;
}

std::shared_ptr<const StoredConfig> storedConfig(store::ConfigRow row)
{
    auto reading = routing::parseConfig(row.current.text);
    if (reading.config)
        return storedConfig(std::move(row), std::move(reading.config));
    auto stored = std::make_shared<StoredConfig>();
    const auto error
        = std::ranges::find(reading.problems, routing::Severity::Error, &routing::Problem::severity);
    stored->broken = error == reading.problems.end() ? "It has an error." : error->message;
    stored->row = std::move(row);
    return stored;
}

gateway::SharedSnapshot buildSnapshot(const Stored &stored, const Settings &settings,
                                      const ListenerFacts &listener,
                                      std::shared_ptr<const catalog::Catalog> catalog,
                                      const vault::Vault &vault)
{
    auto snapshot = std::make_shared<gateway::Snapshot>();
    snapshot->client_keys = admission::ClientKeys(clientKeys(stored.client_keys));
    snapshot->capture = settings.capture;
    snapshot->open_on_loopback = listener.open_on_loopback;
    snapshot->limits = settings.limits;
    snapshot->most_attempts = settings.mostAttempts;
    snapshot->own_address = listener.address;
    snapshot->own_port = listener.port;
    snapshot->hop = listener.hop;
    snapshot->proxies = listener.proxies;

    const auto own_models = ownModels(stored.model_choices);
    std::vector<SharedSecret> secrets;
    std::unordered_map<AccountId, std::pair<const store::AccountRow *, Opened>> accounts;
    for (const auto &account : stored.accounts) {
        auto opened = openCredential(account, settingsFromStored(account.settings_json), vault);
        if (opened.secret)
            std::ranges::move(secretParts(opened.secret), std::back_inserter(secrets));
        accounts.emplace(account.id, std::pair(&account, std::move(opened)));
    }
    for (const auto &key : stored.virtual_keys) {
        const auto found = accounts.find(key.account);
        if (found == accounts.end())
            continue;
        auto target = targetOf(key, *found->second.first, found->second.second, *catalog);
        if (const auto own = own_models.find(key.account); own != own_models.end())
            target.own_models = own->second;
        snapshot->targets.emplace(key.slug, std::make_shared<const gateway::Target>(std::move(target)));
    }
    snapshot->targets.insert_or_assign(std::string(gateway::kPracticeSlug),
                                       std::make_shared<const gateway::Target>(gateway::practiceTarget()));
    addConfigs(stored, *snapshot);
    snapshot->redactor = std::make_shared<const Redactor>(std::move(secrets));
    snapshot->catalog = std::move(catalog);
    return snapshot;
}

} // namespace portolan::control
