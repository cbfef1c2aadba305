// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/conversation.h"

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace vendors {

/// A program with one tool, which keeps its conversation as its SDK gives it and hands everything back: what
/// an answer holds is in the next request, whoever answers that.
class SdkClient
{
public:
    explicit SdkClient(portolan::dialect::Dialect dialect);

    /// The body of the next request.
    [[nodiscard]] std::string request(bool streamed) const;
    /// An answer of the gateway, in the client's own dialect.
    void take(const std::string &body);
    void takeStream(std::string_view bytes);
    /// Runs the calls of the last answer and adds their results; then the user goes on.
    void answerCalls();

    [[nodiscard]] const std::vector<std::string> &calls() const
    {
        return m_calls;
    } ///< ids, of the last answer

private:
    void takeMessage(boost::json::object message);

    const portolan::dialect::Dialect m_dialect;
    boost::json::array m_history{}; ///< messages, or items
    std::vector<std::string> m_calls{};
};

} // namespace vendors
