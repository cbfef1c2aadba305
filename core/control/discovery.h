// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/catalog.h"
#include "core/control/types.h"

#include <QObject>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

class QNetworkAccessManager;

namespace portolan::control {

struct DiscoveryOptions {
    /// Where a local server is really looked for, given its usual port; empty: there. 0: not at all (our own
    /// port).
    std::function<std::uint16_t(std::uint16_t)> port{};
    std::chrono::milliseconds probe{400}; ///< for one answer; a port that does not keep to it is given up
};

/// Finds what could become an account without typing: credentials in the environment and model servers that
/// answer on 127.0.0.1 (threat-model E9: nothing else is asked, no proxy is used, no credential is sent).
/// Offers are only shown; nothing is saved. Lives on a thread with an event loop and never blocks it.
class Discovery : public QObject
{
    Q_OBJECT

public:
    explicit Discovery(std::shared_ptr<const catalog::Catalog> catalog, DiscoveryOptions options = {},
                       QObject *parent = nullptr);
    ~Discovery() override; ///< searches under way end without a reply

    /// The environment's offers first, then the local servers by port. Within a second or two.
    void find(Reply<std::vector<Offer>> reply);

private:
    struct Search;

    const std::shared_ptr<const catalog::Catalog> m_catalog;
    const DiscoveryOptions m_options;
    std::unique_ptr<QNetworkAccessManager> m_network;
};

/// Offers from the environment of this process. Values are only looked at where they are parts of an address.
[[nodiscard]] std::vector<Offer> offersFromEnvironment(const catalog::Catalog &catalog);

/// What an offer would make: the variable's value as credential, the address where it is not the provider's
/// own. "discovery.gone" when the environment has changed since.
[[nodiscard]] Result<NewAccount> draftFor(const Offer &offer, const catalog::Catalog &catalog);

} // namespace portolan::control
