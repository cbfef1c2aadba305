// SPDX-License-Identifier: GPL-3.0-or-later
// The chunked coding: what is encoded decodes to itself, any cut of hostile bytes gives the same result, and
// no more comes out than went in.
#include "core/http/chunked.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace portolan::http;

namespace {

void need(bool holds)
{
    if (!holds)
        std::abort();
}

struct Decoded {
    std::string body;
    std::size_t used = 0;
    bool done = false;
    bool refused = false;
    bool operator==(const Decoded &) const = default;
};

Decoded decode(std::string_view bytes, std::size_t piece)
{
    ChunkedDecoder decoder({.line = 128, .trailers = 8});
    Decoded decoded;
    while (!bytes.empty() && !decoder.done()) {
        const auto step = decoder.next(bytes.substr(0, piece));
        if (!step) {
            decoded.refused = true;
            decoded.used = 0; // how far it came depends on the cut
            return decoded;
        }
        need(step->used > 0 && step->data.size() <= step->used);
        decoded.body += step->data;
        decoded.used += step->used;
        bytes.remove_prefix(step->used);
    }
    decoded.done = decoder.done();
    return decoded;
}

std::string encode(std::string_view body, std::size_t piece)
{
    std::string coded;
    while (!body.empty()) {
        const auto part = body.substr(0, piece);
        body.remove_prefix(part.size());
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", part.size());
        coded.append(size).append(part).append("\r\n");
    }
    return coded.append("0\r\n\r\n");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 2)
        return 0;
    const std::size_t piece = data[0] % 32 + 1;
    const std::size_t cut = data[1] % 32 + 1;
    const std::string_view bytes(reinterpret_cast<const char *>(data) + 2, size - 2);

    const auto coded = encode(bytes, piece);
    const auto decoded = decode(coded, cut);
    need(decoded.done && decoded.body == bytes && decoded.used == coded.size());

    const auto whole = decode(bytes, bytes.size() + 1);
    const auto cut_up = decode(bytes, cut);
    need(whole == cut_up);
    need(whole.body.size() <= bytes.size());
    return 0;
}
