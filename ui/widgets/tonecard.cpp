// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tonecard.h"

#include "ui/theme/stylepaint.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QPainter>

namespace portolan::ui {

ToneCard::ToneCard(QWidget *parent)
    : QWidget(parent)
{
    const Metrics metrics;
    m_grid = new QGridLayout(this);
    m_grid->setContentsMargins(metrics.px(space::kPanel), metrics.px(10), metrics.px(space::kPanel),
                               metrics.px(10));
    m_grid->setHorizontalSpacing(metrics.px(space::kSmall));
    m_grid->setVerticalSpacing(metrics.px(space::kTight));
    m_icon = new IconLabel(Icon::CircleCheck, Role::Ok, 16, this);
    m_headline = new PlainLabel(this);
    m_headline->setSize(TextSize::Body, Weight::Strong);
    m_headline->setWordWrap(true);
    m_headline->setSelectable();
    m_grid->addWidget(m_icon, 0, 0, Qt::AlignTop);
    m_grid->addWidget(m_headline, 0, 1, 1, 2);
}

void ToneCard::setHeadline(Tone tone, const QString &headline)
{
    m_tone = tone;
    const bool good = tone == Tone::Good;
    m_icon->setIcon(good ? Icon::CircleCheck : Icon::CircleCross, good ? Role::Ok : Role::Error);
    m_headline->setText(headline);
    setAccessibleName(headline);
    update();
}

QString ToneCard::headline() const
{
    return m_headline->text();
}

void ToneCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const bool good = m_tone == Tone::Good;
    paintBox(&painter, rect(),
             {.fill = colour(good ? Role::OkTint : Role::ErrorTint, palette()),
              .line = colour(good ? Role::Ok : Role::Error, palette()),
              .radius = double(Metrics().px(radius::kCard))},
             palette());
}

} // namespace portolan::ui
