// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/vectors/jsonmatch.h"

#include <cmath>
#include <regex>

namespace portolan::dialect::vectors {
namespace {

namespace json = boost::json;

std::string differs(const std::string &where, const json::value &expected, const json::value &actual)
{
    return (where.empty() ? "/" : where) + ": expected " + json::serialize(expected) + ", got "
        + json::serialize(actual);
}

bool sameNumber(const json::value &a, const json::value &b)
{
    if (a.is_double() || b.is_double())
        return a.to_number<double>() == b.to_number<double>();
    if (a.is_uint64() || b.is_uint64()) {
        const bool negative = (a.is_int64() && a.as_int64() < 0) || (b.is_int64() && b.as_int64() < 0);
        return !negative && a.to_number<std::uint64_t>() == b.to_number<std::uint64_t>();
    }
    return a.as_int64() == b.as_int64();
}

bool isTextBlockMember(std::string_view name)
{
    return name == "system" || name == "content";
}

json::value blockOf(const json::value &text)
{
    return json::array{json::object{{"type", "text"}, {"text", text}}};
}

} // namespace

std::string JsonMatcher::difference(const json::value &expected, const json::value &actual,
                                    const std::string &where)
{
    if (const auto *matcher = expected.if_object()) {
        if (matcher->contains("$any"))
            return actual.is_null() || (actual.is_string() && actual.as_string().empty())
                ? differs(where, expected, actual)
                : std::string();
        if (const auto *inner = matcher->if_contains("$json")) {
            boost::system::error_code error;
            const json::value parsed
                = actual.is_string() ? json::parse(actual.as_string(), error) : json::value(nullptr);
            return !actual.is_string() || error
                ? differs(where, expected, actual)
                : JsonMatcher(Mode::Exact).difference(*inner, parsed, where + "($json)");
        }
        if (matcher->contains("$var"))
            return variable(*matcher, actual, where);
    }
    if (expected.is_object() && actual.is_object())
        return objects(expected.as_object(), actual.as_object(), where);
    if (expected.is_array() && actual.is_array())
        return arrays(expected.as_array(), actual.as_array(), where);
    if (expected.is_number() && actual.is_number())
        return sameNumber(expected, actual) ? std::string() : differs(where, expected, actual);
    return expected == actual ? std::string() : differs(where, expected, actual);
}

std::string JsonMatcher::objects(const json::object &expected, const json::object &actual,
                                 const std::string &where)
{
    for (const auto &[name, value] : expected) {
        const std::string inside = where + '/' + std::string(name);
        const auto *found = actual.if_contains(name);
        if (!found && !value.is_null())
            return inside + ": missing, expected " + json::serialize(value);
        if (!found)
            continue;
        if (auto difference_inside = difference(value, *found, inside); !difference_inside.empty())
            return difference_inside;
    }
    if (m_mode == Mode::Subset)
        return {};
    for (const auto &[name, value] : actual) {
        if (!expected.contains(name))
            return where + '/' + std::string(name) + ": not expected, got " + json::serialize(value);
    }
    return {};
}

std::string JsonMatcher::arrays(const json::array &expected, const json::array &actual,
                                const std::string &where)
{
    if (expected.size() != actual.size())
        return differs(where, expected, actual);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (auto inside = difference(expected[i], actual[i], where + '/' + std::to_string(i));
            !inside.empty())
            return inside;
    }
    return {};
}

std::string JsonMatcher::variable(const json::object &matcher, const json::value &actual,
                                  const std::string &where)
{
    const std::string name(matcher.at("$var").as_string());
    if (!actual.is_string())
        return differs(where, matcher, actual);
    const std::string text(actual.as_string());
    if (const auto *pattern = matcher.if_contains("$pattern");
        pattern && !std::regex_search(text, std::regex(std::string(pattern->as_string()))))
        return differs(where, matcher, actual);
    for (const auto &[other, value] : m_variables) {
        if ((other == name) != (value == text))
            return where + ": " + text + " stands for both " + other + " and " + name + ", or not for one";
    }
    m_variables.emplace(name, text);
    return {};
}

json::value normalised(const json::value &body, bool anthropic)
{
    if (const auto *array = body.if_array()) {
        json::array result;
        for (const auto &element : *array)
            result.push_back(normalised(element, anthropic));
        return result;
    }
    const auto *object = body.if_object();
    if (!object)
        return body;
    json::object result;
    for (const auto &[name, value] : *object) {
        if (value.is_null() || (name == "stream" && value == json::value(false)))
            continue;
        const bool is_function_part = name == "functionCall" || name == "functionResponse";
        json::value inner = normalised(value, anthropic);
        if (is_function_part && inner.is_object())
            inner.as_object().erase("id");
        if (anthropic && isTextBlockMember(name) && inner.is_string())
            inner = blockOf(inner);
        result.emplace(name, std::move(inner));
    }
    return result;
}

} // namespace portolan::dialect::vectors
