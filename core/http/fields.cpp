// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/fields.h"

#include "core/base/text.h"

#include <algorithm>
#include <array>

namespace portolan::http {

namespace {

constexpr std::array<bool, 256> tokenTable()
{
    std::array<bool, 256> table{};
    for (const char c : std::string_view("!#$%&'*+-.^_`|~0123456789"
                                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
        table[static_cast<unsigned char>(c)] = true;
    return table;
}

constexpr auto kToken = tokenTable();

} // namespace

void Fields::add(std::string_view name, std::string_view value)
{
    m_lines.push_back({.name_at = static_cast<std::uint32_t>(m_bytes.size()),
                       .name_size = static_cast<std::uint32_t>(name.size()),
                       .value_size = static_cast<std::uint32_t>(value.size())});
    m_bytes.append(name).append(value);
}

void Fields::reserve(std::size_t lines, std::size_t bytes)
{
    m_lines.reserve(lines);
    m_bytes.reserve(bytes);
}

void Fields::clear() noexcept
{
    m_lines.clear();
    m_bytes.clear();
}

std::size_t Fields::capacity() const noexcept
{
    return m_bytes.capacity() + m_lines.capacity() * sizeof(Span);
}

std::optional<std::string_view> Fields::find(std::string_view name) const noexcept
{
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        if (m_lines[i].name_size == name.size() && equalsIgnoringCase((*this)[i].name, name))
            return (*this)[i].value;
    }
    return std::nullopt;
}

std::size_t Fields::count(std::string_view name) const noexcept
{
    std::size_t found = 0;
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        if (m_lines[i].name_size == name.size() && equalsIgnoringCase((*this)[i].name, name))
            ++found;
    }
    return found;
}

bool isFieldName(std::string_view name) noexcept
{
    return !name.empty()
        && std::ranges::all_of(name, [](char c) { return kToken[static_cast<unsigned char>(c)]; });
}

bool isFieldValue(std::string_view value) noexcept
{
    // Without an early exit the compiler looks at 16 bytes at once; nearly every value is good.
    bool bad = false;
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        bad |= (byte < 0x20 && byte != '\t') || byte == 0x7F;
    }
    return !bad;
}

} // namespace portolan::http
