// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settingfields.h"

#include "ui/settings/capturewords.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

using control::Settings;
using Kind = SettingField::Kind;

constexpr qint64 kMiB = 1024 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("portolan::ui::settings", text);
}

/// A field whose value is a member of Settings.
template <typename T>
SettingField member(const QString &key, Kind kind, T Settings::*at, const QString &title,
                    const QString &words)
{
    SettingField field{.key = key, .title = title, .words = words, .kind = kind};
    field.read = [at](const Settings &settings) { return QVariant(settings.*at); };
    field.write = [at](Settings &settings, const QVariant &value) { settings.*at = value.value<T>(); };
    return field;
}

SettingField range(SettingField field, int least, int most, const QString &unit = {}, int step = 1)
{
    field.least = least;
    field.most = most;
    field.unit = unit;
    field.step = step;
    return field;
}

SettingField choices(SettingField field, const QList<std::pair<QString, QVariant>> &list)
{
    field.choices = list;
    return field;
}

SettingField restarting(SettingField field)
{
    field.restarts = true;
    return field;
}

/// A list of names, edited as words with commas between.
SettingField list(const QString &key, QStringList Settings::*at, const QString &title, const QString &words)
{
    SettingField field{.key = key, .title = title, .words = words, .kind = Kind::Text};
    field.read = [at](const Settings &settings) { return QVariant((settings.*at).join(u", "_s)); };
    field.write = [at](Settings &settings, const QVariant &value) {
        (settings.*at).clear();
        for (const QString &name : value.toString().split(u',', Qt::SkipEmptyParts))
            if (!name.trimmed().isEmpty())
                (settings.*at).append(name.trimmed());
    };
    return field;
}

/// A time of the limits, edited in seconds.
SettingField seconds(const QString &key, std::chrono::milliseconds Limits::*at, int most,
                     const QString &title, const QString &words)
{
    SettingField field{.key = key, .title = title, .words = words, .kind = Kind::Number};
    field.read
        = [at](const Settings &settings) { return QVariant(int((settings.limits.*at).count() / 1000)); };
    field.write = [at](Settings &settings, const QVariant &value) {
        settings.limits.*at = std::chrono::seconds(value.toInt());
    };
    return range(field, 1, most, tr(" s"));
}

SettingPage gatewayPage()
{
    SettingField address
        = restarting(member(u"gateway/listenAddress"_s, Kind::Text, &Settings::listenAddress, tr("Address"),
                            tr("127.0.0.1 is this computer only. Another address of this computer lets "
                               "others on its network in.")));
    address.warning = [](const Settings &settings) {
        return isLoopback(settings.listenAddress) ? QString()
                                                  : tr("Everyone on the network can reach the gateway and "
                                                       "needs a client key. The way to it is not encrypted.");
    };
    SettingField open = member(u"gateway/openOnLoopback"_s, Kind::Check, &Settings::openOnLoopback,
                               tr("Open on loopback"), tr("Programs on this computer need no client key."));
    open.warning = [](const Settings &settings) {
        return settings.openOnLoopback
            ? tr("Every program and every user of this computer can spend with your accounts.")
            : QString();
    };
    SettingField body{.key = u"gateway/bodyBytes"_s,
                      .title = tr("Largest request"),
                      .words = tr("A larger request body is refused with 413."),
                      .kind = Kind::Number};
    body.read
        = [](const Settings &settings) { return QVariant(int(qint64(settings.limits.body_bytes) / kMiB)); };
    body.write = [](Settings &settings, const QVariant &value) {
        settings.limits.body_bytes = size_t(value.toInt()) * size_t(kMiB);
    };
    return {
        u"gateway"_s,
        tr("Gateway"),
        {address,
         restarting(range(member(u"gateway/port"_s, Kind::Number, &Settings::port, tr("Port"),
                                 tr("Programs find the gateway here.")),
                          1, 65535)),
         member(u"gateway/startWithProgram"_s, Kind::Check, &Settings::startWithProgram,
                tr("Start with the program"), tr("The gateway runs as soon as Portolan does.")),
         open,
         choices(
             member(u"gateway/closeAction"_s, Kind::Choice, &Settings::closeAction,
                    tr("When the window is closed"), tr("Without a tray, closing the window quits.")),
             {{tr("Ask"), QString()}, {tr("Keep running in the tray"), u"tray"_s}, {tr("Quit"), u"quit"_s}}),
         list(u"gateway/allowedHosts"_s, &Settings::allowedHosts, tr("Further host names"),
              tr("Names under which programs may call the gateway, besides its address. With commas "
                 "between.")),
         list(u"gateway/allowedOrigins"_s, &Settings::allowedOrigins, tr("Web pages that may call"),
              tr("Origins such as https://app.example, with commas between. Empty: no web page may.")),
         range(body, 1, 1024, tr(" MiB")),
         seconds(u"gateway/firstByte"_s, &Limits::first_byte, 3600, tr("Wait for an answer"),
                 tr("How long a provider may take until the first byte. Then the client gets 504.")),
         seconds(u"gateway/streamIdle"_s, &Limits::stream_idle, 3600, tr("Silence in a stream"),
                 tr("How long a stream may stand still before it is ended.")),
         range(member(u"gateway/maxAttempts"_s, Kind::Number, &Settings::maxAttempts,
                      tr("Attempts per request"),
                      tr("Calls to providers that one request may cause, retries and fallbacks together.")),
               1, 16),
         restarting(
             range(member(u"gateway/ioThreads"_s, Kind::Number, &Settings::ioThreads, tr("Threads"),
                          tr("One serves thousands of streams. More help only on machines with many cores.")),
                   1, 64))}};
}

SettingPage storagePage()
{
    SettingField capture{.key = u"storage/capture"_s,
                         .title = tr("Keep of each request"),
                         .words = tr("Keys and credentials are never kept."),
                         .kind = Kind::Choice};
    for (const auto level : {trace::CaptureLevel::Full, trace::CaptureLevel::Errors,
                             trace::CaptureLevel::Metadata, trace::CaptureLevel::Off})
        capture.choices.append({captureTitle(level), int(level)});
    capture.read = [](const Settings &settings) { return QVariant(int(settings.capture)); };
    capture.write = [](Settings &settings, const QVariant &value) {
        settings.capture = trace::CaptureLevel(value.toInt());
    };
    SettingField bytes{.key = u"storage/bodiesBytes"_s,
                       .title = tr("Room for bodies"),
                       .words = tr("When they take more, the oldest go first."),
                       .kind = Kind::Number};
    bytes.read = [](const Settings &settings) { return QVariant(int(settings.bodiesBytes / kMiB)); };
    bytes.write
        = [](Settings &settings, const QVariant &value) { settings.bodiesBytes = value.toInt() * kMiB; };
    return {u"storage"_s,
            tr("Storage"),
            {capture,
             range(member(u"storage/rowsDays"_s, Kind::Number, &Settings::rowsDays, tr("Keep requests for"),
                          tr("Sums by minute, hour and day stay.")),
                   1, 3650, tr(" days")),
             range(member(u"storage/bodiesDays"_s, Kind::Number, &Settings::bodiesDays, tr("Keep bodies for"),
                          tr("Prompts and answers of requests that stay.")),
                   1, 3650, tr(" days")),
             range(bytes, 16, 1024 * 1024, tr(" MiB"), 256)}};
}

SettingPage appearancePage()
{
    return {
        u"appearance"_s,
        tr("Appearance"),
        {choices(member(u"appearance/theme"_s, Kind::Choice, &Settings::theme, tr("Colours"),
                        tr("Like the desktop changes with it at once.")),
                 {{tr("Like the desktop"), u"system"_s}, {tr("Light"), u"light"_s}, {tr("Dark"), u"dark"_s}}),
         choices(member(u"appearance/density"_s, Kind::Choice, &Settings::density, tr("Rows"), {}),
                 {{tr("Comfortable"), u"comfortable"_s}, {tr("Compact"), u"compact"_s}}),
         range(member(u"appearance/fontPercent"_s, Kind::Number, &Settings::fontPercent, tr("Text size"),
                      tr("Of the desktop's own size.")),
               80, 200, tr(" %"), 10),
         member(u"appearance/reducedMotion"_s, Kind::Check, &Settings::reducedMotion, tr("Less motion"),
                tr("Nothing slides or fades."))}};
}

SettingPage networkPage()
{
    SettingField proxy
        = member(u"network/proxy"_s, Kind::Text, &Settings::proxy, tr("Proxy"),
                 tr("Calls through a proxy are not supported yet. While one is named here, calls to "
                    "providers are refused instead of going around it."));
    proxy.warning = [](const Settings &settings) {
        return settings.proxy.isEmpty()
            ? QString()
            : tr("Calls to providers are refused. Empty this field to allow them.");
    };
    return {u"network"_s,
            tr("Network"),
            {member(u"network/caFile"_s, Kind::File, &Settings::caFile, tr("Further certificates"),
                    tr("A file of certificate authorities (PEM) that are trusted besides those of this "
                       "computer, for "
                       "providers inside a company.")),
             proxy}};
}

} // namespace

std::vector<SettingPage> settingPages()
{
    return {gatewayPage(), storagePage(), appearancePage(), networkPage()};
}

bool isLoopback(const QString &address)
{
    const QString name = address.trimmed();
    return name.isEmpty() || name.startsWith("127."_L1) || name == "::1"_L1 || name == "[::1]"_L1
        || name == "localhost"_L1;
}

} // namespace portolan::ui
