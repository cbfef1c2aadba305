// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/credentialfield.h"

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
}

CredentialField::~CredentialField()
{
    blockSignals(true); // the dialog that listens is half gone
    clear();
}

SharedSecret CredentialField::take()
{
    QByteArray bytes = text().trimmed().toUtf8();
    // Overwriting the text in place first leaves fewer copies in freed memory; Qt keeps none of a password
    // field's.
    setText(QString(text().size(), u'*'));
    clear();
    if (bytes.isEmpty())
        return {};
    return std::make_shared<const SecretBytes>(SecretBytes::take({bytes.data(), std::size_t(bytes.size())}));
}

void CredentialField::showTaken(const QString &last_four)
{
    setPlaceholderText(last_four.isEmpty() ? QString()
                                           : tr("%1, held in memory until you save").arg(last_four));
}

void CredentialField::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    QAction *paste = menu->addAction(tr("Paste"), this, &QLineEdit::paste);
    paste->setShortcut(QKeySequence::Paste);
    QAction *empty = menu->addAction(tr("Clear"), this, &QLineEdit::clear);
    empty->setEnabled(!text().isEmpty());
    menu->popup(event->globalPos());
}

} // namespace portolan::ui
