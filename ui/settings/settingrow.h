// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/settingfields.h"

#include <QWidget>

namespace portolan::ui {

class PlainLabel;

/// A setting on screen: words at the left, editor at the right; what to mind and what went wrong stand right
/// under it.
class SettingRow : public QWidget
{
    Q_OBJECT

public:
    explicit SettingRow(SettingField field, QWidget *parent = nullptr);

    [[nodiscard]] const SettingField &field() const { return m_field; }
    void setSettings(
        const control::Settings &settings); ///< what holds now; takes an error away when the value is other
    void setNote(const QString &sentence);  ///< what holds now, where that is not the setting
    void setError(const QString &sentence);
    [[nodiscard]] bool answers(const QString &typed) const; ///< to the search
    void focusEditor();

signals:
    void edited(const QVariant &value);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QWidget *createEditor();
    QWidget *createCheck();
    QWidget *createNumber();
    QWidget *createText();
    QWidget *createChoice();

    const SettingField m_field;
    QWidget *m_editor = nullptr;
    PlainLabel *m_warning = nullptr;
    PlainLabel *m_note = nullptr;
    PlainLabel *m_error = nullptr;
    std::function<void(const QVariant &)> m_show; // puts a value into the editor, without `edited`
    QVariant m_value;
};

} // namespace portolan::ui
