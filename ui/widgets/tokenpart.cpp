// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tokenpart.h"

#include "ui/widgets/formgrid.h"
#include "ui/widgets/snippetview.h"
#include "ui/widgets/tokenfield.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

TokenPart::TokenPart(SharedSecret token, const QString &baseUrl, QWidget *parent)
    : QWidget(parent)
    , m_field(new TokenField(this))
{
    m_field->setToken(std::move(token));
    auto *snippets = new SnippetView(this);
    snippets->setTarget(baseUrl, u"@practice/echo"_s);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(formNote(tr("Programs show this token to Portolan. It can be seen only now: later only "
                                  "its last four characters are known, and you can make another key at any "
                                  "time."),
                               this));
    column->addWidget(m_field);
    column->addWidget(snippets);
    setFocusProxy(m_field);
}

} // namespace portolan::ui
