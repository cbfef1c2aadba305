// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/home/snippetview.h"

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

SnippetView::SnippetView(QWidget *parent)
    : QWidget(parent)
    , m_choice(new SegmentedControl(tr("Snippet for"), snippetTitles(), this))
    , m_text(new QPlainTextEdit(this))
    , m_copy(new CopyButton(tr("Copy the snippet"), [this] { return text(); }, m_text))
{
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text->setAccessibleName(tr("Snippet"));
    m_text->document()->setDocumentMargin(Metrics().px(space::kGroup));
    setFixedFont(m_text, TextSize::Data);
    setFillRole(m_text, Role::Window);
    new Highlighter(m_text->document());

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_choice);
    column->addWidget(m_text);
    connect(m_choice, &SegmentedControl::currentChanged, this, &SnippetView::refresh);
    connect(m_copy, &CopyButton::copied, this, &SnippetView::copied);
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
    m_text->setPlainText(text());
    fit();
}

void SnippetView::fit()
{
    const Metrics metrics;
    const int lines = int(text().count(u'\n')) + 1;
    const int bar = m_text->style()->pixelMetric(QStyle::PM_ScrollBarExtent);
    const int height = lines * QFontMetrics(m_text->font()).lineSpacing() + 2 * metrics.px(space::kGroup) + 2;
    m_text->setFixedHeight(height + (lines > 2 ? bar : 0));
    const QSize button = m_copy->sizeHint();
    m_copy->setGeometry(m_text->width() - button.width() - metrics.px(space::kTight),
                        metrics.px(space::kTight), button.width(), button.height());
}

void SnippetView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fit();
}

void SnippetView::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        refresh();
    QWidget::changeEvent(event);
}

} // namespace portolan::ui
