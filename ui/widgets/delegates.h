// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/theme/tokens.h"

#include <QStyledItemDelegate>

namespace portolan::ui {

/// Roles that the delegates of the program ask of a model, beside Qt's own. Texts need not be made safe:
/// painting does.
enum ItemRole {
    SecondLineRole = Qt::UserRole + 0x100, ///< QString under the first line
    CornerRole,                            ///< QString at the right of the first line, muted
    LineIconRole,                          ///< int of Icon
    LineIconColourRole,                    ///< int of Role; muted without
    SecondIconRole,                        ///< int of Icon before the second line
    SecondColourRole,                      ///< int of Role of the second line's state; muted without
    SecondNoteRole,                        ///< QString behind the second line, muted: "210 ms"
    MutedRole,                             ///< bool: the whole row is muted (switched off)
    RawRole,                               ///< the value behind the text, for sorting, export and delegates
};

namespace item {

/// Selection, hover and background of one cell, as the style paints them.
void paintPanel(QPainter *painter, const QStyleOptionViewItem &option);
/// One line of foreign text, made safe and elided into `rect`. Returns the width used.
int paintText(QPainter *painter, const QRect &rect, const QString &text, const QColor &ink,
              Qt::Alignment alignment = Qt::AlignLeft);
/// "@slug/" muted, then the model: reads as @slug/model. A text without the border is painted plainly.
void paintModelRef(QPainter *painter, const QRect &rect, const QString &ref, const QPalette &palette,
                   bool muted = false);
/// A short word in a rounded outline (counts, abilities, keys). Returns its width.
int paintChip(QPainter *painter, const QPoint &topLeft, int height, const QString &word,
              const QPalette &palette);

} // namespace item

/// Rows of two lines: icon, strong first line with a muted corner, and a second line with its own icon and
/// colour.
class TwoLineDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

    void setRowHeight(int at100) { m_height = at100; } ///< px at 100 %; 0: the two-line row of the density
    void setRuled(bool ruled) { m_ruled = ruled; }     ///< a line under each row

private:
    int m_height = 0;
    bool m_ruled = true;
};

} // namespace portolan::ui
