// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSortFilterProxyModel>
#include <QStringList>

namespace portolan::ui {

/// Lets all requests through, or those that run, or those that ended with an error; and of these the ones in
/// which every word of a search stands: models, slug, client key, program, status, error, ids.
class RequestFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    enum class Show { All, Active, Errors };

    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setShow(Show show);
    [[nodiscard]] Show show() const { return m_show; }
    void setSearch(const QString &text); ///< words; their order and case do not matter
    [[nodiscard]] QString search() const { return m_words.join(u' '); }
    [[nodiscard]] bool isNarrowed() const { return m_show != Show::All || !m_words.isEmpty(); }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    Show m_show = Show::All;
    QStringList m_words;
};

} // namespace portolan::ui
