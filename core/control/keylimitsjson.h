// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/keylimits.h"
#include "core/base/jsonvalue.h"
#include "core/base/jsonwriter.h"
#include "core/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace portolan::control {

// A key's limits as members of an object, among others: "budget", "rates" and "concurrency".

/// Limits that cannot be read let nothing through: they would be of a newer version, or damaged.
[[nodiscard]] admission::KeyLimits limitsFromStored(JsonValue stored);
/// Into the object that `writer` has open.
void writeLimits(JsonWriter &writer, const admission::KeyLimits &limits);
[[nodiscard]] bool isLimitMember(std::string_view name) noexcept;

/// Fails with what is wrong with limits that somebody gives: a time zone that is not known, a number that
/// makes no sense, two rate limits for one thing.
Result<> checkLimits(const admission::KeyLimits &limits);

/// An array of texts. One that cannot be read holds one empty text, which names nothing: a list that allows
/// must not allow all because it is damaged.
[[nodiscard]] std::vector<std::string> namesFromStored(JsonValue stored);
void writeNames(JsonWriter &writer, const std::vector<std::string> &names);

} // namespace portolan::control
