// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"

#include <QObject>

#include <memory>

namespace portolan::ui {

/// The icon in the desktop's tray, where there is one. An interface, because no test platform has a tray.
class Tray : public QObject
{
    Q_OBJECT

public:
    /// Null when the desktop has no tray.
    static std::unique_ptr<Tray> create(QObject *parent);
    ~Tray() override;

    virtual void setStatus(const control::GatewayStatus &status) = 0;
    virtual void setCostToday(NanoUsd cost) = 0;

signals:
    void openClicked();
    void copyClicked();
    void switchClicked(); ///< see throwSwitch()
    void quitClicked();

protected:
    explicit Tray(QObject *parent);
};

} // namespace portolan::ui
