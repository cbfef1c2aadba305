// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/configreader.h"

#include "core/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace portolan::routing {

namespace {

std::string escapedStep(std::string_view key)
{
    std::string out;
    for (const char c : key) {
        if (c == '~')
            out += "~0";
        else if (c == '/')
            out += "~1";
        else
            out += c;
    }
    return out;
}

} // namespace

std::string snakeCase(std::string_view key)
{
    std::string out;
    for (const char c : key) {
        if (c >= 'A' && c <= 'Z')
            out += '_';
        out += loweredAscii(c);
    }
    return out;
}

const std::vector<Place::Name> &Place::names() const
{
    if (!index) {
        std::vector<Name> names;
        for (const JsonValue member : value.members()) {
            const std::string key = member.key();
            auto snake = snakeCase(key);
            const bool as_written = snake == key;
            names.push_back({std::move(snake), as_written, member});
        }
        index = std::make_shared<const std::vector<Name>>(std::move(names));
    }
    return *index;
}

Place Place::at(const Name &name) const
{
    return {name.value, pointer + "/" + escapedStep(name.value.key())};
}

Place Place::member(std::string_view name) const
{
    if (!value.isObject())
        return {};
    const Name *found = nullptr;
    for (const Name &candidate : names()) {
        if (candidate.snake == name && (candidate.as_written || !found || !found->as_written))
            found = &candidate;
    }
    return found ? at(*found) : Place();
}

std::vector<Place> Place::elements() const
{
    std::vector<Place> places;
    for (const JsonValue element : value.elements())
        places.push_back({element, fmt::format("{}/{}", pointer, places.size())});
    return places;
}

std::vector<Place> Place::members() const
{
    std::vector<Place> places;
    for (const JsonValue member : value.members())
        places.push_back({member, pointer + "/" + escapedStep(member.key())});
    return places;
}

void ConfigReader::add(const Place &at, Severity severity, std::string code, std::string message,
                       std::optional<Fix> fix)
{
    if (m_problems.size() >= m_limits.problems) {
        ++m_unlisted;
        m_unlisted_error = m_unlisted_error || severity == Severity::Error;
        return;
    }
    m_problems.push_back({.pointer = at.pointer,
                          .range = at.value.range(),
                          .severity = severity,
                          .code = std::move(code),
                          .message = std::move(message),
                          .fix = std::move(fix)});
}

Problems ConfigReader::takeProblems()
{
    // libstdc++'s stable_sort does not build without warnings here; the pointer makes the order certain.
    std::ranges::sort(m_problems, {}, [](const Problem &problem) {
        return std::tie(problem.range.offset, problem.pointer, problem.code);
    });
    if (m_unlisted > 0) {
        m_problems.push_back(
            {.severity = m_unlisted_error ? Severity::Error : Severity::Warning,
             .code = "config.more_problems",
             .message = fmt::format("There are {} more problems: mend these first.", m_unlisted)});
    }
    return std::move(m_problems);
}

void ConfigReader::error(const Place &at, std::string code, std::string message, std::optional<Fix> fix)
{
    add(at, Severity::Error, std::move(code), std::move(message), std::move(fix));
}

void ConfigReader::warn(const Place &at, std::string code, std::string message, std::optional<Fix> fix)
{
    add(at, Severity::Warning, std::move(code), std::move(message), std::move(fix));
}

std::optional<std::string> ConfigReader::text(const Place &at)
{
    if (!at)
        return std::nullopt;
    if (auto text = at.value.string())
        return text;
    error(at, "config.bad_type", "Write a text in quotes here.");
    return std::nullopt;
}

std::optional<bool> ConfigReader::flag(const Place &at)
{
    if (!at)
        return std::nullopt;
    if (const auto flag = at.value.boolean())
        return flag;
    error(at, "config.bad_type", "Write true or false here, without quotes.");
    return std::nullopt;
}

std::optional<double> ConfigReader::number(const Place &at, double least, double most)
{
    if (!at)
        return std::nullopt;
    const auto number = at.value.number();
    if (number && *number >= least && *number <= most)
        return number;
    error(at, at.value.isNumber() ? "config.out_of_range" : "config.bad_type",
          fmt::format("Write a number from {} to {} here.", least, most));
    return std::nullopt;
}

std::optional<std::int64_t> ConfigReader::integer(const Place &at, std::int64_t least, std::int64_t most)
{
    if (!at)
        return std::nullopt;
    const auto number = at.value.isNumber() ? at.value.integer() : std::nullopt;
    if (number && *number >= least && *number <= most)
        return number;
    error(at, at.value.isNumber() ? "config.out_of_range" : "config.bad_type",
          fmt::format("Write a whole number from {} to {} here.", least, most));
    return std::nullopt;
}

std::optional<StatusSet> ConfigReader::statuses(const Place &at)
{
    if (!at || !isArray(at))
        return std::nullopt;
    StatusSet set;
    for (const Place &element : at.elements()) {
        if (element.value.isNull())
            error(element, "config.bad_type", "Write a whole number from 100 to 599 here.");
        else if (const auto code = integer(element, 100, 599))
            set.insert(int(*code));
    }
    return set;
}

std::vector<std::string> ConfigReader::texts(const Place &at)
{
    std::vector<std::string> all;
    if (!at || !isArray(at))
        return all;
    if (at.value.size() > m_limits.names) {
        error(at, "config.too_large", fmt::format("This list may have {} entries.", m_limits.names));
        return all;
    }
    for (const Place &element : at.elements()) {
        if (auto one = element.value.string())
            all.push_back(*std::move(one));
        else
            error(element, "config.bad_type", "Write a text in quotes here.");
    }
    return all;
}

bool ConfigReader::isObject(const Place &at)
{
    if (at.value.isObject())
        return true;
    error(at, "config.bad_type", "Write an object in braces here.");
    return false;
}

bool ConfigReader::isArray(const Place &at)
{
    if (at.value.isArray())
        return true;
    error(at, "config.bad_type", "Write a list in square brackets here.");
    return false;
}

void ConfigReader::expectOnly(const Place &object, std::initializer_list<std::string_view> names)
{
    expectOnce(object);
    for (const Place::Name &name : object.names()) {
        if (std::ranges::find(names, name.snake) == names.end())
            warnOfUnknown(object.at(name));
    }
}

void ConfigReader::warnOfUnknown(const Place &member)
{
    warn(member, "config.unknown_key",
         fmt::format("\"{}\" is not known here; it is kept and does nothing.", member.value.key()));
}

void ConfigReader::expectOnce(const Place &object)
{
    std::vector<std::string_view> sorted;
    for (const Place::Name &name : object.names())
        sorted.push_back(name.snake);
    std::ranges::sort(sorted);
    if (std::ranges::adjacent_find(sorted) == sorted.end())
        return;
    std::set<std::string_view> seen;
    for (const Place::Name &name : object.names()) {
        if (!seen.insert(name.snake).second) {
            warn(object.at(name), "config.duplicate",
                 fmt::format("\"{}\" is there twice; only one of them counts.", name.value.key()));
        }
    }
}

} // namespace portolan::routing
