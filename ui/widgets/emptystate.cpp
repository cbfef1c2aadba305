// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/emptystate.h"

#include "ui/theme/metrics.h"
#include "ui/theme/style.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QPushButton>

namespace portolan::ui {

EmptyState::EmptyState(QWidget *parent)
    : QWidget(parent)
{
    const Metrics metrics;
    setFocusPolicy(Qt::ClickFocus); // holds the place of the list until there is one
    auto *column = new QVBoxLayout(this);
    column->setSpacing(metrics.px(space::kPanel));
    m_text = new PlainLabel(this);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_addressLine = new QWidget(this);
    auto *line = new QHBoxLayout(m_addressLine);
    line->setContentsMargins({});
    m_address = new PlainLabel(m_addressLine);
    m_address->setFixed();
    m_address->setSelectable();
    line->addStretch();
    line->addWidget(m_address);
    line->addWidget(
        new CopyButton(tr("Copy the address"), [this] { return m_address->text(); }, m_addressLine));
    line->addStretch();
    column->addStretch(2);
    column->addWidget(m_text);
    column->addWidget(m_addressLine);
    m_ways = new QWidget(this);
    column->addWidget(m_ways);
    column->addStretch(3);
}

void EmptyState::say(const QString &text, const QString &address, std::vector<Way> ways)
{
    if (text == m_said && address == m_address->text())
        return;
    m_said = text;
    m_text->setText(text);
    m_address->setText(address);
    m_addressLine->setVisible(!address.isEmpty());
    // Not deleted at once: this may run inside a click of one of its buttons.
    m_ways->hide();
    m_ways->deleteLater();
    m_ways = new QWidget(this);
    auto *row = new QHBoxLayout(m_ways);
    row->setContentsMargins({});
    row->setSpacing(Metrics().px(space::kSmall));
    row->addStretch();
    for (Way &way : ways) {
        auto *button = new QPushButton(way.text, m_ways);
        if (way.main)
            setMainAction(button);
        connect(button, &QPushButton::clicked, this, [go = std::move(way.go)] { go(); });
        row->addWidget(button);
    }
    row->addStretch();
    auto *column = static_cast<QVBoxLayout *>(layout());
    column->insertWidget(column->count() - 1, m_ways);
}

} // namespace portolan::ui
