// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/configreader.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace portolan::routing {

namespace {

using Operator = Comparison::Operator;

std::optional<Operator> operatorNamed(std::string_view name)
{
    static constexpr std::array<std::pair<std::string_view, Operator>, 9> kAll{{{"$eq", Operator::Eq},
                                                                                {"$ne", Operator::Ne},
                                                                                {"$in", Operator::In},
                                                                                {"$nin", Operator::Nin},
                                                                                {"$gt", Operator::Gt},
                                                                                {"$gte", Operator::Gte},
                                                                                {"$lt", Operator::Lt},
                                                                                {"$lte", Operator::Lte},
                                                                                {"$regex", Operator::Regex}}};
    for (const auto &[known, op] : kAll) {
        if (name == known)
            return op;
    }
    return std::nullopt;
}

std::optional<Literal> literalOf(JsonValue value)
{
    if (value.isNull())
        return Literal(nullptr);
    if (const auto flag = value.boolean())
        return Literal(*flag);
    if (const auto number = value.number())
        return Literal(*number);
    if (auto text = value.string())
        return Literal(*std::move(text));
    return std::nullopt;
}

std::vector<std::string> split(std::string_view path)
{
    std::vector<std::string> steps;
    while (true) {
        const auto dot = path.find('.');
        steps.emplace_back(path.substr(0, dot));
        if (dot == std::string_view::npos)
            return steps;
        path.remove_prefix(dot + 1);
    }
}

std::optional<Field> readField(ConfigReader &reader, const Place &at)
{
    const std::string key = at.value.key();
    if (key == "url.pathname")
        return Field{.source = Field::Source::Path};
    if (key.starts_with("metadata.") && key.size() > 9)
        return Field{.source = Field::Source::Metadata, .steps = {key.substr(9)}};
    if (key.starts_with("params.") && key.size() > 7)
        return Field{.source = Field::Source::Params, .steps = split(std::string_view(key).substr(7))};
    reader.error(
        at, "config.bad_field",
        fmt::format("\"{}\" is no field: write metadata.<name>, params.<name> or url.pathname.", key));
    return std::nullopt;
}

Comparison readList(ConfigReader &reader, const Place &at, Operator op)
{
    Comparison comparison{.op = op};
    if (!at.value.isArray()) {
        reader.warn(
            at, "config.not_a_list",
            "$in and $nin take a list in square brackets; with anything else $in never holds and $nin "
            "always does.");
        return comparison;
    }
    for (const Place &element : at.elements()) {
        if (auto literal = literalOf(element.value))
            comparison.values.push_back(*std::move(literal));
        else
            reader.error(element, "config.bad_type", "Compare with a text, a number, true, false or null.");
    }
    return comparison;
}

std::optional<Comparison> readComparison(ConfigReader &reader, const Place &at)
{
    const std::string name = at.value.key();
    const auto op = operatorNamed(name);
    if (!op) {
        reader.error(at, "config.unknown_operator",
                     fmt::format("Unsupported operator used in the query router: {}", name));
        return std::nullopt;
    }
    if (*op == Operator::In || *op == Operator::Nin)
        return readList(reader, at, *op);
    if (*op != Operator::Regex) {
        auto literal = literalOf(at.value);
        if (!literal) {
            reader.error(at, "config.bad_type", "Compare with a text, a number, true, false or null.");
            return std::nullopt;
        }
        return Comparison{.op = *op, .values = {*std::move(literal)}};
    }
    const auto source = at.value.string();
    if (!source) {
        reader.error(at, "config.bad_type", "Write the pattern as a text in quotes.");
        return std::nullopt;
    }
    if (++reader.counts().patterns > reader.limits().patterns) {
        if (reader.counts().patterns == reader.limits().patterns + 1)
            reader.error(at, "config.too_large",
                         fmt::format("A config may have {} patterns.", reader.limits().patterns));
        return std::nullopt;
    }
    auto pattern = Pattern::compile(*source);
    if (!pattern) {
        reader.error(at, "config.bad_pattern", pattern.error());
        return std::nullopt;
    }
    return Comparison{.op = *op, .pattern = *std::move(pattern)};
}

std::optional<Query> readCompare(ConfigReader &reader, const Place &at)
{
    auto field = readField(reader, at);
    Query query{.kind = Query::Kind::Compare};
    if (at.value.isArray()) {
        reader.error(at, "config.unknown_operator",
                     "A field is compared with a value or with {\"$in\": [...]}, not with a list.");
    } else if (at.value.isObject()) {
        for (const Place &member : at.members()) {
            if (auto comparison = readComparison(reader, member))
                query.comparisons.push_back(*std::move(comparison));
        }
    } else if (auto literal = literalOf(at.value)) {
        query.comparisons.push_back({.op = Operator::Eq, .values = {*std::move(literal)}});
    }
    if (!field)
        return std::nullopt;
    query.field = *std::move(field);
    return query;
}

Query readAt(ConfigReader &reader, const Place &at, std::size_t depth)
{
    Query query{.kind = Query::Kind::All};
    if (!reader.isObject(at))
        return query;
    if (depth > reader.limits().depth) {
        reader.error(at, "config.too_deep",
                     fmt::format("Conditions may lie {} deep inside one another.", reader.limits().depth));
        return query;
    }
    for (const Place &member : at.members()) {
        const std::string key = member.value.key();
        if (key == "$and" || key == "$or") {
            Query group{.kind = key == "$and" ? Query::Kind::All : Query::Kind::Any};
            if (reader.isArray(member)) {
                for (const Place &element : member.elements())
                    group.parts.push_back(readAt(reader, element, depth + 1));
            }
            query.parts.push_back(std::move(group));
        } else if (key.starts_with('$')) {
            reader.error(member, "config.unknown_operator",
                         fmt::format("Unsupported operator used in the query router: {}", key));
        } else if (auto compare = readCompare(reader, member)) {
            query.parts.push_back(*std::move(compare));
        }
    }
    return query;
}

} // namespace

Query readQuery(ConfigReader &reader, const Place &at)
{
    return readAt(reader, at, 1);
}

} // namespace portolan::routing
