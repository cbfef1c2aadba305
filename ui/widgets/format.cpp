// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/format.h"

#include <QCoreApplication>

#include <array>
#include <cmath>
#include <string>

using namespace Qt::StringLiterals;

namespace portolan::ui::format {

namespace {

const QString kNone = u"-"_s;

/// The context of this file's translations.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(Format)
};

/// Dollars with the locale's point and groups; exact, as no double is made of the amount.
QString dollars(NanoUsd amount, int digits)
{
    const std::string plain = toDecimal(amount, digits);
    const bool negative = plain.starts_with('-');
    const QString text = QString::fromLatin1(plain).mid(negative ? 1 : 0);
    const auto point = text.indexOf(u'.');
    const QString whole = locale().toString(text.left(point).toLongLong());
    const QString shown = point < 0 ? whole : whole + locale().decimalPoint() + text.mid(point + 1);
    return (negative ? u"-$"_s : u"$"_s) + shown;
}

} // namespace

QLocale locale()
{
    const QLocale standard;
    return standard.language() == QLocale::C ? QLocale(QLocale::English, QLocale::UnitedStates) : standard;
}

QString count(qint64 number)
{
    return locale().toString(number);
}

QString percent(double share)
{
    if (!(share > 0))
        return Words::tr("0 %");
    const double value = share * 100;
    return Words::tr("%1 %").arg(locale().toString(value, 'f', value < 10 ? 1 : 0));
}

QString bytes(quint64 size)
{
    constexpr std::array kUnits{"kB", "MB", "GB", "TB"};
    if (size < 1000)
        return Words::tr("%1 B").arg(locale().toString(size));
    double value = double(size);
    size_t unit = 0;
    for (value /= 1000; value >= 999.95 && unit + 1 < kUnits.size(); ++unit)
        value /= 1000;
    return locale().toString(value, 'f', value < 9.95 ? 1 : 0) + u' ' + QLatin1StringView(kUnits[unit]);
}

QString seconds(qint64 us)
{
    if (us < 0)
        return kNone;
    // What would read 0.00 gets a digit more: the unit of a column stays, and so does the order in it.
    if (us > 0 && us < 1'000)
        return Words::tr("<%1 s").arg(locale().toString(0.001, 'f', 3));
    return Words::tr("%1 s").arg(locale().toString(double(us) / 1e6, 'f', us > 0 && us < 9'500 ? 3 : 2));
}

QString duration(qint64 us)
{
    if (us < 0)
        return kNone;
    if (us < 1'000)
        return us == 0 ? Words::tr("0 ms") : Words::tr("<1 ms");
    if (us < 999'500)
        return Words::tr("%1 ms").arg((us + 500) / 1'000);
    if (us < 59'995'000)
        return seconds(us);
    const qint64 s = (us + 500'000) / 1'000'000;
    if (s < 3600)
        return Words::tr("%1 min %2 s").arg(s / 60).arg(s % 60);
    if (s < 86'400)
        return Words::tr("%1 h %2 min").arg(s / 3600).arg(s % 3600 / 60);
    return Words::tr("%1 d %2 h").arg(s / 86'400).arg(s % 86'400 / 3600);
}

QString tokens(qint64 number)
{
    if (number < 10'000)
        return count(number);
    const bool millions = number >= 999'950;
    const double value = double(number) / (millions ? 1e6 : 1e3);
    return locale().toString(value, 'f', value < 99.95 ? 1 : 0) + (millions ? u'M' : u'k');
}

QString tokens(qint64 in, std::optional<qint64> out)
{
    return tokens(in) + u'+' + (out ? tokens(*out) : QString());
}

QString cost(std::optional<NanoUsd> amount)
{
    if (!amount)
        return kNone;
    if (amount->value == 0)
        return u"$0"_s;
    if (amount->value > 0 && amount->value < 1'000)
        return u"<"_s + dollars({1'000}, 6);
    return dollars(*amount, 6);
}

QString sum(NanoUsd amount)
{
    if (amount.value == 0)
        return u"$0"_s;
    if (std::abs(amount.value) >= 100'000'000)
        return dollars(amount, 2);
    if (std::abs(amount.value) < 1'000)
        return cost(amount);
    int digits = 3;
    for (std::int64_t least = 10'000'000; digits < 6 && std::abs(amount.value) < least; least /= 10)
        ++digits;
    return dollars(amount, digits);
}

QString price(NanoUsd perMillion)
{
    QString text = dollars(perMillion, 9).mid(1);
    const auto point = text.indexOf(locale().decimalPoint());
    while (text.size() - point > 3 && text.endsWith(u'0'))
        text.chop(1);
    return text;
}

QString clock(qint64 us)
{
    return QDateTime::fromMSecsSinceEpoch(us / 1000).toString(u"HH:mm:ss.zzz"_s);
}

QString when(const QDateTime &moment, const QDateTime &now)
{
    const QDateTime local = moment.toLocalTime();
    if (local.date() == now.toLocalTime().date())
        return local.toString(u"HH:mm:ss"_s);
    if (local.date().addDays(1) == now.toLocalTime().date())
        return Words::tr("yesterday %1").arg(local.toString(u"HH:mm"_s));
    return locale().toString(local, QLocale::ShortFormat);
}

QString since(const QDateTime &moment, const QDateTime &now)
{
    const QDateTime local = moment.toLocalTime();
    return local.date() == now.toLocalTime().date() ? local.toString(u"HH:mm"_s)
                                                    : locale().toString(local.date(), u"d MMM"_s);
}

QString ago(const QDateTime &moment, const QDateTime &now)
{
    if (!moment.isValid())
        return Words::tr("never");
    const qint64 s = moment.secsTo(now);
    if (s < 5)
        return Words::tr("just now");
    if (s < 60)
        return Words::tr("%1 s ago").arg(s);
    if (s < 3600)
        return Words::tr("%1 min ago").arg(s / 60);
    if (s < 86'400)
        return Words::tr("%1 h ago").arg(s / 3600);
    const int days = int(s / 86'400);
    return days == 1 ? Words::tr("yesterday") : Words::tr("%1 days ago").arg(days);
}

} // namespace portolan::ui::format
