// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/settingsform.h"

#include "ui/widgets/formgrid.h"

#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

std::string valueOf(const QLineEdit &edit)
{
    return edit.text().trimmed().toStdString();
}

} // namespace

SettingsForm::SettingsForm(QWidget *parent)
    : QWidget(parent)
    , m_grid(formGrid(this))
{ }

void SettingsForm::setFields(const std::vector<catalog::AccountField> &fields)
{
    m_rows.clear();
    while (QLayoutItem *item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const catalog::AccountField &field : fields)
        addRow(field);
    setVisible(!fields.empty());
}

void SettingsForm::addRow(const catalog::AccountField &field)
{
    Row row{.field = field, .edit = new QLineEdit(this), .note = formNote({}, this)};
    row.edit->setObjectName(u"setting."_s + fromCore(field.name));
    row.edit->setPlaceholderText(field.required ? fromCore(field.example)
                                                : tr("%1 (not needed)").arg(fromCore(field.example)));
    row.edit->setMaxLength(512);
    const int at = int(m_rows.size()) * 2;
    addFormRow(m_grid, at, fromCore(field.label), row.edit);
    m_grid->addWidget(row.note, at + 1, 1);
    showNote(row);
    connect(row.edit, &QLineEdit::textEdited, this, [this, row] {
        showNote(row);
        emit edited();
    });
    m_rows.push_back(row);
}

void SettingsForm::showNote(const Row &row)
{
    const std::string value = valueOf(*row.edit);
    const std::string fault = value.empty() ? std::string() : catalog::faultOf(row.field, value);
    row.note->setRole(fault.empty() ? Role::TextMuted : Role::Warning);
    row.note->setText(fault.empty() ? fromCore(row.field.note) : QString::fromStdString(fault));
    row.note->setVisible(!row.note->text().isEmpty());
}

void SettingsForm::setValues(const QMap<QString, QString> &values)
{
    for (const Row &row : m_rows) {
        row.edit->setText(values.value(fromCore(row.field.name)));
        showNote(row);
    }
}

QMap<QString, QString> SettingsForm::values() const
{
    QMap<QString, QString> values;
    for (const Row &row : m_rows) {
        if (const QString value = row.edit->text().trimmed(); !value.isEmpty())
            values.insert(fromCore(row.field.name), value);
    }
    return values;
}

} // namespace portolan::ui
