// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace portolan::admission {

/// What was used in the span of time that ends now. Up to `fine` amounts count each by itself; beyond that,
/// those that came within one grain of time count as if all had come with the last of them: a span still
/// holds no more than the sum says, an amount leaves up to a grain late, and memory is bounded by `fine` and
/// span over grain. Time is a clock that never goes back; one that seems to, because threads race for the
/// lock, is taken to stand still. One thread at a time.
class SlidingWindow
{
public:
    SlidingWindow(std::int64_t span_us, std::int64_t grain_us, std::size_t fine = 0);

    void add(std::int64_t now_us, std::int64_t amount);
    [[nodiscard]] std::int64_t used(std::int64_t now_us);
    /// How long until `amount` of what is used now has left; nothing when that is more than all.
    [[nodiscard]] std::optional<std::int64_t> leaves(std::int64_t now_us, std::int64_t amount);
    /// How long until all that is used now has left.
    [[nodiscard]] std::int64_t empties(std::int64_t now_us);
    void clear() noexcept;

private:
    struct Entry {
        std::int64_t at_us = 0;
        std::int64_t amount = 0;
    };
    void advance(std::int64_t now_us);

    std::int64_t m_span_us;
    std::int64_t m_grain_us;
    std::size_t m_fine;
    std::int64_t m_now_us;
    std::int64_t m_used = 0;     // of m_entries
    std::deque<Entry> m_entries; // oldest first
};

} // namespace portolan::admission
