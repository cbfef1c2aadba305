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
double leadingNumber(std::string_view text)
{
    text.remove_prefix(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    const double sign = negative ? -1 : 1;
    if (text.starts_with("Infinity"))
        return sign * std::numeric_limits<double>::infinity();
    double parsed = std::numeric_limits<double>::quiet_NaN();
    // std::from_chars knows "inf" and "nan" too, which are no numbers here.
    if (text.empty() || ((text.front() < '0' || text.front() > '9') && text.front() != '.'))
        return parsed;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (read.ec == std::errc::result_out_of_range) {
        const std::string_view number(text.data(), read.ptr);
        const auto exponent = number.find_first_of("eE");
        const bool small = exponent != std::string_view::npos && number.substr(exponent + 1).starts_with('-');
        parsed = small ? 0.0 : std::numeric_limits<double>::infinity();
    }
    return sign * parsed;
}

double asNumber(const Literal &literal)
{
    if (const auto *number = std::get_if<double>(&literal))
        return *number;
    const auto *text = std::get_if<std::string>(&literal);
    return text ? leadingNumber(*text) : std::numeric_limits<double>::quiet_NaN();
}

/// As JavaScript writes it: 1000000, 0.5, 1e+21, 1.2e-7.
std::string asText(double number)
{
    const double size = std::abs(number);
    const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
    char buffer[64];
    const auto written = std::to_chars(buffer, buffer + sizeof buffer, number == 0 ? 0.0 : number,
                                       plain ? std::chars_format::fixed : std::chars_format::scientific);
    std::string text(buffer, written.ptr);
    if (const auto e = text.find('e'); e != std::string::npos && text[e + 2] == '0')
        text.erase(e + 2, 1); // "e-07"
    return text;
}

std::optional<std::string> asText(const Literal &literal)
{
    if (const auto *text = std::get_if<std::string>(&literal))
        return *text;
    if (const auto *flag = std::get_if<bool>(&literal))
        return *flag ? "true" : "false";
    if (const auto *number = std::get_if<double>(&literal))
        return asText(*number);
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
