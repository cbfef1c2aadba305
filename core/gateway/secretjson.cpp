// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/gateway/secretjson.h"

#include "core/base/jsonreader.h"

#include <sodium.h>

#include <charconv>

namespace portolan::gateway {

namespace {

/// Goes over a text that validateJson has approved of.
class Scanner
{
public:
    explicit Scanner(std::string_view text)
        : m_text(text)
    { }

    char next()
    {
        m_at = std::min(m_text.find_first_not_of(" \t\r\n", m_at), m_text.size());
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }
    void step() { ++m_at; }

    std::string_view string()
    {
        const auto begin = m_at++;
        while (m_text[m_at] != '"')
            m_at += m_text[m_at] == '\\' ? 2 : 1;
        ++m_at;
        return m_text.substr(begin, m_at - begin);
    }

    std::string_view value()
    {
        const auto begin = m_at;
        int depth = 0;
        do {
            const char c = next();
            if (c == '"') {
                string();
            } else {
                depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
                step();
            }
        } while (depth > 0);
        // A number or a word goes on until something that cannot be its part.
        if (const char first = m_text[begin]; first != '"' && first != '{' && first != '[')
            m_at = std::min(m_text.find_first_of(" \t\r\n,}]", begin), m_text.size());
        return m_text.substr(begin, m_at - begin);
    }

private:
    std::string_view m_text;
    std::size_t m_at = 0;
};

std::string_view unescaped(char c)
{
    switch (c) {
    case 'b': return "\b";
    case 'f': return "\f";
    case 'n': return "\n";
    case 'r': return "\r";
    case 't': return "\t";
    case '"': return "\"";
    case '\\': return "\\";
    case '/': return "/";
    default: return {};
    }
}

} // namespace

WipedText::WipedText(std::size_t capacity)
    : m_capacity(capacity)
{
    m_text.reserve(capacity);
}

WipedText::~WipedText()
{
    sodium_memzero(m_text.data(), m_text.capacity());
}

bool WipedText::append(std::string_view text)
{
    if (text.size() > m_capacity - m_text.size())
        return false;
    m_text.append(text);
    return true;
}

std::optional<std::string_view> jsonMember(std::string_view object, std::string_view name)
{
    if (!validateJson(object))
        return std::nullopt;
    Scanner scanner(object);
    if (scanner.next() != '{')
        return std::nullopt;
    scanner.step();
    std::optional<std::string_view> found;
    while (scanner.next() == '"') {
        const auto key = scanner.string();
        scanner.next(); // the colon
        scanner.step();
        scanner.next();
        const auto value = scanner.value();
        if (key.substr(1, key.size() - 2) == name)
            found = value;
        if (scanner.next() == ',')
            scanner.step();
    }
    return found;
}

bool appendDecoded(std::string_view quoted, WipedText &out)
{
    if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"')
        return false;
    auto text = quoted.substr(1, quoted.size() - 2);
    while (!text.empty()) {
        const auto plain = std::min(text.find('\\'), text.size());
        if (!out.append(text.substr(0, plain)))
            return false;
        text.remove_prefix(plain);
        if (text.empty())
            return true;
        if (text.size() < 2)
            return false;
        if (text[1] != 'u') {
            const auto letter = unescaped(text[1]);
            if (letter.empty() || !out.append(letter))
                return false;
            text.remove_prefix(2);
            continue;
        }
        unsigned code = 0;
        if (text.size() < 6)
            return false;
        const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, code, 16);
        if (error != std::errc{} || end != text.data() + 6 || code == 0 || code > 0x7F)
            return false;
        const char letter = static_cast<char>(code);
        if (!out.append({&letter, 1}))
            return false;
        text.remove_prefix(6);
    }
    return true;
}

} // namespace portolan::gateway
