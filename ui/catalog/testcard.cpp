// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/testcard.h"

#include "ui/theme/stylepaint.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QPainter>

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
    : QWidget(parent)
{
    const Metrics metrics;
    setObjectName(u"testCard"_s);
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(metrics.px(space::kPanel), metrics.px(10), metrics.px(space::kPanel),
                             metrics.px(10));
    grid->setHorizontalSpacing(metrics.px(space::kSmall));
    grid->setVerticalSpacing(metrics.px(space::kTight));
    grid->setColumnStretch(2, 1);
    m_icon = new IconLabel(Icon::CircleCheck, Role::Ok, 16, this);
    m_headline = new PlainLabel(this);
    m_headline->setSize(TextSize::Body, Weight::Strong);
    m_headline->setWordWrap(true);
    m_sentName = new PlainLabel(tr("Sent"), this);
    m_sentName->setRole(Role::TextMuted);
    m_sentName->setSize(TextSize::Data);
    m_sent = new PlainLabel(this);
    m_message = new PlainLabel(this);
    for (PlainLabel *label : {m_sent, m_message}) {
        label->setSize(TextSize::Data);
        label->setWordWrap(true);
        label->setSelectable();
    }
    grid->addWidget(m_icon, 0, 0, Qt::AlignTop);
    grid->addWidget(m_headline, 0, 1, 1, 2);
    grid->addWidget(m_sentName, 1, 1, Qt::AlignTop);
    grid->addWidget(m_sent, 1, 2);
    grid->addWidget(m_message, 2, 1, 1, 2);
    hide();
}

void TestCard::setResult(const control::TestResult &result)
{
    say(result.ok, testHeadline(result), result.sent, result.message);
}

void TestCard::setFailure(const QString &why)
{
    say(false, tr("The test could not be made"), {}, why);
}

QString TestCard::headline() const
{
    return m_headline->text();
}

void TestCard::say(bool ok, const QString &headline, const QString &sent, const QString &message)
{
    m_ok = ok;
    m_icon->setIcon(ok ? Icon::CircleCheck : Icon::CircleCross, ok ? Role::Ok : Role::Error);
    m_headline->setText(headline);
    m_sent->setText(sent);
    m_sentName->setVisible(!sent.isEmpty());
    m_sent->setVisible(!sent.isEmpty());
    m_message->setText(message);
    m_message->setVisible(!message.isEmpty());
    setAccessibleName(headline);
    show();
    update();
}

void TestCard::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintBox(&painter, rect(),
             {.fill = colour(m_ok ? Role::OkTint : Role::ErrorTint, palette()),
              .line = colour(m_ok ? Role::Ok : Role::Error, palette()),
              .radius = double(Metrics().px(radius::kCard))},
             palette());
}

} // namespace portolan::ui
