// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/keys/limitwords.h"

#include <QList>
#include <QPushButton>
#include <QWidget>

#include <utility>
#include <vector>

class QAction;
class QGridLayout;
class QHBoxLayout;

namespace portolan::ui {

class PlainLabel;
class StateLabel;

/// A button that is an action's: its short words, its state, and what it does.
class ActionButton : public QPushButton
{
    Q_OBJECT

public:
    explicit ActionButton(QAction *action, QWidget *parent = nullptr);

private:
    void follow(const QAction *action);
};

/// What there is to say of the chosen key: what calls get and why, the ways out, and its facts.
class KeyDetail : public QWidget
{
    Q_OBJECT

public:
    using Facts = std::vector<std::pair<QString, QString>>;

    /// `ways` stand below the verdict, the first as the main one.
    explicit KeyDetail(const QList<QAction *> &ways, QWidget *parent = nullptr);

    void setKey(const QString &name, const StateLook &state, const Verdict &verdict);
    void setFacts(const Facts &facts); ///< those with no words are left out

private:
    class Box;

    PlainLabel *m_name = nullptr;
    StateLabel *m_state = nullptr;
    Box *m_box = nullptr;
    PlainLabel *m_verdict = nullptr;
    QGridLayout *m_grid = nullptr;
    std::vector<std::pair<PlainLabel *, PlainLabel *>> m_facts;
};

} // namespace portolan::ui
