// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/conversation.h"

#include <optional>
#include <string>
#include <string_view>

/// Images and files as the OpenAI APIs give them: in a URL (mapping.md 12).
namespace portolan::dialect {

/// What an http, https or data URL holds: media types in lower case, "image/jpeg" for "image/jpg", base64
/// without white space, percent-encoded data made base64. Nothing for other schemes and broken data.
[[nodiscard]] std::optional<Media> mediaOfUrl(std::string_view url);

/// Bytes as a data URL, else the URL; empty for what only has a file id. `type` stands in for a missing one.
[[nodiscard]] std::string urlOfMedia(const Media &media, std::string_view type = "application/octet-stream");

/// Base64 without white space, or nothing when it is none.
[[nodiscard]] std::optional<std::string> cleanBase64(std::string_view text);

/// A media type in the one spelling of Media::type.
[[nodiscard]] std::string mediaType(std::string_view type);

} // namespace portolan::dialect
