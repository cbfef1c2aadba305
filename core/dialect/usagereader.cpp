// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/usagereader.h"

#include "core/dialect/replyshapes.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

namespace portolan::dialect {

namespace {

namespace ondemand = simdjson::ondemand;

/// Buffers of larger answers go back at once.
constexpr std::size_t kKeptBytes = 1U << 20;

/// One object, or an array of them as Gemini sends errors.
bool readRoot(ondemand::document &document, ReplyFacts &facts)
{
    ondemand::object object;
    if (document.get_object().get(object) == simdjson::SUCCESS)
        return ReplyShape(facts).read(object);
    ondemand::array list;
    if (document.get_array().get(list) != simdjson::SUCCESS)
        return false;
    return eachElement(list, [&](ondemand::value element) {
        ondemand::object each;
        if (element.get_object().get(each) == simdjson::SUCCESS)
            ReplyShape(facts).read(each);
    });
}

void makeUsage(ReplyFacts &facts)
{
    if (facts.style == UsageStyle::None || facts.counts.empty())
        return;
    facts.usage = usageFrom(facts.counts, facts.style);
}

} // namespace

struct ReplyReader::Parsers {
    ondemand::parser parser{};
    std::vector<char> padded{}; // simdjson reads a little past the end

    simdjson::padded_string_view pad(std::string_view json)
    {
        const std::size_t needed = json.size() + simdjson::SIMDJSON_PADDING;
        if (padded.size() < needed)
            padded.resize(std::bit_ceil(needed));
        std::memcpy(padded.data(), json.data(), json.size());
        return simdjson::padded_string_view(padded.data(), json.size(), padded.size());
    }

    void release()
    {
        if (padded.size() > kKeptBytes) {
            padded = {};
            parser = ondemand::parser();
        }
    }
};

ReplyReader::ReplyReader()
    : m_parsers(std::make_unique<Parsers>())
{ }

ReplyReader::~ReplyReader() = default;

ReplyFacts ReplyReader::read(std::string_view json, UsageStyle style)
{
    ReplyFacts facts{.style = style};
    ondemand::document document;
    const auto padded = m_parsers->pad(json);
    facts.malformed
        = m_parsers->parser.iterate(padded).get(document) != simdjson::SUCCESS || !readRoot(document, facts);
    makeUsage(facts);
    // A count that does not fit the others is told once all are there: after the last event, by mergeFacts.
    return facts;
}

ReplyFacts ReplyReader::body(std::string_view json, UsageStyle style)
{
    auto facts = read(json, style);
    facts.suspect = facts.suspect || (facts.usage && !isConsistent(*facts.usage));
    m_parsers->release();
    return facts;
}

ReplyFacts ReplyReader::event(std::string_view data, UsageStyle style)
{
    if (!data.starts_with('{') && !data.starts_with('[') && !data.starts_with(' '))
        return {.style = style}; // pings and other words
    if (data == "[DONE]")
        return {.style = style};
    auto facts = read(data, style);
    m_parsers->release();
    return facts;
}

void mergeFacts(ReplyFacts &into, const ReplyFacts &event)
{
    const auto take = [](std::string &text, const std::string &later) {
        if (!later.empty())
            text = later;
    };
    take(into.model, event.model);
    take(into.finish_reason, event.finish_reason);
    take(into.service_tier, event.service_tier);
    take(into.error_message, event.error_message);
    take(into.error_code, event.error_code);
    if (event.cost_nano_usd)
        into.cost_nano_usd = event.cost_nano_usd;
    into.has_error = into.has_error || event.has_error;
    into.has_content = into.has_content || event.has_content;
    into.content_bytes += event.content_bytes;
    into.usage_only = event.usage_only;
    into.suspect = into.suspect || event.suspect;
    into.malformed = into.malformed || event.malformed;
    if (!event.usage)
        return;
    into.style = event.style;
    takeOver(into.counts, event.counts);
    makeUsage(into);
}

std::int64_t estimatedTokens(std::size_t bytes) noexcept
{
    return static_cast<std::int64_t>(bytes / 4 + (bytes % 4 == 0 ? 0 : 1));
}

} // namespace portolan::dialect
