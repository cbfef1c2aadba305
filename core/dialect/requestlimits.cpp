// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/requestlimits.h"

#include "core/dialect/notes.h"

#include <algorithm>
#include <string>

namespace portolan::dialect {

std::vector<std::string_view> sentStops(const Sampling &sampling, std::size_t most, Exchange &exchange)
{
    std::vector<std::string_view> sent;
    for (const std::string &stop : sampling.stop) {
        if (!stop.empty())
            sent.emplace_back(stop);
    }
    if (sent.size() > most) {
        sent.resize(most);
        note(exchange, Note::Kind::Changed, "stop",
             "the provider takes " + std::to_string(most) + " sequences: the first ones are sent");
    }
    return sent;
}

std::optional<std::int64_t> sentMaxTokens(const Request &request, Exchange &exchange)
{
    const auto &most = exchange.target.capabilities.max_output_tokens;
    if (!most || !request.max_tokens || *request.max_tokens <= *most)
        return request.max_tokens;
    note(exchange, Note::Kind::Changed, "max_tokens", "lowered to the model's maximum");
    return most;
}

} // namespace portolan::dialect
