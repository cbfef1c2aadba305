// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/params.h"

#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace portolan::routing {

namespace {

/// One step of a drop path: a member, one element, or all elements.
struct PathStep {
    std::string member{};
    std::optional<std::size_t> element{}; ///< nothing beside an empty member: all elements
};

using Path = std::vector<PathStep>;
using Paths = std::vector<std::span<const PathStep>>;

/// "tools[0].function.strict", "messages[*].content". A path of another form drops nothing.
Path parsePath(std::string_view text)
{
    Path path;
    while (!text.empty()) {
        if (text.front() != '[') {
            const auto end = std::min(text.find_first_of(".["), text.size());
            if (end == 0)
                return {};
            path.push_back({.member = std::string(text.substr(0, end))});
            text.remove_prefix(end);
        }
        while (text.starts_with('[')) {
            const auto close = text.find(']');
            if (close == std::string_view::npos || path.empty())
                return {};
            const auto inside = text.substr(1, close - 1);
            std::size_t element = 0;
            const auto read = std::from_chars(inside.data(), inside.data() + inside.size(), element);
            const bool number
                = !inside.empty() && read.ec == std::errc{} && read.ptr == inside.data() + inside.size();
            if (!number && inside != "*")
                return {};
            path.push_back({.element = number ? std::optional(element) : std::nullopt});
            text.remove_prefix(close + 1);
        }
        if (text.starts_with('.')) {
            text.remove_prefix(1);
            if (text.empty())
                return {};
        } else if (!text.empty()) {
            return {};
        }
    }
    return path;
}

/// Writes a value without what the paths name.
class Dropper
{
public:
    explicit Dropper(JsonWriter &json)
        : m_json(json)
    { }

    void write(JsonValue value, const Paths &paths)
    {
        if (paths.empty() || (!value.isObject() && !value.isArray()))
            m_json.raw(value.raw());
        else if (value.isObject())
            writeObject(value, paths);
        else
            writeArray(value, paths);
    }

    /// Those paths that go on below one child; nothing when one of them ends there: the child is dropped.
    template <typename Leads>
    static std::optional<Paths> below(const Paths &paths, Leads leads)
    {
        Paths inner;
        for (const auto &path : paths) {
            if (!leads(path.front()))
                continue;
            if (path.size() == 1)
                return std::nullopt;
            inner.push_back(path.subspan(1));
        }
        return inner;
    }

private:
    void writeObject(JsonValue object, const Paths &paths)
    {
        m_json.object();
        for (const JsonValue member : object.members()) {
            const std::string key = member.key();
            const auto inner = below(paths, [&](const PathStep &step) { return step.member == key; });
            if (!inner)
                continue;
            m_json.key(key);
            write(member, *inner);
        }
        m_json.end();
    }

    void writeArray(JsonValue array, const Paths &paths)
    {
        m_json.array();
        std::size_t at = 0;
        for (const JsonValue element : array.elements()) {
            const auto inner = below(paths, [&](const PathStep &step) {
                return step.member.empty() && (!step.element || *step.element == at);
            });
            ++at;
            if (inner)
                write(element, *inner);
        }
        m_json.end();
    }

    JsonWriter &m_json;
};

using Member = std::pair<std::string, RawJson>;

/// Parameters by name, and which of them the body had.
class Named
{
public:
    explicit Named(const std::vector<Member> &members)
    {
        for (const Member &member : members)
            m_members.emplace(member.first, Entry{&member.second});
    }

    [[nodiscard]] bool isIn(std::string_view name) const { return m_members.contains(name); }
    /// The parameter of that name when it is asked for the first time; the body has it then.
    const RawJson *takeOnce(std::string_view name)
    {
        const auto found = m_members.find(name);
        if (found == m_members.end() || std::exchange(found->second.had, true))
            return nullptr;
        return found->second.written;
    }
    [[nodiscard]] bool had(std::string_view name) const { return m_members.at(name).had; }

private:
    struct Entry {
        const RawJson *written = nullptr;
        bool had = false;
    };
    std::unordered_map<std::string_view, Entry> m_members;
};

/// Writes the members of the new body, without those that are dropped.
class BodyWriter
{
public:
    BodyWriter(std::string &out, const Paths &drops)
        : m_json(out)
        , m_dropper(m_json)
        , m_drops(drops)
    {
        m_json.object();
    }

    void own(std::string_view key, JsonValue value)
    {
        if (const auto inner = below(key)) {
            m_json.key(key);
            m_dropper.write(value, *inner);
        }
    }
    void set(std::string_view key, const RawJson &written)
    {
        const auto inner = below(key);
        const auto parsed
            = inner && !inner->empty() ? JsonDocument::parse(written.text) : Result<JsonDocument>(fail({}));
        if (inner)
            m_json.key(key);
        if (parsed)
            m_dropper.write(JsonValue(*parsed), *inner);
        else if (inner)
            m_json.raw(written);
    }
    void end() { m_json.end(); }

private:
    [[nodiscard]] std::optional<Paths> below(std::string_view key) const
    {
        return Dropper::below(m_drops, [&](const PathStep &step) { return step.member == key; });
    }

    JsonWriter m_json;
    Dropper m_dropper;
    const Paths &m_drops;
};

} // namespace

std::string withParams(const JsonDocument &body, const Params &params)
{
    const JsonValue root(body);
    if (!root.isObject() || params.empty())
        return body.text();
    std::vector<Path> parsed;
    parsed.reserve(params.drops.size());
    Paths drops;
    for (const std::string &drop : params.drops) {
        parsed.push_back(parsePath(drop));
        if (!parsed.back().empty())
            drops.emplace_back(parsed.back());
    }
    Named defaults(params.defaults);
    Named overrides(params.overrides);
    std::string out;
    out.reserve(body.text().size() + 256);
    BodyWriter writer(out, drops);
    for (const JsonValue member : root.members()) {
        const std::string key = member.key();
        (void)defaults.takeOnce(key);
        if (!overrides.isIn(key))
            writer.own(key, member);
        else if (const RawJson *written = overrides.takeOnce(key))
            writer.set(key, *written);
    }
    for (const auto &[key, written] : params.defaults) {
        if (!defaults.had(key) && !overrides.isIn(key))
            writer.set(key, written);
    }
    for (const auto &[key, written] : params.overrides) {
        if (!overrides.had(key))
            writer.set(key, written);
    }
    writer.end();
    return out;
}

} // namespace portolan::routing
