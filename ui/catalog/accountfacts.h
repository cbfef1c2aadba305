// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/theme/tokens.h"

#include <QTimer>
#include <QWidget>

#include <vector>

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
    void syncRequested();
    void closeBreakersRequested();

private:
    struct Fact {
        PlainLabel *name = nullptr;
        PlainLabel *value = nullptr;
    };
    Fact addFact(QGridLayout *grid, const QString &name);
    static void say(const Fact &fact, const QString &value); ///< an empty one is not shown
    void sayBreakers();

    ElidedLabel *m_slug = nullptr;
    IconButton *m_more = nullptr;
    Fact m_credential{};
    Fact m_address{};
    Fact m_settings{};
    Fact m_models{};
    PlainLabel *m_notice = nullptr;
    std::vector<control::Breaker> m_breakers;
    PlainLabel *m_breakerWords = nullptr;
    QPushButton *m_closeBreakers = nullptr;
    QTimer m_countdown; // runs while a breaker waits for its trial
    QPushButton *m_test = nullptr;
    QPushButton *m_rotate = nullptr;
    QPushButton *m_sync = nullptr;
};

/// "Breaker of nightly, /targets/0 (@openai/gpt-4o): open since 14:02, trial in 20 s."
[[nodiscard]] QString breakerWords(const control::Breaker &breaker, const QDateTime &now);

} // namespace portolan::ui
