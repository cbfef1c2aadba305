// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/requestid.h"

#include "core/base/readysodium.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <span>
#include <string_view>

namespace portolan {

namespace {

/// Writes two digits for each byte; returns where they end.
char *putHex(char *out, std::span<const unsigned char> bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    for (const unsigned char byte : bytes) {
        *out++ = kDigits[byte >> 4U];
        *out++ = kDigits[byte & 15U];
    }
    return out;
}

/// Two ids a request would be two system calls: a thread draws random bytes for many at once.
template <std::size_t N>
std::array<unsigned char, N> randomBytes()
{
    thread_local std::array<unsigned char, 4096> pool;
    thread_local std::size_t used = pool.size();
    if (used + N > pool.size()) {
        readySodium();
        randombytes_buf(pool.data(), pool.size());
        used = 0;
    }
    std::array<unsigned char, N> bytes{};
    std::copy_n(pool.begin() + static_cast<std::ptrdiff_t>(used), N, bytes.begin());
    used += N;
    return bytes;
}

} // namespace

RequestId makeRequestId(std::int64_t now_us)
{
    static std::atomic<std::int64_t> last{0};
    std::int64_t before = last.load(std::memory_order_relaxed);
    std::int64_t id = 0;
    do {
        id = std::max(now_us, before + 1);
    } while (!last.compare_exchange_weak(before, id, std::memory_order_relaxed));
    return RequestId{id};
}

std::string makeUuid()
{
    auto bytes = randomBytes<16>();
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0fU) | 0x40U); // version 4
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3fU) | 0x80U); // RFC 9562 variant

    std::string text(36, '-');
    const std::span<const unsigned char> all(bytes);
    char *out = putHex(text.data(), all.first(4)) + 1;
    for (const std::size_t at : {4U, 6U, 8U})
        out = putHex(out, all.subspan(at, 2)) + 1;
    putHex(out, all.last(6));
    return text;
}

std::string makeSpanId()
{
    auto bytes = randomBytes<8>();
    // W3C forbids the id of zeros alone.
    if (std::ranges::all_of(bytes, [](unsigned char byte) { return byte == 0; }))
        bytes.back() = 1;
    std::string text(16, '0');
    putHex(text.data(), bytes);
    return text;
}

} // namespace portolan
