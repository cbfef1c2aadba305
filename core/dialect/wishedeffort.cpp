// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/wishedeffort.h"

namespace portolan::dialect {
namespace {

constexpr std::int64_t kLowBelow = 2048;
constexpr std::int64_t kMediumBelow = 16384;

} // namespace

std::optional<Effort> wishedEffort(const ReasoningWish &wish) noexcept
{
    if (wish.effort)
        return wish.effort;
    if (wish.disabled)
        return Effort::None;
    if (!wish.budget_tokens)
        return std::nullopt;
    if (*wish.budget_tokens < kLowBelow)
        return Effort::Low;
    return *wish.budget_tokens < kMediumBelow ? Effort::Medium : Effort::High;
}

} // namespace portolan::dialect
