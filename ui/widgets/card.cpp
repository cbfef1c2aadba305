// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/card.h"

#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/labels.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace portolan::ui {

Card::Card(const QString &title, QWidget *parent)
    : QFrame(parent)
    , m_head(new QHBoxLayout)
    , m_body(new QVBoxLayout)
    , m_note(new PlainLabel(this))
{
    auto *heading = new PlainLabel(title, this);
    heading->setSize(TextSize::Heading, Weight::Strong);
    m_note->setSize(TextSize::Caption);
    m_note->setRole(Role::TextMuted);
    m_note->hide();
    m_head->addWidget(heading);
    m_head->addWidget(m_note);
    m_head->addStretch(1);
    auto *all = new QVBoxLayout(this);
    all->addLayout(m_head);
    all->addLayout(m_body, 1);
    setAccessibleName(title);
    layOut();
}

void Card::layOut()
{
    const Metrics metrics;
    const int side = metrics.px(space::kCard);
    const int top = metrics.px(space::kPanel);
    layout()->setContentsMargins(0, top, 0, m_flush ? 1 : top);
    layout()->setSpacing(metrics.px(space::kSmall));
    m_head->setContentsMargins(side, 0, side, 0);
    m_head->setSpacing(metrics.px(space::kSmall));
    m_body->setContentsMargins(m_flush ? 1 : side, 0, m_flush ? 1 : side, 0);
}

void Card::setTitleNote(const QString &note)
{
    m_note->setText(note);
    m_note->setVisible(!note.isEmpty());
}

void Card::setFlushBody()
{
    m_flush = true;
    layOut();
}

void Card::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintBox(&painter, rect(),
             {.fill = colour(Role::Base, palette()),
              .line = colour(Role::Line, palette()),
              .radius = double(Metrics().px(radius::kCard))},
             palette());
}

void Card::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::StyleChange)
        layOut();
    QFrame::changeEvent(event);
}

Rule::Rule(Qt::Orientation orientation, QWidget *parent)
    : QWidget(parent)
{
    if (orientation == Qt::Horizontal)
        setFixedHeight(1);
    else
        setFixedWidth(1);
}

void Rule::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), colour(Role::Line, palette()));
}

} // namespace portolan::ui
