// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QDialog>
#include <QList>

#include <vector>

class QLineEdit;
class QTreeWidget;

namespace portolan::ui {

/// Commands that stand together in the list of keys.
struct KeyGroup {
    QString title{};
    QList<QAction *> commands{};
};

/// Every command and its keys, with a field to find one; above it the help of the panel, if asked by F1.
class KeyList : public QDialog
{
    Q_OBJECT

public:
    KeyList(const QString &title, const QString &help, const std::vector<KeyGroup> &groups, QWidget *parent);

private:
    void filter(const QString &typed);

    QLineEdit *m_find = nullptr;
    QTreeWidget *m_list = nullptr;
};

/// The words of a command as menus show them, without marks for the keyboard.
[[nodiscard]] QString plainText(const QAction &command);

} // namespace portolan::ui
