// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/fields.h"
#include "core/trace/record.h"

#include <string>
#include <string_view>
#include <vector>

namespace portolan::gateway {

/// Copies the client's header lines that may go upstream: all but credentials, cookies, hop-by-hop lines
/// (also those that Connection names), framing, forwarding, browser and gateway lines (threat-model E6).
/// `token` is the client's key: a line that holds it anywhere stays here whatever its name. Accept-Encoding
/// is left out, because usage could not be read from a compressed answer.
void copyToUpstream(const http::Fields &client, std::string_view token, http::Fields &upstream);

/// Copies the client's lines of these names (lower case) whatever copyToUpstream does with them, in the place
/// of ours (x-portkey-forward-headers). Lines that carry credentials, frame the message or speak to this
/// gateway are never copied, nor one that holds the client's key.
void forwardLines(const http::Fields &client, const std::vector<std::string> &names, std::string_view token,
                  http::Fields &upstream);

/// Takes one token out of anthropic-beta, and the line with its last one.
void withoutBeta(http::Fields &upstream, std::string_view token);

/// Copies the provider's header lines that may reach the client: a closed list (threat-model E7).
void copyToClient(const http::Fields &upstream, http::Fields &client);

/// All lines for the record, with every value that is not known to be harmless replaced (threat-model C5).
[[nodiscard]] trace::Pairs loggable(const http::Fields &fields);

} // namespace portolan::gateway
