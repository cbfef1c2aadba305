// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/tokens.h"

#include <QPainter>
#include <QStyleOption>

namespace portolan::ui {

/// The colours and lines of one painted control: a box with a 1 px outline that stays sharp at any scale.
struct BoxLook {
    QColor fill{};
    QColor line{};
    double radius = 0;
    bool focusRing = false; ///< 2 px accent inside the outline
};

void paintBox(QPainter *painter, const QRectF &rect, const BoxLook &look, const QPalette &palette);

/// Parts of Style that paint by themselves. Each leaves the painter as it was.
namespace paint {
void button(QPainter *painter, const QStyleOption &option, const QWidget *widget);
void buttonLabel(QPainter *painter, const QStyleOptionButton &option, const QWidget *widget);
void toolButtonPanel(QPainter *painter, const QStyleOption &option, const QWidget *widget);
void field(QPainter *painter, const QStyleOption &option);
void checkBox(QPainter *painter, const QStyleOption &option);
void radioButton(QPainter *painter, const QStyleOption &option);
void tab(QPainter *painter, const QStyleOptionTab &option);
void headerSection(QPainter *painter, const QStyleOption &option);
void header(QPainter *painter, const QStyleOptionHeader &option);
void scrollBar(QPainter *painter, const QStyleOptionSlider &option, const QRect &handle,
               const QWidget *widget);
void progressBar(QPainter *painter, const QStyleOptionProgressBar &option);
void menuBarItem(QPainter *painter, const QStyleOptionMenuItem &option);
} // namespace paint

/// "Attempts\t3": the word of a tab and the number behind it.
[[nodiscard]] std::pair<QString, QString> tabParts(const QString &text);

} // namespace portolan::ui
