// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/pairs.h"

#include <algorithm>
#include <cstring>

namespace portolan::trace {

Pairs::Pairs(std::initializer_list<Line> lines)
{
    for (const auto &[name, value] : lines)
        add(name, value);
}

void Pairs::add(std::string_view name, std::string_view value)
{
    const PairLineIterator::Lengths lengths{.name = std::uint32_t(name.size()),
                                            .value = std::uint32_t(value.size())};
    const auto before = m_block.size();
    m_block.resize(before + PairLineIterator::kLineSize + name.size() + value.size()); // with zeros
    char *out = m_block.data() + before;
    std::memcpy(out, &lengths, sizeof lengths);
    out += PairLineIterator::kLengthsSize;
    std::ranges::copy(name, out);
    std::ranges::copy(value, out + name.size() + 1);
}

void Pairs::reserve(std::size_t lines, std::size_t bytes)
{
    m_block.reserve(lines * PairLineIterator::kLineSize + bytes);
}

Pairs::Line Pairs::operator[](std::size_t index) const noexcept
{
    return *std::ranges::next(lines().begin(), std::ptrdiff_t(index));
}

std::size_t Pairs::heapBytes() const noexcept
{
    static const std::size_t inPlace = std::string().capacity();
    return m_block.capacity() > inPlace ? m_block.capacity() + 1 : 0;
}

} // namespace portolan::trace
