// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/theme/tokens.h"

#include <QWidget>

class QGridLayout;
class QMenu;
class QPushButton;

namespace portolan::ui {

class ElidedLabel;
class IconButton;
class PlainLabel;

/// What is known of the chosen account, and what can be done with it.
class AccountFacts : public QWidget
{
    Q_OBJECT

public:
    explicit AccountFacts(QMenu *more, QWidget *parent = nullptr);

    void setAccount(const control::Account &account, int models);
    /// Words about a test: under way, or how it went.
    void setTest(const QString &words, Role role, bool running);

signals:
    void testRequested();
    void rotateRequested();

private:
    struct Fact {
        PlainLabel *name = nullptr;
        PlainLabel *value = nullptr;
    };
    Fact addFact(QGridLayout *grid, const QString &name);
    static void say(const Fact &fact, const QString &value); ///< an empty one is not shown

    ElidedLabel *m_slug = nullptr;
    IconButton *m_more = nullptr;
    Fact m_credential{};
    Fact m_address{};
    Fact m_settings{};
    Fact m_models{};
    PlainLabel *m_notice = nullptr;
    QPushButton *m_test = nullptr;
    QPushButton *m_rotate = nullptr;
};

} // namespace portolan::ui
