// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace portolan {

/// One JSON value as somebody wrote it: spliced into what is sent on, never rebuilt, so that key order and
/// the spelling of numbers survive (tool schemas, arguments, unknown fields). Empty means absent. Whoever
/// makes one vouches that the text is valid JSON.
struct RawJson {
    std::string text{};

    [[nodiscard]] bool empty() const noexcept { return text.empty(); }
    friend bool operator==(const RawJson &, const RawJson &) = default;
};

} // namespace portolan
