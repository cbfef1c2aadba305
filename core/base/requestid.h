// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <cstdint>
#include <string>

namespace portolan {

/// The next id: `now_us` (microseconds since 1970), or one more than the last one given out in this process,
/// so that ids are unique and rise with time even when the wall clock steps back. Any thread.
[[nodiscard]] RequestId makeRequestId(std::int64_t now_us);

/// A random version 4 UUID in lower case, the form of our trace ids.
[[nodiscard]] std::string makeUuid();
/// 16 random lower-case hexadecimal digits, the form of W3C span ids.
[[nodiscard]] std::string makeSpanId();

} // namespace portolan
