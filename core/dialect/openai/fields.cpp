// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/openai/fields.h"

#include "core/dialect/errorkinds.h"

namespace portolan::dialect::openai {

Fields &Fields::text(std::string_view name, std::string &into)
{
    const JsonValue value = m_object[name];
    if (auto string = value.string())
        into = *std::move(string);
    else if (value)
        complain(name, "a string");
    return *this;
}

Fields &Fields::flag(std::string_view name, std::optional<bool> &into)
{
    const JsonValue value = m_object[name];
    if (value.isBool())
        into = value.boolean();
    else if (value)
        complain(name, "true or false");
    return *this;
}

Fields &Fields::count(std::string_view name, std::int64_t least, std::optional<std::int64_t> &into)
{
    const JsonValue value = m_object[name];
    const auto count = value.integer();
    if (count && *count >= least)
        into = count;
    else if (value)
        complain(name, "a whole number of at least " + std::to_string(least));
    return *this;
}

Fields &Fields::number(std::string_view name, RawJson &into)
{
    const JsonValue value = m_object[name];
    if (value.isNumber())
        into = value.rawJson();
    else if (value)
        complain(name, "a number");
    return *this;
}

Fields &Fields::object(std::string_view name, RawJson &into)
{
    const JsonValue value = m_object[name];
    if (value.isObject())
        into = value.rawJson();
    else if (value)
        complain(name, "an object");
    return *this;
}

Fields &Fields::array(std::string_view name, RawJson &into)
{
    const JsonValue value = m_object[name];
    if (value.isArray())
        into = value.rawJson();
    else if (value)
        complain(name, "an array");
    return *this;
}

void Fields::complain(std::string_view name, std::string_view wanted)
{
    if (m_result)
        m_result = badRequest(m_where + '/' + std::string(name),
                              std::string(name) + " must be " + std::string(wanted) + '.');
}

} // namespace portolan::dialect::openai
