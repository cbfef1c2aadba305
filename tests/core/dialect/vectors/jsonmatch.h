// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>

namespace portolan::dialect::vectors {

/// Compares a value with an expected one that may hold the matchers $any, $json, $var and $pattern. One
/// matcher per case: it remembers what $var names stand for.
class JsonMatcher
{
public:
    enum class Mode { Exact, Subset }; ///< Subset: members that are not expected may be there

    explicit JsonMatcher(Mode mode)
        : m_mode(mode)
    { }

    /// Where and how they differ, in words; empty when they don't.
    std::string difference(const boost::json::value &expected, const boost::json::value &actual,
                           const std::string &where = {});

private:
    std::string objects(const boost::json::object &expected, const boost::json::object &actual,
                        const std::string &where);
    std::string arrays(const boost::json::array &expected, const boost::json::array &actual,
                       const std::string &where);
    std::string variable(const boost::json::object &matcher, const boost::json::value &actual,
                         const std::string &where);

    Mode m_mode;
    std::map<std::string, std::string> m_variables{};
};

/// The normalisations N1 (Anthropic), N2 and N4 of the vectors' README.
boost::json::value normalised(const boost::json::value &body, bool anthropic);

} // namespace portolan::dialect::vectors
