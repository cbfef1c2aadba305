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

/// The last failed requests: when, who, what, the cause in one line, and one way out each.
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

    std::vector<trace::RequestRow> m_shown;
    QWidget *m_rows = nullptr;
};

} // namespace portolan::ui
