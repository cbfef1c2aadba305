// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/welcome.h"

#include "ui/settings/capturewords.h"
#include "ui/theme/style.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/tokenfield.h"
#include "ui/widgets/tokenpart.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QPushButton>
#include <QRadioButton>
#include <QVBoxLayout>

#include <array>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr std::array kLevels{trace::CaptureLevel::Full, trace::CaptureLevel::Errors,
                             trace::CaptureLevel::Metadata, trace::CaptureLevel::Off};

PlainLabel *createHeading(const QString &text, QWidget *parent)
{
    auto *label = new PlainLabel(text, parent);
    label->setSize(TextSize::Heading, Weight::Strong);
    return label;
}

PlainLabel *createWords(const QString &text, QWidget *parent)
{
    auto *label = new PlainLabel(text, parent);
    label->setWordWrap(true);
    label->setRole(Role::TextMuted);
    label->setSize(TextSize::Data);
    return label;
}

QVBoxLayout *createColumn(QWidget *widget)
{
    auto *column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    return column;
}

QHBoxLayout *createFoot(QDialog *dialog, const QString &word)
{
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    auto *button = new QPushButton(word, dialog);
    button->setDefault(true);
    setMainAction(button);
    QObject::connect(button, &QPushButton::clicked, dialog, &QDialog::accept);
    row->addWidget(button);
    return row;
}

void setMargins(QVBoxLayout *column)
{
    const Metrics metrics;
    const int margin = metrics.px(space::kCard);
    column->setContentsMargins(margin, margin, margin, margin);
    column->setSpacing(metrics.px(space::kPanel));
}

} // namespace

WelcomeDialog::WelcomeDialog(const WelcomeOptions &options, QWidget *parent)
    : QDialog(parent)
{
    const Metrics metrics;
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Welcome to Portolan"));
    // The words keep their width and stand together, whatever the window manager makes of the dialog.
    auto *page = new QWidget(this);
    page->setObjectName(u"page"_s);
    page->setFixedWidth(metrics.px(560));
    auto *above = new QVBoxLayout;
    above->addWidget(page);
    above->addStretch(1);
    auto *middle = new QHBoxLayout(this); // gives the page's height by its own width, not by the dialog's
    middle->setContentsMargins(0, 0, 0, 0);
    middle->addStretch(1);
    middle->addLayout(above);
    middle->addStretch(1);
    auto *column = new QVBoxLayout(page);
    if (options.askCapture)
        column->addWidget(createCapture());
    if (options.token)
        column->addWidget(createToken(options));
    column->addLayout(createFoot(this, tr("Begin")));
    setMargins(column);
}

QWidget *WelcomeDialog::createCapture()
{
    auto *part = new QWidget(this);
    auto *column = createColumn(part);
    column->addWidget(createHeading(tr("What may Portolan keep of each request?"), part));
    column->addWidget(
        createWords(tr("It stays on this computer. Keys and credentials are never kept. You can change it "
                       "at any time in Settings, Storage."),
                    part));
    column->setSpacing(Metrics().px(space::kHair));
    m_levels = new QButtonGroup(this);
    for (const auto level : kLevels) {
        auto *button = new QRadioButton(captureTitle(level), part);
        button->setAccessibleDescription(captureMeaning(level));
        button->setChecked(level == trace::CaptureLevel::Full);
        m_levels->addButton(button, int(level));
        auto *meaning = createWords(captureMeaning(level), part);
        meaning->setContentsMargins(Metrics().px(21), 0, 0, 0);
        column->addSpacing(Metrics().px(space::kGroup)); // each meaning stands by its own choice
        column->addWidget(button);
        column->addWidget(meaning);
    }
    return part;
}

QWidget *WelcomeDialog::createToken(const WelcomeOptions &options)
{
    auto *part = new QWidget(this);
    auto *column = createColumn(part);
    column->setSpacing(Metrics().px(space::kHair)); // as above: the words belong to their heading
    column->addWidget(createHeading(tr("Your first client key"), part));
    auto *token = new TokenPart(options.token, options.baseUrl, part);
    m_token = token->field();
    column->addWidget(token);
    return part;
}

trace::CaptureLevel WelcomeDialog::capture() const
{
    return m_levels ? trace::CaptureLevel(m_levels->checkedId()) : trace::CaptureLevel::Full;
}

void WelcomeDialog::done(int result)
{
    if (m_token)
        m_token->forget();
    emit answered(capture());
    QDialog::done(result);
}

} // namespace portolan::ui
