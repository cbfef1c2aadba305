// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/widgets/card.h"
#include "ui/widgets/panel.h"

#include <QDateTime>

#include <vector>

namespace portolan::ui {

/// How a provider did lately: always icon, word and colour together.
struct HealthLook {
    Icon icon = Icon::Circle;
    Role role = Role::Neutral;
    QString word{};
};
[[nodiscard]] HealthLook lookOf(const control::AccountHealth &health, const QDateTime &now);
/// An open breaker stands before how its calls went: requests pass this provider over.
[[nodiscard]] HealthLook lookOf(const control::Account &account, const QDateTime &now);

/// The provider accounts with the state of their last real calls; a row leads to the account.
class ProvidersCard : public Card
{
    Q_OBJECT

public:
    explicit ProvidersCard(QWidget *parent = nullptr);

    void setAccounts(const std::vector<control::Account> &accounts);

signals:
    void goTo(const portolan::ui::Place &place);

private:
    class Row;

    std::vector<control::Account> m_accounts;
    QWidget *m_rows = nullptr;
};

} // namespace portolan::ui
