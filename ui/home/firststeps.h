// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/widgets/card.h"

#include <array>
#include <vector>

class QProgressBar;
class QPushButton;

namespace portolan::ui {

class LinkButton;
class PlainLabel;
class SnippetView;

/// What the checklist has to know.
struct FirstStepsState {
    std::vector<control::Account> accounts{};
    std::vector<control::ClientKeyInfo> keys{};
    QStringList offers{}; ///< credentials and servers found on this computer
    QString baseUrl{};
    bool snippetSkipped = false;
    quint64 requests = 0; ///< ever
    quint64 failed = 0;   ///< of the last 15 minutes
    bool running = false;
};

/// The four steps from nothing to the first request. Done steps shrink to a line, one step is current.
class FirstSteps : public Card
{
    Q_OBJECT

public:
    static constexpr int kSteps = 4;

    explicit FirstSteps(QWidget *parent = nullptr);

    void setState(const FirstStepsState &state);
    [[nodiscard]] int doneSteps() const;

signals:
    void addAccount();
    void makeKey();
    void skipSnippet();
    void sendTest();
    void hideClicked();

private:
    class Step;

    Step *createStep(int number, const QString &title);
    [[nodiscard]] QString accountLine() const;

    FirstStepsState m_state;
    QProgressBar *m_progress = nullptr;
    std::array<Step *, kSteps> m_steps{};
    SnippetView *m_snippet = nullptr;
    LinkButton *m_skip = nullptr;
    QPushButton *m_send = nullptr;
};

} // namespace portolan::ui
