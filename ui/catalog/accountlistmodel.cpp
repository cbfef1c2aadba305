// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/accountlistmodel.h"

#include "ui/widgets/delegates.h"
#include "ui/widgets/format.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

using Health = control::AccountHealth::State;

namespace {

Health shownState(const control::Account &account)
{
    return account.enabled ? account.health.state : Health::Disabled;
}

} // namespace

QString healthText(const control::Account &account)
{
    if (account.enabled && !account.breakers.empty())
        return AccountListModel::tr("breaker open since %1")
            .arg(format::since(account.breakers.front().since, QDateTime::currentDateTime()));
    switch (shownState(account)) {
    case Health::Untested: return AccountListModel::tr("not tested");
    case Health::Ok: return AccountListModel::tr("ok");
    case Health::RateLimited: return AccountListModel::tr("rate limited");
    case Health::NoKey: return AccountListModel::tr("no key");
    case Health::Disabled: return AccountListModel::tr("disabled");
    case Health::Failing: break;
    }
    const QDateTime since = account.health.since;
    return since.isValid()
        ? AccountListModel::tr("failing since %1").arg(format::since(since, QDateTime::currentDateTime()))
        : AccountListModel::tr("failing");
}

QString latencyText(const control::Account &account)
{
    // How fast it refuses says nothing of how fast it answers.
    if (shownState(account) != Health::Ok || account.health.latencyMs < 0 || !account.breakers.empty())
        return {};
    return AccountListModel::tr("%1 ms").arg(format::count(account.health.latencyMs));
}

AccountListModel::Place placeOf(const control::Account &account)
{
    using Place = AccountListModel::Place;
    return account.builtIn ? Place::BuiltIn : account.local ? Place::Computer : Place::Cloud;
}

Icon placeIcon(AccountListModel::Place place)
{
    switch (place) {
    case AccountListModel::Place::Cloud: return Icon::Cloud;
    case AccountListModel::Place::Computer: return Icon::Computer;
    case AccountListModel::Place::BuiltIn: break;
    }
    return Icon::Echo;
}

HealthStyle healthStyle(const control::Account &account)
{
    if (account.enabled && !account.breakers.empty())
        return {Icon::Triangle, Role::Error};
    switch (shownState(account)) {
    case Health::Untested: return {Icon::CircleDashed, Role::Neutral};
    case Health::Ok: return {Icon::CircleCheck, Role::Ok};
    case Health::RateLimited: return {Icon::Triangle, Role::Rescued};
    case Health::Failing: return {Icon::CircleCross, Role::Error};
    case Health::NoKey: return {Icon::Triangle, Role::Rescued};
    case Health::Disabled: break;
    }
    return {Icon::Power, Role::Neutral};
}

int AccountListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_accounts.size());
}

QVariant AccountListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const control::Account &account = m_accounts[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole: return QString(u'@' + account.slug);
    case Qt::AccessibleTextRole:
        return QStringList{u'@' + account.slug, account.providerName, healthText(account),
                           latencyText(account)}
            .join(u", "_s);
    case CornerRole: return account.providerName;
    case LineIconRole: return int(placeIcon(placeOf(account)));
    case SecondLineRole: return healthText(account);
    case SecondIconRole: return int(healthStyle(account).icon);
    case SecondColourRole: return int(healthStyle(account).role);
    case SecondNoteRole: return latencyText(account);
    case MutedRole: return !account.enabled;
    default: return {};
    }
}

int AccountListModel::rowOf(AccountId id) const
{
    const auto at = std::ranges::find(m_accounts, id, &control::Account::id);
    return at == m_accounts.end() ? -1 : int(at - m_accounts.begin());
}

void AccountListModel::setAccounts(std::vector<control::Account> accounts)
{
    if (!std::ranges::equal(accounts, m_accounts, {}, &control::Account::id, &control::Account::id)) {
        beginResetModel();
        m_accounts = std::move(accounts);
        endResetModel();
        return;
    }
    for (std::size_t row = 0; row < accounts.size(); ++row) {
        if (accounts[row] == m_accounts[row])
            continue;
        m_accounts[row] = std::move(accounts[row]);
        emit dataChanged(index(int(row)), index(int(row)));
    }
}

} // namespace portolan::ui
