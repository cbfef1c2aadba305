// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/streamtranslator.h"
#include "tests/fuzz/codecpair.h"

#include <algorithm>
#include <string>
#include <string_view>

using namespace portolan;

namespace {

std::string translated(const std::uint8_t *data, std::string_view stream, std::size_t piece_size)
{
    auto pair = fuzz::pairOf(data[0], data[1]);
    pair.exchange.stream = true;
    dialect::StreamTranslator translator(*pair.provider, *pair.client, pair.exchange);
    std::string out;
    for (std::size_t at = 0; at < stream.size(); at += piece_size) {
        const std::string piece(stream.substr(at, piece_size));
        translator.feed(piece, out);
    }
    translator.end(out);
    fuzz::require(translator.ended());
    return out;
}

} // namespace

/// A provider's stream, whatever its bytes and however they are cut, gives the same client's stream: events
/// of JSON that end, with what is behind a failure left out.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 3)
        return 0;
    const std::string_view stream(reinterpret_cast<const char *>(data) + 3, size - 3);
    const std::string out = translated(data, stream, std::max<std::size_t>(data[2], 1));
    fuzz::require(out == translated(data, stream, std::max<std::size_t>(stream.size(), 1)));

    std::string_view rest = out;
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        if (line.starts_with("data: ") && line != "data: [DONE]")
            fuzz::requireJson(line.substr(6));
    }
    return 0;
}
