// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::http {

/// Header lines in the order they came, names as sent; lookup ignores case. Owns its bytes in one block, so a
/// head of 30 lines is two allocations.
class Fields
{
public:
    struct Line {
        std::string_view name;
        std::string_view value;
    };

    /// The caller has checked the name (token) and the value (no CR, LF, NUL); see isFieldName, isFieldValue.
    void add(std::string_view name, std::string_view value);
    void reserve(std::size_t lines, std::size_t bytes);
    void clear() noexcept; ///< keeps the memory for the next head
    [[nodiscard]] std::size_t capacity() const noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return m_lines.size(); }
    [[nodiscard]] Line operator[](std::size_t index) const noexcept
    {
        const Span &span = m_lines[index];
        const char *const name = m_bytes.data() + span.name_at;
        return {.name = {name, span.name_size}, .value = {name + span.name_size, span.value_size}};
    }

    /// Value of the first line of that name; nothing when there is none.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;

private:
    struct Span {
        std::uint32_t name_at = 0;
        std::uint32_t name_size = 0;
        std::uint32_t value_size = 0; // the value follows the name
    };
    std::string m_bytes;
    std::vector<Span> m_lines;
};

/// RFC 9110 token, not empty.
[[nodiscard]] bool isFieldName(std::string_view name) noexcept;
/// No CR, LF, NUL or other control character but HTAB: safe to put on a line of its own.
[[nodiscard]] bool isFieldValue(std::string_view value) noexcept;

} // namespace portolan::http
