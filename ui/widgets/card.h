// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QHBoxLayout;
class QVBoxLayout;

namespace portolan::ui {

class PlainLabel;

/// A box on the panel's ground: a title line, which may hold more at its right, and a body.
class Card : public QFrame
{
    Q_OBJECT

public:
    explicit Card(const QString &title, QWidget *parent = nullptr);

    [[nodiscard]] QHBoxLayout *head() const { return m_head; } ///< title, stretch; add links behind
    [[nodiscard]] QVBoxLayout *body() const { return m_body; }
    void setTitleNote(const QString &note); ///< caption behind the title: "2 of 4 done"
    void setFlushBody();                    ///< the body reaches the card's edges, for tables

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void layOut();

    QHBoxLayout *m_head = nullptr;
    QVBoxLayout *m_body = nullptr;
    PlainLabel *m_note = nullptr;
    bool m_flush = false;
};

/// A 1 px line between parts.
class Rule : public QWidget
{
    Q_OBJECT

public:
    explicit Rule(Qt::Orientation orientation = Qt::Horizontal, QWidget *parent = nullptr);

    [[nodiscard]] QSize sizeHint() const override { return {1, 1}; }

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace portolan::ui
