// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/testcard.h"

#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr int kWorthSaying = 1000; // ms: below that nobody waited

} // namespace

QString testHeadline(const control::TestResult &result)
{
    QString words;
    if (result.status > 0 && result.ms >= 0)
        words = TestCard::tr("%1 in %2").arg(result.status).arg(format::duration(qint64(result.ms) * 1000));
    else if (result.status > 0)
        words = QString::number(result.status);
    else if (result.ms >= kWorthSaying)
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

QString modelsFound(const control::TestResult &result)
{
    const QString names = result.firstModels.join(u", "_s);
    const int more = result.models - int(result.firstModels.size());
    return more > 0 ? TestCard::tr("%1 and %2 more").arg(names, format::count(more)) : names;
}

TestCard::TestCard(QWidget *parent)
    : ToneCard(parent)
    , m_message(new PlainLabel(this))
{
    setObjectName(u"testCard"_s);
    m_message->setSize(TextSize::Data);
    m_message->setWordWrap(true);
    m_message->setSelectable();
    grid()->setColumnStretch(2, 1);
    grid()->addWidget(m_message, 1, 1, 1, 2);
    m_sent = addLine(tr("Sent"));
    m_models = addLine(tr("Models"));
    hide();
}

TestCard::Line TestCard::addLine(const QString &name)
{
    const Line line{.name = new PlainLabel(name, this), .value = new PlainLabel(this)};
    line.name->setRole(Role::TextMuted);
    line.name->setSize(TextSize::Data);
    line.value->setSize(TextSize::Data);
    line.value->setWordWrap(true);
    line.value->setSelectable();
    line.value->setAccessibleName(name);
    const int row = grid()->rowCount();
    grid()->addWidget(line.name, row, 1, Qt::AlignTop);
    grid()->addWidget(line.value, row, 2);
    return line;
}

void TestCard::say(const Line &line, const QString &value)
{
    line.value->setText(value);
    line.name->setVisible(!value.isEmpty());
    line.value->setVisible(!value.isEmpty());
}

void TestCard::setAnswer(const Result<control::TestResult> &answer)
{
    const control::TestResult result = answer ? *answer : control::TestResult();
    setHeadline(result.ok ? Tone::Good : Tone::Bad,
                answer ? testHeadline(result) : tr("The test could not be made"));
    // What went well is in the headline.
    const QString message = !answer ? QString::fromStdString(answer.error().message)
        : result.ok                 ? QString()
                                    : result.message;
    m_message->setText(message);
    m_message->setVisible(!message.isEmpty());
    say(m_sent, result.sent);
    say(m_models, modelsFound(result));
    show();
}

} // namespace portolan::ui
