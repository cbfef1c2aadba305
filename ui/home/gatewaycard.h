// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/widgets/card.h"
#include "ui/widgets/panel.h"

#include <QTimer>

class QPushButton;

namespace portolan::ui {

class CopyField;
class PlainLabel;
class StateLabel;

/// State and address of the gateway, and what it does.
class GatewayCard : public Card
{
    Q_OBJECT

public:
    explicit GatewayCard(QWidget *parent = nullptr);

    void setStatus(const control::GatewayStatus &status, const control::Settings &settings);

signals:
    void switchClicked(); ///< see throwSwitch()
    void goTo(const portolan::ui::Place &place);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void tick();

    control::GatewayStatus m_status;
    StateLabel *m_state = nullptr;
    CopyField *m_address = nullptr;
    PlainLabel *m_since = nullptr;
    PlainLabel *m_listens = nullptr;
    PlainLabel *m_bodies = nullptr;
    PlainLabel *m_reason = nullptr;
    QPushButton *m_switch = nullptr;
    QTimer m_clock; // runs only while the card is on screen
};

} // namespace portolan::ui
