// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/theme/tokens.h"

#include <QLabel>

namespace portolan::ui {

/// The only label of the program: plain text, never guessed to be rich, with invisible characters as marks
/// (threat-model G1, G3). Plain QLabel is for pixmaps.
class PlainLabel : public QLabel
{
    Q_OBJECT

public:
    explicit PlainLabel(QWidget *parent = nullptr);
    explicit PlainLabel(const QString &text, QWidget *parent = nullptr);

    void setText(const QString &text);
    void setRole(Role role);
    void setSize(TextSize size, Weight weight = Weight::Normal);
    void setFixed(TextSize size = TextSize::Body); ///< in the fixed font
    void setSelectable(); ///< with mouse and keyboard, for texts one may want to copy
};

/// One line that ends in an ellipsis where it does not fit; the tooltip then shows it whole. Foreign text is
/// safe in it.
class ElidedLabel : public QWidget
{
    Q_OBJECT

public:
    explicit ElidedLabel(QWidget *parent = nullptr);
    explicit ElidedLabel(const QString &text, QWidget *parent = nullptr);

    void setText(const QString &text);
    [[nodiscard]] const QString &text() const { return m_text; }
    void setElideMode(Qt::TextElideMode mode);
    void setAlignment(Qt::Alignment alignment);
    void setRole(Role role);
    void setSize(TextSize size, Weight weight = Weight::Normal);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QString m_text;
    Qt::TextElideMode m_mode = Qt::ElideRight;
    Qt::Alignment m_alignment = Qt::AlignLeft;
    Role m_role = Role::Text;
};

/// A state: always icon, word and colour together.
class StateLabel : public QWidget
{
    Q_OBJECT

public:
    explicit StateLabel(QWidget *parent = nullptr);
    StateLabel(Icon icon, const QString &word, Role role, QWidget *parent = nullptr);

    void setState(Icon icon, const QString &word, Role role);
    void setSize(TextSize size, Weight weight = Weight::Normal);
    [[nodiscard]] const QString &word() const { return m_word; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] int iconSide() const;

    Icon m_icon = Icon::Circle;
    QString m_word;
    Role m_role = Role::Neutral;
};

/// An icon alone, in a role's colour; says nothing to a screen reader unless it gets an accessible name.
class IconLabel : public QWidget
{
    Q_OBJECT

public:
    IconLabel(Icon icon, Role role, int sideAt100 = 16, QWidget *parent = nullptr);

    void setIcon(Icon icon, Role role);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Icon m_icon;
    Role m_role;
    const int m_sideAt100;
};

} // namespace portolan::ui
