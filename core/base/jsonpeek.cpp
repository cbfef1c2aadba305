// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonpeek.h"

#include "core/base/jsonreader.h"
#include "core/base/text.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

namespace portolan {

static_assert(kJsonPadding >= simdjson::SIMDJSON_PADDING);

namespace {

constexpr JsonLimits kLimits;

/// simdjson's own limit lies just above ours: it counts empty containers otherwise than we do, so we count.
constexpr std::size_t kParserDepth = kLimits.depth + 2;

/// Buffers for bodies up to this size are kept for the next one; larger ones go back at once (they are 14
/// bytes for each byte of body).
constexpr std::size_t kKeptCapacity = 4U << 20;

struct Member {
    ByteRange key{};
    ByteRange value{};
    std::size_t structural = 0; ///< index of the structural character the value begins with
};

/// The body as simdjson's first stage left it: the offset of every bracket, colon, comma and beginning of a
/// string or scalar. Whole strings are skipped with one step. Trusts that the text is valid.
class Structure
{
public:
    Structure(std::string_view text, std::span<const std::uint32_t> offsets)
        : m_text(text)
        , m_offsets(offsets)
    { }

    /// Calls `each` for the members of the object whose '{' is the structural character `at`.
    template <typename Each>
    void members(std::size_t at, Each each)
    {
        ++at;
        while (character(at) != '}') {
            if (character(at) == ',')
                ++at;
            Member member{.key = scalarAt(at), .structural = at + 2};
            at = skip(member.structural);
            const char first = character(member.structural);
            const std::size_t begin = m_offsets[member.structural];
            member.value = first == '{' || first == '[' ? ByteRange{begin, m_offsets[at - 1] + 1 - begin}
                                                        : scalarAt(member.structural);
            each(member);
        }
    }

    [[nodiscard]] std::size_t depth() const noexcept { return m_depth; }
    [[nodiscard]] std::size_t nodes() const noexcept { return m_nodes; }

private:
    [[nodiscard]] char character(std::size_t at) const { return m_text[m_offsets[at]]; }

    /// From the value at this structural character to the one behind it.
    std::size_t skip(std::size_t at)
    {
        ++m_nodes;
        std::size_t open = 0;
        do {
            switch (character(at)) {
            case '{':
            case '[':
                m_depth = std::max(m_depth, ++open + 1);
                if (const char next = character(at + 1); next != '}' && next != ']')
                    ++m_nodes;
                break;
            case '}':
            case ']': --open; break;
            case ',': ++m_nodes; break;
            default: break;
            }
            ++at;
        } while (open > 0);
        return at;
    }

    /// A string, number or word: from its first byte to the last one before the blanks that follow.
    [[nodiscard]] ByteRange scalarAt(std::size_t at) const
    {
        const std::size_t begin = m_offsets[at];
        std::size_t end = m_offsets[at + 1];
        while (end > begin + 1 && std::string_view(" \t\r\n").contains(m_text[end - 1]))
            --end;
        return {begin, end - begin};
    }

    const std::string_view m_text;
    const std::span<const std::uint32_t> m_offsets;
    std::size_t m_depth = 1;
    std::size_t m_nodes = 1;
};

std::unexpected<Error> refused(std::string code, std::string message)
{
    return fail({.origin = Origin::Client, .code = std::move(code), .message = std::move(message)});
}

/// simdjson only names the kind of an error; our reader says where it is.
std::unexpected<Error> located(std::string_view body)
{
    if (auto valid = validateJson(body, kLimits); !valid)
        return fail(std::move(valid).error());
    return refused("json.syntax", "Send the body as one valid JSON value.");
}

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

std::optional<bool> boolean(std::string_view text)
{
    if (text == "true")
        return true;
    if (text == "false")
        return false;
    return std::nullopt;
}

} // namespace

struct JsonPeek::Parsers {
    simdjson::dom::parser dom{};
    std::vector<std::string_view> names{}; // of the top-level members, decoded
    std::deque<std::string> decoded{};     // what those of `names` view that were written with escapes

    Result<> validate(const std::string &body);
    Result<> checkNames();
    Result<RequestPeek> read(std::string_view body);
    void release();

private:
    std::string_view nameOf(std::string_view body, const Member &member);
};

JsonPeek::JsonPeek()
    : m_parsers(std::make_unique<Parsers>())
{ }

JsonPeek::~JsonPeek() = default;

Result<> JsonPeek::Parsers::validate(const std::string &body)
{
    if (dom.capacity() < body.size() || dom.max_depth() != kParserDepth) {
        const std::size_t capacity = std::bit_ceil(std::max<std::size_t>(body.size(), 64 * 1024));
        if (dom.allocate(capacity, kParserDepth) != simdjson::SUCCESS)
            return refused("json.too_large", "Send a smaller body: there is no memory to read this one.");
    }
    const bool copy = body.capacity() < body.size() + simdjson::SIMDJSON_PADDING;
    switch (dom.parse(body.data(), body.size(), copy).error()) {
    case simdjson::SUCCESS: return {};
    case simdjson::NUMBER_ERROR: return validateJson(body, kLimits); // numbers beyond 64 bits are good JSON
    default: return located(body);
    }
}

std::string_view JsonPeek::Parsers::nameOf(std::string_view body, const Member &member)
{
    const std::string_view quoted = body.substr(member.key.offset, member.key.size);
    if (!quoted.contains('\\'))
        return quoted.substr(1, quoted.size() - 2);
    decoded.push_back(decodeJsonString(quoted).value_or(""));
    return decoded.back();
}

Result<> JsonPeek::Parsers::checkNames()
{
    // Length first: hostile bodies have 100,000 names, and few of them need a comparison of bytes.
    const auto before = [](std::string_view a, std::string_view b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    };
    std::ranges::sort(names, before);
    const auto twice = std::ranges::adjacent_find(names);
    if (twice == names.end())
        return {};
    return refused(
        "json.duplicate_member",
        fmt::format("Name each top-level member once: {} is there twice.", jsonQuoted(twice->substr(0, 64))));
}

Result<RequestPeek> JsonPeek::Parsers::read(std::string_view body)
{
    const auto &stage = *dom.implementation;
    // One more than there are: simdjson puts the end of the text behind the last.
    const std::span offsets(stage.structural_indexes.get(), std::size_t{stage.n_structural_indexes} + 1);
    if (body[offsets[0]] != '{')
        return refused("json.not_an_object", "Send the body as a JSON object: its first character is a {.");

    RequestPeek peek{.object_open = offsets[0] + std::size_t{1}, .object_empty = body[offsets[1]] == '}'};
    std::optional<std::int64_t> max_tokens;
    std::optional<std::int64_t> max_output_tokens;
    Structure structure(body, offsets);
    const auto textOf
        = [&](const Member &member) { return body.substr(member.value.offset, member.value.size); };
    const auto readOption = [&](const Member &member) {
        const std::string_view quoted = body.substr(member.key.offset, member.key.size);
        if (quoted == "\"include_usage\"" || decodeJsonString(quoted) == "include_usage") {
            peek.include_usage = boolean(textOf(member));
            peek.include_usage_value = member.value;
        }
    };

    names.clear();
    decoded.clear();
    structure.members(0, [&](const Member &member) {
        const std::string_view name = nameOf(body, member);
        const std::string_view value = textOf(member);
        names.push_back(name);
        if (name == "model") {
            peek.model = decodeJsonString(value);
            peek.model_value = peek.model ? member.value : ByteRange{};
        } else if (name == "stream") {
            peek.stream = boolean(value);
        } else if (name == "stream_options") {
            peek.stream_options_value = member.value;
            if (value.front() == '{') {
                peek.stream_options = member.value;
                Structure(body, offsets).members(member.structural, readOption);
            }
        } else if (name == "user") {
            peek.user = decodeJsonString(value);
        } else if (name == "service_tier") {
            peek.service_tier = decodeJsonString(value);
        } else if (name == "max_completion_tokens") {
            peek.max_tokens = wholeNumber(value);
        } else if (name == "max_tokens") {
            max_tokens = wholeNumber(value);
        } else if (name == "max_output_tokens") {
            max_output_tokens = wholeNumber(value);
        } else if (name == "n") {
            peek.choices = wholeNumber(value);
        } else if (name == "messages" || name == "input" || name == "prompt") {
            peek.prompt_bytes += value.size();
        }
    });
    if (structure.depth() > kLimits.depth || structure.nodes() > kLimits.nodes)
        return located(body);
    if (auto unique = checkNames(); !unique)
        return fail(std::move(unique).error());
    peek.max_tokens = peek.max_tokens ? peek.max_tokens : max_tokens ? max_tokens : max_output_tokens;
    return peek;
}

void JsonPeek::Parsers::release()
{
    if (dom.capacity() > kKeptCapacity)
        dom = simdjson::dom::parser();
    if (names.capacity() > 1024) {
        names = {};
        decoded = {};
    }
}

Result<RequestPeek> JsonPeek::request(const std::string &body)
{
    const auto valid = m_parsers->validate(body);
    auto peek = valid ? m_parsers->read(body) : fail(valid.error());
    m_parsers->release();
    return peek;
}

void padForJson(std::string &body)
{
    if (body.capacity() < body.size() + kJsonPadding)
        body.reserve(body.size() + kJsonPadding);
}

} // namespace portolan
