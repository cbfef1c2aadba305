// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/theme/icon.h"

#include <QAbstractListModel>

#include <vector>

namespace portolan::ui {

/// The provider accounts, in the order control gives them, for TwoLineDelegate.
class AccountListModel : public QAbstractListModel
{
    Q_OBJECT

public:
    /// Where a provider runs: decides its icon.
    enum class Place { Cloud, Computer, BuiltIn };

    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    /// Changes in place what has the same ids; anything else starts the list over.
    void setAccounts(std::vector<control::Account> accounts);
    [[nodiscard]] const control::Account &account(int row) const { return m_accounts[std::size_t(row)]; }
    [[nodiscard]] int rowOf(AccountId id) const; ///< -1: not here

private:
    std::vector<control::Account> m_accounts;
};

/// "ok", "breaker open since 14:02", "rate limited", "failing since 14:36", "no key", "disabled", "not
/// tested".
[[nodiscard]] QString healthText(const control::Account &account);
/// "210 ms"; empty when no call has gone well yet.
[[nodiscard]] QString latencyText(const control::Account &account);
[[nodiscard]] AccountListModel::Place placeOf(const control::Account &account);
[[nodiscard]] Icon placeIcon(AccountListModel::Place place);

/// Icon and colour that stand beside healthText().
struct HealthStyle {
    Icon icon = Icon::CircleDashed;
    Role role = Role::Neutral;
};
[[nodiscard]] HealthStyle healthStyle(const control::Account &account);

} // namespace portolan::ui
