// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/catalog.h"

#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace portolan::catalog {

/// A variable of the environment. Its value stays with the caller: nothing here needs it.
struct SetVariable {
    std::string_view name{};
    bool has_value = false; ///< set to more than an empty text
};

/// A provider that could be added with what the environment holds. Views point into the catalog.
struct EnvironmentOffer {
    const Provider *provider = nullptr;
    std::string_view credential{}; ///< the variable with the key; empty: the server needs none
    EnvRole role = EnvRole::Key;   ///< of credential: Key, or File for the path of a file with it
    std::string_view secret{};     ///< the variable with the key's other half, when it has one
    std::string_view endpoint{};   ///< the variable with the address; empty: the provider's own
    std::vector<std::pair<std::string_view, std::string_view>>
        parts{};                             ///< {name} of base_url: the variable with it
    std::vector<std::string_view> missing{}; ///< variables that are needed and not set
    bool needs_address = false;              ///< neither the catalog nor the environment knows one
    std::vector<const Provider *> others{};  ///< providers that read their key from the same variable

    [[nodiscard]] bool isComplete() const noexcept { return missing.empty() && !needs_address; }
};

/// What could be offered, most certain first: complete offers, then variables that only one provider reads,
/// then the kinds in their order, then by id. A variable that several providers read makes one offer, for the
/// provider that the other variables fit best; the rest stand in `others`.
[[nodiscard]] std::vector<EnvironmentOffer> environmentOffers(const Catalog &catalog,
                                                              std::span<const SetVariable> variables);

/// What a matching answer proves.
enum class Telling : std::uint8_t {
    Name,  ///< only this server answers so
    Shape, ///< this server does, and others may
    Alive, ///< something answers: no proof on its own
};

/// A question to a port of this machine.
struct ProbeStep {
    std::uint16_t port = 0;
    const Provider *provider = nullptr;
    const LocalProbe *probe = nullptr;
    Telling telling = Telling::Alive;
};

/// All probes of the local servers, by port and in the order in which to try them there: the most particular
/// first. The first that matches with Name or Shape settles the port.
[[nodiscard]] std::vector<ProbeStep> localProbes(const Catalog &catalog);

/// The answer to a probe is the one that its server gives. The body is foreign: any bytes.
[[nodiscard]] bool matchesProbe(const LocalProbe &probe, int status, std::string_view body);

} // namespace portolan::catalog
