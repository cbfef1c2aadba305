// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace portolan {

/// Who has to act on a failure. Decides wording and colour in the UI.
enum class Origin { Client, Config, Upstream, Internal };

/// A failure as a value. The UI words and translates it by `code`.
struct Error {
    Origin origin = Origin::Internal;
    std::string code{};    ///< stable, e.g. "vault.wrong_passphrase"
    std::string message{}; ///< one English sentence that says what to do; never holds a secret
    std::string where{};   ///< JSON Pointer, URL or file; empty when it adds nothing
    bool retryable = false;

    friend bool operator==(const Error &, const Error &) = default;
};

/// A value, or why there is none. Exceptions stay inside a library's edge.
template <typename T = void>
using Result = std::expected<T, Error>;

/// Shortens `return std::unexpected(Error{...})`.
[[nodiscard]] inline std::unexpected<Error> fail(Error error)
{
    return std::unexpected(std::move(error));
}

} // namespace portolan
