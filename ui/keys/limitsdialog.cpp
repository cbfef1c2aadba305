// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/keys/limitsdialog.h"

#include "ui/keys/budgetform.h"
#include "ui/keys/ratesform.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/card.h"

#include <QVBoxLayout>

namespace portolan::ui {

LimitsDialog::LimitsDialog(const QString &of, const admission::KeyLimits &limits, Apply apply,
                           QWidget *parent)
    : FormDialog(parent)
    , m_before(limits)
    , m_apply(std::move(apply))
    , m_budget(new BudgetForm(limits.budget, this))
    , m_rates(new RatesForm(limits.rates, limits.concurrency, this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Limits of %1").arg(of));
    setMinimumWidth(Metrics().px(560));
    fields()->addWidget(m_budget);
    fields()->addWidget(new Rule(Qt::Horizontal, this));
    fields()->addWidget(m_rates);
    finish(tr("Save the limits"));
    connect(m_budget, &BudgetForm::edited, this, &LimitsDialog::updateButtons);
    connect(m_rates, &RatesForm::edited, this, &LimitsDialog::updateButtons);
}

std::optional<admission::KeyLimits> LimitsDialog::read() const
{
    auto budget = m_budget->read();
    auto rates = m_rates->read();
    if (!budget || !rates)
        return std::nullopt;
    return admission::KeyLimits{
        .budget = *std::move(budget), .rates = std::move(rates->rates), .concurrency = rates->concurrency};
}

bool LimitsDialog::isReady() const
{
    const auto limits = read();
    return limits && *limits != m_before;
}

bool LimitsDialog::hasEdits() const
{
    return read() != m_before; // what cannot be read was typed here
}

void LimitsDialog::act()
{
    if (auto limits = read())
        m_apply(*std::move(limits), reply());
}

} // namespace portolan::ui
