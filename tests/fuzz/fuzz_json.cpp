// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/jsonpeek.h"
#include "core/base/jsonreader.h"
#include "core/dialect/requestedits.h"
#include "core/dialect/usagereader.h"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

using namespace portolan;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// simdjson and our reader say the same of every text, but for numbers that simdjson cannot hold.
void compareReaders(const std::string &text)
{
    static simdjson::dom::parser parser;
    const auto theirs = parser.parse(text).error();
    const auto ours = validateJson(text, {.depth = 1000});
    if (theirs == simdjson::SUCCESS)
        require(ours.has_value());
    else if (theirs != simdjson::NUMBER_ERROR && theirs != simdjson::DEPTH_ERROR)
        require(!ours.has_value());
    require(JsonDocument::parse(text, {.depth = 1000}).has_value() == ours.has_value());
}

/// An edited body is good JSON that says what it was edited to say.
void checkEdits(JsonPeek &reader, const std::string &body, const RequestPeek &peek)
{
    std::vector<dialect::BodyEdit> edits;
    if (peek.model)
        edits.push_back(dialect::modelEdit(peek, "another \"model\""));
    const auto asks = dialect::includeUsageEdit(body, peek);
    if (asks)
        edits.push_back(*asks);
    std::string edited;
    for (const auto piece : dialect::applyEdits(body, edits))
        edited += piece;
    const auto again = reader.request(edited);
    require(again.has_value());
    require(!peek.model || again->model == "another \"model\"");
    require(!asks || again->include_usage == true);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static JsonPeek reader;
    static dialect::ReplyReader replies;
    const std::string body(reinterpret_cast<const char *>(data), size);
    compareReaders(body);
    if (const auto peek = reader.request(body)) {
        require(validateJson(body).has_value());
        checkEdits(reader, body, *peek);
    }
    const auto facts = replies.body(body, static_cast<dialect::UsageStyle>(size % 9));
    if (facts.usage)
        require(facts.usage->input >= 0 && facts.usage->output >= 0);
    return 0;
}
