// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keyfacts.h"

#include "ui/widgets/format.h"

#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace portolan::ui {

using admission::KeyLimits;
using admission::KeyUse;
using admission::RateLimit;

namespace {

constexpr qsizetype kMostNames = 4;

QString names(const QStringList &all)
{
    if (all.size() <= kMostNames)
        return all.join(u", "_s);
    return KeyDetail::tr("%1 and %2 more")
        .arg(all.first(kMostNames).join(u", "_s), format::count(all.size() - kMostNames));
}

QString ratesOf(const KeyLimits &limits, const KeyUse &use, RateLimit::Unit unit)
{
    QStringList lines;
    for (std::size_t i = 0; i < limits.rates.size(); ++i) {
        if (limits.rates[i].unit != unit)
            continue;
        const QString words = rateWords(limits.rates[i]);
        lines += i < use.rates.size()
            ? KeyDetail::tr("%1 (%2 in the last one)").arg(words, shortCount(use.rates[i]))
            : words;
    }
    return lines.isEmpty() ? KeyDetail::tr("no limit") : lines.join(u'\n');
}

QString atOnce(const KeyLimits &limits, const KeyUse &use)
{
    if (!limits.concurrency)
        return use.running > 0 ? KeyDetail::tr("no limit (%1 now)").arg(use.running) : QString();
    return KeyDetail::tr("at most %1 (%2 now)").arg(*limits.concurrency).arg(use.running);
}

QString budgetOf(const KeyLimits &limits, const KeyUse &use, const QDateTime &now)
{
    const auto look = budgetLook(limits, use, control::KeyState::On, now);
    return look ? look->spent + u' ' + look->of : KeyDetail::tr("no limit");
}

QString resetOf(const KeyLimits &limits, const KeyUse &use, const QDateTime &now)
{
    using Kind = admission::Period::Kind;
    if (!limits.budget || limits.budget->period.kind == Kind::Never)
        return {};
    const QTimeZone zone(QByteArray::fromStdString(limits.budget->period.zone));
    const QDateTime at = use.resets_us > 0 ? QDateTime::fromMSecsSinceEpoch(use.resets_us / 1000)
                                           : nextReset(limits.budget->period, now);
    if (!at.isValid() || !zone.isValid())
        return {};
    return KeyDetail::tr("%1 (%2)").arg(
        format::locale().toString(at.toTimeZone(zone), u"d MMMM yyyy, HH:mm"_s),
        QString::fromLatin1(zone.id()));
}

QString warnedAt(const KeyLimits &limits)
{
    if (!limits.budget)
        return {};
    QStringList percents;
    for (const int percent : limits.budget->alert_percents)
        percents += KeyDetail::tr("%1 %").arg(percent);
    return percents.isEmpty() ? KeyDetail::tr("never") : percents.join(u", "_s);
}

void addLimits(KeyDetail::Facts &facts, const KeyLimits &limits, const KeyUse &use, const QDateTime &now)
{
    facts.emplace_back(KeyDetail::tr("Budget"), budgetOf(limits, use, now));
    facts.emplace_back(KeyDetail::tr("Next reset"), resetOf(limits, use, now));
    facts.emplace_back(KeyDetail::tr("Warned at"), warnedAt(limits));
    facts.emplace_back(KeyDetail::tr("Requests"), ratesOf(limits, use, RateLimit::Unit::Requests));
    facts.emplace_back(KeyDetail::tr("Tokens"), ratesOf(limits, use, RateLimit::Unit::Tokens));
    facts.emplace_back(KeyDetail::tr("At once"), atOnce(limits, use));
}

QString metadataWords(const QMap<QString, QString> &metadata)
{
    QStringList words;
    for (auto it = metadata.cbegin(); it != metadata.cend(); ++it)
        words += it.key() + u'=' + it.value();
    return names(words);
}

} // namespace

KeyDetail::Facts factsOf(const control::VirtualKey &key, const QDateTime &now)
{
    KeyDetail::Facts facts;
    addLimits(facts, key.limits, key.use, now);
    facts.emplace_back(KeyDetail::tr("Account"), u'@' + key.accountSlug);
    facts.emplace_back(KeyDetail::tr("Models"),
                       key.models.isEmpty() ? KeyDetail::tr("all") : names(key.models));
    facts.emplace_back(KeyDetail::tr("Used by"),
                       key.usedBy.isEmpty() ? KeyDetail::tr("no config") : names(key.usedBy));
    facts.emplace_back(KeyDetail::tr("Last used"), format::ago(key.lastUsed, now));
    facts.emplace_back(KeyDetail::tr("Note"), key.note);
    return facts;
}

KeyDetail::Facts factsOf(const control::ClientKeyInfo &key, const QDateTime &now)
{
    KeyDetail::Facts facts;
    addLimits(facts, key.limits, key.use, now);
    const QString override = key.allowConfigOverride ? KeyDetail::tr("a request may name another one")
                                                     : KeyDetail::tr("and no other");
    facts.emplace_back(KeyDetail::tr("Config"),
                       key.defaultConfig.isEmpty() ? KeyDetail::tr("none: %1").arg(override)
                                                   : key.defaultConfig + u", "_s + override);
    QStringList called = key.slugs;
    for (QString &slug : called)
        slug.prepend(u'@');
    called += key.models;
    facts.emplace_back(KeyDetail::tr("May call"),
                       called.isEmpty() ? KeyDetail::tr("everything") : names(called));
    facts.emplace_back(KeyDetail::tr("Rights"), names(key.scopes));
    facts.emplace_back(KeyDetail::tr("Metadata"), metadataWords(key.metadata));
    if (key.oldTokenEnds.isValid() && key.oldTokenEnds > now)
        facts.emplace_back(KeyDetail::tr("Old token"),
                           KeyDetail::tr("ends %1").arg(momentWords(key.oldTokenEnds, now)));
    facts.emplace_back(KeyDetail::tr("Made"), dayWords(key.created, now));
    facts.emplace_back(KeyDetail::tr("Note"), key.note);
    return facts;
}

QString allowWords(const admission::Budget &budget)
{
    const QString amount = limitWords(budget, moreToAllow(budget));
    return KeyDetail::tr("Allow %1 more %2").arg(amount, thisPeriodWords(budget.period));
}

} // namespace portolan::ui
