// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>

namespace portolan::trace {

/// A name and its value; views are valid until the pairs change.
struct PairLine {
    std::string_view name{};
    std::string_view value{};
};

/// Walks the lines.
class PairLineIterator
{
public:
    using value_type = PairLine;
    using difference_type = std::ptrdiff_t;

    explicit PairLineIterator(const char *at = nullptr)
        : m_at(at)
    { }
    PairLine operator*() const noexcept
    {
        const auto [name, value] = lengths();
        const char *const text = m_at + kLengthsSize;
        return {{text, name}, {text + name + 1, value}};
    }
    PairLineIterator &operator++() noexcept
    {
        const auto [name, value] = lengths();
        m_at += kLineSize + name + value;
        return *this;
    }
    PairLineIterator operator++(int) noexcept
    {
        const auto before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const PairLineIterator &, const PairLineIterator &) = default;

private:
    friend class Pairs;
    struct Lengths {
        std::uint32_t name = 0;
        std::uint32_t value = 0;
    };
    // A zero closes the lengths, so that no byte of theirs touches the name, and one each of the texts.
    static constexpr std::size_t kLengthsSize = sizeof(Lengths) + 1;
    static constexpr std::size_t kLineSize = kLengthsSize + 2;

    [[nodiscard]] Lengths lengths() const noexcept
    {
        Lengths lengths;
        std::memcpy(&lengths, m_at, sizeof lengths);
        return lengths;
    }

    const char *m_at;
};

/// What range-for gives: copies, for windows and tests, which keep strings.
class PairIterator
{
public:
    using value_type = std::pair<std::string, std::string>;
    using difference_type = std::ptrdiff_t;

    explicit PairIterator(PairLineIterator at = PairLineIterator())
        : m_at(at)
    { }
    value_type operator*() const
    {
        const auto [name, value] = *m_at;
        return {std::string(name), std::string(value)};
    }
    PairIterator &operator++() noexcept
    {
        ++m_at;
        return *this;
    }
    PairIterator operator++(int) noexcept { return PairIterator(m_at++); }
    friend bool operator==(const PairIterator &, const PairIterator &) = default;

private:
    PairLineIterator m_at;
};

/// Names with their values, in order, names may repeat: header lines and metadata of a record. All of it lies
/// in one block: a record passes from the thread that made it to the one that writes it, and twenty header
/// lines as forty strings cost more to allocate and free than all else that is done with them.
class Pairs
{
public:
    using Line = PairLine;

    Pairs() = default;
    Pairs(std::initializer_list<Line> lines);

    void add(std::string_view name, std::string_view value);
    /// Room for that many lines with so many bytes of names and values.
    void reserve(std::size_t lines, std::size_t bytes);
    void clear() noexcept { m_block.clear(); }

    [[nodiscard]] std::ranges::subrange<PairLineIterator> lines() const noexcept
    {
        return {PairLineIterator(m_block.data()), PairLineIterator(m_block.data() + m_block.size())};
    }
    [[nodiscard]] bool empty() const noexcept { return m_block.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return std::size_t(std::ranges::distance(lines())); }
    /// Counts from the first: for tests.
    [[nodiscard]] Line operator[](std::size_t index) const noexcept;
    [[nodiscard]] PairIterator begin() const noexcept { return PairIterator(lines().begin()); }
    [[nodiscard]] PairIterator end() const noexcept { return PairIterator(lines().end()); }

    /// All names and values with a zero byte before and behind each, and their lengths between them: for a
    /// look at everything at once.
    [[nodiscard]] std::string_view block() const noexcept { return m_block; }
    [[nodiscard]] std::size_t heapBytes() const noexcept;

    friend bool operator==(const Pairs &, const Pairs &) = default;

private:
    std::string m_block{}; // of each line: lengths, zero, name, zero, value, zero
};

} // namespace portolan::trace
