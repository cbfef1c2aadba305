// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/secretbytes.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace portolan {

/// Masks secrets at the sink (threat-model C5): the values of all known credentials (exact, JSON-escaped,
/// URL-encoded and base64 forms), "Bearer ..." and known key shapes. Immutable: a new credential makes a new
/// one. Threads may share it.
class Redactor
{
public:
    Redactor(); ///< knows key shapes only
    explicit Redactor(std::vector<SharedSecret> known);
    ~Redactor();
    Redactor(Redactor &&) noexcept;
    Redactor &operator=(Redactor &&) noexcept;

    /// The text with every hit replaced by "***". Idempotent. Without a hit no copy of `text` is changed.
    [[nodiscard]] std::string redact(std::string_view text) const;
    /// The same in place; says whether anything was masked. The fast path of bodies: one scan, no allocation.
    bool redactInPlace(std::string &text) const;
    /// True when redact() would change the text.
    [[nodiscard]] bool finds(std::string_view text) const;

private:
    struct Patterns;
    std::unique_ptr<const Patterns> m_patterns;
};

using SharedRedactor = std::shared_ptr<const Redactor>;

/// What of a header's value may be stored or shown: allow-listed names keep theirs, every other is
/// "[redacted]".
[[nodiscard]] std::string_view loggableHeaderValue(std::string_view name, std::string_view value);

/// "...abcd" for a credential of 20 or more characters, else "...": how a stored credential is ever shown
/// again.
[[nodiscard]] std::string lastFour(std::string_view credential);

} // namespace portolan
