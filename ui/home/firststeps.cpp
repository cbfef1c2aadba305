// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/home/firststeps.h"

#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/snippetview.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QProgressBar>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portolan::ui {

/// One step: number or tick, title, a line of words, and what to do while it is current.
class FirstSteps::Step : public QWidget
{
public:
    enum class Phase { Later, Open, Current, Done }; // open: can be done, but another is to be done first

    Step(int number, const QString &title, QWidget *parent)
        : QWidget(parent)
        , m_number(number)
        , m_title(new PlainLabel(title, this))
        , m_words(new PlainLabel(this))
        , m_work(new QWidget(this))
        , m_link(new LinkButton(QString(), this))
    {
        const Metrics metrics;
        m_words->setWordWrap(true);
        m_words->setSize(TextSize::Data);
        m_words->setRole(Role::TextMuted);
        m_link->setSize(TextSize::Data);
        m_link->setFlush();
        m_link->hide();
        auto *workColumn = new QVBoxLayout(m_work);
        workColumn->setContentsMargins(0, metrics.px(space::kTight), 0, 0);
        auto *column = new QVBoxLayout(this);
        column->setContentsMargins(metrics.px(32), metrics.px(space::kSmall), 0, metrics.px(space::kSmall));
        column->setSpacing(0);
        auto *head = new QHBoxLayout;
        head->addWidget(m_title, 1);
        head->addWidget(m_link);
        column->addLayout(head);
        column->addWidget(m_words);
        column->addWidget(m_work);
        setPhase(Phase::Later);
    }

    [[nodiscard]] QVBoxLayout *work() const { return static_cast<QVBoxLayout *>(m_work->layout()); }
    [[nodiscard]] LinkButton *link() const { return m_link; }

    void setPhase(Phase phase)
    {
        m_phase = phase;
        m_title->setSize(TextSize::Body, phase == Phase::Done ? Weight::Normal : Weight::Strong);
        m_title->setRole(phase == Phase::Done ? Role::TextMuted : Role::Text);
        m_work->setVisible(phase == Phase::Current || phase == Phase::Open);
        m_title->setAccessibleDescription(phase == Phase::Done ? FirstSteps::tr("done")
                                                               : FirstSteps::tr("to do"));
        update();
    }
    void say(const QString &words)
    {
        m_words->setText(words);
        m_words->setVisible(!words.isEmpty());
    }
    void offer(const QString &link)
    {
        m_link->setText(link);
        m_link->setVisible(!link.isEmpty());
        m_link->updateGeometry();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Metrics metrics;
        const auto of = [this](Role role) { return colour(role, palette()); };
        painter.fillRect(QRect(0, 0, width(), 1), of(Role::Line));
        const int side = metrics.px(20);
        const QRect circle(0, m_title->y() + (m_title->height() - side) / 2, side, side);
        if (m_phase == Phase::Done) {
            paintIcon(&painter, circle, Icon::CircleCheck, of(Role::Ok));
            return;
        }
        const bool current = m_phase == Phase::Current;
        paintBox(&painter, circle,
                 {.line = of(current ? Role::Accent : Role::LineControl), .radius = side / 2.0}, palette());
        painter.setFont(scaledFont(font(), TextSize::Data));
        painter.setPen(of(current ? Role::Accent : Role::TextMuted));
        painter.drawText(circle, Qt::AlignCenter, QString::number(m_number));
    }

private:
    const int m_number;
    PlainLabel *const m_title;
    PlainLabel *const m_words;
    QWidget *const m_work;
    LinkButton *const m_link;
    Phase m_phase = Phase::Later;
};

FirstSteps::FirstSteps(QWidget *parent)
    : Card(tr("First steps"), parent)
    , m_progress(new QProgressBar(this))
{
    auto *hide = new LinkButton(tr("Hide"), this);
    hide->setSize(TextSize::Data);
    hide->setFlush();
    head()->addWidget(hide);
    m_progress->setRange(0, kSteps);
    m_progress->setTextVisible(false);
    m_progress->setFixedHeight(Metrics().px(5));
    m_progress->setAccessibleName(tr("First steps done"));
    body()->setSpacing(0);
    body()->addWidget(m_progress);
    body()->addSpacing(Metrics().px(space::kSmall));
    connect(hide, &LinkButton::clicked, this, &FirstSteps::hideClicked);

    m_steps = {createStep(1, tr("Add a provider account")), createStep(2, tr("Make a client key")),
               createStep(3, tr("Point a program at Portolan")),
               createStep(4, tr("Waiting for the first request"))};
    body()->addStretch(1);

    auto *add = new QPushButton(lineIcon(Icon::Plus), tr("Add account"), this);
    m_steps[0]->work()->addWidget(add, 0, Qt::AlignLeft);
    connect(add, &QPushButton::clicked, this, &FirstSteps::addAccount);
    auto *make = new QPushButton(lineIcon(Icon::Key), tr("Make a key"), this);
    m_steps[1]->work()->addWidget(make, 0, Qt::AlignLeft);
    connect(make, &QPushButton::clicked, this, &FirstSteps::makeKey);
    connect(m_steps[1]->link(), &LinkButton::clicked, this, &FirstSteps::makeKey);
    m_snippet = new SnippetView(this);
    m_steps[2]->work()->addWidget(m_snippet);
    connect(m_steps[2]->link(), &LinkButton::clicked, this, &FirstSteps::skipSnippet);
    m_send = new QPushButton(lineIcon(Icon::Echo), tr("Send a test request"), this);
    m_steps[3]->work()->addWidget(m_send, 0, Qt::AlignLeft);
    connect(m_send, &QPushButton::clicked, this, &FirstSteps::sendTest);
    setState({});
}

FirstSteps::Step *FirstSteps::createStep(int number, const QString &title)
{
    auto *step = new Step(number, title, this);
    body()->addWidget(step);
    return step;
}

QString FirstSteps::accountLine() const
{
    const auto own
        = std::ranges::find_if(m_state.accounts, [](const auto &account) { return !account.builtIn; });
    if (own == m_state.accounts.end()) {
        if (!m_state.offers.isEmpty())
            return tr("Found on this computer: %1. Or try everything offline with the built-in @practice.")
                .arg(m_state.offers.join(tr(", ")));
        return tr("Or try everything offline with the built-in @practice.");
    }
    QString line = u'@' + own->slug;
    if (own->health.state == control::AccountHealth::State::Ok)
        line += tr(", answers in %1").arg(format::duration(qint64(own->health.latencyMs) * 1000));
    return line;
}

int FirstSteps::doneSteps() const
{
    const bool account = std::ranges::any_of(m_state.accounts, [](const auto &a) { return !a.builtIn; });
    const bool called = m_state.requests > m_state.failed;
    return int(account) + int(!m_state.keys.empty()) + int(m_state.snippetSkipped || called) + int(called);
}

void FirstSteps::setState(const FirstStepsState &state)
{
    m_state = state;
    const bool account = std::ranges::any_of(state.accounts, [](const auto &a) { return !a.builtIn; });
    const bool called = state.requests > state.failed;
    const std::array done{account, !state.keys.empty(), state.snippetSkipped || called, called};
    const auto firstOpen = std::ranges::find(done, false) - done.begin();
    for (size_t i = 0; i < m_steps.size(); ++i) {
        // The way to the first request stays open beside the step that is current: it needs no account of
        // one's own.
        m_steps[i]->setPhase(done[i]                         ? Step::Phase::Done
                                 : ptrdiff_t(i) == firstOpen ? Step::Phase::Current
                                 : i >= 2                    ? Step::Phase::Open
                                                             : Step::Phase::Later);
    }
    m_steps[0]->say(accountLine());
    m_steps[1]->say(state.keys.empty() ? QString()
                                       : state.keys.front().name + u", "_s + state.keys.front().lastFour);
    m_steps[1]->offer(state.keys.empty() ? QString() : tr("Make another"));
    m_snippet->setTarget(state.baseUrl, u"@practice/echo"_s);
    m_steps[2]->say(done[2] ? state.baseUrl : QString());
    m_steps[2]->offer(done[2] ? QString() : tr("Skip"));
    m_steps[3]->say(called ? tr("It has arrived: Logs shows it.")
                        : state.failed > 0
                        ? tr("It becomes its trace here. %n tries have failed so far, see below.", nullptr,
                             int(state.failed))
                        : tr("It becomes its trace here."));
    m_send->setEnabled(state.running);
    m_progress->setValue(doneSteps());
    setTitleNote(tr("%1 of %2 done").arg(doneSteps()).arg(kSteps));
}

} // namespace portolan::ui
