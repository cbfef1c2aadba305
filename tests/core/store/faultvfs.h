// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>

namespace portolan::store {

/// A disk that misbehaves on command: a VFS of SQLite over the real one, the default from its first use on,
/// so that Qt SQL and the store run over it unchanged. Counts writes, syncs and truncations of database and
/// WAL.
namespace faultvfs {

void install();

/// The n-th operation from now (0: the next) fails with `code`, and so do all after it until heal(). A
/// failing write leaves half of its bytes when `torn`.
void failFrom(int n, int code, bool torn = false);
void heal();
/// True when an operation has failed since failFrom().
[[nodiscard]] bool hasFailed();
/// Every write takes that long: a slow disk.
void slowDown(std::chrono::microseconds perWrite);

} // namespace faultvfs

} // namespace portolan::store
