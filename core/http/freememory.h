// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace portolan::http {

/// Gives a string's memory back. Assigning an empty string or `{}` does not: both only set the length, and
/// what waits for a provider or a client would go on holding its buffer.
inline void freeMemory(std::string &text) noexcept
{
    std::string().swap(text);
}

} // namespace portolan::http
