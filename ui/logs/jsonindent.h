// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portolan::ui {

/// JSON text laid out with one member per line. Only blanks between tokens change: order, number spelling,
/// duplicate keys and escapes stay as they were sent. Nothing when brackets or strings do not close, when it
/// is nested deeper than 512 or the result would exceed `max_bytes`; it is a layout, not a check of grammar.
[[nodiscard]] std::optional<std::string> indentJson(std::string_view text,
                                                    std::size_t max_bytes = 256U << 20);

} // namespace portolan::ui
