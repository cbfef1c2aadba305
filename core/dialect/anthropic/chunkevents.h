// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/frames.h"
#include "core/dialect/reply.h"

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace portolan::dialect::anthropic {

/// The event in a chunk of Bedrock's (bedrock.md 7), {"bytes":"<base64>"}; the error: an exception in its
/// place, or a chunk that holds none.
[[nodiscard]] std::expected<std::string, ApiError> eventInChunk(const Frame &frame);

/// Anthropic's stream out of Bedrock's: each chunk's event as its bytes are, under its own name. Any split of
/// the bytes gives the same events.
class ChunkEvents
{
public:
    struct Event {
        std::string name{}; ///< the event's own "type"
        std::string data{}; ///< its JSON, byte for byte
    };

    ChunkEvents();

    /// The piece must live until next() has returned nothing.
    void feed(std::string_view piece);
    /// The next complete event; nothing until more is fed, and after a failure for good.
    std::optional<Event> next();
    /// What Bedrock said in place of an event, or what is wrong with its bytes.
    [[nodiscard]] const std::optional<ApiError> &failure() const noexcept { return m_failure; }

private:
    std::optional<Event> unpacked(const Frame &frame);

    std::unique_ptr<FrameSplitter> m_frames;
    std::optional<ApiError> m_failure{};
};

} // namespace portolan::dialect::anthropic
