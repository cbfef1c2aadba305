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

/// The context of this file's translations.
struct Words {
    Q_DECLARE_TR_FUNCTIONS(SettingFields)
};

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
    return range(field, 1, most, Words::tr(" s"));
}

SettingPage gatewayPage()
{
    SettingField address = restarting(
        member(u"gateway/listenAddress"_s, Kind::Text, &Settings::listenAddress, Words::tr("Address"),
               Words::tr("127.0.0.1 is this computer only. Another address of this computer lets "
                         "others on its network in.")));
    address.warning = [](const Settings &settings) {
        return isLoopback(settings.listenAddress)
            ? QString()
            : Words::tr("Everyone on the network can reach the gateway and "
                        "needs a client key. The way to it is not encrypted.");
    };
    SettingField open
        = member(u"gateway/openOnLoopback"_s, Kind::Check, &Settings::openOnLoopback,
                 Words::tr("Open on loopback"), Words::tr("Programs on this computer need no client key."));
    open.warning = [](const Settings &settings) {
        return settings.openOnLoopback
            ? Words::tr("Every program and every user of this computer can spend with your accounts.")
            : QString();
    };
    SettingField body{.key = u"gateway/bodyBytes"_s,
                      .title = Words::tr("Largest request"),
                      .words = Words::tr("A larger request body is refused with 413."),
                      .kind = Kind::Number};
    body.read
        = [](const Settings &settings) { return QVariant(int(qint64(settings.limits.body_bytes) / kMiB)); };
    body.write = [](Settings &settings, const QVariant &value) {
        settings.limits.body_bytes = size_t(value.toInt()) * size_t(kMiB);
    };
    return {
        u"gateway"_s,
        Words::tr("Gateway"),
        {address,
         restarting(range(member(u"gateway/port"_s, Kind::Number, &Settings::port, Words::tr("Port"),
                                 Words::tr("Programs find the gateway here.")),
                          1, 65535)),
         member(u"gateway/startWithProgram"_s, Kind::Check, &Settings::startWithProgram,
                Words::tr("Start with the program"), Words::tr("The gateway runs as soon as Portolan does.")),
         open,
         choices(member(u"gateway/closeAction"_s, Kind::Choice, &Settings::closeAction,
                        Words::tr("When the window is closed"),
                        Words::tr("Without a tray, closing the window quits.")),
                 {{Words::tr("Ask"), QString()},
                  {Words::tr("Keep running in the tray"), u"tray"_s},
                  {Words::tr("Quit"), u"quit"_s}}),
         list(u"gateway/allowedHosts"_s, &Settings::allowedHosts, Words::tr("Further host names"),
              Words::tr("Names under which programs may call the gateway, besides its address. With commas "
                        "between.")),
         list(u"gateway/allowedOrigins"_s, &Settings::allowedOrigins, Words::tr("Web pages that may call"),
              Words::tr("Origins such as https://app.example, with commas between. Empty: no web page may.")),
         range(body, 1, 1024, Words::tr(" MiB")),
         seconds(u"gateway/firstByte"_s, &Limits::first_byte, 3600, Words::tr("Wait for an answer"),
                 Words::tr("How long a provider may take until the first byte. Then the client gets 504.")),
         seconds(u"gateway/streamIdle"_s, &Limits::stream_idle, 3600, Words::tr("Silence in a stream"),
                 Words::tr("How long a stream may stand still before it is ended.")),
         range(member(u"gateway/mostAttempts"_s, Kind::Number, &Settings::mostAttempts,
                      Words::tr("Attempts for one request"),
                      Words::tr("No config calls providers more often for one request: retries, fallbacks "
                                "and repairs together.")),
               1, 16),
         restarting(range(
             member(
                 u"gateway/ioThreads"_s, Kind::Number, &Settings::ioThreads, Words::tr("Threads"),
                 Words::tr("One serves thousands of streams. More help only on machines with many cores.")),
             1, 64))}};
}

SettingPage storagePage()
{
    SettingField capture{.key = u"storage/capture"_s,
                         .title = Words::tr("Keep of each request"),
                         .words = Words::tr("Keys and credentials are never kept."),
                         .kind = Kind::Choice};
    for (const auto level : {trace::CaptureLevel::Full, trace::CaptureLevel::Errors,
                             trace::CaptureLevel::Metadata, trace::CaptureLevel::Off})
        capture.choices.append({captureTitle(level), int(level)});
    capture.read = [](const Settings &settings) { return QVariant(int(settings.capture)); };
    capture.write = [](Settings &settings, const QVariant &value) {
        settings.capture = trace::CaptureLevel(value.toInt());
    };
    SettingField bytes{.key = u"storage/bodiesBytes"_s,
                       .title = Words::tr("Room for bodies"),
                       .words = Words::tr("When they take more, the oldest go first."),
                       .kind = Kind::Number};
    bytes.read = [](const Settings &settings) { return QVariant(int(settings.bodiesBytes / kMiB)); };
    bytes.write
        = [](Settings &settings, const QVariant &value) { settings.bodiesBytes = value.toInt() * kMiB; };
    return {
        u"storage"_s,
        Words::tr("Storage"),
        {capture,
         range(member(u"storage/rowsDays"_s, Kind::Number, &Settings::rowsDays,
                      Words::tr("Keep requests for"), Words::tr("Sums by minute, hour and day stay.")),
               1, 3650, Words::tr(" days")),
         range(member(u"storage/bodiesDays"_s, Kind::Number, &Settings::bodiesDays,
                      Words::tr("Keep bodies for"), Words::tr("Prompts and answers of requests that stay.")),
               1, 3650, Words::tr(" days")),
         range(bytes, 16, 1024 * 1024, Words::tr(" MiB"), 256)}};
}

SettingPage appearancePage()
{
    return {u"appearance"_s,
            Words::tr("Appearance"),
            {choices(member(u"appearance/theme"_s, Kind::Choice, &Settings::theme, Words::tr("Colours"),
                            Words::tr("\u201cLike the desktop\u201d follows it when it changes.")),
                     {{Words::tr("Like the desktop"), u"system"_s},
                      {Words::tr("Light"), u"light"_s},
                      {Words::tr("Dark"), u"dark"_s}}),
             choices(member(u"appearance/density"_s, Kind::Choice, &Settings::density, Words::tr("Rows"),
                            Words::tr("How close the lines of lists and tables stand.")),
                     {{Words::tr("Comfortable"), u"comfortable"_s}, {Words::tr("Compact"), u"compact"_s}}),
             range(member(u"appearance/fontPercent"_s, Kind::Number, &Settings::fontPercent,
                          Words::tr("Text size"), Words::tr("Of the desktop's own size.")),
                   80, 200, Words::tr(" %"), 10),
             member(u"appearance/reducedMotion"_s, Kind::Check, &Settings::reducedMotion,
                    Words::tr("Less motion"), Words::tr("Nothing slides or fades."))}};
}

SettingPage networkPage()
{
    SettingField proxy
        = member(u"network/proxy"_s, Kind::Text, &Settings::proxy, Words::tr("Address of the proxy"),
                 Words::tr("Such as http://proxy.example:3128 or socks5://127.0.0.1:1080. A "
                           "proxy that asks for a password belongs into HTTPS_PROXY instead."));
    // Whoever writes an address means it to be used, and whoever clears it, that it is not; but None was
    // chosen.
    proxy.write = [](Settings &settings, const QVariant &value) {
        settings.proxy = value.toString();
        if (settings.proxyMode != "none"_L1)
            settings.proxyMode = settings.proxy.isEmpty() ? u"system"_s : u"fixed"_s;
    };
    proxy.warning = [](const Settings &settings) {
        return settings.proxy.isEmpty() || settings.proxyMode == "fixed"_L1
            ? QString()
            : Words::tr("Not used: choose \u201cThe one below\u201d above.");
    };
    return {
        u"network"_s,
        Words::tr("Network"),
        {member(u"network/caFile"_s, Kind::File, &Settings::caFile, Words::tr("Further certificates"),
                Words::tr("A file of certificate authorities (PEM) that are trusted besides those of this "
                          "computer, for "
                          "providers inside a company.")),
         choices(member(u"network/proxyMode"_s, Kind::Choice, &Settings::proxyMode, Words::tr("Proxy"),
                        Words::tr("For calls to providers. This computer's own servers, and the hosts that "
                                  "NO_PROXY names, are always called directly.")),
                 {{Words::tr("The system's"), u"system"_s},
                  {Words::tr("None"), u"none"_s},
                  {Words::tr("The one below"), u"fixed"_s}}),
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
