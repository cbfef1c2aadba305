// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/config.h"

#include <algorithm>

namespace portolan::routing {

const RawJson *Params::override_of(std::string_view name) const
{
    const auto found
        = std::ranges::find_if(overrides, [&](const auto &member) { return member.first == name; });
    return found == overrides.end() ? nullptr : &found->second;
}

const Node *Config::find(std::string_view pointer) const
{
    const Node *at = &m_root;
    while (at && at->pointer != pointer) {
        const auto next = std::ranges::find_if(at->targets, [&](const Node &target) {
            return pointer.starts_with(target.pointer)
                && (pointer.size() == target.pointer.size() || pointer[target.pointer.size()] == '/');
        });
        at = next == at->targets.end() ? nullptr : &*next;
    }
    return at;
}

std::string optionIndex(std::string_view pointer)
{
    std::string index = "config";
    while (pointer.starts_with("/targets/")) {
        pointer.remove_prefix(9);
        const auto digits = pointer.substr(0, pointer.find('/'));
        index.append(".targets[").append(digits).append("]");
        pointer.remove_prefix(digits.size());
    }
    return index;
}

} // namespace portolan::routing
