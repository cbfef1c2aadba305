// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/accountform.h"
#include "core/catalog/catalog.h"
#include "ui/catalog/accountlistmodel.h"

#include <QAbstractListModel>
#include <QSortFilterProxyModel>

#include <vector>

namespace portolan::ui {

/// What an account of this kind has to be told.
struct ProviderKind {
    QString id{};
    QString name{};
    QString base_url{}; ///< empty: the owner gives the address; "{resource}" parts come from the settings
    catalog::AccountForm form{};
    AccountListModel::Place place = AccountListModel::Place::Cloud;
    bool needs_key = true;
    bool takes_key = true; ///< a local server may be given one

    /// The address has to be typed, because the provider has no fixed one.
    [[nodiscard]] bool needsAddress() const { return form.needs_address; }
};

/// The providers an account can be added for with at most one key: the others of the catalog have prices
/// only, or a credential that the command line takes. The well-known ones first, then by name.
[[nodiscard]] std::vector<ProviderKind> providerKinds(const catalog::Catalog &catalog);

class ProviderKindModel : public QAbstractListModel
{
    Q_OBJECT

public:
    explicit ProviderKindModel(std::vector<ProviderKind> kinds, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] const ProviderKind &kind(int row) const { return m_kinds[std::size_t(row)]; }
    [[nodiscard]] int rowOf(const QString &id) const; ///< -1: not here

private:
    const std::vector<ProviderKind> m_kinds;
};

} // namespace portolan::ui
