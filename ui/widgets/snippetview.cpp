// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/snippetview.h"

#include "ui/widgets/buttons.h"
#include "ui/widgets/codeblock.h"

#include <QVBoxLayout>

namespace portolan::ui {

SnippetView::SnippetView(QWidget *parent)
    : QWidget(parent)
    , m_choice(new SegmentedControl(tr("Snippet for"), snippetTitles(), this))
    , m_code(new CodeBlock(tr("Snippet"), tr("Copy the snippet"), this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_choice);
    column->addWidget(m_code);
    connect(m_choice, &SegmentedControl::currentChanged, this, &SnippetView::refresh);
    connect(m_code, &CodeBlock::copied, this, &SnippetView::copied);
}

void SnippetView::setTarget(const QString &baseUrl, const QString &model)
{
    if (baseUrl == m_baseUrl && model == m_model)
        return;
    m_baseUrl = baseUrl;
    m_model = model;
    refresh();
}

QString SnippetView::text() const
{
    return snippet(SnippetKind(m_choice->current()), m_baseUrl, m_model);
}

void SnippetView::refresh()
{
    m_code->setText(text());
}

} // namespace portolan::ui
