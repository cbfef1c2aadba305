// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QDBusVariant>
#include <QObject>

namespace portolan::ui {

/// Whether the desktop asks for light or dark: the portal's org.freedesktop.appearance / color-scheme (0
/// none, 1 dark, 2 light; GNOME answers 0 for light), read and followed over D-Bus without waiting. Without a
/// portal the lightness of the palette that the platform gave the application decides.
class ColourScheme : public QObject
{
    Q_OBJECT

public:
    explicit ColourScheme(const QPalette &platform, QObject *parent = nullptr);

    [[nodiscard]] Mode mode() const { return m_mode; }

signals:
    void changed();

private slots:
    void onSettingChanged(const QString &space, const QString &key, const QDBusVariant &value);

private:
    void readPortal();
    void take(const QVariant &value);

    Mode m_mode;
};

} // namespace portolan::ui
