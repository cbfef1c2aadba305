// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"

#include <string>
#include <string_view>
#include <vector>

/// The wire vectors that have a form of their own (tests/data/vectors/README.md).
namespace vectors {

/// Ids of the cases whose name begins so, in order.
std::vector<std::string> idsBeginning(std::string_view prefix);
/// Fails the program when there is no such case: a test without its data must not pass.
portolan::JsonDocument loadCase(std::string_view id);
/// The bytes of a hex file beside the case.
std::string hexFile(std::string_view id, std::string_view file);

std::string hexOf(std::string_view bytes);

/// Big-endian integers, checksums and lengths as the format wants them, so that a test can lie in one place.
std::string eventStreamMessage(std::string_view headers, std::string_view payload);
std::string stringHeader(std::string_view name, std::string_view value);
std::string bigEndian(std::uint64_t value, std::size_t width);
std::uint32_t checksum(std::string_view bytes);

} // namespace vectors
