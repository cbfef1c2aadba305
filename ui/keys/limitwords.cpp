// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/limitwords.h"

#include "core/base/money.h"
#include "ui/widgets/format.h"

#include <QCoreApplication>
#include <QTimeZone>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

using admission::Budget;
using admission::KeyLimits;
using admission::KeyUse;
using admission::Period;
using admission::RateLimit;
using control::KeyState;

namespace {

constexpr qint64 kNanoPerDollar = 1'000'000'000;
constexpr double kWarnShare = 0.8;

/// The context of this file's translations.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(KeyWords)
};

QDateTime ofMicroseconds(std::int64_t us)
{
    return QDateTime::fromMSecsSinceEpoch(us / 1000);
}

QString perWord(RateLimit::Per per)
{
    switch (per) {
    case RateLimit::Per::Second: return Words::tr("s", "second, in 20/s");
    case RateLimit::Per::Minute: return Words::tr("min", "minute, in 20/min");
    case RateLimit::Per::Hour: return Words::tr("h", "hour, in 20/h");
    case RateLimit::Per::Day: return Words::tr("day", "in 20/day");
    case RateLimit::Per::Week: break;
    }
    return Words::tr("week", "in 20/week");
}

std::int64_t limitNow(const Budget &budget, const KeyUse &use)
{
    return budget.limit + use.extra;
}

/// What refuses requests while there is budget: a rate that is full, or as many requests as may run.
QString fullLimit(const KeyLimits &limits, const KeyUse &use)
{
    for (std::size_t i = 0; i < limits.rates.size(); ++i) {
        if (limits.rates[i].most == 0 || (i < use.rates.size() && use.rates[i] >= limits.rates[i].most))
            return Words::tr("Calls get 429 until there is room again: %1 are used up.")
                .arg(rateWords(limits.rates[i]));
    }
    if (limits.concurrency && use.running >= *limits.concurrency)
        return Words::tr("Calls get 429 while as many run as may at once: %n.", nullptr, *limits.concurrency);
    return Words::tr("Calls get 429: a limit is reached.");
}

/// A key that was never used has no period yet.
QDateTime resetOf(const Budget &budget, const KeyUse &use, const QDateTime &now)
{
    return use.resets_us > 0 ? ofMicroseconds(use.resets_us) : nextReset(budget.period, now);
}

QString budgetIsSpent(const Budget &budget, const KeyUse &use, const QDateTime &now)
{
    const QString limit = limitWords(budget, limitNow(budget, use));
    if (limitNow(budget, use) == 0)
        return Words::tr(
            "Calls get 412 until the limit is raised: a budget of nothing lets nothing through.");
    const QDateTime resets = resetOf(budget, use, now);
    if (!resets.isValid())
        return Words::tr("Calls get 412 until the limit is raised: the budget of %1 %2 is used up.")
            .arg(limit, periodWords(budget.period));
    return Words::tr("Calls get 412 until it resets %1, %2: the budget of %3 %4 is used up.")
        .arg(momentWords(resets, now), inWords(resets, now), limit, periodWords(budget.period));
}

QString refusedWords(const KeyUse &use, const QDateTime &now)
{
    if (use.refused == 0)
        return {};
    const QString count = format::count(qint64(use.refused));
    const QString since
        = use.refused_since_us > 0 ? format::since(ofMicroseconds(use.refused_since_us), now) : QString();
    if (since.isEmpty())
        return Words::tr("%1 calls were refused.").arg(count);
    return use.refused == 1 ? Words::tr("1 call was refused, at %1.").arg(since)
                            : Words::tr("%1 calls were refused since %2.").arg(count, since);
}

QString withinLimits(const KeyLimits &limits, const KeyUse &use)
{
    if (!limits.budget)
        return limits.empty() ? Words::tr("Calls go through. Nothing is limited.")
                              : Words::tr("Calls go through.");
    const std::int64_t left
        = std::max<std::int64_t>(0, limitNow(*limits.budget, use) - use.spent - use.reserved);
    QString text = Words::tr("Calls go through. %1 are left %2.")
                       .arg(spentWords(*limits.budget, left), thisPeriodWords(limits.budget->period));
    if (use.reserved > 0)
        text += u' '
            + Words::tr("Requests that run have set %1 aside.").arg(spentWords(*limits.budget, use.reserved));
    return text;
}

} // namespace

StateLook lookOf(KeyState state)
{
    switch (state) {
    case KeyState::On: return {Icon::CircleCheck, Role::Ok, Words::tr("on")};
    case KeyState::LimitReached: return {Icon::Triangle, Role::Error, Words::tr("limit reached")};
    case KeyState::Expired: return {Icon::Clock, Role::Neutral, Words::tr("expired")};
    case KeyState::Off: return {Icon::Power, Role::Neutral, Words::tr("off")};
    case KeyState::AccountOff: break;
    }
    return {Icon::Power, Role::Neutral, Words::tr("account off")};
}

bool isMuted(KeyState state)
{
    return state == KeyState::Expired || state == KeyState::Off || state == KeyState::AccountOff;
}

QString shortCount(qint64 number)
{
    const auto with = [&](qint64 unit, QChar letter) {
        return format::locale().toString(double(number) / double(unit), 'g', 15) + letter;
    };
    if (number >= 1'000'000 && number % 100'000 == 0)
        return with(1'000'000, u'M');
    if (number >= 10'000 && number % 1000 == 0)
        return with(1000, u'k');
    return format::count(number);
}

QString dollars(qint64 nano_usd)
{
    // Whole dollars stand without cents, anything finer with all its digits.
    QString text = format::price(NanoUsd{nano_usd});
    if (nano_usd % kNanoPerDollar == 0)
        text.chop(3);
    return u'$' + text;
}

QString spentWords(const Budget &budget, qint64 amount)
{
    return budget.unit == Budget::Unit::Cost ? format::sum(NanoUsd{amount})
                                             : Words::tr("%1 tokens").arg(format::tokens(amount));
}

QString limitWords(const Budget &budget, qint64 amount)
{
    return budget.unit == Budget::Unit::Cost ? dollars(amount)
                                             : Words::tr("%1 tokens").arg(shortCount(amount));
}

QString periodWords(const Period &period)
{
    switch (period.kind) {
    case Period::Kind::Never: return Words::tr("in total");
    case Period::Kind::Day: return Words::tr("a day");
    case Period::Kind::Week: return Words::tr("a week");
    case Period::Kind::Month: return Words::tr("a month");
    case Period::Kind::Days: break;
    }
    return period.days == 1 ? Words::tr("a day") : Words::tr("every %1 days").arg(period.days);
}

QString thisPeriodWords(const Period &period)
{
    switch (period.kind) {
    case Period::Kind::Never: return Words::tr("in total");
    case Period::Kind::Day: return Words::tr("today");
    case Period::Kind::Week: return Words::tr("this week");
    case Period::Kind::Month: return Words::tr("this month");
    case Period::Kind::Days: break;
    }
    return Words::tr("until the next reset");
}

QStringList limitLines(const KeyLimits &limits)
{
    QStringList requests;
    QStringList tokens;
    for (const RateLimit &rate : limits.rates) {
        const QString most = shortCount(rate.most);
        if (rate.unit == RateLimit::Unit::Requests)
            requests += Words::tr("%1/%2").arg(most, perWord(rate.per));
        else
            tokens += Words::tr("%1 tokens/%2").arg(most, perWord(rate.per));
    }
    if (limits.concurrency)
        requests += Words::tr("%1 at once").arg(shortCount(*limits.concurrency));
    QStringList lines;
    for (const QStringList &line : {requests, tokens})
        if (!line.isEmpty())
            lines += line.join(u", "_s);
    return lines.isEmpty() ? QStringList{Words::tr("none")} : lines;
}

QString rateWords(const RateLimit &rate)
{
    const QString most = shortCount(rate.most);
    const bool requests = rate.unit == RateLimit::Unit::Requests;
    switch (rate.per) {
    case RateLimit::Per::Second:
        return requests ? Words::tr("%1 requests a second").arg(most)
                        : Words::tr("%1 tokens a second").arg(most);
    case RateLimit::Per::Minute:
        return requests ? Words::tr("%1 requests a minute").arg(most)
                        : Words::tr("%1 tokens a minute").arg(most);
    case RateLimit::Per::Hour:
        return requests ? Words::tr("%1 requests an hour").arg(most)
                        : Words::tr("%1 tokens an hour").arg(most);
    case RateLimit::Per::Day:
        return requests ? Words::tr("%1 requests a day").arg(most) : Words::tr("%1 tokens a day").arg(most);
    case RateLimit::Per::Week: break;
    }
    return requests ? Words::tr("%1 requests a week").arg(most) : Words::tr("%1 tokens a week").arg(most);
}

QString momentWords(const QDateTime &moment, const QDateTime &now)
{
    const QDateTime at = moment.toLocalTime();
    const QDate today = now.toLocalTime().date();
    const QString hour = at.toString(u"HH:mm"_s);
    const bool midnight = at.time() == QTime(0, 0);
    const qint64 days = today.daysTo(at.date());
    if (days <= 0)
        return Words::tr("today at %1").arg(hour);
    if (days == 1)
        return midnight ? Words::tr("tonight at %1").arg(hour) : Words::tr("tomorrow at %1").arg(hour);
    const QLocale locale = format::locale();
    const QString day = days < 7           ? locale.toString(at.date(), u"dddd"_s)
        : at.date().year() == today.year() ? locale.toString(at.date(), u"d MMMM"_s)
                                           : locale.toString(at.date(), u"d MMMM yyyy"_s);
    return midnight ? Words::tr("on %1").arg(day) : Words::tr("on %1 at %2").arg(day, hour);
}

QString inWords(const QDateTime &moment, const QDateTime &now)
{
    const qint64 s = std::max<qint64>(0, now.secsTo(moment));
    if (s < 60)
        return Words::tr("in less than a minute");
    if (s < 3600)
        return Words::tr("in %1 min").arg(s / 60);
    if (s < 86'400)
        return Words::tr("in %1 h %2 min").arg(s / 3600).arg(s % 3600 / 60);
    const qint64 days = now.toLocalTime().date().daysTo(moment.toLocalTime().date());
    return days == 1 ? Words::tr("in 1 day") : Words::tr("in %1 days").arg(format::count(days));
}

QString resetWords(const Budget &budget, const KeyUse &use, const QDateTime &now)
{
    if (budget.period.kind == Period::Kind::Never)
        return Words::tr("does not reset");
    const QDateTime resets = resetOf(budget, use, now);
    if (!resets.isValid())
        return {};
    return Words::tr("resets %1, %2").arg(momentWords(resets, now), inWords(resets, now));
}

QString dayWords(const QDateTime &moment, const QDateTime &now)
{
    if (!moment.isValid())
        return u"-"_s;
    const QDate day = moment.toLocalTime().date();
    return format::locale().toString(
        day, day.year() == now.toLocalTime().date().year() ? u"d MMM"_s : u"d MMM yyyy"_s);
}

QDateTime nextReset(const Period &period, const QDateTime &now)
{
    const QTimeZone zone(QByteArray::fromStdString(period.zone));
    if (!zone.isValid())
        return {};
    const QDate today = now.toTimeZone(zone).date();
    QDate next;
    switch (period.kind) {
    case Period::Kind::Never: return {};
    case Period::Kind::Day: next = today.addDays(1); break;
    case Period::Kind::Week: {
        const int days = (period.first_weekday - today.dayOfWeek() + 7) % 7;
        next = today.addDays(days == 0 ? 7 : days);
        break;
    }
    case Period::Kind::Month: next = QDate(today.year(), today.month(), 1).addMonths(1); break;
    case Period::Kind::Days: {
        const QDate from = QDate::fromString(QString::fromStdString(period.from), Qt::ISODate);
        if (!from.isValid() || period.days < 1)
            return {};
        const qint64 passed = from.daysTo(today);
        next = passed < 0 ? from : from.addDays((passed / period.days + 1) * period.days);
        break;
    }
    }
    return next.startOfDay(zone);
}

bool isSpent(const KeyLimits &limits, const KeyUse &use)
{
    return limits.budget && use.spent + use.reserved >= limitNow(*limits.budget, use);
}

std::optional<BudgetLook> budgetLook(const KeyLimits &limits, const KeyUse &use, KeyState state,
                                     const QDateTime &now)
{
    if (!limits.budget)
        return std::nullopt;
    const Budget &budget = *limits.budget;
    const std::int64_t limit = limitNow(budget, use);
    BudgetLook look{
        .share = limit > 0 ? std::clamp(double(use.spent) / double(limit), 0.0, 1.0) : 1.0,
        .spent = spentWords(budget, use.spent),
        .of = Words::tr("of %1 %2").arg(limitWords(budget, budget.limit), periodWords(budget.period)),
        .second = resetWords(budget, use, now),
    };
    if (use.extra > 0)
        look.of += Words::tr(" + %1").arg(limitWords(budget, use.extra));
    if (isMuted(state))
        look.role = Role::Neutral;
    else if (look.share >= 1 || (state == KeyState::LimitReached && isSpent(limits, use)))
        look.role = Role::Error;
    else if (look.share >= kWarnShare)
        look.role = Role::RescuedMark;
    return look;
}

Verdict verdict(const KeyLimits &limits, const KeyUse &use, KeyState state, const QDateTime &expires,
                const QString &thing, const QDateTime &now)
{
    Verdict out{.refused = state != KeyState::On};
    switch (state) {
    case KeyState::On: out.text = withinLimits(limits, use); return out;
    case KeyState::Off: out.text = Words::tr("Calls get 403: %1 is turned off.").arg(thing); return out;
    case KeyState::AccountOff:
        out.text = Words::tr("Calls are refused: the account of %1 is disabled.").arg(thing);
        return out;
    case KeyState::Expired:
        out.text = Words::tr("Calls get 401: %1 expired on %2.").arg(thing, dayWords(expires, now));
        return out;
    case KeyState::LimitReached: break;
    }
    out.budget = isSpent(limits, use);
    out.text = out.budget ? budgetIsSpent(*limits.budget, use, now) : fullLimit(limits, use);
    if (const QString refused = refusedWords(use, now); !refused.isEmpty())
        out.text += u' ' + refused;
    return out;
}

qint64 moreToAllow(const Budget &budget)
{
    const qint64 one = budget.unit == Budget::Unit::Cost ? kNanoPerDollar : 1000;
    if (budget.limit <= 0)
        return one;
    if (budget.limit <= 10 * one)
        return budget.limit;
    const qint64 tenth = budget.limit / 10;
    qint64 step = 1;
    while (step * 10 <= tenth)
        step *= 10;
    return step * (tenth >= 5 * step ? 5 : tenth >= 2 * step ? 2 : 1);
}

} // namespace portolan::ui
