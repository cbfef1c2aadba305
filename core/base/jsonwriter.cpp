// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonwriter.h"

#include "core/base/text.h"

#include <array>
#include <charconv>

namespace portolan {

JsonWriter &JsonWriter::object()
{
    separate();
    m_out += '{';
    m_open += '}';
    m_comma = false;
    return *this;
}

JsonWriter &JsonWriter::array()
{
    separate();
    m_out += '[';
    m_open += ']';
    m_comma = false;
    return *this;
}

JsonWriter &JsonWriter::end()
{
    m_out += m_open.back();
    m_open.pop_back();
    m_comma = true;
    return *this;
}

JsonWriter &JsonWriter::key(std::string_view name)
{
    separate();
    m_out += jsonQuoted(name);
    m_out += ':';
    m_comma = false;
    return *this;
}

JsonWriter &JsonWriter::string(std::string_view text)
{
    separate();
    m_out += jsonQuoted(text);
    return *this;
}

JsonWriter &JsonWriter::raw(std::string_view json)
{
    separate();
    m_out += json;
    return *this;
}

JsonWriter &JsonWriter::integer(std::int64_t value)
{
    separate();
    m_out += std::to_string(value);
    return *this;
}

JsonWriter &JsonWriter::number(double value)
{
    std::array<char, 32> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return raw(error == std::errc() ? std::string_view(digits.data(), std::size_t(end - digits.data()))
                                    : std::string_view("0"));
}

void JsonWriter::separate()
{
    if (m_comma)
        m_out += ',';
    m_comma = true;
}

} // namespace portolan
