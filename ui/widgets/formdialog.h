// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <QDialog>

#include <functional>

class QHBoxLayout;
class QPushButton;
class QVBoxLayout;

namespace portolan::ui {

class Banner;

/// A dialog of fields with Cancel and one main button, whose answer may fail. Esc asks before edits are lost.
/// It is as high as its words need at its width.
class FormDialog : public QDialog
{
    Q_OBJECT

public:
    explicit FormDialog(QWidget *parent);
    void reject() override;

protected:
    bool event(QEvent *event) override;
    [[nodiscard]] QVBoxLayout *fields() const { return m_fields; }
    [[nodiscard]] QHBoxLayout *buttons() const { return m_buttons; } ///< once finish() was called
    [[nodiscard]] QPushButton *mainButton() const { return m_main; } ///< likewise
    /// Adds the buttons; call it after the fields.
    void finish(const QString &action);
    /// Closes the dialog, or says what failed.
    [[nodiscard]] std::function<void(const Result<> &)> reply();
    void onFailed(const Error &error);
    [[nodiscard]] bool isActing() const { return m_acting; }

    virtual void act() = 0;
    [[nodiscard]] virtual bool isReady() const = 0;
    [[nodiscard]] virtual bool hasEdits() const { return false; }
    virtual void updateButtons();

private:
    void fitHeight();

    Banner *m_error = nullptr;
    QVBoxLayout *m_fields = nullptr;
    QHBoxLayout *m_buttons = nullptr;
    QPushButton *m_main = nullptr;
    bool m_acting = false;
};

} // namespace portolan::ui
