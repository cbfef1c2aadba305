// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/conversation.h"

#include <string>
#include <string_view>

/// What an answer looks like to a client of each dialect, by the rules its SDKs have.
namespace vendors {

enum class Seen {
    Answer,  ///< complete, with the dialect's own end
    Failure, ///< an error as the dialect says it, and no end
    Neither, ///< a client would wait for more, or take half an answer for a whole one
};

/// Of a server-sent stream.
[[nodiscard]] Seen streamSeen(portolan::dialect::Dialect client, std::string_view bytes);
/// Of a body with its status.
[[nodiscard]] Seen bodySeen(portolan::dialect::Dialect client, int status, std::string_view body);
/// All text that the bytes of a stream say.
[[nodiscard]] std::string textOf(portolan::dialect::Dialect client, std::string_view bytes);

} // namespace vendors
