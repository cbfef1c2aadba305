// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/widgets/card.h"
#include "ui/widgets/panel.h"

namespace portolan::ui {

class Tile;

/// The last 15 minutes in four numbers, each a way to the requests behind it.
class RecentCard : public Card
{
    Q_OBJECT

public:
    explicit RecentCard(QWidget *parent = nullptr);

    void setPulse(const control::Pulse &pulse);

signals:
    void goTo(const portolan::ui::Place &place);

private:
    Tile *m_requests = nullptr;
    Tile *m_errors = nullptr;
    Tile *m_p95 = nullptr;
    Tile *m_cost = nullptr;
};

} // namespace portolan::ui
