// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/facts.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include <algorithm>

namespace portolan::ui {

Facts::Facts(const QString &title, QWidget *parent)
    : QWidget(parent)
{
    setAccessibleName(title);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(Metrics().px(space::kGroup));
    auto *head = new PlainLabel(title, this);
    head->setSize(TextSize::Data, Weight::Strong);
    column->addWidget(head);
    clear();
}

void Facts::clear()
{
    delete m_content;
    const Metrics metrics;
    m_content = new QWidget(this);
    m_grid = new QGridLayout(m_content);
    m_grid->setContentsMargins({});
    m_grid->setHorizontalSpacing(metrics.px(space::kPanel));
    m_grid->setVerticalSpacing(metrics.px(space::kTight));
    m_grid->setColumnMinimumWidth(0, metrics.px(84));
    m_grid->setColumnStretch(1, 1);
    layout()->addWidget(m_content);
    m_row = 0;
}

QWidget *Facts::addName(const QString &name, Qt::Alignment alignment)
{
    auto *label = new PlainLabel(name, m_content);
    label->setSize(TextSize::Data);
    label->setRole(Role::TextMuted);
    m_grid->addWidget(label, m_row, 0, alignment);
    return label;
}

void Facts::add(const QString &name, const QString &value, Role role)
{
    addName(name);
    auto *label = new PlainLabel(value, m_content);
    label->setSize(TextSize::Data);
    label->setRole(role);
    label->setWordWrap(true);
    label->setSelectable();
    label->setAccessibleName(name);
    m_grid->addWidget(label, m_row++, 1, 1, 2);
}

void Facts::addAmount(const QString &name, const QString &value, Weight weight)
{
    addName(name);
    auto *label = new PlainLabel(value, m_content);
    label->setSize(TextSize::Data, weight);
    label->setSelectable();
    label->setAccessibleName(name);
    label->setAlignment(Qt::AlignRight | Qt::AlignTop);
    label->setMinimumWidth(Metrics().px(76));
    m_grid->addWidget(label, m_row++, 1, Qt::AlignLeft);
}

void Facts::addCopyable(const QString &name, const QString &value)
{
    addName(name, Qt::AlignVCenter | Qt::AlignLeft);
    auto *label = new ElidedLabel(value, m_content);
    setFixedFont(label, TextSize::Data);
    label->setElideMode(Qt::ElideMiddle);
    label->setAccessibleName(name);
    m_grid->addWidget(label, m_row, 1);
    auto *copy = new CopyButton(tr("Copy %1").arg(name), [value] { return value; }, m_content);
    // No higher than its line: the rhythm of the groups beside it is the same.
    copy->setFixedSize(Metrics().px(20), label->sizeHint().height());
    m_grid->addWidget(copy, m_row++, 2);
}

FactColumns::FactColumns(QWidget *parent)
    : QWidget(parent)
{
    const Metrics metrics;
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(metrics.px(space::kPanel), metrics.px(space::kPanel), metrics.px(space::kPanel),
                            metrics.px(space::kPanel));
    row->setSpacing(metrics.px(space::kWide));
}

void FactColumns::setGroups(const QList<QWidget *> &groups)
{
    m_groups = groups;
    m_columns = 0;
    layOut();
}

void FactColumns::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    layOut();
}

void FactColumns::layOut()
{
    if (m_groups.isEmpty())
        return;
    const int fit = std::clamp(width() / Metrics().px(280), 1, int(m_groups.size()));
    if (fit == m_columns)
        return;
    m_columns = fit;
    while (QLayoutItem *item = layout()->takeAt(0))
        delete item; // a column; its widgets stay ours
    auto *row = static_cast<QHBoxLayout *>(layout());
    QList<QVBoxLayout *> columns;
    for (int i = 0; i < fit; ++i) {
        columns += new QVBoxLayout;
        columns.last()->setSpacing(Metrics().px(space::kPanel));
        row->addLayout(columns.last(), 1);
    }
    const int perColumn = (int(m_groups.size()) + fit - 1) / fit;
    for (int i = 0; i < int(m_groups.size()); ++i)
        columns[i / perColumn]->addWidget(m_groups[i]);
    for (QVBoxLayout *column : columns)
        column->addStretch();
}

} // namespace portolan::ui
