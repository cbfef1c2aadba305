// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/usagejson.h"

#include "core/dialect/replyshapes.h"

namespace portolan::dialect {

ReportedCounts countsOf(const JsonValue &usage)
{
    if (!usage.isObject())
        return {};
    // Through the reader that pass-through uses: one list of the field's many names for the same count.
    const simdjson::padded_string text(usage.raw());
    simdjson::ondemand::parser parser;
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    ReplyFacts facts;
    if (parser.iterate(text).get(document) == simdjson::SUCCESS
        && document.get_object().get(object) == simdjson::SUCCESS)
        readCounts(object, facts);
    if (facts.suspect) // with one count that cannot be, the others are no better
        return {};
    return std::move(facts.counts);
}

std::optional<Usage> usageOf(const JsonValue &usage, UsageStyle style)
{
    const ReportedCounts counts = countsOf(usage);
    return counts.empty() ? std::nullopt : std::optional(usageFrom(counts, style));
}

} // namespace portolan::dialect
