// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/tonecard.h"

namespace portolan::ui {

/// A tinted card for what went wrong: our sentence, and below it the other side's own words, quoted.
class NoteCard : public ToneCard
{
    Q_OBJECT

public:
    explicit NoteCard(QWidget *parent = nullptr);
    void say(const QString &headline, const QString &quote, const QString &code);

private:
    PlainLabel *m_quote = nullptr;
    PlainLabel *m_code = nullptr;
};

} // namespace portolan::ui
