// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/icon.h"

#include <QWidget>

#include <vector>

class QAbstractButton;
class QVBoxLayout;

namespace portolan::ui {

/// The panels at the left edge: icon over word, the last one (Settings) apart at the foot. Up and Down move,
/// as does Tab.
class Rail : public QWidget
{
    Q_OBJECT

public:
    explicit Rail(QWidget *parent = nullptr);

    void add(const QString &id, const QString &word, Icon icon, const QString &keys);
    void setCurrent(const QString &id);
    [[nodiscard]] const QString &current() const { return m_current; }

signals:
    void chosen(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    class Item;

    std::vector<Item *> m_items;
    QString m_current;
    QVBoxLayout *m_column = nullptr;
};

} // namespace portolan::ui
