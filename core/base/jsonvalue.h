// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonreader.h"
#include "core/base/rawjson.h"

#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

namespace portolan {

/// Looks at one value of a JsonDocument and asks it what it is; every question has an answer, also for a
/// value that is absent or of another kind. A view: the document must stay where it is.
///
///     for (const JsonValue message : JsonValue(document)["messages"].elements())
///         read(message["role"].stringOr("user"), message["content"]);
class JsonValue
{
public:
    class Iterator;
    class Range;

    JsonValue() = default; ///< absent
    explicit JsonValue(const JsonDocument &document)
        : JsonValue(document, document.root())
    { }
    JsonValue(const JsonDocument &document, const JsonNode &node)
        : m_document(&document)
        , m_node(&node)
    { }

    /// There and not null: in the wire formats of the field null means absent nearly everywhere.
    explicit operator bool() const noexcept { return m_node && m_node->kind != JsonNode::Kind::Null; }
    [[nodiscard]] bool present() const noexcept { return m_node != nullptr; } ///< null counts
    [[nodiscard]] bool isNull() const noexcept { return is(JsonNode::Kind::Null); }
    [[nodiscard]] bool isBool() const noexcept { return is(JsonNode::Kind::Bool); }
    [[nodiscard]] bool isNumber() const noexcept { return is(JsonNode::Kind::Number); }
    [[nodiscard]] bool isString() const noexcept { return is(JsonNode::Kind::String); }
    [[nodiscard]] bool isArray() const noexcept { return is(JsonNode::Kind::Array); }
    [[nodiscard]] bool isObject() const noexcept { return is(JsonNode::Kind::Object); }

    /// The member of an object; absent when this is none. Of members with one name the last counts.
    [[nodiscard]] JsonValue operator[](std::string_view name) const;
    /// Members or elements in the order of the text; empty for everything else.
    [[nodiscard]] Range members() const;
    [[nodiscard]] Range elements() const;
    [[nodiscard]] bool empty() const noexcept; ///< no member, no element, or neither array nor object
    [[nodiscard]] std::size_t size() const;    ///< of members or elements; walks over them

    /// The name of a member, decoded.
    [[nodiscard]] std::string key() const;
    /// The string decoded; nothing for every other kind.
    [[nodiscard]] std::optional<std::string> string() const;
    [[nodiscard]] std::string stringOr(std::string_view otherwise) const;
    /// True when this is a string with that very text.
    [[nodiscard]] bool equals(std::string_view text) const;
    [[nodiscard]] std::optional<bool> boolean() const;
    /// A whole number in 64 bits, also when written as 3.0 or 3e2; nothing for fractions and what is out of
    /// range.
    [[nodiscard]] std::optional<std::int64_t> integer() const;
    [[nodiscard]] std::optional<double> number() const; ///< finite
    /// The text of the value as it was written; empty when absent.
    [[nodiscard]] std::string_view raw() const;
    [[nodiscard]] RawJson rawJson() const { return RawJson{std::string(raw())}; }
    [[nodiscard]] ByteRange range() const noexcept { return m_node ? m_node->range : ByteRange{}; }
    [[nodiscard]] ByteRange keyRange() const noexcept { return m_node ? m_node->key : ByteRange{}; }

private:
    [[nodiscard]] bool is(JsonNode::Kind kind) const noexcept { return m_node && m_node->kind == kind; }
    [[nodiscard]] Range children(JsonNode::Kind kind) const;

    const JsonDocument *m_document = nullptr;
    const JsonNode *m_node = nullptr;
};

class JsonValue::Iterator
{
public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = JsonValue;
    using difference_type = std::ptrdiff_t;
    using pointer = const JsonValue *;
    using reference = JsonValue;

    Iterator() = default;
    Iterator(const JsonDocument *document, std::uint32_t index)
        : m_document(document)
        , m_index(index)
    { }

    JsonValue operator*() const { return {*m_document, m_document->node(m_index)}; }
    Iterator &operator++()
    {
        m_index = m_document->node(m_index).next;
        return *this;
    }
    Iterator operator++(int)
    {
        const Iterator before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const Iterator &a, const Iterator &b) noexcept { return a.m_index == b.m_index; }

private:
    const JsonDocument *m_document = nullptr;
    std::uint32_t m_index = JsonNode::kNone;
};

class JsonValue::Range
{
public:
    Range() = default;
    Range(const JsonDocument *document, std::uint32_t first)
        : m_begin(document, first)
    { }

    [[nodiscard]] Iterator begin() const { return m_begin; }
    [[nodiscard]] Iterator end() const { return {}; }

private:
    Iterator m_begin{};
};

} // namespace portolan
