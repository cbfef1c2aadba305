// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/colourscheme.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr auto kService = "org.freedesktop.portal.Desktop"_L1;
constexpr auto kPath = "/org/freedesktop/portal/desktop"_L1;
constexpr auto kInterface = "org.freedesktop.portal.Settings"_L1;
constexpr auto kNamespace = "org.freedesktop.appearance"_L1;
constexpr auto kKey = "color-scheme"_L1;

} // namespace

ColourScheme::ColourScheme(const QPalette &platform, QObject *parent)
    : QObject(parent)
    , m_mode(modeOf(platform))
{
    auto bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(kService, kPath, kInterface, u"SettingChanged"_s, this,
                SLOT(onSettingChanged(QString, QString, QDBusVariant)));
    readPortal();
}

void ColourScheme::readPortal()
{
    auto call = QDBusMessage::createMethodCall(kService, kPath, kInterface, u"Read"_s);
    call.setArguments({QString(kNamespace), QString(kKey)});
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(call, 3000), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher *done) {
        const QDBusPendingReply<QDBusVariant> reply = *done;
        if (reply.isValid())
            take(reply.value().variant());
        done->deleteLater();
    });
}

void ColourScheme::onSettingChanged(const QString &space, const QString &key, const QDBusVariant &value)
{
    if (space == kNamespace && key == kKey)
        take(value.variant());
}

void ColourScheme::take(const QVariant &value)
{
    // Read wraps its answer in one variant more than SettingChanged does.
    const QVariant inner = value.canConvert<QDBusVariant>() ? value.value<QDBusVariant>().variant() : value;
    const Mode mode = inner.toUInt() == 1 ? Mode::Dark : Mode::Light;
    if (mode == m_mode)
        return;
    m_mode = mode;
    emit changed();
}

} // namespace portolan::ui
