// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/keyfilefield.h"

#include "ui/theme/metrics.h"
#include "ui/theme/stylepaint.h"
#include "ui/widgets/background.h"
#include "ui/widgets/labels.h"

#include <QClipboard>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QPushButton>
#include <QUrl>

#include <algorithm>
#include <vector>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

constexpr qint64 kMostBytes = 64 * 1024; // Google's files have some 2.4 KB

/// On a worker thread: the file may lie on a slow disk.
Result<SharedSecret> contentOf(const QString &path)
{
    QFile file(path);
    // Unbuffered, so that no copy stays in a buffer of Qt's.
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail({.code = "file.unreadable",
                     .message = KeyFileField::tr("This file cannot be read.").toStdString()});
    std::vector<char> bytes(std::size_t(kMostBytes) + 1);
    qint64 size = 0;
    for (qint64 got = 1; got > 0 && size <= kMostBytes; size += std::max<qint64>(got, 0))
        got = file.read(bytes.data() + size, qint64(bytes.size()) - size);
    if (size > kMostBytes)
        return fail({.code = "file.too_large",
                     .message = KeyFileField::tr("This file is too large to be a key.").toStdString()});
    return std::make_shared<const SecretBytes>(SecretBytes::take({bytes.data(), std::size_t(size)}));
}

QString localFileIn(const QMimeData &data)
{
    const QList<QUrl> urls = data.urls();
    return urls.size() == 1 ? urls.first().toLocalFile() : QString();
}

} // namespace

KeyFileField::KeyFileField(Describe describe, QWidget *parent)
    : QWidget(parent)
    , m_describe(std::move(describe))
    , m_words(new PlainLabel(this))
    , m_choose(new QPushButton(tr("Choose a file..."), this))
{
    const Metrics metrics;
    setAcceptDrops(true);
    m_words->setObjectName(u"keyFileWords"_s);
    m_words->setSize(TextSize::Data);
    m_words->setWordWrap(true);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(metrics.px(space::kPanel), metrics.px(space::kSmall), metrics.px(space::kSmall),
                            metrics.px(space::kSmall));
    row->setSpacing(metrics.px(space::kPanel));
    row->addWidget(m_words, 1);
    row->addWidget(m_choose);
    setFocusProxy(m_choose);
    connect(m_choose, &QPushButton::clicked, this, &KeyFileField::choose);
    say(tr("Drop the service account's JSON key file here, or paste what is in it."), Role::TextMuted);
}

QString KeyFileField::text() const
{
    return m_words->text();
}

void KeyFileField::choose()
{
    auto *dialog = new QFileDialog(this, tr("Key file of the service account"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("JSON key files (*.json)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &KeyFileField::read);
    dialog->open();
}

void KeyFileField::read(const QString &path)
{
    const quint64 generation = ++m_generation;
    inBackground(
        this, [path] { return contentOf(path); },
        [this, generation](const Result<SharedSecret> &content) {
            if (generation == m_generation)
                take(content);
        });
}

void KeyFileField::takeFrom(const QMimeData &data)
{
    if (const QString path = localFileIn(data); !path.isEmpty()) {
        read(path);
        return;
    }
    ++m_generation;
    QByteArray bytes = data.text().toUtf8();
    take(std::make_shared<const SecretBytes>(SecretBytes::take({bytes.data(), std::size_t(bytes.size())})));
}

void KeyFileField::take(const Result<SharedSecret> &content)
{
    const auto described = content ? m_describe(*content) : fail(content.error());
    m_held = described ? *content : SharedSecret();
    m_fault = described ? QString() : QString::fromStdString(described.error().message);
    say(described ? *described : m_fault, described ? Role::Text : Role::Error);
    emit changed();
}

void KeyFileField::say(const QString &words, Role role)
{
    m_words->setText(words);
    m_words->setRole(role);
    setAccessibleDescription(words);
}

void KeyFileField::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const auto of = [this](Role role) { return colour(role, palette()); };
    paintBox(&painter, rect(),
             {.fill = of(m_dropping ? Role::AccentTint : Role::Base),
              .line = of(m_dropping ? Role::Accent : Role::LineControl),
              .radius = double(Metrics().px(radius::kControl))},
             palette());
}

void KeyFileField::dragEnterEvent(QDragEnterEvent *event)
{
    if (localFileIn(*event->mimeData()).isEmpty() && !event->mimeData()->hasText())
        return;
    m_dropping = true;
    update();
    event->acceptProposedAction();
}

void KeyFileField::dragLeaveEvent(QDragLeaveEvent *)
{
    m_dropping = false;
    update();
}

void KeyFileField::dropEvent(QDropEvent *event)
{
    m_dropping = false;
    update();
    event->acceptProposedAction();
    takeFrom(*event->mimeData());
}

void KeyFileField::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Paste))
        takeFrom(*QGuiApplication::clipboard()->mimeData());
    else
        QWidget::keyPressEvent(event);
}

} // namespace portolan::ui
