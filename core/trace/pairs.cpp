// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/pairs.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace portolan::trace {

namespace {

/// The zero closes the lengths, so that no byte of theirs touches the name.
struct Lengths {
    std::uint32_t name = 0;
    std::uint32_t value = 0;
    char zero = 0;
};
constexpr std::size_t kLengthsSize = offsetof(Lengths, zero) + 1;
constexpr std::size_t kLineSize = kLengthsSize + 2;

Lengths lengthsAt(const char *at) noexcept
{
    Lengths lengths;
    std::memcpy(&lengths, at, kLengthsSize);
    return lengths;
}

} // namespace

PairLine PairLineIterator::operator*() const noexcept
{
    const auto lengths = lengthsAt(m_at);
    const char *const name = m_at + kLengthsSize;
    return {{name, lengths.name}, {name + lengths.name + 1, lengths.value}};
}

PairLineIterator &PairLineIterator::operator++() noexcept
{
    const auto lengths = lengthsAt(m_at);
    m_at += kLineSize + lengths.name + lengths.value;
    return *this;
}

Pairs::Pairs(std::initializer_list<Line> lines)
{
    for (const auto &[name, value] : lines)
        add(name, value);
}

void Pairs::add(std::string_view name, std::string_view value)
{
    const Lengths lengths{.name = std::uint32_t(name.size()), .value = std::uint32_t(value.size())};
    const auto before = m_block.size();
    m_block.resize(before + kLineSize + name.size() + value.size()); // with zeros
    char *out = m_block.data() + before;
    std::memcpy(out, &lengths, kLengthsSize);
    out += kLengthsSize;
    std::ranges::copy(name, out);
    std::ranges::copy(value, out + name.size() + 1);
}

void Pairs::reserve(std::size_t lines, std::size_t bytes)
{
    m_block.reserve(lines * kLineSize + bytes);
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
