// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace portolan {

/// Makes libsodium ready; every use of it in this room calls it first. Cheap after the first time, any
/// thread. Ends the process when the system has no source of randomness: nothing safe could be done without
/// one.
void readySodium() noexcept;

} // namespace portolan
