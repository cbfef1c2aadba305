// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/notecard.h"

#include "ui/theme/stylepaint.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QPainter>

namespace portolan::ui {

NoteCard::NoteCard(QWidget *parent)
    : QWidget(parent)
{
    const Metrics metrics;
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(metrics.px(space::kPanel), metrics.px(10), metrics.px(space::kPanel),
                             metrics.px(10));
    grid->setHorizontalSpacing(metrics.px(space::kSmall));
    grid->setVerticalSpacing(metrics.px(space::kTight));
    grid->addWidget(new IconLabel(Icon::CircleCross, Role::Error, 16, this), 0, 0, Qt::AlignTop);
    m_headline = new PlainLabel(this);
    m_headline->setSize(TextSize::Body, Weight::Strong);
    m_headline->setWordWrap(true);
    m_headline->setSelectable();
    m_quote = new PlainLabel(this);
    m_quote->setFixed(TextSize::Data);
    m_quote->setWordWrap(true);
    m_quote->setSelectable();
    m_quote->setObjectName(QStringLiteral("quote"));
    m_code = new PlainLabel(this);
    m_code->setSize(TextSize::Data);
    m_code->setRole(Role::TextMuted);
    m_code->setSelectable();
    grid->addWidget(m_headline, 0, 1);
    grid->addWidget(m_code, 0, 2, Qt::AlignTop);
    grid->addWidget(m_quote, 1, 1, 1, 2);
    grid->setColumnStretch(1, 1);
}

void NoteCard::say(const QString &headline, const QString &quote, const QString &code)
{
    m_headline->setText(headline);
    m_quote->setText(quote);
    m_quote->setVisible(!quote.isEmpty());
    m_code->setText(code);
    setAccessibleName(headline);
}

void NoteCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintBox(&painter, rect(),
             {.fill = colour(Role::ErrorTint, palette()),
              .line = colour(Role::Error, palette()),
              .radius = double(Metrics().px(radius::kCard))},
             palette());
}

} // namespace portolan::ui
