// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/clientkeys.h"
#include "core/admission/ledger.h"
#include "core/gateway/snapshot.h"
#include "core/http/exchange.h"

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

namespace portolan::gateway {

/// Whether a call may go to a target at all: the client's key may call this slug and model, and the virtual
/// key is on, has not expired and may call the model, too. Budgets and rates are the ledger's. `key` null:
/// nobody's. `model` empty: the call names none; nothing: it needs none, as for a list. The refusal counts as
/// the target's own answer (401, 403, 412; gateway-protocol 5.3).
[[nodiscard]] std::expected<void, http::Refusal> checkKeys(const Target &target,
                                                           std::optional<std::string_view> model,
                                                           const admission::ClientKey *key,
                                                           std::int64_t now_us);
/// The same, for lists.
[[nodiscard]] bool mayCall(const Target &target, std::string_view model, const admission::ClientKey *key,
                           std::int64_t now_us);

/// What the client hears when a key's budget is spent (412) or it calls too often (429), with the type and
/// the code that Portkey's clients know.
[[nodiscard]] http::Refusal limitRefusal(const admission::Refusal &refusal,
                                         trace::Charge::Party of_whose_key);

/// A virtual key itself has refused: its status is the attempt's.
[[nodiscard]] bool isOfVirtualKey(const http::Refusal &refusal) noexcept;

/// Puts x-ratelimit-limit-*, -remaining-* and -reset-* of our own limits in place of a provider's.
void putRateLimits(const admission::Standing &standing, http::Fields &fields);

} // namespace portolan::gateway
