// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/turns.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace portolan::dialect::anthropic {

/// Which of a request's cache hints are sent: Anthropic takes four and answers a fifth with 400
/// (anthropic.md 5). Of more the first stays, which other conversations share, and the last ones, which the
/// next request of this conversation will find.
class CacheMarks
{
public:
    /// In the order of the prefix that is cached: tools, system text, messages. `most`: 4, or 3 beside an
    /// automatic one.
    CacheMarks(const std::vector<const Tool *> &tools, const Turns &turns, std::size_t most);

    /// The mark when it is one of those that are sent.
    [[nodiscard]] std::optional<CacheTtl> of(const Tool &tool) const { return sent(tool.cache); }
    [[nodiscard]] std::optional<CacheTtl> of(const Part &part) const { return sent(part.cache); }
    [[nodiscard]] bool leftSomeOut() const noexcept { return m_left_some_out; }

private:
    using Mark = std::optional<CacheTtl>;
    [[nodiscard]] Mark sent(const Mark &mark) const;

    std::vector<const Mark *> m_sent{}; // of the request, by their place
    bool m_left_some_out = false;
};

} // namespace portolan::dialect::anthropic
