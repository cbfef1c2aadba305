// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/dialect/frames.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// `application/vnd.amazon.eventstream`, the framing of Amazon's streams (bedrock.md 6): binary messages with
/// typed headers and two CRC-32, one of the lengths and one of the whole.
namespace portolan::dialect::bedrock {

/// A header's value. Views live as long as the message's bytes.
struct EventStreamHeader {
    /// In the order of the numbers on the wire.
    enum class Type : std::uint8_t { True, False, Int8, Int16, Int32, Int64, Bytes, String, Timestamp, Uuid };

    std::string_view name{};
    Type type = Type::True;
    std::int64_t number = 0;  ///< of Int8 to Int64; of Timestamp, in milliseconds since 1970
    std::string_view bytes{}; ///< of Bytes and String; the 16 of a Uuid
};

struct EventStreamMessage {
    std::vector<EventStreamHeader> headers{};
    std::string_view payload{};

    /// The text of a header of type String; empty when there is none. Of several the first counts.
    [[nodiscard]] std::string_view text(std::string_view header) const noexcept;
};

/// Cuts bytes that arrive in any pieces into messages. Lengths are checked before anything is held for them:
/// a message has at most 16 MiB (threat-model D10) and 128 KiB of headers. What fails, fails for good.
class EventStreamDecoder
{
public:
    /// The piece must live until next() has returned false.
    void feed(std::string_view piece) noexcept { m_piece = piece; }
    /// The next complete message; its views live until the next call of next() or feed(). Errors:
    /// "frames.too_large", "frames.malformed" and "frames.bad_checksum", whose `where` is "prelude" or
    /// "message".
    Result<bool> next(EventStreamMessage &message);
    /// Bytes of a message that has begun but not ended, once next() has returned false.
    [[nodiscard]] std::size_t pending() const noexcept;

private:
    Result<bool> whole(std::string_view &bytes);
    bool hold(std::size_t size);

    std::string m_held{}; // a message begun in an earlier piece
    std::string_view m_piece{};
    bool m_held_given = false; // m_held was the last message's
    bool m_lengths_checked = false;
    Error m_error{}; // without a code: none yet
};

/// The messages as frames: events under their `:event-type`, exceptions and errors under their type or code
/// with a JSON object that has "message". Messages of no known kind are passed over.
class EventStreamFrames final : public FrameSplitter
{
public:
    Result<> feed(std::string_view piece) override;
    Result<bool> next(Frame &frame) override;
    bool last(Frame &frame) override; ///< never one: half a message is none
    [[nodiscard]] bool midFrame() const override { return m_decoder.pending() > 0; }

private:
    EventStreamDecoder m_decoder{};
    EventStreamMessage m_message{};
    std::string m_error_json{};
};

} // namespace portolan::dialect::bedrock
