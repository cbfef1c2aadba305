// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <string_view>

namespace portolan::dialect {

/// Adds a note unless the exchange has one of that kind about the same thing already: a hundred messages
/// with a cache hint are one line of the trace. At most 64 of them, and 80 bytes of each name.
void note(Exchange &exchange, Note::Kind kind, std::string_view what, std::string_view why);

/// Notes the members of the request that no API but OpenAI's takes and that are harmless to leave out:
/// logit_bias, prediction, verbosity, store, metadata, prompt_cache_key, user, and what the client's codec
/// did not know either.
void noteOpenAiOnly(const Request &request, Exchange &exchange);

} // namespace portolan::dialect
