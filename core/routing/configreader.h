// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/routing/parse.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::routing {

/// A value of the config and its JSON Pointer.
struct Place {
    /// A member by its name in snake_case.
    struct Name {
        std::string snake{};
        bool as_written = true; ///< it is spelled so in the text, too
        JsonValue value{};
    };

    JsonValue value{};
    std::string pointer{};
    mutable std::shared_ptr<const std::vector<Name>> index{}; ///< of names(), once somebody asked

    explicit operator bool() const noexcept { return bool(value); }
    [[nodiscard]] const std::vector<Name> &names() const; ///< in the order of the text
    [[nodiscard]] Place at(const Name &name) const;
    /// The member of that name in snake_case, or in camelCase (gateway-protocol 3.1).
    [[nodiscard]] Place member(std::string_view name) const;
    [[nodiscard]] std::vector<Place> elements() const;
    [[nodiscard]] std::vector<Place> members() const;
};

/// "requestTimeout" as "request_timeout".
[[nodiscard]] std::string snakeCase(std::string_view key);

/// Collects what is wrong while the parts of a config are read. Every read has an answer, so that reading
/// goes on and all problems come at once.
class ConfigReader
{
public:
    explicit ConfigReader(const ConfigLimits &limits)
        : m_limits(limits)
    { }

    [[nodiscard]] const ConfigLimits &limits() const noexcept { return m_limits; }
    /// What is counted over the whole config.
    struct Counts {
        std::size_t patterns = 0;
        std::size_t secrets = 0;
        std::size_t params_bytes = 0;
    };
    [[nodiscard]] Counts &counts() noexcept { return m_counts; }
    void error(const Place &at, std::string code, std::string message, std::optional<Fix> fix = {});
    void warn(const Place &at, std::string code, std::string message, std::optional<Fix> fix = {});

    /// The value in that kind; nothing when absent or, with an error, of another kind or out of range.
    std::optional<std::string> text(const Place &at);
    std::optional<bool> flag(const Place &at);
    std::optional<double> number(const Place &at, double least, double most);
    std::optional<std::int64_t> integer(const Place &at, std::int64_t least, std::int64_t most);
    std::optional<StatusSet> statuses(const Place &at);
    /// A list of names; no longer than limits().names.
    std::vector<std::string> texts(const Place &at);
    bool isObject(const Place &at);
    bool isArray(const Place &at);
    /// Warns about members that are none of these.
    void expectOnly(const Place &object, std::initializer_list<std::string_view> names);
    void warnOfUnknown(const Place &member);
    /// Warns about members that are there twice, in one spelling or in both.
    void expectOnce(const Place &object);

    /// All of them in the order of the text.
    [[nodiscard]] Problems takeProblems();

private:
    void add(const Place &at, Severity severity, std::string code, std::string message,
             std::optional<Fix> fix);

    const ConfigLimits m_limits;
    Counts m_counts{};
    Problems m_problems{};
    std::size_t m_unlisted = 0; // problems beyond the limit
    bool m_unlisted_error = false;
};

// parsesettings.cpp
/// The node's own settings over those of the node around it (gateway-protocol 3.3).
[[nodiscard]] Settings readSettings(ConfigReader &reader, const Place &node, const Settings &inherited);
[[nodiscard]] std::optional<BreakerRule> readBreaker(ConfigReader &reader, const Place &at);
[[nodiscard]] Destination readDestination(ConfigReader &reader, const Place &node);

// parsequery.cpp
[[nodiscard]] Query readQuery(ConfigReader &reader, const Place &at);

} // namespace portolan::routing
