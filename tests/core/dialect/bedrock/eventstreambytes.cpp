// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/dialect/bedrock/eventstreambytes.h"

namespace eventstreambytes {

std::string bigEndian(std::uint64_t value, std::size_t width)
{
    std::string bytes;
    for (std::size_t i = width; i-- > 0;)
        bytes += char((value >> (8 * i)) & 0xFFU);
    return bytes;
}

std::uint32_t checksum(std::string_view bytes)
{
    std::uint32_t crc = ~0U;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1U) ^ ((crc & 1U) * 0xEDB88320U);
    }
    return ~crc;
}

std::string stringHeader(std::string_view name, std::string_view value)
{
    return bigEndian(name.size(), 1).append(name) + '\x07' + bigEndian(value.size(), 2).append(value);
}

std::string message(std::string_view headers, std::string_view payload)
{
    std::string bytes = bigEndian(headers.size() + payload.size() + 16, 4) + bigEndian(headers.size(), 4);
    bytes += bigEndian(checksum(bytes), 4);
    bytes.append(headers).append(payload);
    return bytes + bigEndian(checksum(bytes), 4);
}

std::string eventMessage(std::string_view type, std::string_view payload)
{
    return message(stringHeader(":event-type", type) + stringHeader(":content-type", "application/json")
                       + stringHeader(":message-type", "event"),
                   payload);
}

std::string exceptionMessage(std::string_view type, std::string_view payload)
{
    return message(stringHeader(":exception-type", type) + stringHeader(":message-type", "exception"),
                   payload);
}

std::string hexOf(std::string_view bytes)
{
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hex += kDigits[byte >> 4U];
        hex += kDigits[byte & 15U];
    }
    return hex;
}

} // namespace eventstreambytes
