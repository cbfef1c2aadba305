// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/http/exchange.h"

#include <string>

namespace portolan::gateway {

/// OpenAI's error.type for a status of ours.
[[nodiscard]] std::string errorType(int status);

/// An answer of our own with the type that fits its status.
[[nodiscard]] http::Refusal refusal(int status, std::string code, std::string message,
                                    std::string param = {});

/// The answer for an error value of the layers below: authentication, body reading, upstream calls.
[[nodiscard]] http::Refusal refusalFor(const Error &error);

} // namespace portolan::gateway
