// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonvalue.h"

#include <charconv>
#include <cmath>

namespace portolan {
namespace {

constexpr double kTwoTo63 = 9223372036854775808.0;

/// The text between the quotes when it needs no decoding.
std::optional<std::string_view> plainText(std::string_view quoted)
{
    if (quoted.size() < 2 || quoted.find('\\') != std::string_view::npos)
        return std::nullopt;
    return quoted.substr(1, quoted.size() - 2);
}

std::string decoded(std::string_view quoted)
{
    if (const auto plain = plainText(quoted))
        return std::string(*plain);
    return decodeJsonString(quoted).value_or(std::string());
}

bool sameText(std::string_view quoted, std::string_view text)
{
    const auto plain = plainText(quoted);
    return plain ? *plain == text : decoded(quoted) == text;
}

} // namespace

JsonValue JsonValue::operator[](std::string_view name) const
{
    JsonValue found;
    for (const JsonValue member : members()) {
        if (sameText(m_document->text(member.m_node->key), name))
            found = member;
    }
    return found;
}

JsonValue::Range JsonValue::members() const
{
    return children(JsonNode::Kind::Object);
}

JsonValue::Range JsonValue::elements() const
{
    return children(JsonNode::Kind::Array);
}

JsonValue::Range JsonValue::children(JsonNode::Kind kind) const
{
    return is(kind) ? Range(m_document, m_node->first_child) : Range();
}

bool JsonValue::empty() const noexcept
{
    return !m_node || m_node->first_child == JsonNode::kNone;
}

std::size_t JsonValue::size() const
{
    const Range range = isObject() ? members() : elements();
    return std::size_t(std::distance(range.begin(), range.end()));
}

std::string JsonValue::key() const
{
    return m_node && m_node->key.size > 0 ? decoded(m_document->text(m_node->key)) : std::string();
}

std::optional<std::string> JsonValue::string() const
{
    return isString() ? std::optional(decoded(raw())) : std::nullopt;
}

std::string JsonValue::stringOr(std::string_view otherwise) const
{
    return isString() ? decoded(raw()) : std::string(otherwise);
}

bool JsonValue::equals(std::string_view text) const
{
    return isString() && sameText(raw(), text);
}

std::optional<bool> JsonValue::boolean() const
{
    return isBool() ? std::optional(raw() == "true") : std::nullopt;
}

std::optional<std::int64_t> JsonValue::integer() const
{
    if (!isNumber())
        return std::nullopt;
    const std::string_view text = raw();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size())
        return value;
    const auto real = number();
    if (!real || std::trunc(*real) != *real || *real < -kTwoTo63 || *real >= kTwoTo63)
        return std::nullopt;
    return std::int64_t(*real);
}

std::optional<double> JsonValue::number() const
{
    if (!isNumber())
        return std::nullopt;
    const std::string_view text = raw();
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::string_view JsonValue::raw() const
{
    return m_node ? m_document->text(m_node->range) : std::string_view();
}

} // namespace portolan
