// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/widgets/panel.h"

#include <QTimer>

class QGridLayout;

namespace portolan::ui {

class FailuresCard;
class FirstSteps;
class GatewayCard;
class ProvidersCard;
class RecentCard;

/// Where one starts: the first steps until they are done, the gateway, the last 15 minutes, the providers and
/// what failed lately. Asks the history only while it is on screen.
class HomePanel : public Panel
{
    Q_OBJECT

public:
    explicit HomePanel(control::Control &control, QWidget *parent = nullptr);

    [[nodiscard]] QString id() const override { return QStringLiteral("home"); }
    [[nodiscard]] QString title() const override { return tr("Home"); }
    [[nodiscard]] Icon icon() const override { return Icon::Home; }
    [[nodiscard]] QList<QAction *> commands() const override { return {m_showSteps}; }
    [[nodiscard]] QString help() const override;
    void entered() override;
    void refresh() override;

signals:
    void makeKey();  ///< the shell asks for a name and shows the token
    void sendTest(); ///< the shell sends it and shows what became of it

private:
    void connectCards();
    void layOut();
    void refreshSteps();
    void refreshFailures();
    void findOffers();
    void change(const control::Settings &settings);
    void hideSteps();

    control::Control &m_control;
    QWidget *m_content = nullptr;
    QGridLayout *m_grid = nullptr;
    FirstSteps *m_steps = nullptr;
    GatewayCard *m_gateway = nullptr;
    RecentCard *m_recent = nullptr;
    ProvidersCard *m_providers = nullptr;
    FailuresCard *m_failures = nullptr;
    QAction *m_showSteps = nullptr;
    QStringList m_offers;
    QTimer m_failuresSoon; // many failures ask the history once
    bool m_stepsShown = false;
    bool m_laidOut = false;
};

} // namespace portolan::ui
