// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/dialect/vendors/answers.h"

#include <string>

namespace vendors {

/// An answer that thinks and then calls the tool weather twice at once, with what each API adds to its
/// reasoning (a signature, an encrypted item, a thought signature) and with ids as it makes them.
[[nodiscard]] std::string callingAnswer(Api api);
[[nodiscard]] std::string callingStream(Api api);

/// Marks that only the API itself may get back: its signatures and what it encrypted. Empty: it gives none.
[[nodiscard]] std::string secretOf(Api api);

} // namespace vendors
