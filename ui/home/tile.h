// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QAbstractButton>

namespace portolan::ui {

/// A figure with its name above and a note below; a click shows what it counts.
class Tile : public QAbstractButton
{
    Q_OBJECT

public:
    explicit Tile(const QString &name, QWidget *parent = nullptr);

    void say(const QString &figure, const QString &note, Role role = Role::Text);
    [[nodiscard]] const QString &figure() const { return m_figure; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QString m_figure;
    QString m_note;
    Role m_role = Role::Text;
};

} // namespace portolan::ui
