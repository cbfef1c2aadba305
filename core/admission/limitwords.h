// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/budgetbook.h"
#include "core/admission/keylimits.h"
#include "core/admission/ledger.h"

#include <string>
#include <string_view>

namespace portolan::admission {

/// What a refused client hears, and what to do.

[[nodiscard]] std::string budgetWords(Party party, const Budget &budget, const BudgetPage &page,
                                      std::int64_t asked);
/// `wait_us` 0: waiting alone does not help.
[[nodiscard]] std::string rateWords(Party party, const RateLimit &rate, const Refusal &refusal);
[[nodiscard]] std::string concurrencyWords(Party party, std::int64_t limit);

[[nodiscard]] std::string_view codeOf(Refusal::Limit limit) noexcept;

} // namespace portolan::admission
