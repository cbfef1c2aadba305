// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/requestedits.h"

#include "core/base/text.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace portolan::dialect {

namespace {

constexpr std::string_view kMember = "\"include_usage\":true";

std::string_view textOf(std::string_view body, ByteRange range)
{
    return body.substr(range.offset, range.size);
}

/// A member put before all others of an object; `behind_brace` is where its first member or its '}' may
/// follow.
BodyEdit insertedFirst(std::size_t behind_brace, std::string member, bool object_empty)
{
    if (!object_empty)
        member += ',';
    return {.range = {behind_brace, 0}, .text = std::move(member)};
}

bool isEmptyObject(std::string_view object)
{
    return object.find_first_not_of(" \t\r\n", 1) == object.size() - 1;
}

} // namespace

BodyEdit modelEdit(const RequestPeek &peek, std::string_view model)
{
    assert(peek.model);
    return {.range = peek.model_value, .text = jsonQuoted(model)};
}

std::optional<BodyEdit> includeUsageEdit(std::string_view body, const RequestPeek &peek)
{
    if (peek.include_usage_value) {
        // null is how some clients write "not set".
        if (textOf(body, *peek.include_usage_value) == "null")
            return BodyEdit{.range = *peek.include_usage_value, .text = "true"};
        return std::nullopt;
    }
    if (peek.stream_options)
        return insertedFirst(peek.stream_options->offset + 1, std::string(kMember),
                             isEmptyObject(textOf(body, *peek.stream_options)));
    const std::string object = '{' + std::string(kMember) + '}';
    if (!peek.stream_options_value)
        return insertedFirst(peek.object_open, "\"stream_options\":" + object, peek.object_empty);
    if (textOf(body, *peek.stream_options_value) == "null")
        return BodyEdit{.range = *peek.stream_options_value, .text = object};
    return std::nullopt;
}

std::vector<BodyEdit> removalEdits(std::span<const JsonValue> siblings,
                                   const std::function<bool(const JsonValue &)> &goes)
{
    const auto begin_of = [&](std::size_t index) {
        const ByteRange key = siblings[index].keyRange();
        return key.size > 0 ? key.offset : siblings[index].range().offset;
    };
    std::vector<BodyEdit> edits;
    for (std::size_t first = 0; first < siblings.size(); ++first) {
        std::size_t next = first;
        while (next < siblings.size() && goes(siblings[next]))
            ++next;
        if (next == first)
            continue;
        std::size_t begin = begin_of(first);
        std::size_t end = siblings[next - 1].range().end();
        if (first > 0)
            begin = siblings[first - 1].range().end();
        else if (next < siblings.size())
            end = begin_of(next);
        edits.push_back({.range = {begin, end - begin}});
        first = next;
    }
    return edits;
}

std::vector<std::string_view> applyEdits(const std::string &body, std::span<const BodyEdit> edits)
{
    std::vector<const BodyEdit *> sorted;
    sorted.reserve(edits.size());
    for (const BodyEdit &edit : edits)
        sorted.push_back(&edit);
    // An insertion stands before what is taken out at the same place.
    std::ranges::sort(sorted, {},
                      [](const BodyEdit *edit) { return std::pair(edit->range.offset, edit->range.size); });

    const std::string_view whole(body);
    std::vector<std::string_view> pieces;
    pieces.reserve(edits.size() * 2 + 1);
    const auto add = [&](std::string_view piece) {
        if (!piece.empty())
            pieces.push_back(piece);
    };
    std::size_t at = 0;
    for (const BodyEdit *edit : sorted) {
        assert(edit->range.offset >= at && edit->range.end() <= whole.size());
        add(whole.substr(at, edit->range.offset - at));
        add(edit->text);
        at = edit->range.end();
    }
    add(whole.substr(at));
    return pieces;
}

} // namespace portolan::dialect
