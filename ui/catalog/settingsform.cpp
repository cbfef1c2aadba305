// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalog/settingsform.h"

#include "ui/theme/metrics.h"
#include "ui/theme/roles.h"
#include "ui/widgets/labels.h"

#include <QGridLayout>
#include <QLineEdit>

using namespace Qt::StringLiterals;

namespace portolan::ui {

namespace {

QString text(std::string_view utf8)
{
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

std::string valueOf(const QLineEdit &edit)
{
    return edit.text().trimmed().toStdString();
}

} // namespace

SettingsForm::SettingsForm(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    const Metrics metrics;
    m_grid->setContentsMargins({});
    m_grid->setHorizontalSpacing(metrics.px(space::kPanel));
    m_grid->setVerticalSpacing(metrics.px(space::kGroup));
    m_grid->setColumnMinimumWidth(0, metrics.px(92));
    m_grid->setColumnStretch(1, 1);
}

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
    Row row{.field = field, .edit = new QLineEdit(this), .note = new PlainLabel(this)};
    row.edit->setObjectName(u"setting."_s + text(field.name));
    row.edit->setAccessibleName(text(field.label));
    row.edit->setPlaceholderText(field.required ? text(field.example)
                                                : tr("%1 (not needed)").arg(text(field.example)));
    row.edit->setMaxLength(512);
    row.note->setSize(TextSize::Data);
    row.note->setWordWrap(true);
    auto *name = new PlainLabel(text(field.label), this);
    name->setBuddy(row.edit);
    const int at = int(m_rows.size()) * 2;
    m_grid->addWidget(name, at, 0);
    m_grid->addWidget(row.edit, at, 1);
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
    row.note->setText(fault.empty() ? text(row.field.note) : QString::fromStdString(fault));
    row.note->setVisible(!row.note->text().isEmpty());
}

QMap<QString, QString> SettingsForm::values() const
{
    QMap<QString, QString> values;
    for (const Row &row : m_rows) {
        if (const QString value = row.edit->text().trimmed(); !value.isEmpty())
            values.insert(text(row.field.name), value);
    }
    return values;
}

QString SettingsForm::fault(bool has_own_address) const
{
    for (const Row &row : m_rows) {
        const std::string value = valueOf(*row.edit);
        if (value.empty() && has_own_address)
            continue;
        if (const std::string fault = catalog::faultOf(row.field, value); !fault.empty())
            return QString::fromStdString(fault);
    }
    return {};
}

} // namespace portolan::ui
