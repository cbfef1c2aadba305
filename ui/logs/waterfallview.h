// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/logs/attemptmodel.h"

#include <QWidget>

namespace portolan::ui {

/// Paints when each attempt did what, on the lines of the list beside it: same row height, header and scroll
/// position.
class WaterfallView : public QWidget
{
    Q_OBJECT

public:
    WaterfallView(const AttemptModel *model, QWidget *list, QWidget *parent = nullptr);

    void setLines(int header_height, int row_height);
    void setScroll(int pixels);
    void setSelectedLine(int line); ///< -1: none
    /// How long the whole request took; the axis spans it.
    void setTotal(std::int64_t total_us);

    QSize minimumSizeHint() const override;

signals:
    void lineClicked(int line);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void paintAxis(QPainter &painter) const;
    void paintLine(QPainter &painter, int line) const;
    void paintBar(QPainter &painter, const WaterfallBar &bar, const QRect &lane) const;
    void paintPause(QPainter &painter, const AttemptModel::Line &line, const QRect &lane) const;
    [[nodiscard]] QRect plot() const;
    [[nodiscard]] int x(std::int64_t us) const;
    void describe();

    const AttemptModel *m_model; // owned by the tab
    QWidget *m_list;             // beside this; its focus decides how the selected line looks here too
    TimeAxis m_axis{};
    int m_header = 0;
    int m_row = 1;
    int m_scroll = 0;
    int m_selected = -1;
};

/// The colours of the waterfall and what they mean, on one line that wraps.
class WaterfallLegend : public QWidget
{
    Q_OBJECT

public:
    explicit WaterfallLegend(QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int layOut(int width, QPainter *painter) const;
};

} // namespace portolan::ui
