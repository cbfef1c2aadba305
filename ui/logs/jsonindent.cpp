// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/logs/jsonindent.h"

namespace portolan::ui {

namespace {

constexpr std::size_t kMaxDepth = 512;

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool isLiteral(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

std::size_t skipBlanks(std::string_view text, std::size_t at)
{
    while (at < text.size() && isBlank(text[at]))
        ++at;
    return at;
}

// The end of the string that opens at `at`, or npos.
std::size_t stringEnd(std::string_view text, std::size_t at)
{
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    }
    return std::string_view::npos;
}

std::size_t literalEnd(std::string_view text, std::size_t at)
{
    while (at < text.size() && isLiteral(text[at]))
        ++at;
    return at;
}

class Indenter
{
public:
    Indenter(std::string_view text, std::size_t max_bytes)
        : m_text(text)
        , m_max(max_bytes)
    { }

    std::optional<std::string> run()
    {
        for (m_at = skipBlanks(m_text, 0); m_at < m_text.size(); m_at = skipBlanks(m_text, m_at)) {
            if (m_done || m_out.size() > m_max || !token())
                return {};
        }
        return m_open.empty() && m_done ? std::optional(std::move(m_out)) : std::nullopt;
    }

private:
    bool token()
    {
        switch (const char c = m_text[m_at]) {
        case '{':
        case '[': return open(c);
        case '}':
        case ']': return close(c);
        case ',': return comma();
        case ':':
            m_out += ": ";
            ++m_at;
            return !m_open.empty() && m_open.back() == '{';
        case '"': return take(stringEnd(m_text, m_at));
        default: return isLiteral(c) && take(literalEnd(m_text, m_at));
        }
    }

    bool take(std::size_t end)
    {
        if (end == std::string_view::npos)
            return false;
        m_out += m_text.substr(m_at, end - m_at);
        m_at = end;
        m_done = m_open.empty();
        return true;
    }

    bool open(char c)
    {
        const char match = c == '{' ? '}' : ']';
        const std::size_t next = skipBlanks(m_text, m_at + 1);
        m_out += c;
        if (next < m_text.size() && m_text[next] == match) {
            m_out += match;
            m_at = next + 1;
            m_done = m_open.empty();
            return true;
        }
        m_open += c;
        ++m_at;
        newLine();
        return m_open.size() <= kMaxDepth;
    }

    bool close(char c)
    {
        if (m_open.empty() || m_open.back() != (c == '}' ? '{' : '['))
            return false;
        m_open.pop_back();
        newLine();
        m_out += c;
        ++m_at;
        m_done = m_open.empty();
        return true;
    }

    bool comma()
    {
        m_out += ',';
        ++m_at;
        newLine();
        return !m_open.empty();
    }

    void newLine()
    {
        m_out += '\n';
        m_out.append(2 * m_open.size(), ' ');
    }

    std::string_view m_text;
    std::size_t m_max;
    std::size_t m_at = 0;
    std::string m_open; // brackets not yet closed
    std::string m_out;
    bool m_done = false;
};

} // namespace

std::optional<std::string> indentJson(std::string_view text, std::size_t max_bytes)
{
    return Indenter(text, max_bytes).run();
}

} // namespace portolan::ui
