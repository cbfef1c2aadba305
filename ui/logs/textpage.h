// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstddef>
#include <string_view>

namespace portolan::ui {

/// What a body view lays out at once (threat-model G3).
inline constexpr std::size_t kPageBytes = 1U << 20;

/// A page of a document: whole lines, each cut at kLineLimit, with invisible characters as marks.
struct TextPage {
    QString text{};      ///< ends without a line feed
    std::size_t end = 0; ///< byte of the source where the next page begins
    int cutLines = 0;
};

/// The page that begins at `from` and shows about `bytes` bytes of UTF-8; bytes that are not UTF-8 become
/// U+FFFD, CR LF a line feed.
[[nodiscard]] TextPage textPage(std::string_view source, std::size_t from = 0,
                                std::size_t bytes = kPageBytes);

} // namespace portolan::ui
