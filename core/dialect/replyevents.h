// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/reply.h"

namespace portolan::dialect {

/// A whole answer as the events of the stream it would have been: some providers answer a request for a
/// stream in one piece. The model's words are moved.
[[nodiscard]] StreamEvents eventsOf(Reply reply);

} // namespace portolan::dialect
