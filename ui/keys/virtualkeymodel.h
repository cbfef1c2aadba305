// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/keymodel.h"

namespace portolan::ui {

/// What may be called: a row per virtual key.
class VirtualKeyModel : public KeyModel
{
    Q_OBJECT

public:
    enum Column { Slug, Account, Models, Budget, Limits, UsedBy, Expires, State };
    static constexpr int kColumns = State + 1;

    using KeyModel::KeyModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QString words(int row) const override;

    void setKeys(std::vector<control::VirtualKey> keys);
    [[nodiscard]] const control::VirtualKey &key(int row) const { return m_keys[std::size_t(row)]; }
    [[nodiscard]] int rowOf(const QString &slug) const; ///< -1: none

protected:
    Row row(int row) const override;
    QString text(int row, int column) const override;
    QVariant raw(int row, int column) const override;
    QString toolTip(int row, int column) const override;
    QString copied(int row, int column) const override;
    QString title(int column) const override;
    Columns columns() const override { return {.budget = Budget, .limits = Limits, .state = State}; }

private:
    std::vector<control::VirtualKey> m_keys;
};

/// "all", "gpt-4o", "3 models".
[[nodiscard]] QString someWords(const QStringList &some, const QString &many);

} // namespace portolan::ui
