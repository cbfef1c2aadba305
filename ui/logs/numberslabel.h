// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

namespace portolan::ui {

/// Short facts on one line, the most important first. Where the line is too narrow the last ones leave whole
/// and the tooltip has them all: a number that is cut reads as another number.
class NumbersLabel : public QWidget
{
    Q_OBJECT

public:
    explicit NumbersLabel(QWidget *parent = nullptr);

    /// The first `least` of them always have room.
    void setNumbers(const QStringList &numbers, int least);
    /// Those that the present width has room for.
    [[nodiscard]] QStringList shownNumbers() const;

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] int widthOf(qsizetype count) const;
    void updateToolTip();

    QStringList m_numbers;
    int m_least = 0;
};

} // namespace portolan::ui
