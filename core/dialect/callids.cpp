// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/callids.h"

#include <utility>

namespace portolan::dialect {

std::string CallIds::take(std::string given)
{
    while (given.empty() || m_taken.contains(given))
        given = m_exchange.ids.next("call_");
    return *m_taken.insert(std::move(given)).first;
}

} // namespace portolan::dialect
