// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/codec.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// A provider's codec driven as the gateway does, told in texts that a table of cases can hold.
namespace portolan::dialect::testing {

/// JSON with ' for each quote and ` for an escaped one.
std::string json(std::string_view text);

/// The body that goes to the provider for what an OpenAI client asked, or "400 " and the place of the error.
std::string sentFor(const ProviderCodec &codec, std::string_view client_json, Exchange &exchange);

/// What the provider's stream says, an event a line; fed in pieces of that size.
std::string streamed(const ProviderCodec &codec, std::string_view bytes, Exchange &exchange,
                     std::size_t piece = 1U << 20U);

/// "status code message" of an error.
std::string told(const ApiError &error);

/// Bodies and frames that no provider should send: broken, truncated, of wrong kinds, deep, huge, not UTF-8.
/// `whole` is a good answer from which some are made.
std::vector<std::string> hostileJson(const std::string &whole);

/// The answer, and the error of a failed call, is an error with a status of one.
bool isRefused(const ProviderCodec &codec, const std::string &body);
/// A stream of that frame fails, and nothing that comes later changes that.
bool failsFor(const ProviderCodec &codec, const std::string &data, const std::string &later);
/// The number of bytes up to which a stream looks whole though it was cut there; nothing when there is none
/// before the last blank line.
std::string looksWholeAt(const ProviderCodec &codec, const std::string &whole);

} // namespace portolan::dialect::testing
