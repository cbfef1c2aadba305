// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/settingrow.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

namespace portolan::ui {

namespace {

constexpr int kEditorAt100 = 260;
constexpr int kLongestText = 1000;

} // namespace

SettingRow::SettingRow(SettingField field, QWidget *parent)
    : QWidget(parent)
    , m_field(std::move(field))
    , m_warning(new PlainLabel(this))
    , m_note(new PlainLabel(this))
    , m_error(new PlainLabel(this))
{
    const Metrics metrics;
    setObjectName(m_field.key);
    auto *title = new PlainLabel(m_field.title, this);
    QString words = m_field.words;
    if (m_field.restarts)
        words += (words.isEmpty() ? QString() : QStringLiteral(" ")) + tr("A change restarts the gateway.");
    auto *description = new PlainLabel(words, this);
    description->setRole(Role::TextMuted);
    description->setVisible(!words.isEmpty());
    m_warning->setRole(Role::Warning);
    m_error->setRole(Role::Error);
    m_note->setRole(Role::Info);
    for (PlainLabel *label : {description, m_warning, m_note, m_error}) {
        label->setSize(TextSize::Data);
        label->setWordWrap(true);
    }
    m_warning->hide();
    m_note->hide();
    m_error->hide();
    m_editor = createEditor();
    m_editor->setAccessibleName(m_field.title);
    m_editor->setAccessibleDescription(words);
    title->setBuddy(m_editor);

    auto *left = new QVBoxLayout;
    left->setSpacing(2);
    left->addWidget(title);
    left->addWidget(description);
    left->addWidget(m_warning);
    left->addWidget(m_note);
    left->addWidget(m_error);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, metrics.px(10), 0, metrics.px(10));
    row->setSpacing(metrics.px(space::kWide));
    row->addLayout(left, 1);
    row->addWidget(m_editor, 0, Qt::AlignTop);
}

QWidget *SettingRow::createEditor()
{
    switch (m_field.kind) {
    case SettingField::Kind::Check: return createCheck();
    case SettingField::Kind::Number: return createNumber();
    case SettingField::Kind::Choice: return createChoice();
    case SettingField::Kind::Text:
    case SettingField::Kind::File: break;
    }
    return createText();
}

QWidget *SettingRow::createCheck()
{
    auto *box = new QCheckBox(this);
    box->setMinimumWidth(Metrics().px(kEditorAt100));
    m_show = [box](const QVariant &value) { box->setChecked(value.toBool()); };
    connect(box, &QCheckBox::toggled, this, [this](bool on) { emit edited(on); });
    return box;
}

QWidget *SettingRow::createNumber()
{
    auto *box = new QSpinBox(this);
    box->setRange(m_field.least, m_field.most);
    box->setSingleStep(m_field.step);
    box->setSuffix(m_field.unit);
    box->setKeyboardTracking(false); // half a number is none
    box->setFixedWidth(Metrics().px(kEditorAt100));
    m_show = [box](const QVariant &value) { box->setValue(value.toInt()); };
    connect(box, &QSpinBox::valueChanged, this, [this](int number) { emit edited(number); });
    return box;
}

QWidget *SettingRow::createText()
{
    auto *line = new QLineEdit;
    line->setMaxLength(kLongestText);
    line->setPlaceholderText(tr("none", "nothing is set"));
    m_show = [line](const QVariant &value) { line->setText(value.toString()); };
    connect(line, &QLineEdit::editingFinished, this, [this, line] {
        if (line->text().trimmed() != m_value.toString())
            emit edited(line->text().trimmed());
    });
    if (m_field.kind == SettingField::Kind::Text) {
        line->setParent(this);
        line->setFixedWidth(Metrics().px(kEditorAt100));
        return line;
    }
    auto *both = new QWidget(this);
    both->setFixedWidth(Metrics().px(kEditorAt100));
    auto *browse = new QPushButton(tr("Choose..."), both);
    auto *row = new QHBoxLayout(both);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(line, 1);
    row->addWidget(browse);
    line->setAccessibleName(m_field.title);
    both->setFocusProxy(line);
    connect(browse, &QPushButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, m_field.title);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::ExistingFile);
        connect(dialog, &QFileDialog::fileSelected, this, &SettingRow::edited);
        dialog->open();
    });
    return both;
}

QWidget *SettingRow::createChoice()
{
    auto *box = new QComboBox(this);
    for (const auto &[words, value] : m_field.choices)
        box->addItem(words, value);
    box->setFixedWidth(Metrics().px(kEditorAt100));
    m_show = [box](const QVariant &value) { box->setCurrentIndex(box->findData(value)); };
    connect(box, &QComboBox::currentIndexChanged, this, [this, box](int index) {
        if (index >= 0)
            emit edited(box->itemData(index));
    });
    return box;
}

void SettingRow::setSettings(const control::Settings &settings)
{
    const QVariant value = m_field.read(settings);
    if (value != m_value)
        m_error->hide();
    m_value = value;
    {
        const QSignalBlocker silent(this);
        m_show(value);
    }
    const QString warning = m_field.warning ? m_field.warning(settings) : QString();
    m_warning->setText(warning);
    m_warning->setVisible(!warning.isEmpty());
}

void SettingRow::setNote(const QString &sentence)
{
    m_note->setText(sentence);
    m_note->setVisible(!sentence.isEmpty());
}

void SettingRow::setError(const QString &sentence)
{
    m_error->setText(sentence);
    m_error->setVisible(!sentence.isEmpty());
}

bool SettingRow::answers(const QString &typed) const
{
    for (const QStringView word : QStringView(typed).split(u' ', Qt::SkipEmptyParts))
        if (!m_field.title.contains(word, Qt::CaseInsensitive)
            && !m_field.words.contains(word, Qt::CaseInsensitive))
            return false;
    return true;
}

void SettingRow::focusEditor()
{
    m_editor->setFocus();
}

void SettingRow::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(QRect(0, height() - 1, width(), 1), colour(Role::Line, palette()));
}

} // namespace portolan::ui
