// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/query.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace portolan::routing {

namespace {

using Operator = Comparison::Operator;

/// A field's value; nothing when the request has none.
using Value = std::optional<Literal>;

JsonValue childOf(JsonValue parent, const std::string &step)
{
    if (parent.isObject())
        return parent[step];
    std::size_t position = 0;
    const auto read = std::from_chars(step.data(), step.data() + step.size(), position);
    if (!parent.isArray() || read.ec != std::errc{} || read.ptr != step.data() + step.size())
        return {};
    for (const JsonValue element : parent.elements()) {
        if (position-- == 0)
            return element;
    }
    return {};
}

Value valueOf(JsonValue json)
{
    if (json.isNull())
        return Literal(nullptr);
    if (const auto flag = json.boolean())
        return Literal(*flag);
    if (const auto number = json.number())
        return Literal(*number);
    if (auto text = json.string())
        return Literal(*std::move(text));
    return std::nullopt; // containers compare with nothing
}

Value valueOf(const Field &field, const Facts &facts)
{
    if (field.source == Field::Source::Metadata) {
        const auto text = facts.metadata ? facts.metadata(field.steps.front()) : std::nullopt;
        return text ? Value(Literal(std::string(*text))) : std::nullopt;
    }
    JsonValue at = facts.params;
    for (const std::string &step : field.steps)
        at = childOf(at, step);
    return at.present() ? valueOf(at) : std::nullopt;
}

/// As JavaScript's parseFloat: the number a text begins with.
double asNumber(const Literal &literal)
{
    if (const auto *number = std::get_if<double>(&literal))
        return *number;
    double parsed = std::numeric_limits<double>::quiet_NaN();
    if (const auto *text = std::get_if<std::string>(&literal)) {
        const auto begin = std::min(text->find_first_not_of(" \t\n\r+"), text->size());
        std::from_chars(text->data() + begin, text->data() + text->size(), parsed);
    }
    return parsed;
}

std::optional<std::string> asText(const Literal &literal)
{
    if (const auto *text = std::get_if<std::string>(&literal))
        return *text;
    if (const auto *flag = std::get_if<bool>(&literal))
        return *flag ? "true" : "false";
    if (const auto *number = std::get_if<double>(&literal)) {
        char buffer[32];
        const auto written = std::to_chars(buffer, buffer + sizeof buffer, *number);
        return std::string(buffer, written.ptr);
    }
    return std::nullopt;
}

bool compares(const Comparison &comparison, const Value &value)
{
    const auto equalsOne
        = [&] { return value && std::ranges::find(comparison.values, *value) != comparison.values.end(); };
    const auto ordered = [&](auto compare) { // with a NaN on either side every comparison is false
        return value && compare(asNumber(*value), asNumber(comparison.values.front()));
    };
    switch (comparison.op) {
    case Operator::Eq:
    case Operator::In: return equalsOne();
    case Operator::Ne:
    case Operator::Nin: return !equalsOne();
    case Operator::Gt: return ordered(std::greater{});
    case Operator::Gte: return ordered(std::greater_equal{});
    case Operator::Lt: return ordered(std::less{});
    case Operator::Lte: return ordered(std::less_equal{});
    case Operator::Regex: {
        const auto text = value ? asText(*value) : std::nullopt;
        return text && comparison.pattern->isIn(*text);
    }
    }
    return false;
}

/// Portkey's examples write paths without "/v1", which its code never matches: either form counts
/// (gateway-protocol 10). What denies must hold for both.
bool comparesPath(const Comparison &comparison, std::string_view pathname)
{
    const auto holds
        = [&](std::string_view path) { return compares(comparison, Literal(std::string(path))); };
    const auto bare = pathname.starts_with("/v1/") ? pathname.substr(3) : pathname;
    const bool denies = comparison.op == Operator::Ne || comparison.op == Operator::Nin;
    return denies ? holds(pathname) && holds(bare) : holds(pathname) || holds(bare);
}

} // namespace

bool Query::holds(const Facts &facts) const
{
    const auto part = [&](const Query &query) { return query.holds(facts); };
    switch (kind) {
    case Kind::All: return std::ranges::all_of(parts, part);
    case Kind::Any: return std::ranges::any_of(parts, part);
    case Kind::Compare: break;
    }
    if (field.source == Field::Source::Path) {
        return std::ranges::all_of(comparisons, [&](const Comparison &comparison) {
            return comparesPath(comparison, facts.pathname);
        });
    }
    const Value value = valueOf(field, facts);
    return std::ranges::all_of(comparisons,
                               [&](const Comparison &comparison) { return compares(comparison, value); });
}

} // namespace portolan::routing
