// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/store/connection.h"

#include <filesystem>
#include <span>

namespace portolan::store {

/// Marks a file as ours (PRAGMA application_id): "Port".
inline constexpr int kApplicationId = 0x506f7274;

/// Rows of one request stand side by side: the key of an attempt or a body is the request's id times this,
/// plus its place. So inserts go to the end of the tree and a range of times is a range of keys, without a
/// second index.
inline constexpr std::int64_t kAttemptSlots = 256;
inline constexpr std::int64_t kBodySlots = 8;
enum class BodySlot : std::int64_t { Request = 0, Response = 1 };

/// One step of the schema: statements that lead from the version before to `version`.
struct Migration {
    int version = 0;
    std::span<const char *const> statements{};
};

/// The steps from an empty file to the present schema, in order.
[[nodiscard]] std::span<const Migration> migrations();
[[nodiscard]] int schemaVersion(); ///< of the last step

/// The version of the open file; 0: empty.
[[nodiscard]] Result<int> storedVersion(const Connection &connection);

/// Brings the file to the last step's version, each step in a transaction of its own. Before a step that
/// changes an existing schema the file is copied to "<file>.v<version>.bak". "store.newer_schema" when the
/// file is from a newer program: nothing is touched.
Result<> migrate(const Connection &connection, const std::filesystem::path &file,
                 std::span<const Migration> steps);

} // namespace portolan::store
