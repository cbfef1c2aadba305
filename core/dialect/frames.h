// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portolan::dialect {

/// How a provider cuts its stream into pieces of JSON.
enum class FrameFormat : std::uint8_t {
    Sse,         ///< server-sent events
    EventStream, ///< application/vnd.amazon.eventstream
    Lines,       ///< one JSON text per line (Ollama's own API)
};

/// One piece of a stream. Views live until the splitter is fed again.
struct Frame {
    std::string_view name{}; ///< event field; :event-type, or :exception-type with `exception` set
    std::string_view data{}; ///< JSON text or "[DONE]"
    bool exception = false;  ///< EventStream: :message-type is "exception" or "error"
};

/// Cuts bytes that arrive in any pieces into frames: any split gives the same frames. Frames without data
/// (comments, keep-alives) are not given; JSON that stands bare among server-sent events is one.
class FrameSplitter
{
public:
    FrameSplitter() = default;
    FrameSplitter(const FrameSplitter &) = delete;
    FrameSplitter &operator=(const FrameSplitter &) = delete;
    virtual ~FrameSplitter() = default;

    /// The piece must live until next() has returned false. The error ends the stream: a frame larger than
    /// allowed, or an event-stream message whose CRCs don't fit ("frames.too_large", "frames.bad_checksum",
    /// "frames.malformed").
    virtual Result<> feed(std::string_view piece) = 0;
    /// The next complete frame. The error as above, found later.
    virtual Result<bool> next(Frame &frame) = 0;
    /// The bytes have ended: gives what an SSE stream without its last blank line still holds, as the SDKs
    /// do. True when there is such a frame.
    virtual bool last(Frame &frame) = 0;
    /// Bytes of a frame that has begun but not ended.
    [[nodiscard]] virtual bool midFrame() const = 0;
};

[[nodiscard]] std::unique_ptr<FrameSplitter> frameSplitter(FrameFormat format);

} // namespace portolan::dialect
