// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonreader.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace portolan {

namespace {

using Kind = JsonNode::Kind;

JsonDocument::Position positionIn(std::string_view text, std::size_t offset)
{
    const std::string_view before = text.substr(0, offset);
    const auto line_start = before.rfind('\n') + 1; // npos + 1 is 0
    const auto isCharacter = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
    return {.line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
            .column
            = static_cast<std::size_t>(std::ranges::count_if(before.substr(line_start), isCharacter)) + 1};
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// The four hexadecimal digits of a \u escape, or -1.
int codeUnit(std::string_view digits)
{
    if (digits.size() < 4)
        return -1;
    int unit = 0;
    for (const char c : digits.substr(0, 4)) {
        const int value = hexValue(c);
        if (value < 0)
            return -1;
        unit = unit * 16 + value;
    }
    return unit;
}

bool isHighSurrogate(int unit)
{
    return unit >= 0xD800 && unit <= 0xDBFF;
}

bool isLowSurrogate(int unit)
{
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

/// One escape: how many bytes it has from its backslash on (0: malformed) and the character it stands for.
struct Escape {
    std::size_t size = 0;
    char32_t character = 0;
};

Escape escapeAt(std::string_view text)
{
    if (text.size() < 2)
        return {};
    switch (text[1]) {
    case '"':
    case '\\':
    case '/': return {2, static_cast<char32_t>(text[1])};
    case 'b': return {2, U'\b'};
    case 'f': return {2, U'\f'};
    case 'n': return {2, U'\n'};
    case 'r': return {2, U'\r'};
    case 't': return {2, U'\t'};
    case 'u': break;
    default: return {};
    }
    const int unit = codeUnit(text.substr(2));
    if (unit < 0 || isLowSurrogate(unit))
        return {};
    if (!isHighSurrogate(unit))
        return {6, static_cast<char32_t>(unit)};
    const std::string_view second = text.substr(6);
    const int low = second.starts_with("\\u") ? codeUnit(second.substr(2)) : -1;
    if (!isLowSurrogate(low))
        return {};
    return {12, static_cast<char32_t>(0x10000 + (unit - 0xD800) * 0x400 + (low - 0xDC00))};
}

void appendUtf8(std::string &out, char32_t c)
{
    const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80U | (c >> shift & 0x3FU)); };
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0U | c >> 6U);
        tail(0);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0U | c >> 12U);
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0U | c >> 18U);
        tail(12);
        tail(6);
        tail(0);
    }
}

/// Reads the grammar and tells a sink what it finds: opened(kind, offset), closed(end), scalar(kind, range)
/// and key(range). No recursion: a hostile text costs heap, never stack.
template <typename Sink>
class Grammar
{
public:
    Grammar(std::string_view text, const JsonLimits &limits, Sink &sink)
        : m_text(text)
        , m_limits(limits)
        , m_sink(sink)
    { }

    Result<> read()
    {
        if (!isUtf8(m_text))
            return fail(
                {.origin = Origin::Client, .code = "json.encoding", .message = "Send JSON as UTF-8 text."});
        if (document())
            return {};
        return fail(std::move(m_error));
    }

private:
    bool document()
    {
        bool wants_value = true;
        while (wants_value || !m_open.empty()) {
            skipBlanks();
            if (!(wants_value ? value(wants_value) : afterValue(wants_value)))
                return false;
        }
        skipBlanks();
        return m_at == m_text.size() || wrong("the text should end here");
    }

    /// Reads a scalar, an empty container or the opening of a container with its first key.
    bool value(bool &wants_value)
    {
        if (++m_nodes > m_limits.nodes)
            return failed("json.too_many_nodes", fmt::format("it has more than {} values", m_limits.nodes));
        const char c = peek();
        if (c == '{' || c == '[')
            return open(c, wants_value);
        wants_value = false;
        const std::size_t begin = m_at;
        if (c == '"')
            return string() && told(Kind::String, begin);
        if (c == '-' || (c >= '0' && c <= '9'))
            return number() && told(Kind::Number, begin);
        if (c == 'n')
            return word("null") && told(Kind::Null, begin);
        if (c == 't' || c == 'f')
            return word(c == 't' ? "true" : "false") && told(Kind::Bool, begin);
        return wrong("a value belongs here");
    }

    bool open(char bracket, bool &wants_value)
    {
        if (m_open.size() == m_limits.depth)
            return failed("json.too_deep", fmt::format("it is nested deeper than {} levels", m_limits.depth));
        m_open.push_back(bracket);
        m_sink.opened(bracket == '{' ? Kind::Object : Kind::Array, m_at);
        ++m_at;
        skipBlanks();
        if (peek() == closing()) {
            close();
            wants_value = false;
            return true;
        }
        wants_value = true;
        return bracket == '[' || key();
    }

    /// After a value inside a container: a comma and what follows it, or the closing bracket.
    bool afterValue(bool &wants_value)
    {
        const char c = peek();
        if (c == closing()) {
            close();
            return true;
        }
        const bool in_object = m_open.back() == '{';
        if (c != ',')
            return wrong(in_object ? "a comma or } belongs here" : "a comma or ] belongs here");
        ++m_at;
        wants_value = true;
        if (!in_object)
            return true;
        skipBlanks();
        return key();
    }

    bool key()
    {
        if (peek() != '"')
            return wrong("a member's name in double quotes belongs here");
        const std::size_t begin = m_at;
        if (!string())
            return false;
        m_sink.key({begin, m_at - begin});
        skipBlanks();
        if (peek() != ':')
            return wrong("a colon belongs here");
        ++m_at;
        return true;
    }

    bool string()
    {
        for (++m_at; m_at < m_text.size();) {
            const char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20)
                return wrong("control characters in strings need an escape");
            const std::size_t size = c == '\\' ? escapeAt(m_text.substr(m_at)).size : 1;
            if (size == 0)
                return wrong("this escape does not exist");
            m_at += size;
        }
        return wrong("the string has no end");
    }

    bool number()
    {
        if (peek() == '-')
            ++m_at;
        if (peek() == '0')
            ++m_at;
        else if (!digits())
            return wrong("a digit belongs here");
        if (peek() == '.') {
            ++m_at;
            if (!digits())
                return wrong("a digit belongs here");
        }
        if (peek() == 'e' || peek() == 'E') {
            ++m_at;
            if (peek() == '+' || peek() == '-')
                ++m_at;
            if (!digits())
                return wrong("a digit belongs here");
        }
        return true;
    }

    bool digits()
    {
        const std::size_t begin = m_at;
        while (peek() >= '0' && peek() <= '9')
            ++m_at;
        return m_at > begin;
    }

    bool word(std::string_view expected)
    {
        if (!m_text.substr(m_at).starts_with(expected))
            return wrong("a value belongs here");
        m_at += expected.size();
        return true;
    }

    bool told(Kind kind, std::size_t begin)
    {
        m_sink.scalar(kind, {begin, m_at - begin});
        return true;
    }

    void close()
    {
        m_open.pop_back();
        ++m_at;
        m_sink.closed(m_at);
    }

    void skipBlanks()
    {
        while (m_at < m_text.size()
               && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\r'
                   || m_text[m_at] == '\t')) {
            ++m_at;
        }
    }

    /// The next byte; NUL, which no rule accepts, at the end.
    [[nodiscard]] char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    [[nodiscard]] char closing() const { return m_open.back() == '{' ? '}' : ']'; }

    bool wrong(std::string_view what) { return failed("json.syntax", what); }

    bool failed(std::string code, std::string_view what)
    {
        const auto [line, column] = positionIn(m_text, m_at);
        m_error = {.origin = Origin::Client,
                   .code = std::move(code),
                   .message = fmt::format("Correct the JSON at byte {} (line {}, column {}): {}.", m_at, line,
                                          column, what)};
        return false;
    }

    const std::string_view m_text;
    const JsonLimits &m_limits;
    Sink &m_sink;
    std::size_t m_at = 0;
    std::size_t m_nodes = 0;
    std::string m_open{}; // the brackets that wait for their end
    Error m_error{};
};

struct IgnoringSink {
    void opened(Kind /*kind*/, std::size_t /*offset*/) { }
    void closed(std::size_t /*end*/) { }
    void scalar(Kind /*kind*/, ByteRange /*range*/) { }
    void key(ByteRange /*range*/) { }
};

/// Links the nodes as they come: each open container remembers its last child.
class TreeSink
{
public:
    explicit TreeSink(std::vector<JsonNode> &nodes)
        : m_nodes(nodes)
    { }

    void opened(Kind kind, std::size_t offset)
    {
        add({.kind = kind, .range = {offset, 0}, .key = std::exchange(m_key, {})});
        m_open.push_back({.node = static_cast<std::uint32_t>(m_nodes.size() - 1)});
    }
    void closed(std::size_t end)
    {
        ByteRange &range = m_nodes[m_open.back().node].range;
        range.size = end - range.offset;
        m_open.pop_back();
    }
    void scalar(Kind kind, ByteRange range)
    {
        add({.kind = kind, .range = range, .key = std::exchange(m_key, {})});
    }
    void key(ByteRange range) { m_key = range; }

private:
    struct Open {
        std::uint32_t node = 0;
        std::uint32_t last_child = JsonNode::kNone;
    };

    void add(const JsonNode &node)
    {
        const auto index = static_cast<std::uint32_t>(m_nodes.size());
        m_nodes.push_back(node);
        if (m_open.empty())
            return;
        Open &parent = m_open.back();
        if (parent.last_child == JsonNode::kNone)
            m_nodes[parent.node].first_child = index;
        else
            m_nodes[parent.last_child].next = index;
        parent.last_child = index;
    }

    std::vector<JsonNode> &m_nodes;
    std::vector<Open> m_open{};
    ByteRange m_key{};
};

/// "~1" is a slash and "~0" a tilde (RFC 6901); nothing when another character follows a tilde.
std::optional<std::string> unescapedToken(std::string_view token)
{
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
        if (token[i] != '~') {
            out += token[i];
            continue;
        }
        ++i;
        if (i == token.size() || (token[i] != '0' && token[i] != '1'))
            return std::nullopt;
        out += token[i] == '0' ? '~' : '/';
    }
    return out;
}

/// An array index as RFC 6901 writes it: no sign, no leading zero.
std::optional<std::size_t> arrayIndex(std::string_view token)
{
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    if (error != std::errc{} || end != token.data() + token.size()
        || (token.size() > 1 && token.front() == '0'))
        return std::nullopt;
    return index;
}

} // namespace

Result<> validateJson(std::string_view text, const JsonLimits &limits)
{
    IgnoringSink sink;
    return Grammar(text, limits, sink).read();
}

std::optional<std::string> decodeJsonString(std::string_view quoted)
{
    if (quoted.size() < 2 || quoted.front() != '"' || quoted.back() != '"')
        return std::nullopt;
    std::string_view rest = quoted.substr(1, quoted.size() - 2);
    std::string out;
    out.reserve(rest.size());
    while (!rest.empty()) {
        const char c = rest.front();
        if (c == '"' || static_cast<unsigned char>(c) < 0x20)
            return std::nullopt;
        if (c != '\\') {
            out += c;
            rest.remove_prefix(1);
            continue;
        }
        const Escape escape = escapeAt(rest);
        if (escape.size == 0)
            return std::nullopt;
        appendUtf8(out, escape.character);
        rest.remove_prefix(escape.size);
    }
    if (!isUtf8(out))
        return std::nullopt;
    return out;
}

Result<JsonDocument> JsonDocument::parse(std::string text, const JsonLimits &limits)
{
    JsonDocument document;
    document.m_text = std::move(text);
    TreeSink sink(document.m_nodes);
    if (auto read = Grammar(std::string_view(document.m_text), limits, sink).read(); !read)
        return fail(std::move(read).error());
    return document;
}

std::string_view JsonDocument::text(ByteRange range) const
{
    return std::string_view(m_text).substr(range.offset, range.size);
}

const JsonNode *JsonDocument::find(std::string_view pointer) const
{
    const JsonNode *node = &root();
    while (node && !pointer.empty()) {
        if (pointer.front() != '/')
            return nullptr;
        pointer.remove_prefix(1);
        const auto end = std::min(pointer.find('/'), pointer.size());
        const auto token = unescapedToken(pointer.substr(0, end));
        node = token ? child(*node, *token) : nullptr;
        pointer.remove_prefix(end);
    }
    return node;
}

const JsonNode *JsonDocument::child(const JsonNode &parent, const std::string &token) const
{
    const auto index = parent.kind == Kind::Array ? arrayIndex(token) : std::nullopt;
    const JsonNode *found = nullptr;
    std::size_t at = 0;
    for (auto i = parent.first_child; i != JsonNode::kNone; i = m_nodes[i].next, ++at) {
        if (parent.kind == Kind::Array ? index == at : decodeJsonString(text(m_nodes[i].key)) == token)
            found = &m_nodes[i];
    }
    return found;
}

JsonDocument::Position JsonDocument::position(std::size_t offset) const
{
    return positionIn(m_text, std::min(offset, m_text.size()));
}

} // namespace portolan
