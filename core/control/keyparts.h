// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/control/types.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace portolan::control {

// What virtual keys and client keys have in common.

/// For AccountOff see the key's account.
template <typename Key>
[[nodiscard]] KeyState stateOf(const Key &key, const QDateTime &now)
{
    if (!key.enabled)
        return KeyState::Off;
    if (key.expires.isValid() && key.expires <= now)
        return KeyState::Expired;
    const auto &budget = key.limits.budget;
    return budget && key.use.spent >= budget->limit + key.use.extra ? KeyState::LimitReached : KeyState::On;
}

/// A list of slugs or models as somebody typed it: without blanks around them, each once.
[[nodiscard]] Result<std::vector<std::string>> toNames(const QStringList &list);
[[nodiscard]] QStringList toList(const std::vector<std::string> &names);

/// The rows that edits on their way to the store will leave there. The next edit of a row builds on these, or
/// it would undo what the one before it has changed.
template <typename Row>
class Underway
{
public:
    /// Null: the stored one is the latest.
    [[nodiscard]] const Row *latest(decltype(Row::id) id) const
    {
        const auto found = m_rows.find(id);
        return found == m_rows.end() ? nullptr : &found->second.row;
    }
    void begin(const Row &row)
    {
        auto &entry = m_rows[row.id];
        entry.row = row;
        ++entry.edits;
    }
    void end(decltype(Row::id) id)
    {
        if (const auto found = m_rows.find(id); found != m_rows.end() && --found->second.edits == 0)
            m_rows.erase(found);
    }

private:
    struct Entry {
        Row row{};
        int edits = 0;
    };
    std::unordered_map<decltype(Row::id), Entry> m_rows;
};

} // namespace portolan::control
