// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/accountform.h"
#include "core/catalog/catalog.h"
#include "ui/catalog/accountlistmodel.h"

#include <QAbstractListModel>
#include <QSortFilterProxyModel>

#include <vector>

namespace portolan::ui {

/// The setting that is a credential: a profile of ~/.aws.
inline const QString kProfileSetting = QStringLiteral("profile");

/// What an account of this kind has to be told.
struct ProviderKind {
    QString id{};
    QString name{};
    catalog::AccountForm form{};
    std::vector<catalog::AccountField> fields{}; ///< of the form, without what the credential asks for
    std::vector<catalog::AccountField> rare{};   ///< what hardly anybody changes
    AccountListModel::Place place = AccountListModel::Place::Cloud;
    bool needs_key = true;

    [[nodiscard]] bool canBeCalled() const { return form.unavailable.empty(); }
    /// The address is worth asking for: the provider has none, or a server of one's own listens elsewhere.
    [[nodiscard]] bool asksForAddress() const
    {
        return form.needs_address || place == AccountListModel::Place::Computer;
    }
};

[[nodiscard]] ProviderKind kindOf(const catalog::Provider &provider);

/// Every provider of the catalog: the well-known ones first, then by name, and last those that this build has
/// prices of but cannot call.
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
