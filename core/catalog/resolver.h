// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/catalog.h"
#include "core/catalog/names.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace portolan::catalog {

/// The lines of models.txt that hold a model, by entry.
class LineTable
{
public:
    explicit LineTable(std::string_view text = {})
        : m_text(text)
    { }

    void add(std::string_view line);
    [[nodiscard]] std::string_view operator[](std::int32_t entry) const;
    [[nodiscard]] std::size_t size() const noexcept { return m_lines.size(); }

private:
    struct Line {
        std::uint32_t at = 0;
        std::uint32_t length = 0;
    };
    std::string_view m_text;
    std::vector<Line> m_lines{};
};

/// Where the models of one provider stand.
struct Shelf {
    const Provider *provider = nullptr;
    NameTable names{};
    const LineTable *lines = nullptr;
};

struct Hit {
    std::int32_t entry = -1;
    Match match = Match::Unknown;
};

/// Names longer than this are looked for no further: the longest id of the catalog has 63 bytes, and an ARN
/// may have 2,048.
inline constexpr std::size_t kLongestName = 2048;

/// Rules 2 to 6 of "Finding the entry": the first that hits. Work is bounded by the length of the name.
[[nodiscard]] std::optional<Hit> findEntry(const Shelf &shelf, std::string_view name);

} // namespace portolan::catalog
