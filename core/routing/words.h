// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/routing/config.h"
#include "core/routing/facts.h"
#include "core/routing/outcome.h"

#include <string>

namespace portolan::routing {

/// How people call a node: its name, else where it leads ("@openai-prod/gpt-4o"), else its kind and place.
[[nodiscard]] std::string labelOf(const Node &node);

/// The node for those who look at the whole config: "eu at /targets/0".
[[nodiscard]] std::string whereabouts(const Node &node);

/// The slug of an account that a target leads to, in its override of the model too; empty: to none.
[[nodiscard]] std::string slugOf(const Node &target);

/// The model that a target's override_params set; empty: the request's own.
[[nodiscard]] std::string modelOf(const Node &node);

/// "429", "a time-out", "no connection"; with the outcome's own words where it has some.
[[nodiscard]] std::string inWords(const Outcome &outcome);

/// Who sticks to a target: the caller and the values that the fields name, a missing one as nothing
/// (gateway-protocol 3.13).
[[nodiscard]] std::string identityOf(const Sticky &sticky, const Facts &facts);

} // namespace portolan::routing
