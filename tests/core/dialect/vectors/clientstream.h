// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <boost/json.hpp>

#include <string>
#include <string_view>

namespace portolan::dialect::vectors {

/// What a client has after it has read a whole stream, and what its SDK would have stumbled over.
struct ClientView {
    boost::json::object accumulated{}; ///< as `expected.accumulated` of the vectors
    bool done = false;                 ///< the last line was data: [DONE]
    bool has_usage_chunk = false;
    std::string violation{}; ///< the first invariant (S1 to S8) that does not hold; empty when all do
};

ClientView readOpenAiChat(std::string_view stream, bool asked_for_usage);
ClientView readAnthropic(std::string_view stream);
ClientView readResponses(std::string_view stream);

} // namespace portolan::dialect::vectors
