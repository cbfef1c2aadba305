// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace portolan::catalog {

/// An id or alias of a model in the text of models.txt: twelve bytes instead of a string each.
struct Name {
    std::uint32_t at = 0;
    std::uint16_t length = 0;
    bool alias = false;
    std::int32_t entry = -1;
};

[[nodiscard]] constexpr char lowered(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// The order of names within a provider: case ignored, and '.', '@' and '-' alike, so that a name and its
/// other spellings ("4.5" and "4-5", "@20250929" and "-20250929") stand side by side.
[[nodiscard]] std::weak_ordering compareNames(std::string_view a, std::string_view b) noexcept;

/// Equal but for a '.' between digits where the other has '-', and '@' before a digit where the other has
/// '-'.
[[nodiscard]] bool areSpelledAlike(std::string_view a, std::string_view b) noexcept;

/// The names of one provider, in the order of compareNames.
class NameTable
{
public:
    NameTable() = default;
    NameTable(std::string_view text, std::span<const Name> names)
        : m_text(text)
        , m_names(names)
    { }

    [[nodiscard]] std::string_view text(const Name &name) const
    {
        return m_text.substr(name.at, name.length);
    }
    /// Names that are the same in that order.
    [[nodiscard]] std::span<const Name> alike(std::string_view name) const;
    /// Names that begin so in that order.
    [[nodiscard]] std::span<const Name> beginningWith(std::string_view name) const;
    [[nodiscard]] std::span<const Name> all() const noexcept { return m_names; }

private:
    std::string_view m_text{};
    std::span<const Name> m_names{};
};

} // namespace portolan::catalog
