// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/bodyview.h"

#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/background.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/labels.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

QString formName(BodyDocument::Form form)
{
    switch (form) {
    case BodyDocument::Form::Raw: return BodyView::tr("Raw");
    case BodyDocument::Form::Pretty: return BodyView::tr("Pretty");
    case BodyDocument::Form::Text: return BodyView::tr("Text");
    case BodyDocument::Form::Events: return BodyView::tr("Events");
    }
    return {};
}

QString factsOf(const trace::Body &body)
{
    QString facts = format::bytes(body.full_size);
    if (!body.content_type.empty())
        facts.prepend(QString::fromStdString(body.content_type) + u", "_s);
    if (body.isCut())
        facts += BodyView::tr(", the first %1 were kept").arg(format::bytes(body.text.size()));
    return facts;
}

} // namespace

BodyView::BodyView(const QString &name, QWidget *parent)
    : QWidget(parent)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(createTools());
    column->addWidget(createFindBar());

    m_text = new QPlainTextEdit(this);
    m_text->setReadOnly(true);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setUndoRedoEnabled(false);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_text->setAccessibleName(name);
    m_text->setObjectName(u"bodyText"_s);
    setFixedFont(m_text, TextSize::Data);
    m_text->document()->setDocumentMargin(Metrics().px(space::kPanel));
    column->addWidget(m_text, 1);
    column->addWidget(createFoot());

    m_message = new QWidget(this);
    auto *middle = new QVBoxLayout(m_message);
    m_messageText = new PlainLabel(m_message);
    m_messageText->setWordWrap(true);
    m_messageText->setAlignment(Qt::AlignCenter);
    m_messageButton = new QPushButton(tr("Storage settings"), m_message);
    middle->addStretch();
    middle->addWidget(m_messageText);
    middle->addWidget(m_messageButton, 0, Qt::AlignHCenter);
    middle->addStretch();
    column->addWidget(m_message, 1);
    connect(m_messageButton, &QPushButton::clicked, this, &BodyView::storageSettingsRequested);

    setMessage(QString(), false);
}

QWidget *BodyView::createTools()
{
    const Metrics metrics;
    m_tools = new QWidget(this);
    auto *row = new QHBoxLayout(m_tools);
    row->setContentsMargins(metrics.px(space::kPanel), metrics.px(space::kTight), metrics.px(space::kPanel),
                            metrics.px(space::kTight));
    row->setSpacing(metrics.px(space::kSmall));
    m_info = new ElidedLabel(m_tools);
    m_info->setRole(Role::TextMuted);
    m_info->setSize(TextSize::Data);
    m_wrap = new IconButton(Icon::Wrap, tr("Wrap long lines"), m_tools);
    m_wrap->setCheckable(true);
    m_wrap->setChecked(true);
    auto *search = new IconButton(Icon::Search, tr("Find (Ctrl+F)"), m_tools);
    row->addWidget(m_info, 1);
    row->addWidget(search);
    row->addWidget(m_wrap);
    connect(m_wrap, &IconButton::toggled, this, &BodyView::setWrapped);
    connect(search, &IconButton::clicked, this, &BodyView::openFind);
    return m_tools;
}

QWidget *BodyView::createFindBar()
{
    const Metrics metrics;
    m_findBar = new QWidget(this);
    auto *row = new QHBoxLayout(m_findBar);
    row->setContentsMargins(metrics.px(space::kPanel), 0, metrics.px(space::kPanel),
                            metrics.px(space::kTight));
    row->setSpacing(metrics.px(space::kGroup));
    m_findText = new QLineEdit(m_findBar);
    m_findText->setPlaceholderText(tr("Find in this body"));
    m_findText->setAccessibleName(tr("Find in this body"));
    m_findState = new PlainLabel(m_findBar);
    auto *previous = new IconButton(Icon::ChevronUp, tr("Previous match"), m_findBar);
    auto *next = new IconButton(Icon::ChevronDown, tr("Next match"), m_findBar);
    auto *close = new IconButton(Icon::Close, tr("Close find"), m_findBar);
    row->addWidget(m_findText, 1);
    row->addWidget(m_findState);
    row->addWidget(previous);
    row->addWidget(next);
    row->addWidget(close);
    connect(previous, &IconButton::clicked, this, [this] { find(true); });
    connect(next, &IconButton::clicked, this, [this] { find(false); });
    connect(close, &IconButton::clicked, this, &BodyView::closeFind);
    connect(m_findText, &QLineEdit::returnPressed, this, [this] { find(false); });
    auto *escape = new QShortcut(QKeySequence(Qt::Key_Escape), m_findBar);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &BodyView::closeFind);
    m_findBar->hide();
    return m_findBar;
}

QWidget *BodyView::createFoot()
{
    const Metrics metrics;
    m_foot = new QWidget(this);
    auto *row = new QHBoxLayout(m_foot);
    row->setContentsMargins(metrics.px(space::kPanel), metrics.px(space::kTight), metrics.px(space::kPanel),
                            metrics.px(space::kTight));
    m_more = new QPushButton(m_foot);
    m_more->setObjectName(u"showMore"_s);
    row->addWidget(m_more);
    row->addStretch();
    connect(m_more, &QPushButton::clicked, this, &BodyView::showMore);
    m_foot->hide();
    return m_foot;
}

void BodyView::setBody(trace::Body body)
{
    m_facts = factsOf(body);
    const quint64 generation = ++m_generation;
    inBackground(
        this,
        [body = std::move(body)]() -> std::shared_ptr<const BodyDocument> {
            return std::make_shared<BodyDocument>(readBody(body));
        },
        [this, generation](const std::shared_ptr<const BodyDocument> &document) {
            if (generation == m_generation)
                showDocument(document);
        });
}

void BodyView::setMessage(const QString &text, bool offer_settings)
{
    ++m_generation;
    m_document.reset();
    m_text->clear();
    m_messageText->setText(text);
    m_messageButton->setVisible(offer_settings);
    m_message->show();
    for (QWidget *part : {m_tools, m_findBar, static_cast<QWidget *>(m_text), m_foot})
        part->hide();
}

void BodyView::showDocument(std::shared_ptr<const BodyDocument> document)
{
    if (document->binary) {
        setMessage(tr("This body is not text: %1.").arg(m_facts), false);
        return;
    }
    m_document = std::move(document);
    m_message->hide();
    m_tools->show();
    m_text->show();
    offerForms();
    m_info->setText(m_document->unfinished ? m_facts + tr(", the stream ended within an event") : m_facts);
    const bool hasWanted = m_wantedForm && m_document->find(*m_wantedForm);
    showForm(hasWanted ? *m_wantedForm : m_document->views.front().form);
}

void BodyView::offerForms()
{
    delete m_forms;
    m_forms = nullptr;
    if (m_document->views.size() < 2)
        return;
    QStringList names;
    for (const BodyDocument::View &view : m_document->views)
        names += formName(view.form);
    m_forms = new SegmentedControl(tr("Form of the body"), names, m_tools);
    static_cast<QHBoxLayout *>(m_tools->layout())->insertWidget(0, m_forms);
    QWidget::setTabOrder(m_forms, m_wrap);
    connect(m_forms, &SegmentedControl::currentChanged, this, [this](int index) {
        m_wantedForm = m_document->views[std::size_t(index)].form;
        showForm(*m_wantedForm);
    });
}

void BodyView::showForm(BodyDocument::Form form)
{
    m_form = form;
    const BodyDocument::View *view = m_document->find(form);
    if (m_forms) {
        const QSignalBlocker quiet(m_forms);
        m_forms->setCurrent(int(view - m_document->views.data()));
    }
    m_shown = view->first.end;
    m_text->setPlainText(view->first.text);
    updateFoot();
}

void BodyView::showMore()
{
    if (!m_document)
        return;
    m_more->setEnabled(false);
    const quint64 generation = m_generation;
    const BodyDocument::Form form = m_form;
    inBackground(
        this,
        [document = m_document, form, from = m_shown] { return textPage(document->find(form)->text, from); },
        [this, generation, form](const TextPage &page) {
            m_more->setEnabled(true);
            if (generation != m_generation || form != m_form || page.end <= m_shown)
                return;
            m_shown = page.end;
            m_text->appendPlainText(page.text);
            updateFoot();
        });
}

void BodyView::updateFoot()
{
    const std::size_t left = m_document->find(m_form)->text.size() - m_shown;
    m_more->setText(tr("Show more (%1)").arg(format::bytes(left)));
    m_foot->setVisible(left > 0);
}

QString BodyView::shownText() const
{
    return m_text->toPlainText();
}

void BodyView::setWrapped(bool wrapped)
{
    m_text->setLineWrapMode(wrapped ? QPlainTextEdit::WidgetWidth : QPlainTextEdit::NoWrap);
}

void BodyView::openFind()
{
    if (!m_document)
        return;
    m_findBar->show();
    if (const QString chosen = m_text->textCursor().selectedText();
        !chosen.isEmpty() && !chosen.contains(QChar::ParagraphSeparator))
        m_findText->setText(chosen);
    m_findText->setFocus();
    m_findText->selectAll();
}

void BodyView::closeFind()
{
    m_findBar->hide();
    m_text->setFocus();
}

void BodyView::find(bool backwards)
{
    const QString wanted = m_findText->text();
    if (wanted.isEmpty())
        return;
    const auto flags = backwards ? QTextDocument::FindBackward : QTextDocument::FindFlags();
    bool found = m_text->find(wanted, flags);
    if (!found) { // once more from the other end
        QTextCursor end = m_text->textCursor();
        end.movePosition(backwards ? QTextCursor::End : QTextCursor::Start);
        const QTextCursor before = m_text->textCursor();
        m_text->setTextCursor(end);
        found = m_text->find(wanted, flags);
        if (!found)
            m_text->setTextCursor(before);
    }
    const bool all = m_shown >= m_document->find(m_form)->text.size();
    m_findState->setText(found ? QString() : all ? tr("No match") : tr("No match in what is shown"));
}

} // namespace portolan::ui
