// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/metrics.h"
#include "ui/theme/tokens.h"

#include <QWidget>

class QGridLayout;

namespace portolan::ui {

/// A titled list of names and values. Values are plain, selectable text.
class Facts : public QWidget
{
    Q_OBJECT

public:
    explicit Facts(const QString &title, QWidget *parent = nullptr);

    void clear();
    void add(const QString &name, const QString &value, Role role = Role::Text);
    /// A value in the fixed font with a button that copies it.
    void addCopyable(const QString &name, const QString &value);
    /// A value in figures, at the right of its column, so that amounts stand under one another.
    void addAmount(const QString &name, const QString &value, Weight weight = Weight::Normal);
    [[nodiscard]] bool isEmpty() const { return m_row == 0; }

private:
    QWidget *addName(const QString &name, Qt::Alignment alignment = Qt::AlignTop | Qt::AlignLeft);

    QWidget *m_content = nullptr; // thrown away and made anew by clear()
    QGridLayout *m_grid = nullptr;
    int m_row = 0;
};

/// Lays its groups out in as many columns as fit, top to bottom in each.
class FactColumns : public QWidget
{
    Q_OBJECT

public:
    explicit FactColumns(QWidget *parent = nullptr);
    void setGroups(const QList<QWidget *> &groups);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void layOut();

    QList<QWidget *> m_groups;
    int m_columns = 0;
};

} // namespace portolan::ui
