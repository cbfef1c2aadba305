// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/notecard.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>

namespace portolan::ui {

NoteCard::NoteCard(QWidget *parent)
    : ToneCard(parent)
    , m_quote(new PlainLabel(this))
    , m_code(new PlainLabel(this))
{
    m_quote->setFixed(TextSize::Data);
    m_quote->setWordWrap(true);
    m_quote->setSelectable();
    m_quote->setObjectName(QStringLiteral("quote"));
    m_code->setSize(TextSize::Data);
    m_code->setRole(Role::TextMuted);
    m_code->setSelectable();
    grid()->addWidget(m_code, 0, 3, Qt::AlignTop);
    grid()->addWidget(m_quote, 1, 1, 1, 3);
    grid()->setColumnStretch(1, 1);
}

void NoteCard::say(const QString &headline, const QString &quote, const QString &code)
{
    setHeadline(Tone::Bad, headline);
    m_quote->setText(quote);
    m_quote->setVisible(!quote.isEmpty());
    m_code->setText(code);
}

} // namespace portolan::ui
