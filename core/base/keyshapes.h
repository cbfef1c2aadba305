// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonpeek.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace portolan {

/// How credentials look that we were never told: by a prefix and by what must follow it, strict enough to
/// leave prose and code alone. Prefixes: `key_prefixes` of the catalog's providers.json, RFC 6750 and RFC
/// 7617, PEM (RFC 7468).
struct KeyShape {
    enum class Rule : unsigned char {
        Token,      ///< 17 or more of [A-Za-z0-9_-], a digit among the first 64
        LongRun,    ///< the same, with 16 letters and digits in a row: for prefixes that words and names have
                    ///< too
        AwsKeyId,   ///< 16 or more upper-case letters and digits; takes the secret key near it along
        AuthScheme, ///< a bearer token; the scheme's name stays
        BasicAuth,  ///< base64 of user:password; the scheme's name stays
        PrivateKey, ///< a PEM block, or what there is of it
    };

    std::string_view prefix{}; ///< three bytes or more
    Rule rule = Rule::Token;
};

[[nodiscard]] std::span<const KeyShape> keyShapes() noexcept;

/// What to mask when the shape, whose prefix may begin at `at`, is there; otherwise a range of size 0. Looks
/// a bounded distance ahead before it decides, and further only over what it will mask.
[[nodiscard]] ByteRange matchShape(const KeyShape &shape, std::string_view text, std::size_t at);

} // namespace portolan
