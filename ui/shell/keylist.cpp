// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/keylist.h"

#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace portolan::ui {

QString plainText(const QAction &command)
{
    QString text = command.text();
    return text.remove(u'&').remove(u"..."_s).trimmed();
}

KeyList::KeyList(const QString &title, const QString &help, const std::vector<KeyGroup> &groups,
                 QWidget *parent)
    : QDialog(parent)
    , m_find(new QLineEdit(this))
    , m_list(new QTreeWidget(this))
{
    const Metrics metrics;
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    resize(metrics.px(480), metrics.px(560));
    m_find->setPlaceholderText(tr("Find a command or a key"));
    m_find->setAccessibleName(tr("Find a command or a key"));
    m_find->setClearButtonEnabled(true);
    m_list->setColumnCount(2);
    m_list->setHeaderLabels({tr("Command"), tr("Keys")});
    m_list->setRootIsDecorated(false);
    m_list->setUniformRowHeights(true);
    m_list->setAccessibleName(tr("Commands and their keys"));
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_list->header()->setStretchLastSection(false);

    for (const KeyGroup &group : groups) {
        auto *heading = new QTreeWidgetItem(m_list, {group.title});
        heading->setFirstColumnSpanned(true);
        heading->setFont(0, scaledFont(font(), TextSize::Body, Weight::Strong));
        heading->setExpanded(true);
        heading->setFlags(Qt::ItemIsEnabled);
        heading->setSizeHint(0, {0, metrics.row()});
        for (const QAction *command : group.commands) {
            if (command->isSeparator())
                continue;
            QStringList keys;
            for (const QKeySequence &sequence : command->shortcuts())
                keys.append(sequence.toString(QKeySequence::NativeText));
            auto *line = new QTreeWidgetItem(heading, {plainText(*command), keys.join(tr(" or "))});
            line->setSizeHint(0, {0, metrics.row()});
        }
    }

    auto *column = new QVBoxLayout(this);
    if (!help.isEmpty()) {
        auto *words = new PlainLabel(help, this);
        words->setWordWrap(true);
        column->addWidget(words);
    }
    column->addWidget(m_find);
    column->addWidget(m_list, 1);
    connect(m_find, &QLineEdit::textChanged, this, &KeyList::filter);
    m_find->setFocus();
}

void KeyList::filter(const QString &typed)
{
    for (int g = 0; g < m_list->topLevelItemCount(); ++g) {
        QTreeWidgetItem *group = m_list->topLevelItem(g);
        bool any = false;
        for (int i = 0; i < group->childCount(); ++i) {
            QTreeWidgetItem *item = group->child(i);
            const bool fits = item->text(0).contains(typed, Qt::CaseInsensitive)
                || item->text(1).contains(typed, Qt::CaseInsensitive);
            item->setHidden(!fits);
            any = any || fits;
        }
        group->setHidden(!any);
    }
}

} // namespace portolan::ui
