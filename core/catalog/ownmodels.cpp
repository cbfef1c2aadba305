// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/ownmodels.h"

#include "core/catalog/cost.h"

#include <algorithm>
#include <utility>

namespace portolan::catalog {

OwnModels::OwnModels(std::vector<Said> said)
    : m_said(std::move(said))
{
    std::ranges::sort(m_said, {}, &Said::model);
}

const OwnModels::Said *OwnModels::find(std::string_view model) const
{
    const auto found = std::ranges::lower_bound(m_said, model, {}, &Said::model);
    return found != m_said.end() && found->model == model ? &*found : nullptr;
}

bool OwnModels::isOff(std::string_view model) const
{
    const Said *const said = find(model);
    return said && !said->enabled;
}

bool OwnModels::isOwn(std::string_view model) const
{
    const Said *const said = find(model);
    return said && said->own;
}

std::optional<Cost> ownCost(const OwnModels::Said &said, const Usage &usage)
{
    static const ProviderPricing none;
    if (!said.price)
        return {};
    const Entry entry{.id = said.model, .price = said.price};
    return costOf({.entry = entry, .host = none, .owner = none, .usage = usage, .context = {}});
}

} // namespace portolan::catalog
