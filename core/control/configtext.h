// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/redact.h"
#include "core/base/result.h"
#include "core/catalog/catalog.h"
#include "core/routing/lint.h"
#include "core/routing/parse.h"

#include <string>
#include <string_view>
#include <vector>

namespace portolan::control {

/// Reads the text of a config, and what is to be said about it here: credentials in it (routing/secrets.h),
/// names that lead nowhere, lists that never match (routing/lint.h). In a text that is saved a credential is
/// an error, because that is shown, copied and exported (threat-model C); one that a request brings may have
/// some.
[[nodiscard]] routing::Reading readConfigText(std::string text, const Redactor &redactor,
                                              const routing::Installation &installation,
                                              routing::Keeping keeping);

/// The providers that configs may name, under all their names.
[[nodiscard]] std::vector<routing::Installation::Provider> knownProviders(const catalog::Catalog &catalog);

/// Where a byte of a text lies for a person.
struct TextPlace {
    std::size_t line = 1;
    std::size_t column = 1; ///< in characters

    friend bool operator==(const TextPlace &, const TextPlace &) = default;
};
[[nodiscard]] TextPlace placeOf(std::string_view text, std::size_t offset);

/// A config's name without blanks at its ends: 1 to 100 characters, none of them a control character, and not
/// the beginning of a JSON text, which x-portkey-config could not tell apart.
Result<std::string> configName(std::string_view name);

/// "pc-nightly-3f9a2c" for "Nightly"; the end is random.
[[nodiscard]] std::string makeConfigSlug(std::string_view name);

} // namespace portolan::control
