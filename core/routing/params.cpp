// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/params.h"

#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string_view>
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

    std::string out;
    out.reserve(body.text().size() + 256);
    JsonWriter json(out);
    Dropper dropper(json);
    const auto put = [&](std::string_view key, JsonValue value, const RawJson *written) {
        const auto inner = Dropper::below(drops, [&](const PathStep &step) { return step.member == key; });
        if (!inner)
            return;
        json.key(key);
        if (written)
            json.raw(*written);
        else
            dropper.write(value, *inner);
    };
    json.object();
    for (const JsonValue member : root.members()) {
        const std::string key = member.key();
        put(key, member, params.override_of(key));
    }
    for (const auto &[key, written] : params.defaults) {
        if (!root[key].present() && !params.override_of(key))
            put(key, {}, &written);
    }
    for (const auto &[key, written] : params.overrides) {
        if (!root[key].present())
            put(key, {}, &written);
    }
    json.end();
    return out;
}

} // namespace portolan::routing
