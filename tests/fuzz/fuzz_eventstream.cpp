// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/dialect/frames.h"
#include "tests/fuzz/codecpair.h"

#include <algorithm>
#include <string>
#include <string_view>

using namespace portolan;

namespace {

std::string read(std::string_view stream, std::size_t piece_size)
{
    const auto splitter = dialect::frameSplitter(dialect::FrameFormat::EventStream);
    std::string log;
    for (std::size_t at = 0; at < stream.size(); at += piece_size) {
        const std::string piece(stream.substr(at, piece_size));
        if (!splitter->feed(piece))
            return log + "failed";
        dialect::Frame frame;
        while (true) {
            const auto found = splitter->next(frame);
            if (!found)
                return log + "failed";
            if (!*found)
                break;
            log.append(frame.name).append("|").append(frame.data).append(1, frame.exception ? '!' : '\n');
        }
    }
    return log;
}

} // namespace

/// Amazon's binary frames: any bytes, any cut, the same frames or the same failure, and bounded memory.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    if (size < 1)
        return 0;
    const std::string_view stream(reinterpret_cast<const char *>(data) + 1, size - 1);
    fuzz::require(read(stream, std::max<std::size_t>(data[0], 1))
                  == read(stream, std::max<std::size_t>(stream.size(), 1)));
    return 0;
}
