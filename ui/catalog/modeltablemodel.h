// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <vector>

namespace portolan::ui {

/// What can be called: one row per model of each enabled account. Answers the roles of
/// ui/widgets/delegates.h: the second line of Model says what it can do, raw values are tokens and nano-USD
/// per million tokens, invalid when unknown.
class ModelTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Model, Slug, Context, In, Out, Cached, UsedBy, On };
    static constexpr int kColumns = On + 1;
    static constexpr int ReferenceRole = Qt::UserRole; ///< "@slug/model-id" of the row
    static constexpr int OwnPriceRole
        = Qt::UserRole + 1; ///< of In: the prices are the owner's, not the list's

    using QAbstractTableModel::QAbstractTableModel;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void setModels(std::vector<control::ModelInfo> models);
    [[nodiscard]] const control::ModelInfo &model(int row) const { return m_rows[std::size_t(row)].info; }
    /// What the search looks at, in lower case: name, id, slug and mode.
    [[nodiscard]] int ownPrices() const; ///< models with a price of the owner's
    [[nodiscard]] const QString &words(int row) const { return m_rows[std::size_t(row)].words; }

private:
    struct Row {
        control::ModelInfo info{};
        QString words{};
    };
    std::vector<Row> m_rows;
};

/// The rows that hold every word of the search, every capability asked for, and belong to the slug if one is
/// set.
class ModelFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit ModelFilter(ModelTableModel *models, QObject *parent = nullptr);

    void setSearch(const QString &text);
    void setCapabilities(const QStringList &caps);
    void setSlug(const QString &slug); ///< empty: of all accounts

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    const ModelTableModel *m_models; // outlives this: its source
    QStringList m_words;
    QStringList m_caps;
    QString m_slug;
};

/// "128k", "1M", "-": a context length in tokens.
[[nodiscard]] QString contextText(qint64 tokens);
/// Where the prices of a model come from and since when; `listed`: the day of the built-in list.
[[nodiscard]] QString priceWords(const control::ModelInfo &model, const QString &listed);

} // namespace portolan::ui
