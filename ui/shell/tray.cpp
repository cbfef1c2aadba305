// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/tray.h"

#include "ui/home/gatewaylook.h"
#include "ui/theme/icon.h"
#include "ui/widgets/format.h"

#include <QMenu>
#include <QSystemTrayIcon>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

class DesktopTray : public Tray
{
public:
    explicit DesktopTray(QObject *parent)
        : Tray(parent)
        , m_open(m_menu.addAction(Tray::tr("Open Portolan")))
        , m_state(m_menu.addAction(QString()))
        , m_copy(m_menu.addAction(Tray::tr("Copy the address")))
        , m_switch(m_menu.addAction(QString()))
        , m_quit(m_menu.addAction(Tray::tr("Quit")))
    {
        m_state->setEnabled(false);
        m_icon.setContextMenu(&m_menu);
        connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
            if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
                emit openClicked();
        });
        connect(m_open, &QAction::triggered, this, &Tray::openClicked);
        connect(m_copy, &QAction::triggered, this, &Tray::copyClicked);
        connect(m_switch, &QAction::triggered, this, &Tray::switchClicked);
        connect(m_quit, &QAction::triggered, this, &Tray::quitClicked);
        setStatus({});
        m_icon.show();
    }

    void setStatus(const control::GatewayStatus &status) override
    {
        using State = control::GatewayStatus::State;
        m_status = status;
        const GatewayLook look = lookOf(status.state);
        const Icon face = status.state == State::Failed ? Icon::CircleCross
            : status.state == State::Running            ? Icon::Route
                                                        : Icon::Power;
        m_icon.setIcon(lineIcon(face, look.dot));
        m_state->setText(look.word);
        m_switch->setText(look.action);
        m_copy->setEnabled(!status.baseUrl.isEmpty());
        refreshTip();
    }

    void setCostToday(NanoUsd cost) override
    {
        m_cost = cost;
        refreshTip();
    }

private:
    void refreshTip()
    {
        m_icon.setToolTip(Tray::tr("Portolan: %1, %2, %3 today")
                              .arg(lookOf(m_status.state).word, m_status.address, format::sum(m_cost)));
    }

    QMenu m_menu;
    QSystemTrayIcon m_icon;
    QAction *const m_open;
    QAction *const m_state;
    QAction *const m_copy;
    QAction *const m_switch;
    QAction *const m_quit;
    control::GatewayStatus m_status;
    NanoUsd m_cost;
};

} // namespace

Tray::Tray(QObject *parent)
    : QObject(parent)
{ }

Tray::~Tray() = default;

std::unique_ptr<Tray> Tray::create(QObject *parent)
{
    if (!QSystemTrayIcon::isSystemTrayAvailable())
        return nullptr;
    return std::make_unique<DesktopTray>(parent);
}

} // namespace portolan::ui
