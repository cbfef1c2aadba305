// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/problemspopup.h"

#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/fit.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace portolan::ui {

namespace {

constexpr int kWidthAt100 = 480;

IconLabel *createIcon(control::Problem::Severity severity, QWidget *parent)
{
    using Severity = control::Problem::Severity;
    switch (severity) {
    case Severity::Error: return new IconLabel(Icon::CircleCross, Role::Error, 16, parent);
    case Severity::Warning: return new IconLabel(Icon::Triangle, Role::Warning, 16, parent);
    case Severity::Info: break;
    }
    return new IconLabel(Icon::CircleInfo, Role::Info, 16, parent);
}

} // namespace

ProblemsPopup::ProblemsPopup(QWidget *window)
    : QFrame(window, Qt::Popup)
    , m_rows(new QVBoxLayout(this))
{
    const Metrics metrics;
    const int margin = metrics.px(space::kPanel);
    m_rows->setContentsMargins(margin, margin, margin, margin);
    m_rows->setSpacing(metrics.px(space::kPanel));
    setFixedWidth(metrics.px(kWidthAt100));
    setAccessibleName(tr("Problems"));
    setProblems({});
}

void ProblemsPopup::setProblems(const std::vector<control::Problem> &problems)
{
    while (QLayoutItem *item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (problems.empty())
        m_rows->addWidget(new StateLabel(Icon::CircleCheck, tr("Nothing needs you."), Role::Ok, this));
    const QDateTime now = QDateTime::currentDateTime();
    for (const control::Problem &problem : problems) {
        auto *row = new QWidget(this);
        auto *line = new QHBoxLayout(row);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(Metrics().px(space::kSmall));
        line->addWidget(createIcon(problem.severity, row), 0, Qt::AlignTop);
        auto *words = new QVBoxLayout;
        words->setSpacing(2);
        auto *text = new PlainLabel(problem.text, row);
        text->setWordWrap(true);
        text->setSelectable();
        auto *since = new PlainLabel(format::ago(problem.since, now), row);
        since->setSize(TextSize::Caption);
        since->setRole(Role::TextMuted);
        words->addWidget(text);
        words->addWidget(since);
        line->addLayout(words, 1);
        if (!problem.panel.isEmpty()) {
            auto *go = new LinkButton(tr("Go there"), row);
            line->addWidget(go, 0, Qt::AlignTop);
            connect(go, &LinkButton::clicked, this, [this, panel = problem.panel] {
                close();
                emit goTo({.panel = panel});
            });
        }
        m_rows->addWidget(row);
    }
    if (isVisible()) {
        const int bottom = y() + height();
        fit();
        move(x(), bottom - height());
    }
}

void ProblemsPopup::fit()
{
    // What was never on screen counts as hidden, and a hidden row takes no room.
    for (QWidget *each : findChildren<QWidget *>())
        each->show();
    layout()->activate();
    setFixedHeight(heightAt(*layout(), width()));
}

void ProblemsPopup::openAbove(const QWidget *anchor)
{
    fit();
    const QPoint corner = anchor->mapToGlobal(QPoint(0, 0));
    // Inside the window, and off its edge.
    const int left = parentWidget()->mapToGlobal(QPoint(Metrics().px(space::kSmall), 0)).x();
    move(std::max(corner.x(), left), corner.y() - height() - Metrics().px(space::kTight));
    show();
}

void ProblemsPopup::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintBox(&painter, rect(),
             {.fill = colour(Role::Raised, palette()), .line = colour(Role::LineControl, palette())},
             palette());
}

} // namespace portolan::ui
