// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/modeluse.h"

#include "core/catalog/catalog.h"
#include "core/routing/words.h"

#include <map>

namespace portolan::control {

namespace {

using Accounts = std::map<std::string_view, AccountId>; // by slug

void gather(const routing::Node &node, const Accounts &accounts, const store::ConfigRow &config,
            std::vector<ModelUse> &uses)
{
    for (const routing::Node &target : node.targets)
        gather(target, accounts, config, uses);
    if (!node.isTarget())
        return;
    const auto account = accounts.find(routing::slugOf(node));
    auto model = routing::modelOf(node);
    if (const auto ref = catalog::ModelRef::parse(model))
        model = ref->model();
    if (!model.empty() && account != accounts.end())
        uses.push_back({.account = account->second,
                        .model = model,
                        .config_name = config.name,
                        .pointer = node.pointer});
}

} // namespace

std::vector<ModelUse> modelUses(const Stored &stored)
{
    Accounts accounts;
    for (const auto &key : stored.virtual_keys)
        accounts.emplace(key.slug, key.account);
    std::vector<ModelUse> uses;
    for (const auto &config : stored.configs) {
        if (config->saved && !config->row.archived)
            gather(config->saved->config->root(), accounts, config->row, uses);
    }
    return uses;
}

} // namespace portolan::control
