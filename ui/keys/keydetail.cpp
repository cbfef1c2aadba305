// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/keydetail.h"

#include "ui/theme/metrics.h"
#include "ui/theme/style.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/labels.h"

#include <QAction>
#include <QGridLayout>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr std::size_t kFacts = 12;
constexpr int kFactRows = 6; // in each of two columns

} // namespace

ActionButton::ActionButton(QAction *action, QWidget *parent)
    : QPushButton(parent)
{
    setIcon(action->icon());
    connect(action, &QAction::changed, this, [this, action] { follow(action); });
    connect(this, &QPushButton::clicked, action, &QAction::trigger);
    follow(action);
}

void ActionButton::follow(const QAction *action)
{
    setText(action->iconText());
    setEnabled(action->isEnabled());
    setVisible(action->isVisible());
    setToolTip(action->shortcut().isEmpty() ? QString()
                                            : action->shortcut().toString(QKeySequence::NativeText));
}

/// The ground of the verdict: tinted while calls are refused.
class KeyDetail::Box : public QWidget
{
public:
    using QWidget::QWidget;

    void setRefused(bool refused)
    {
        m_refused = refused;
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintBox(&painter, rect(),
                 {.fill = colour(m_refused ? Role::ErrorTint : Role::Base, palette()),
                  .line = colour(m_refused ? Role::Error : Role::Line, palette()),
                  .radius = double(Metrics().px(radius::kControl))},
                 palette());
    }

private:
    bool m_refused = false;
};

KeyDetail::KeyDetail(const QList<QAction *> &ways, QWidget *parent)
    : QWidget(parent)
    , m_name(new PlainLabel(this))
    , m_state(new StateLabel(this))
    , m_box(new Box(this))
    , m_verdict(new PlainLabel(m_box))
{
    const Metrics metrics;
    m_name->setObjectName(u"detailName"_s);
    m_name->setSize(TextSize::Body, Weight::Strong);
    m_state->setSize(TextSize::Data);
    m_verdict->setObjectName(u"verdict"_s);
    m_verdict->setSize(TextSize::Data);
    m_verdict->setWordWrap(true);
    m_verdict->setSelectable();
    auto *box = new QVBoxLayout(m_box);
    box->setContentsMargins(metrics.px(10), metrics.px(space::kSmall), metrics.px(10), metrics.px(10));
    box->setSpacing(metrics.px(space::kSmall));
    box->addWidget(m_verdict);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(metrics.px(space::kGroup));
    for (QAction *way : ways) {
        auto *button = new ActionButton(way, m_box);
        if (way == ways.first())
            setMainAction(button);
        buttons->addWidget(button);
    }
    buttons->addStretch();
    box->addLayout(buttons);

    auto *head = new QHBoxLayout;
    head->setSpacing(metrics.px(space::kGroup));
    head->addWidget(m_name);
    head->addWidget(m_state);
    head->addStretch();
    auto *left = new QVBoxLayout;
    left->setSpacing(metrics.px(space::kSmall));
    left->addLayout(head);
    left->addWidget(m_box);
    left->addStretch();

    m_grid = new QGridLayout;
    m_grid->setHorizontalSpacing(metrics.px(space::kPanel));
    m_grid->setVerticalSpacing(metrics.px(space::kTight));
    for (std::size_t i = 0; i < kFacts; ++i) {
        auto *name = new PlainLabel(this);
        name->setSize(TextSize::Data);
        name->setRole(Role::TextMuted);
        auto *words = new PlainLabel(this);
        words->setSize(TextSize::Data);
        words->setWordWrap(true);
        words->setSelectable();
        m_facts.emplace_back(name, words);
    }
    m_grid->setColumnStretch(1, 1);
    m_grid->setColumnStretch(3, 1);
    auto *right = new QVBoxLayout;
    right->addLayout(m_grid);
    right->addStretch();

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(metrics.px(14), metrics.px(10), metrics.px(14), metrics.px(10));
    row->setSpacing(metrics.px(space::kWide));
    row->addLayout(left, 5);
    row->addLayout(right, 7);
}

void KeyDetail::setKey(const QString &name, const StateLook &state, const Verdict &verdict)
{
    m_name->setText(name);
    m_state->setState(state.icon, state.word, state.role);
    m_verdict->setText(verdict.text);
    m_box->setRefused(verdict.refused && state.role == Role::Error); // turned off is no alarm
}

void KeyDetail::setFacts(const Facts &facts)
{
    std::size_t used = 0;
    for (const auto &[name, words] : facts) {
        if (words.isEmpty() || used == m_facts.size())
            continue;
        auto [nameLabel, wordsLabel] = m_facts[used];
        nameLabel->setText(name);
        wordsLabel->setText(words);
        const int column = used < kFactRows ? 0 : 2;
        const int row = int(used) % kFactRows;
        m_grid->addWidget(nameLabel, row, column, Qt::AlignTop);
        m_grid->addWidget(wordsLabel, row, column + 1, Qt::AlignTop);
        ++used;
    }
    for (std::size_t i = 0; i < m_facts.size(); ++i) {
        m_facts[i].first->setVisible(i < used);
        m_facts[i].second->setVisible(i < used);
    }
}

} // namespace portolan::ui
