// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace portolan::dialect {

/// What a method and path ask for, in the words of the catalog's `endpoints`.
struct Endpoint {
    std::string_view word
        = "other";           ///< chat, completions, embeddings, responses, messages, images, audio, rerank,
                             ///< moderations, models, files, batch or other; lives as long as the program
    bool may_stream = false; ///< the reply is server-sent events when the body says "stream":true
    bool takes_stream_options = false; ///< stream_options.include_usage asks it for a usage chunk
    bool bills_tokens = false;         ///< what is unknown of its usage can be estimated from text

    friend bool operator==(const Endpoint &, const Endpoint &) = default;
};

/// `path` is the normal form of threat-model B4, with or without its "/v1". A path that is none of the
/// table's, or goes on behind one of them in another way (/chat/completions/{id}/messages), is `other`.
[[nodiscard]] Endpoint endpointOf(std::string_view method, std::string_view path) noexcept;

} // namespace portolan::dialect
