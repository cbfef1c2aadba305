// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/control.h"
#include "ui/widgets/formdialog.h"

#include <QPointer>

#include <optional>

class QLineEdit;
class QVBoxLayout;

namespace portolan::ui {

class PlainLabel;

/// Dollars per million tokens, as people write a price, in nano-USD; nothing when it is none.
[[nodiscard]] std::optional<qint64> dollarsPerMillion(const QString &text);
/// The same the other way: "2.5", "0.0001"; empty for nothing.
[[nodiscard]] QString typedPrice(std::optional<qint64> nanoUsd);

/// What a model costs its account, or a model that no list has. Empty prices mean the built-in list's.
class ModelDialog : public FormDialog
{
    Q_OBJECT

public:
    /// Of a model that is there.
    ModelDialog(control::Control &control, const control::ModelInfo &model, QWidget *parent);
    /// A new one of that account.
    ModelDialog(control::Control &control, const control::Account &account, QWidget *parent);

protected:
    void act() override;
    bool isReady() const override;
    bool hasEdits() const override;

private:
    void createFields();
    QLineEdit *addPrice(const QString &objectName, const QString &name, std::optional<qint64> value);
    [[nodiscard]] control::ModelEdit edit() const;
    [[nodiscard]] bool hasPrice() const; ///< something is given for input or output: then both must be

    const QPointer<control::Control> m_control; // outlives the window
    const AccountId m_account;
    const control::ModelInfo m_model; // of a new one all but its slug is empty
    const bool m_isNew;
    QLineEdit *m_name = nullptr; // of a new one
    QLineEdit *m_context = nullptr;
    QLineEdit *m_in = nullptr;
    QLineEdit *m_out = nullptr;
    QLineEdit *m_cached = nullptr;
    QLineEdit *m_cacheWrite = nullptr;
    QLineEdit *m_source = nullptr;
};

/// A provider's list of models beside the one that was accepted last: what is new, gone and changed, and
/// which configs name what is gone. Accepting it is the main action; until then nothing changes.
class SyncDialog : public FormDialog
{
    Q_OBJECT

public:
    SyncDialog(control::Control &control, const control::Account &account, QWidget *parent);

protected:
    void act() override;
    bool isReady() const override { return m_sync.has_value(); }

private:
    void show(control::ModelSync sync);

    const QPointer<control::Control> m_control; // outlives the window
    const AccountId m_account;
    std::optional<control::ModelSync> m_sync;
    PlainLabel *m_words = nullptr;
};

/// "3 new: a, b, c\n1 gone: d\n..." and the configs that would break, at most a few of each by name.
[[nodiscard]] QString syncWords(const control::ModelSync &sync);

} // namespace portolan::ui
