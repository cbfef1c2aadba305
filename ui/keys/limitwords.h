// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/theme/icon.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <optional>

/// Budgets, limits and states in words, for tables, details and dialogs.
namespace portolan::ui {

/// A state as every list shows it: icon, word and colour together.
struct StateLook {
    Icon icon = Icon::CircleCheck;
    Role role = Role::Ok;
    QString word{};
};
[[nodiscard]] StateLook lookOf(control::KeyState state);
/// Keys that let nothing through for a reason other than their limits are muted in lists.
[[nodiscard]] bool isMuted(control::KeyState state);

/// "600", "400k", "1.5M": short only where nothing is lost.
[[nodiscard]] QString shortCount(qint64 number);
/// "$50", "$12.50": an amount somebody chose.
[[nodiscard]] QString dollars(qint64 nano_usd);
/// In the budget's own unit: "$12.10", "1.2M tokens".
[[nodiscard]] QString spentWords(const admission::Budget &budget, qint64 amount);
[[nodiscard]] QString limitWords(const admission::Budget &budget, qint64 amount);
/// "a day", "a month", "every 10 days", "in total".
[[nodiscard]] QString periodWords(const admission::Period &period);
/// "today", "this week", "until the next reset", "in total".
[[nodiscard]] QString thisPeriodWords(const admission::Period &period);

/// "600/min", "2M tokens/min", "4 at once": requests and concurrency in the first line, tokens in the second;
/// one line where there is no more, "none" where there is nothing.
[[nodiscard]] QStringList limitLines(const admission::KeyLimits &limits);
/// "20 a minute".
[[nodiscard]] QString rateWords(const admission::RateLimit &rate);

/// A moment to come: "tonight at 00:00", "on Monday", "on 1 December", with the hour unless it is midnight.
[[nodiscard]] QString momentWords(const QDateTime &moment, const QDateTime &now);
/// How far off it is: "in 28 min", "in 9 h 28 min", "in 10 days".
[[nodiscard]] QString inWords(const QDateTime &moment, const QDateTime &now);
/// "resets on 1 December, in 10 days", "does not reset".
[[nodiscard]] QString resetWords(const admission::Budget &budget, const admission::KeyUse &use,
                                 const QDateTime &now);
/// For columns: "-" for never, "31 Jan", with the year where it is another one.
[[nodiscard]] QString dayWords(const QDateTime &moment, const QDateTime &now);

/// When a period that holds at `now` ends; invalid: never, or the period cannot be read.
[[nodiscard]] QDateTime nextReset(const admission::Period &period, const QDateTime &now);

/// How far a budget is used.
struct BudgetLook {
    double share = 0; ///< 0 to 1
    Role role = Role::Accent;
    QString spent{};  ///< "$12.10", strong
    QString of{};     ///< "of $50 a month"
    QString second{}; ///< "resets on 1 December, in 10 days"
};
/// Nothing without a budget.
[[nodiscard]] std::optional<BudgetLook> budgetLook(const admission::KeyLimits &limits,
                                                   const admission::KeyUse &use, control::KeyState state,
                                                   const QDateTime &now);
/// The budget has nothing left for another request.
[[nodiscard]] bool isSpent(const admission::KeyLimits &limits, const admission::KeyUse &use);

/// What calls with a key get, and why.
struct Verdict {
    bool refused = false;
    bool budget = false; ///< it is the budget that refuses
    QString text{};
};
/// `thing` names what is talked of: "this key", "this slug".
[[nodiscard]] Verdict verdict(const admission::KeyLimits &limits, const admission::KeyUse &use,
                              control::KeyState state, const QDateTime &expires, const QString &thing,
                              const QDateTime &now);

/// A step to allow beyond a budget: the whole of a small one, a tenth of a larger one, rounded to 1, 2 or 5.
[[nodiscard]] qint64 moreToAllow(const admission::Budget &budget);

} // namespace portolan::ui
