// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"

#include <QAbstractButton>
#include <QPushButton>
#include <QStringList>
#include <QToolButton>

#include <functional>

class QLineEdit;

namespace portolan::ui {

/// A button that reads as a link: accent words, underlined under the pointer and with the focus.
class LinkButton : public QAbstractButton
{
    Q_OBJECT

public:
    explicit LinkButton(const QString &text, QWidget *parent = nullptr);

    void setSize(TextSize size, Weight weight = Weight::Normal);
    void setRole(Role role);
    /// The word begins or ends exactly at that edge, in line with what stands above and below.
    void setFlush(Qt::AlignmentFlag edge = Qt::AlignRight);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override; ///< Enter acts, as on a link

private:
    Qt::AlignmentFlag m_flush = Qt::AlignHCenter;
    Role m_role = Role::Accent;
};

/// A small button with an icon only. Its name is the tooltip and what a screen reader says.
class IconButton : public QToolButton
{
    Q_OBJECT

public:
    IconButton(Icon icon, const QString &name, QWidget *parent = nullptr);
    void setFace(Icon icon, const QString &name);
};

/// Copies what `text` answers at the click and shows a tick for a moment.
class CopyButton : public IconButton
{
    Q_OBJECT

public:
    explicit CopyButton(const QString &name, std::function<QString()> text, QWidget *parent = nullptr);

    void copy();

signals:
    void copied();

private:
    const std::function<QString()> m_text;
    const QString m_name;
};

/// Something to take along: a read-only field in the fixed font with a Copy button.
class CopyField : public QWidget
{
    Q_OBJECT

public:
    explicit CopyField(const QString &accessibleName, QWidget *parent = nullptr);

    void setText(const QString &text);
    [[nodiscard]] QString text() const;
    [[nodiscard]] QPushButton *button() const { return m_button; }

signals:
    void copied();

private:
    QLineEdit *m_field = nullptr;
    QPushButton *m_button = nullptr;
};

/// A few words of which one is chosen: the range of a list, the language of a snippet. One tab stop; arrows
/// move.
class SegmentedControl : public QWidget
{
    Q_OBJECT

public:
    explicit SegmentedControl(const QString &accessibleName, const QStringList &words,
                              QWidget *parent = nullptr);

    [[nodiscard]] int current() const { return m_current; }
    [[nodiscard]] int count() const { return int(m_words.size()); }
    void setCurrent(int index); ///< emits currentChanged when it is another one

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] QRect segment(int index) const;
    [[nodiscard]] int segmentAt(const QPoint &point) const;
    [[nodiscard]] int widthOf(const QString &word) const;

    const QStringList m_words;
    const QString m_name;
    int m_current = 0;
    int m_hovered = -1;
};

} // namespace portolan::ui
