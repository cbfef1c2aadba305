// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/match.h"
#include "ui/widgets/panel.h"

#include <QAbstractListModel>
#include <QPointer>

#include <vector>

namespace portolan::ui {

/// Something the palette can do: run a command or go to a place.
struct PaletteEntry {
    Finding what{};
    QPointer<QAction> command{}; ///< null: `what.place` is where it goes
    QString panel{};             ///< the command's own panel, opened first; empty: of the window
    QString key{};               ///< stable, for "recent first"
};

/// What the palette lists: groups with their entries, best group first.
class PaletteModel : public QAbstractListModel
{
    Q_OBJECT

public:
    struct Row {
        bool heading = false;
        PaletteEntry entry{};
        Match hit{};
        size_t order = 0; ///< as it came, for equal scores
    };

    using QAbstractListModel::QAbstractListModel;

    /// `fixed` are matched here; `found` were matched by who found them and keep their order.
    void setEntries(const QString &typed, std::vector<PaletteEntry> fixed, std::vector<PaletteEntry> found,
                    const QStringList &recent);
    [[nodiscard]] const Row &row(int index) const { return m_rows[size_t(index)]; }
    [[nodiscard]] int results() const { return m_results; }
    /// The next row from `from` in steps of `step` that is no heading; -1: none.
    [[nodiscard]] int entryFrom(int from, int step) const;

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    std::vector<Row> m_rows;
    int m_results = 0;
};

} // namespace portolan::ui
