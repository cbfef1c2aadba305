// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/sse.h"
#include "core/dialect/usagereader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace portolan::dialect;

namespace {

constexpr std::size_t kLimit = 4096;

void require(bool holds)
{
    if (!holds)
        std::abort();
}

struct Reading {
    std::string log{};   ///< every event, with marks between its parts
    std::string bytes{}; ///< what came out again: events and the unfinished rest
    bool failed = false;
};

Reading read(std::string_view stream, std::size_t piece_size)
{
    SseSplitter splitter(kLimit);
    Reading reading;
    for (std::size_t at = 0; at < stream.size(); at += piece_size) {
        const std::string piece(stream.substr(at, piece_size));
        if (!splitter.feed(piece)) {
            reading.failed = true;
            return reading;
        }
        SseSplitter::Event event;
        while (splitter.next(event)) {
            reading.bytes += event.raw;
            reading.log.append(event.name)
                .append(event.has_data ? "|" : "-")
                .append(event.data)
                .append(1, '\0');
        }
        require(splitter.pending().size() <= kLimit + piece.size());
        require(splitter.atBorder() == splitter.pending().empty());
    }
    reading.bytes += splitter.pending();
    return reading;
}

} // namespace

/// Whatever the split, the same events and the same bytes come out; memory is bounded; no event upsets the
/// reader of usage.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size == 0)
        return 0;
    // The first byte picks how the rest is cut into pieces.
    const std::string_view stream(reinterpret_cast<const char *>(data) + 1, size - 1);
    const Reading pieces = read(stream, std::max<std::size_t>(data[0], 1));
    const Reading bytewise = read(stream, 1);
    if (!pieces.failed && !bytewise.failed) {
        require(pieces.log == bytewise.log);
        require(pieces.bytes == stream && bytewise.bytes == stream);
    }

    static ReplyReader reader;
    SseSplitter splitter;
    SseSplitter::Event event;
    ReplyFacts facts;
    if (!splitter.feed(stream))
        return 0;
    while (splitter.next(event))
        mergeFacts(facts, reader.event(event.data, static_cast<UsageStyle>(data[0] % 9)));
    if (facts.usage)
        require(facts.usage->input >= 0 && facts.usage->output >= 0 && facts.usage->cache_read >= 0);
    return 0;
}
