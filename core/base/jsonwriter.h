// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/rawjson.h"

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace portolan {

/// Writes one JSON text from left to right into a string, with commas where they belong. Own code because
/// what is written is mostly slices of somebody else's JSON that must stay as they are (RawJson), which a
/// document model would parse and print again; and it is the data path of every translated stream event.
///
///     JsonWriter json(body);
///     json.object();
///     json.member("model", model);
///     json.key("tools").array();
///     json.raw(schema);
///     json.end().end();
class JsonWriter
{
public:
    explicit JsonWriter(std::string &out)
        : m_out(out)
    { }
    JsonWriter(const JsonWriter &) = delete;
    JsonWriter &operator=(const JsonWriter &) = delete;

    JsonWriter &object();
    JsonWriter &array();
    JsonWriter &end(); ///< of the innermost object or array
    JsonWriter &key(std::string_view name);

    JsonWriter &string(std::string_view text);
    JsonWriter &raw(std::string_view json); ///< must be one valid JSON value
    JsonWriter &raw(const RawJson &json) { return raw(json.text); }
    JsonWriter &null() { return raw(std::string_view("null")); }
    JsonWriter &boolean(bool value)
    {
        return raw(value ? std::string_view("true") : std::string_view("false"));
    }
    JsonWriter &integer(std::int64_t value);
    JsonWriter &number(double value); ///< shortest spelling that reads back as the same; must be finite

    JsonWriter &member(std::string_view name, std::string_view text) { return key(name).string(text); }
    JsonWriter &member(std::string_view name, const char *text) { return key(name).string(text); }
    JsonWriter &member(std::string_view name, const RawJson &json) { return key(name).raw(json); }
    JsonWriter &member(std::string_view name, std::same_as<bool> auto value)
    {
        return key(name).boolean(value);
    }
    JsonWriter &member(std::string_view name, std::integral auto value)
        requires(!std::same_as<decltype(value), bool>)
    {
        return key(name).integer(std::int64_t(value));
    }
    JsonWriter &member(std::string_view name, double value) { return key(name).number(value); }

private:
    void separate();

    std::string &m_out;
    std::string m_open{}; // the brackets that are still to be closed
    bool m_comma = false;
};

} // namespace portolan
