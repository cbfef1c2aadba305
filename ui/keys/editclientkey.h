// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/widgets/formdialog.h"

#include <QPointer>

#include <optional>

class QCheckBox;
class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QStackedWidget;

namespace portolan::ui {

class ChoiceList;
class ExpiryField;
class PlainLabel;

/// Everything of a client key but its token and its limits.
class EditClientKeyDialog : public FormDialog
{
    Q_OBJECT

public:
    EditClientKeyDialog(control::Control &control, control::ClientKeyInfo key, QWidget *parent);

protected:
    void act() override;
    [[nodiscard]] bool isReady() const override;
    [[nodiscard]] bool hasEdits() const override;
    void updateButtons() override;

private:
    QWidget *createGeneral();
    QWidget *createAllowed();
    QWidget *createMetadata();
    [[nodiscard]] control::ClientKeyEdit edit() const; ///< what differs
    [[nodiscard]] QStringList scopes() const;
    /// Nothing: a line cannot be read.
    [[nodiscard]] std::optional<QMap<QString, QString>> metadata() const;

    const QPointer<control::Control> m_control; // outlives the window
    const control::ClientKeyInfo m_key;
    QLineEdit *m_name = nullptr;
    QLineEdit *m_note = nullptr;
    QComboBox *m_config = nullptr;
    QCheckBox *m_override = nullptr;
    ExpiryField *m_expires = nullptr;
    QCheckBox *m_use = nullptr;
    QCheckBox *m_admin = nullptr;
    ChoiceList *m_slugs = nullptr;
    ChoiceList *m_models = nullptr;
    QPlainTextEdit *m_metadata = nullptr;
    PlainLabel *m_fault = nullptr;
};

} // namespace portolan::ui
