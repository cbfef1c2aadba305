// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/widgets/formdialog.h"

#include <QPointer>

class QComboBox;
class QLineEdit;

namespace portolan::ui {

class ChoiceList;
class ExpiryField;
class PlainLabel;

/// The fields of a virtual key: account, note, models, expiry.
class SlugDialog : public FormDialog
{
    Q_OBJECT

protected:
    SlugDialog(control::Control &control, const control::VirtualKey &key, QWidget *parent);

    [[nodiscard]] AccountId account() const;
    [[nodiscard]] QString note() const;
    [[nodiscard]] QDateTime expires() const;
    [[nodiscard]] QStringList models() const;
    [[nodiscard]] bool isFilled() const; ///< an account, and models if only some
    [[nodiscard]] QComboBox *accountBox() const { return m_account; }
    void createFields(QWidget *slug, bool canMove);
    virtual void onEdited() { updateButtons(); }

    const QPointer<control::Control> m_control; // outlives the window
    const control::VirtualKey m_key;

private:
    void showModels();

    QComboBox *m_account = nullptr;
    QLineEdit *m_note = nullptr;
    ExpiryField *m_expires = nullptr;
    ChoiceList *m_models = nullptr;
};

/// Makes another slug for an account.
class NewSlugDialog : public SlugDialog
{
    Q_OBJECT

public:
    /// `account` is proposed; none: the first one.
    NewSlugDialog(control::Control &control, AccountId account, QWidget *parent);

signals:
    void made(const QString &slug);

protected:
    void act() override;
    [[nodiscard]] bool isReady() const override;
    [[nodiscard]] bool hasEdits() const override;
    void onEdited() override;

private:
    void propose();
    void chooseLimits();

    QLineEdit *m_slug = nullptr;
    PlainLabel *m_verdict = nullptr;
    PlainLabel *m_limitWords = nullptr;
    admission::KeyLimits m_limits;
    bool m_ownSlug = false; // the person typed one
};

/// Changes a virtual key, and moves it to another account.
class EditSlugDialog : public SlugDialog
{
    Q_OBJECT

public:
    enum class Begin { WithNote, WithAccount };
    EditSlugDialog(control::Control &control, const control::VirtualKey &key, Begin begin, QWidget *parent);

protected:
    void act() override;
    [[nodiscard]] bool isReady() const override;
    [[nodiscard]] bool hasEdits() const override;

private:
    [[nodiscard]] control::VirtualKeyEdit edit() const; ///< what differs
};

} // namespace portolan::ui
