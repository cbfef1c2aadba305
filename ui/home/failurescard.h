// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/requestrow.h"
#include "ui/widgets/card.h"
#include "ui/widgets/panel.h"

#include <vector>

namespace portolan::ui {

/// The one thing to do about a failed request.
struct Remedy {
    QString words{};
    Place place{};
};
[[nodiscard]] Remedy remedyFor(const trace::RequestRow &row);

/// A failure and how often it came: the same caller, model, status and words.
struct Failure {
    trace::RequestRow row{}; ///< the newest
    int times = 1;

    friend bool operator==(const Failure &, const Failure &) = default;
};
/// Rows, newest first, with those that repeat another folded into it; at most `most`.
[[nodiscard]] std::vector<Failure> foldedFailures(const std::vector<trace::RequestRow> &rows,
                                                  std::size_t most);

/// The last failed requests: when, who, what, the cause in one line, and one way out each. A program that
/// tries again and again takes one line.
class FailuresCard : public Card
{
    Q_OBJECT

public:
    explicit FailuresCard(QWidget *parent = nullptr);

    void setRows(const std::vector<trace::RequestRow> &rows);

signals:
    void goTo(const portolan::ui::Place &place);

private:
    class Row;

    std::vector<Failure> m_shown;
    QWidget *m_rows = nullptr;
};

} // namespace portolan::ui
