// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secretbytes.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace portolan {

/// The spellings in which known credentials can turn up in text, in one piece of locked memory: plain,
/// escaped as in JSON (with and without \/), percent-encoded with upper- and lower-case digits, base64 and
/// base64url at each of the three alignments (what of it does not depend on the neighbours). Values shorter
/// than 6 bytes have none: they are no secrets, and would mask half of every text; base64 begins at 8.
/// Immutable; threads may share it.
class SecretForms
{
public:
    explicit SecretForms(const std::vector<SharedSecret> &known);

    [[nodiscard]] std::size_t size() const noexcept { return m_ends.size(); }
    [[nodiscard]] std::string_view operator[](std::size_t index) const;

private:
    std::vector<std::size_t> m_ends{}; // of each form in m_bytes
    SecretBytes m_bytes;
};

} // namespace portolan
