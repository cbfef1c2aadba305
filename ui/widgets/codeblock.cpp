// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/codeblock.h"

#include "ui/theme/metrics.h"
#include "ui/theme/roles.h"
#include "ui/widgets/buttons.h"

#include <QEvent>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QStyle>
#include <QSyntaxHighlighter>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

/// Addresses and the place of the key in accent: what the person has to look at.
class Highlighter : public QSyntaxHighlighter
{
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

protected:
    void highlightBlock(const QString &text) override
    {
        static const QRegularExpression marked(uR"(https?://[^\s"'\\]+|\$?\bPORTOLAN_KEY\b)"_s);
        QTextCharFormat accent;
        accent.setForeground(colour(Role::Accent, QPalette()));
        for (auto it = marked.globalMatch(text); it.hasNext();) {
            const auto hit = it.next();
            setFormat(int(hit.capturedStart()), int(hit.capturedLength()), accent);
        }
    }
};

} // namespace

CodeBlock::CodeBlock(const QString &accessibleName, const QString &copyName, QWidget *parent)
    : QWidget(parent)
    , m_text(new QPlainTextEdit(this))
    , m_copy(new CopyButton(copyName, [this] { return m_said; }, m_text))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text->setAccessibleName(accessibleName);
    m_text->document()->setDocumentMargin(Metrics().px(space::kGroup));
    setFixedFont(m_text, TextSize::Data);
    setFillRole(m_text, Role::Window);
    new Highlighter(m_text->document());

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_text);
    connect(m_copy, &CopyButton::copied, this, &CodeBlock::copied);
}

void CodeBlock::setText(const QString &text)
{
    m_said = text;
    m_text->setPlainText(text);
    fit();
}

void CodeBlock::fit()
{
    const Metrics metrics;
    const int lines = int(m_said.count(u'\n')) + 1;
    const int bar = m_text->style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    const int height = lines * QFontMetrics(m_text->font()).lineSpacing() + 2 * metrics.px(space::kGroup) + 2;
    m_text->setFixedHeight(height + (lines > 2 ? bar : 0));
    const QSize button = m_copy->sizeHint();
    m_copy->setGeometry(m_text->width() - button.width() - metrics.px(space::kTight),
                        metrics.px(space::kTight), button.width(), button.height());
}

void CodeBlock::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

void CodeBlock::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        setText(m_said);
    QWidget::changeEvent(event);
}

} // namespace portolan::ui
