// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <simdjson.h>

#include <cstddef>

namespace portolan::dialect {

/// How much output a reply or event carries.
struct ReplyContent {
    std::size_t bytes = 0; ///< of text, reasoning and tool arguments; audio and images have none
    bool any = false;

    void operator+=(const ReplyContent &other)
    {
        bytes += other.bytes;
        any = any || other.any;
    }
};

/// Adds up a string, a list of parts, or an object that holds them: a message, delta, content block or item
/// of any dialect. Ids, roles, types and signatures are no output; the name of a called tool is.
void addContent(simdjson::ondemand::value value, ReplyContent &content);

/// Output that is no text: audio, images, embeddings, results.
void addOpaque(simdjson::ondemand::value value, ReplyContent &content);

} // namespace portolan::dialect
