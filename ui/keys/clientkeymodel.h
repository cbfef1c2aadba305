// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keymodel.h"

namespace portolan::ui {

/// Who may call: a row per client key.
class ClientKeyModel : public KeyModel
{
    Q_OBJECT

public:
    enum Column { Name, Token, Config, Slugs, Budget, Limits, LastUsed, Expires, State };
    static constexpr int kColumns = State + 1;

    using KeyModel::KeyModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QString words(int row) const override;

    void setKeys(std::vector<control::ClientKeyInfo> keys);
    [[nodiscard]] const control::ClientKeyInfo &key(int row) const { return m_keys[std::size_t(row)]; }
    [[nodiscard]] int rowOf(ClientKeyId id) const; ///< -1: none

protected:
    Row row(int row) const override;
    QString text(int row, int column) const override;
    QVariant raw(int row, int column) const override;
    QString toolTip(int row, int column) const override;
    QString copied(int, int) const override { return {}; }
    QString title(int column) const override;
    Columns columns() const override { return {.budget = Budget, .limits = Limits, .state = State}; }

private:
    std::vector<control::ClientKeyInfo> m_keys;
};

} // namespace portolan::ui
