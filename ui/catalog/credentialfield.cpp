// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/credentialfield.h"

#include "core/base/redact.h"

#include <QContextMenuEvent>
#include <QMenu>

namespace portolan::ui {

CredentialField::CredentialField(QWidget *parent)
    : QLineEdit(parent)
{
    setEchoMode(Password);
    setDragEnabled(false);
    setMaxLength(16 * 1024);
    setAttribute(Qt::WA_InputMethodEnabled, false); // input methods learn words
    setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    setAccessibleName(tr("Credential"));
    connect(this, &QLineEdit::editingFinished, this, &CredentialField::takeTyped);
    connect(this, &QLineEdit::textEdited, this, [this] {
        hold({}); // another one begins, or the field was emptied on purpose
        emit changed();
    });
}

CredentialField::~CredentialField()
{
    blockSignals(true); // the dialog that listens is half gone
    clear();
}

SharedSecret CredentialField::held()
{
    takeTyped();
    return m_held;
}

void CredentialField::hold(SharedSecret secret)
{
    m_held = std::move(secret);
    setPlaceholderText(
        m_held ? tr("%1, held in memory until you save").arg(QString::fromStdString(lastFour(m_held->view())))
               : QString());
}

void CredentialField::takeTyped()
{
    QByteArray bytes = text().trimmed().toUtf8();
    if (bytes.isEmpty())
        return;
    // Overwriting the text in place first leaves fewer copies in freed memory; Qt keeps none of a password
    // field's.
    setText(QString(text().size(), u'*'));
    clear();
    hold(std::make_shared<const SecretBytes>(SecretBytes::take({bytes.data(), std::size_t(bytes.size())})));
}

void CredentialField::forget()
{
    clear();
    hold({});
    emit changed();
}

void CredentialField::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *paste = menu->addAction(tr("Paste"), this, &QLineEdit::paste);
    paste->setShortcut(QKeySequence::Paste);
    QAction *empty = menu->addAction(tr("Clear"), this, &CredentialField::forget);
    empty->setEnabled(!isEmpty());
    menu->popup(event->globalPos());
}

} // namespace portolan::ui
