// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/bedrock/eventstream.h"

#include "core/base/jsonwriter.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portolan::dialect::bedrock {
namespace {

constexpr std::size_t kPreludeBytes = 12;
constexpr std::size_t kChecksumBytes = 4;
constexpr std::size_t kLeastMessage = kPreludeBytes + kChecksumBytes;
constexpr std::size_t kMostMessage = 16U << 20U;
constexpr std::size_t kMostHeaders = 128U << 10U;

constexpr auto kCrcTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0xEDB88320U : crc >> 1U;
        table[i] = crc;
    }
    return table;
}();

/// The CRC-32 of zlib and IEEE 802.3.
std::uint32_t crc32(std::string_view bytes)
{
    std::uint32_t crc = 0xFFFFFFFFU;
    for (const char c : bytes)
        crc = (crc >> 8U) ^ kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xFFU];
    return ~crc;
}

/// Big-endian, as all integers of the format.
std::uint64_t unsignedOf(std::string_view bytes)
{
    std::uint64_t value = 0;
    for (const char c : bytes)
        value = (value << 8U) | static_cast<unsigned char>(c);
    return value;
}

std::int64_t signedOf(std::string_view bytes)
{
    const std::size_t unused = 64 - 8 * bytes.size();
    return std::int64_t(unsignedOf(bytes) << unused) >> unused;
}

Error bad(std::string code, std::string message, std::string where = {})
{
    return {.origin = Origin::Upstream,
            .code = std::move(code),
            .message = std::move(message),
            .where = std::move(where)};
}

Error malformed(std::string message)
{
    return bad("frames.malformed", std::move(message));
}

/// What is left to be read of a message's headers.
class HeaderBytes
{
public:
    explicit HeaderBytes(std::string_view left)
        : m_left(left)
    { }

    [[nodiscard]] bool empty() const { return m_left.empty(); }

    bool take(std::size_t size, std::string_view &bytes)
    {
        if (m_left.size() < size)
            return false;
        bytes = m_left.substr(0, size);
        m_left.remove_prefix(size);
        return true;
    }

    /// A length in `width` bytes, then as many.
    bool takeSized(std::size_t width, std::string_view &bytes)
    {
        std::string_view length;
        return take(width, length) && take(std::size_t(unsignedOf(length)), bytes);
    }

private:
    std::string_view m_left;
};

bool readNumber(HeaderBytes &left, std::size_t width, EventStreamHeader &header)
{
    std::string_view bytes;
    if (!left.take(width, bytes))
        return false;
    header.number = signedOf(bytes);
    return true;
}

bool readHeader(HeaderBytes &left, EventStreamHeader &header)
{
    using Type = EventStreamHeader::Type;
    std::string_view type;
    if (!left.takeSized(1, header.name) || header.name.empty() || !left.take(1, type))
        return false;
    const std::uint64_t number = unsignedOf(type);
    if (number > std::uint64_t(Type::Uuid))
        return false;
    header.type = Type(number);
    switch (header.type) {
    case Type::True:
    case Type::False: return true;
    case Type::Int8: return readNumber(left, 1, header);
    case Type::Int16: return readNumber(left, 2, header);
    case Type::Int32: return readNumber(left, 4, header);
    case Type::Int64:
    case Type::Timestamp: return readNumber(left, 8, header);
    case Type::Bytes:
    case Type::String: return left.takeSized(2, header.bytes);
    case Type::Uuid: return left.take(16, header.bytes);
    }
    return false;
}

Result<> checkLengths(std::string_view prelude)
{
    const std::uint64_t total = unsignedOf(prelude.substr(0, 4));
    const std::uint64_t headers = unsignedOf(prelude.substr(4, 4));
    // The checksum first: lengths that it does not cover say nothing.
    if (crc32(prelude.substr(0, 8)) != unsignedOf(prelude.substr(8, 4)))
        return fail(bad("frames.bad_checksum",
                        "The lengths of a message in the provider's stream don't fit their checksum.",
                        "prelude"));
    if (total > kMostMessage)
        return fail(bad("frames.too_large", "A message of the provider's stream is longer than 16 MiB."));
    if (headers > kMostHeaders)
        return fail(bad("frames.too_large",
                        "The headers of a message in the provider's stream are longer "
                        "than 128 KiB."));
    if (total < kLeastMessage || headers > total - kLeastMessage)
        return fail(malformed("The lengths of a message in the provider's stream contradict each other."));
    return {};
}

/// `bytes` is one whole message whose lengths have been checked.
Result<> readMessage(std::string_view bytes, EventStreamMessage &message)
{
    const std::string_view covered = bytes.substr(0, bytes.size() - kChecksumBytes);
    if (crc32(covered) != unsignedOf(bytes.substr(covered.size())))
        return fail(bad("frames.bad_checksum",
                        "A message of the provider's stream does not fit its checksum.", "message"));
    const auto header_bytes = std::size_t(unsignedOf(bytes.substr(4, 4)));
    HeaderBytes left(covered.substr(kPreludeBytes, header_bytes));
    message.headers.clear();
    while (!left.empty()) {
        EventStreamHeader header;
        if (!readHeader(left, header))
            return fail(malformed("The headers of a message in the provider's stream can't be read."));
        message.headers.push_back(header);
    }
    message.payload = covered.substr(kPreludeBytes + header_bytes);
    return {};
}

} // namespace

std::string_view EventStreamMessage::text(std::string_view header) const noexcept
{
    const auto found = std::ranges::find_if(headers, [header](const EventStreamHeader &candidate) {
        return candidate.type == EventStreamHeader::Type::String && candidate.name == header;
    });
    return found == headers.end() ? std::string_view() : found->bytes;
}

Result<bool> EventStreamDecoder::next(EventStreamMessage &message)
{
    if (!m_error.code.empty())
        return fail(m_error);
    std::string_view bytes;
    auto found = whole(bytes);
    if (found && *found) {
        if (const auto read = readMessage(bytes, message); !read)
            found = fail(read.error());
    }
    if (!found)
        m_error = found.error();
    return found;
}

std::size_t EventStreamDecoder::pending() const noexcept
{
    return (m_held_given ? 0 : m_held.size()) + m_piece.size();
}

/// Takes from the piece until `size` bytes are held; false when they are not there yet.
bool EventStreamDecoder::hold(std::size_t size)
{
    const std::size_t lacking = size - std::min(size, m_held.size());
    const std::string_view taken = m_piece.substr(0, lacking);
    m_held += taken;
    m_piece.remove_prefix(taken.size());
    return m_held.size() >= size;
}

/// The bytes of the next message: a slice of the piece where it has all of them, else what was held.
Result<bool> EventStreamDecoder::whole(std::string_view &bytes)
{
    if (std::exchange(m_held_given, false)) {
        m_held.clear();
        m_lengths_checked = false;
    }
    const bool from_piece = m_held.empty() && m_piece.size() >= kPreludeBytes;
    if (!from_piece && !hold(kPreludeBytes))
        return false;
    const std::string_view prelude = from_piece ? m_piece : std::string_view(m_held);
    if (!m_lengths_checked) {
        if (const auto checked = checkLengths(prelude.substr(0, kPreludeBytes)); !checked)
            return fail(checked.error());
    }
    const auto size = std::size_t(unsignedOf(prelude.substr(0, 4)));
    if (from_piece && m_piece.size() >= size) {
        bytes = m_piece.substr(0, size);
        m_piece.remove_prefix(size);
        return true;
    }
    m_lengths_checked = true;
    if (!hold(size))
        return false;
    m_held_given = true;
    bytes = m_held;
    return true;
}

Result<> EventStreamFrames::feed(std::string_view piece)
{
    m_decoder.feed(piece);
    return {};
}

Result<bool> EventStreamFrames::next(Frame &frame)
{
    for (;;) {
        const auto found = m_decoder.next(m_message);
        if (!found || !*found)
            return found;
        const std::string_view kind = m_message.text(":message-type");
        if (kind == "event") {
            frame = {.name = m_message.text(":event-type"), .data = m_message.payload};
            return true;
        }
        if (kind == "exception") {
            frame = {.name = m_message.text(":exception-type"), .data = m_message.payload, .exception = true};
            return true;
        }
        if (kind == "error") {
            // Its words stand in a header; decoders read one form.
            m_error_json.clear();
            JsonWriter json(m_error_json);
            json.object().member("message", m_message.text(":error-message")).end();
            frame = {.name = m_message.text(":error-code"), .data = m_error_json, .exception = true};
            return true;
        }
    }
}

bool EventStreamFrames::last(Frame & /*frame*/)
{
    return false;
}

} // namespace portolan::dialect::bedrock
