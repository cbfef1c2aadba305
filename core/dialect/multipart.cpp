// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/multipart.h"

#include "core/base/text.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace portolan::dialect {

namespace {

constexpr std::size_t kLongestBoundary = 70; // RFC 2046
constexpr std::size_t kLongestPadding = 128; // blanks behind a delimiter
constexpr std::string_view kCrlf = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

std::unexpected<Error> bad(std::string code, std::string message)
{
    return fail({.origin = Origin::Client, .code = std::move(code), .message = std::move(message)});
}

std::unexpected<Error> badPartHead()
{
    return bad("multipart.bad_part_head",
               "Give each part of the form one \"Content-Disposition: form-data\" line with one name.");
}

bool isAlnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// RFC 9110 token.
bool isTokenCharacter(char c)
{
    return isAlnum(c) || std::string_view("!#$%&'*+-.^_`|~").contains(c);
}

bool isBoundaryCharacter(char c)
{
    return isAlnum(c) || std::string_view("'()+_,-./:=? ").contains(c);
}

struct Parameter {
    std::string name{}; ///< in lower case
    std::string value{};
};

/// Takes a token off the front of the text.
std::string_view takeToken(std::string_view &text)
{
    const auto size
        = static_cast<std::size_t>(std::ranges::find_if_not(text, isTokenCharacter) - text.begin());
    const std::string_view token = text.substr(0, size);
    text.remove_prefix(size);
    return token;
}

/// Takes a quoted string, its quotes and backslashes removed; nothing when it has no end.
std::optional<std::string> takeQuoted(std::string_view &text)
{
    std::string value;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return value;
        }
        if (text[i] == '\\' && ++i == text.size())
            break;
        value += text[i];
    }
    return std::nullopt;
}

void skipBlanks(std::string_view &text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// `; name=value` any number of times, to the end of the text; nothing when it reads otherwise.
std::optional<std::vector<Parameter>> parameters(std::string_view text)
{
    std::vector<Parameter> all;
    for (skipBlanks(text); !text.empty(); skipBlanks(text)) {
        if (text.front() != ';')
            return std::nullopt;
        text.remove_prefix(1);
        skipBlanks(text);
        if (text.empty())
            break; // a semicolon at the end is common and says nothing
        Parameter parameter{.name = toLowerAscii(takeToken(text))};
        if (parameter.name.empty() || !text.starts_with('='))
            return std::nullopt;
        text.remove_prefix(1);
        auto value = text.starts_with('"') ? takeQuoted(text) : std::optional(std::string(takeToken(text)));
        if (!value)
            return std::nullopt;
        parameter.value = *std::move(value);
        all.push_back(std::move(parameter));
    }
    return all;
}

/// The value of the only parameter of that name.
const Parameter *onlyOne(const std::vector<Parameter> &all, std::string_view name)
{
    const auto named = [&](const Parameter &parameter) { return parameter.name == name; };
    const auto found = std::ranges::find_if(all, named);
    return found != all.end() && std::ranges::count_if(all, named) == 1 ? &*found : nullptr;
}

bool names(const std::vector<Parameter> &all, std::string_view name)
{
    return std::ranges::any_of(all, [&](const Parameter &parameter) { return parameter.name == name; });
}

/// What a part's head says of it.
struct PartHead {
    std::string name{};
    bool is_text = true; ///< no file, and written as it is
};

/// Nothing for a head that is not exactly as RFC 7578 wants it.
std::optional<PartHead> readPartHead(std::string_view head)
{
    std::optional<PartHead> part;
    bool plain = true;
    while (!head.empty()) {
        const std::string_view line = head.substr(0, head.find(kCrlf));
        head.remove_prefix(std::min(head.size(), line.size() + kCrlf.size()));
        std::string_view rest = line;
        const std::string name = toLowerAscii(takeToken(rest));
        if (name.empty() || !rest.starts_with(':')
            || line.find_first_of({"\r\n\0", 3}) != std::string_view::npos)
            return std::nullopt;
        rest = trimmed(rest.substr(1));
        if (name == "content-transfer-encoding") {
            plain = equalsIgnoringCase(rest, "7bit") || equalsIgnoringCase(rest, "8bit")
                || equalsIgnoringCase(rest, "binary");
        }
        if (name != "content-disposition")
            continue;
        if (part || !equalsIgnoringCase(takeToken(rest), "form-data"))
            return std::nullopt;
        const auto all = parameters(rest);
        const Parameter *field = all ? onlyOne(*all, "name") : nullptr;
        if (!field || names(*all, "name*"))
            return std::nullopt;
        part = {.name = field->value, .is_text = !names(*all, "filename") && !names(*all, "filename*")};
    }
    if (part)
        part->is_text = part->is_text && plain;
    return part;
}

} // namespace

Result<std::string> multipartBoundary(std::string_view content_type)
{
    constexpr std::string_view kType = "multipart/form-data";
    const auto refused = [] {
        return bad("multipart.bad_content_type",
                   "Send the form as Content-Type: multipart/form-data; boundary=... with a boundary of 1 to "
                   "70 letters, "
                   "digits or - _ characters.");
    };
    const std::string_view text = trimmed(content_type);
    if (!startsWithIgnoringCase(text, kType))
        return refused();
    const auto all = parameters(text.substr(kType.size()));
    const Parameter *boundary = all ? onlyOne(*all, "boundary") : nullptr;
    if (!boundary || boundary->value.empty() || boundary->value.size() > kLongestBoundary
        || boundary->value.ends_with(' ') || !std::ranges::all_of(boundary->value, isBoundaryCharacter)) {
        return refused();
    }
    return boundary->value;
}

MultipartReader::MultipartReader(std::string_view boundary)
    : m_delimiter(std::string("\r\n--").append(boundary))
{ }

Result<> MultipartReader::feed(std::string_view piece)
{
    while (!piece.empty() && m_state != State::Epilogue) {
        auto rest = m_state == State::Content ? content(piece)
            : m_state == State::DelimiterEnd  ? delimiterEnd(piece)
                                              : partHead(piece);
        if (!rest)
            return fail(std::move(rest).error());
        m_offset += piece.size() - rest->size();
        piece = *rest;
    }
    return {};
}

Result<> MultipartReader::finish() const
{
    if (complete())
        return {};
    return bad("multipart.incomplete", "Send the whole form: its closing boundary is missing.");
}

/// Looks for the delimiter. CR stands at its beginning only, so that after a mismatch nothing read before can
/// begin one.
Result<std::string_view> MultipartReader::content(std::string_view rest)
{
    while (!rest.empty()) {
        if (m_matched == 0) {
            const std::string_view plain = rest.substr(0, rest.find('\r'));
            if (auto kept = keep(plain); !kept)
                return fail(std::move(kept).error());
            rest.remove_prefix(plain.size());
            m_matched = rest.empty() ? 0 : 1;
            rest.remove_prefix(m_matched);
            continue;
        }
        if (rest.front() != m_delimiter[m_matched]) {
            const std::size_t unread = m_at_start ? 2 : 0;
            if (auto kept = keep(std::string_view(m_delimiter).substr(unread, m_matched - unread)); !kept)
                return fail(std::move(kept).error());
            m_at_start = false;
            m_matched = 0;
            continue;
        }
        ++m_matched;
        rest.remove_prefix(1);
        if (m_matched == m_delimiter.size()) {
            if (auto ended = endContent(); !ended)
                return fail(std::move(ended).error());
            return rest;
        }
    }
    return rest;
}

Result<> MultipartReader::keep(std::string_view bytes)
{
    if (!m_field)
        return {};
    if (m_value.value.size() + bytes.size() > kFieldBytes) {
        return bad("multipart.field_too_large",
                   "Shorten the form's model, stream and response_format fields to 1024 bytes.");
    }
    m_value.value += bytes;
    return {};
}

Result<> MultipartReader::endContent()
{
    // RFC 2046 lets a part end right behind its head; readers differ on it.
    if (m_in_part && m_at_start)
        return bad("multipart.bad_delimiter",
                   "Put an empty line and the value before each boundary of the form.");
    if (m_field) {
        m_value.range.size = m_value.value.size();
        *std::exchange(m_field, nullptr) = std::exchange(m_value, {});
    }
    m_line.clear();
    m_state = State::DelimiterEnd;
    return {};
}

/// What follows the boundary on its line: "--" at the end of the form, else nothing but blanks.
Result<std::string_view> MultipartReader::delimiterEnd(std::string_view rest)
{
    m_line += rest.front();
    rest.remove_prefix(1);
    if (m_line == "--") {
        m_state = State::Epilogue;
        return rest;
    }
    if (m_line.ends_with(kCrlf) && trimmed(std::string_view(m_line).substr(0, m_line.size() - 2)).empty()) {
        m_line = kCrlf; // an empty head then ends with an empty line as well
        m_state = State::PartHead;
        return rest;
    }
    const std::string_view known
        = m_line.ends_with('\r') ? std::string_view(m_line).substr(0, m_line.size() - 1) : m_line;
    if (m_line == "-" || (trimmed(known).empty() && m_line.size() <= kLongestPadding))
        return rest;
    return bad("multipart.bad_delimiter", "End each boundary line of the form with CR LF.");
}

Result<std::string_view> MultipartReader::partHead(std::string_view rest)
{
    const std::size_t before = m_line.size();
    m_line += rest.substr(0, kPartHeadBytes + kHeadEnd.size() - std::min(before, kPartHeadBytes));
    const auto end = m_line.find(kHeadEnd, before < 3 ? 0 : before - 3);
    if (end == std::string::npos) {
        if (m_line.size() > kPartHeadBytes) {
            return bad("multipart.part_head_too_large",
                       "Shorten the header lines of the form's parts to 8 KiB.");
        }
        return std::string_view{};
    }
    rest.remove_prefix(end + kHeadEnd.size() - before);
    m_line.resize(end);
    m_value.range.offset = m_offset + end + kHeadEnd.size() - before;
    if (auto begun = beginPart(); !begun)
        return fail(std::move(begun).error());
    return rest;
}

Result<> MultipartReader::beginPart()
{
    const auto head = readPartHead(std::string_view(m_line).substr(std::min(m_line.size(), kCrlf.size())));
    if (!head)
        return badPartHead();
    m_state = State::Content;
    m_matched = 2;
    m_at_start = true;
    m_in_part = true;
    m_field = fieldNamed(head->name);
    if (!m_field)
        return {};
    if (*m_field)
        return bad("multipart.duplicate_field",
                   "Give each of the form's fields model, stream and response_format once.");
    if (!head->is_text)
        return bad("multipart.bad_field",
                   "Send the form's fields model, stream and response_format as plain text.");
    return {};
}

std::optional<MultipartField> *MultipartReader::fieldNamed(std::string_view name)
{
    if (name == "model")
        return &m_model;
    if (name == "stream")
        return &m_stream;
    if (name == "response_format")
        return &m_response_format;
    return nullptr;
}

} // namespace portolan::dialect
