// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/control/types.h"
#include "ui/widgets/formdialog.h"

#include <functional>

namespace portolan::ui {

class BudgetForm;
class RatesForm;

/// Budget, rates and concurrency of a key, checked while they are typed.
class LimitsDialog : public FormDialog
{
    Q_OBJECT

public:
    using Apply = std::function<void(admission::KeyLimits, std::function<void(const Result<> &)>)>;

    /// `of` is whose limits they are: "@openai-prod".
    LimitsDialog(const QString &of, const admission::KeyLimits &limits, Apply apply, QWidget *parent);

protected:
    void act() override;
    [[nodiscard]] bool isReady() const override;
    [[nodiscard]] bool hasEdits() const override;

private:
    [[nodiscard]] std::optional<admission::KeyLimits> read() const; ///< nothing: something cannot be read

    const admission::KeyLimits m_before;
    const Apply m_apply;
    BudgetForm *m_budget = nullptr;
    RatesForm *m_rates = nullptr;
};

} // namespace portolan::ui
