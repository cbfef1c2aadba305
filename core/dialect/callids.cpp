// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/callids.h"

#include <algorithm>
#include <utility>

namespace portolan::dialect {

std::string CallIds::take(std::string given)
{
    while (given.empty() || std::ranges::find(m_taken, given) != m_taken.end())
        given = m_exchange.ids.next("call_");
    return m_taken.emplace_back(std::move(given));
}

} // namespace portolan::dialect
