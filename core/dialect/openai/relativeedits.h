// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonreader.h"
#include "core/dialect/codec.h"
#include "core/dialect/requestedits.h"

#include <vector>

namespace portolan::dialect::openai {

/// What must change in the body of an OpenAI chat client so that a relative takes it; every other byte stays
/// the client's.
struct RelativeEdits {
    std::vector<BodyEdit> edits{}; ///< don't overlap; none touches `model` or inserts at the object's begin
    Notes notes{};
};

/// For a client and a provider of the same dialect: the limit's name, the role developer, the switch of
/// reasoning, ids of calls, DeepSeek's reasoning_content, what other providers' reasoning left in the
/// history, and members that the relative refuses and that are harmless to drop (relatives.h). A provider
/// that nothing is known of gets the body as it is. With the flavour's `stream_usage` false the caller must
/// not ask for the usage chunk either.
[[nodiscard]] RelativeEdits relativeEdits(const JsonDocument &body, const Target &target);

} // namespace portolan::dialect::openai
