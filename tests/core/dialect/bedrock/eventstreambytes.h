// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Event-stream messages for tests, made without the code under test, so that a test can lie in one place.
namespace eventstreambytes {

std::string bigEndian(std::uint64_t value, std::size_t width);
std::uint32_t checksum(std::string_view bytes);
std::string stringHeader(std::string_view name, std::string_view value);
std::string message(std::string_view headers, std::string_view payload);
std::string eventMessage(std::string_view type, std::string_view payload);
std::string exceptionMessage(std::string_view type, std::string_view payload);
std::string hexOf(std::string_view bytes);

} // namespace eventstreambytes
