// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "core/gateway/snapshot.h"
#include "core/store/rows.h"
#include "core/vault/vault.h"

#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace portolan::control {

/// A stored config and what its text means; made anew when either changes.
struct StoredConfig {
    store::ConfigRow row{};
    gateway::SharedSavedConfig saved{}; ///< null: the text cannot be read
    std::string broken{};               ///< why
    std::set<std::string> slugs{};      ///< of the virtual keys that it names
};

/// What is stored of accounts, keys and configs, read once at start and kept in step with every change.
struct Stored {
    std::vector<store::AccountRow> accounts{};
    std::vector<store::ModelChoiceRow> model_choices{};
    std::vector<store::VirtualKeyRow> virtual_keys{};
    std::vector<store::ClientKeyRow> client_keys{};
    std::vector<std::shared_ptr<const StoredConfig>> configs{};
};

/// With the meaning of its text, read here.
[[nodiscard]] std::shared_ptr<const StoredConfig> storedConfig(store::ConfigRow row);
/// The same when it is known.
[[nodiscard]] std::shared_ptr<const StoredConfig> storedConfig(store::ConfigRow row,
                                                               routing::SharedConfig config);

/// The parts of a snapshot that come from settings and from the running listener.
struct ListenerFacts {
    std::string address{};
    std::uint16_t port = 0;
    bool open_on_loopback = false;
    std::string hop{};
    std::shared_ptr<const http::ProxyRules> proxies = std::make_shared<const http::ProxyRules>();
};

/// Builds a snapshot from what is stored, opening each credential. A credential that cannot be opened makes
/// its slug unusable with the reason, never the whole snapshot.
[[nodiscard]] gateway::SharedSnapshot buildSnapshot(const Stored &stored, const Settings &settings,
                                                    const ListenerFacts &listener,
                                                    std::shared_ptr<const catalog::Catalog> catalog,
                                                    const vault::Vault &vault);

} // namespace portolan::control
