// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/testcard.h"

#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

QString testHeadline(const control::TestResult &result)
{
    QString words;
    if (result.status > 0 && result.ms >= 0)
        words = TestCard::tr("%1 in %2").arg(result.status).arg(format::duration(qint64(result.ms) * 1000));
    else if (result.status > 0)
        words = QString::number(result.status);
    else if (result.ms >= 0)
        words = TestCard::tr("no answer after %1").arg(format::duration(qint64(result.ms) * 1000));
    else
        words = TestCard::tr("no answer");
    if (!result.ok)
        return TestCard::tr("Failed: %1").arg(words);
    if (result.models >= 0)
        words += u", "_s
            + (result.models == 1 ? TestCard::tr("1 model found")
                                  : TestCard::tr("%n models found", nullptr, result.models));
    return TestCard::tr("Works: %1").arg(words);
}

TestCard::TestCard(QWidget *parent)
    : ToneCard(parent)
    , m_sentName(new PlainLabel(tr("Sent"), this))
    , m_sent(new PlainLabel(this))
    , m_message(new PlainLabel(this))
{
    setObjectName(u"testCard"_s);
    m_sentName->setRole(Role::TextMuted);
    m_sentName->setSize(TextSize::Data);
    for (PlainLabel *label : {m_sent, m_message}) {
        label->setSize(TextSize::Data);
        label->setWordWrap(true);
        label->setSelectable();
    }
    grid()->setColumnStretch(2, 1);
    grid()->addWidget(m_sentName, 1, 1, Qt::AlignTop);
    grid()->addWidget(m_sent, 1, 2);
    grid()->addWidget(m_message, 2, 1, 1, 2);
    hide();
}

void TestCard::setResult(const control::TestResult &result)
{
    say(result.ok ? Tone::Good : Tone::Bad, testHeadline(result), result.sent, result.message);
}

void TestCard::setFailure(const QString &why)
{
    say(Tone::Bad, tr("The test could not be made"), {}, why);
}

void TestCard::say(Tone tone, const QString &headline, const QString &sent, const QString &message)
{
    setHeadline(tone, headline);
    m_sent->setText(sent);
    m_sentName->setVisible(!sent.isEmpty());
    m_sent->setVisible(!sent.isEmpty());
    m_message->setText(message);
    m_message->setVisible(!message.isEmpty());
    show();
}

} // namespace portolan::ui
