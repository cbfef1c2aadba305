// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/choicelist.h"

#include "ui/theme/icon.h"
#include "ui/theme/metrics.h"

#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QRadioButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

ChoiceList::ChoiceList(const Words &words, Others others, QWidget *parent)
    : QWidget(parent)
    , m_others(others)
    , m_all(new QRadioButton(words.all, this))
    , m_some(new QRadioButton(words.some, this))
    , m_part(new QWidget(this))
    , m_search(new QLineEdit(m_part))
    , m_list(new QListWidget(m_part))
{
    const Metrics metrics;
    m_all->setChecked(true);
    m_some->setObjectName(u"some"_s);
    m_search->setObjectName(u"choiceSearch"_s);
    m_search->setPlaceholderText(words.search);
    m_search->setAccessibleName(words.search);
    m_search->setClearButtonEnabled(true);
    m_search->addAction(lineIcon(Icon::Search, Role::TextMuted), QLineEdit::LeadingPosition);
    m_search->installEventFilter(this);
    m_list->setObjectName(u"choices"_s);
    m_list->setAccessibleName(words.some);
    m_list->setUniformItemSizes(true);
    m_list->setFixedHeight(metrics.px(148));
    auto *part = new QVBoxLayout(m_part);
    part->setContentsMargins(metrics.px(21), 0, 0, 0);
    part->addWidget(m_search);
    part->addWidget(m_list);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(metrics.px(space::kGroup));
    column->addWidget(m_all);
    column->addWidget(m_some);
    column->addWidget(m_part);
    m_part->setVisible(false);
    connect(m_some, &QRadioButton::toggled, this, [this](bool some) {
        m_part->setVisible(some);
        emit edited();
    });
    connect(m_list, &QListWidget::itemChanged, this, &ChoiceList::edited);
    connect(m_search, &QLineEdit::textChanged, this, &ChoiceList::filter);
}

void ChoiceList::setKnown(const QStringList &known)
{
    const QStringList chosen = ticked();
    QStringList names = known;
    for (const QString &name : chosen)
        if (!names.contains(name))
            names.prepend(name);
    fill(names, chosen);
}

void ChoiceList::setChosen(const QStringList &chosen)
{
    QStringList names;
    for (int row = 0; row < m_list->count(); ++row)
        names += m_list->item(row)->text();
    for (const QString &name : chosen)
        if (!names.contains(name))
            names.prepend(name);
    fill(names, chosen);
    (chosen.isEmpty() ? m_all : m_some)->setChecked(true);
}

void ChoiceList::fill(const QStringList &names, const QStringList &ticked)
{
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    for (const QString &name : names) {
        auto *item = new QListWidgetItem(name, m_list);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(ticked.contains(name) ? Qt::Checked : Qt::Unchecked);
    }
    filter();
}

QStringList ChoiceList::ticked() const
{
    QStringList names;
    for (int row = 0; row < m_list->count(); ++row)
        if (m_list->item(row)->checkState() == Qt::Checked)
            names += m_list->item(row)->text();
    return names;
}

QStringList ChoiceList::chosen() const
{
    return m_some->isChecked() ? ticked() : QStringList();
}

bool ChoiceList::isReady() const
{
    return m_all->isChecked() || !ticked().isEmpty();
}

void ChoiceList::filter()
{
    const QString typed = m_search->text().trimmed();
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem *item = m_list->item(row);
        item->setHidden(!item->text().contains(typed, Qt::CaseInsensitive));
    }
}

void ChoiceList::addTyped()
{
    const QString typed = m_search->text().trimmed();
    if (typed.isEmpty())
        return;
    QList<QListWidgetItem *> found = m_list->findItems(typed, Qt::MatchFixedString);
    if (found.isEmpty() && m_others == Others::Refused)
        return;
    if (found.isEmpty()) {
        auto *item = new QListWidgetItem(typed);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        m_list->insertItem(0, item);
        found += item;
    }
    found.first()->setCheckState(Qt::Checked);
    m_search->clear();
    m_list->scrollToItem(found.first());
}

bool ChoiceList::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        // Enter ticks what was typed; elsewhere it would be the dialog's main button.
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            addTyped();
            return true;
        }
        if (key == Qt::Key_Down) {
            m_list->setFocus();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace portolan::ui
