// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/accountform.h"

#include <QMap>
#include <QString>
#include <QWidget>

#include <vector>

class QGridLayout;
class QLineEdit;

namespace portolan::ui {

class PlainLabel;

/// The settings that a kind of provider asks for, one line each with an example; what is wrong with a value
/// is said below it while it is typed.
class SettingsForm : public QWidget
{
    Q_OBJECT

public:
    explicit SettingsForm(QWidget *parent = nullptr);

    void setFields(const std::vector<catalog::AccountField> &fields);
    void setValues(const QMap<QString, QString> &values);
    [[nodiscard]] QMap<QString, QString> values() const; ///< without empty ones

signals:
    void edited();

private:
    struct Row {
        catalog::AccountField field{};
        QLineEdit *edit = nullptr;
        PlainLabel *note = nullptr;
    };
    void addRow(const catalog::AccountField &field);
    static void showNote(const Row &row);

    QGridLayout *m_grid;
    std::vector<Row> m_rows{};
};

} // namespace portolan::ui
