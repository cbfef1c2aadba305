// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>

namespace portolan::http {

/// Takes the chunked coding off a body that arrives in any pieces, without copying. Our own because Beast's
/// accepts 256 KiB of chunk extensions and 10,000 trailers (threat-model D2). Extensions and trailers are
/// dropped; a size has at most 8 digits; every line ends in CR LF.
class ChunkedDecoder
{
public:
    struct Bounds {
        std::size_t line = 4096;    ///< bytes of a size line, and of all trailers together
        std::size_t trailers = 100; ///< lines
    };

    struct Step {
        std::size_t used = 0;    ///< bytes of the input to drop
        std::string_view data{}; ///< a run of the body inside them
    };

    explicit ChunkedDecoder(Bounds bounds);

    /// Goes on until one run of data, the end of the body, or the end of `input`. Fails with the reason in
    /// words.
    std::expected<Step, std::string_view> next(std::string_view input);
    /// True after the last chunk and its trailers: what follows is not part of the body.
    [[nodiscard]] bool done() const noexcept { return m_state == State::Done; }

private:
    enum class State : std::uint8_t {
        SizeStart,
        Size,
        Extension,
        SizeLf,
        Data,
        DataCr,
        DataLf,
        TrailerStart,
        Trailer,
        TrailerLf,
        EndLf,
        Done
    };

    std::string_view take(char c); // the reason when `c` must not stand here

    const Bounds m_bounds;
    State m_state = State::SizeStart;
    std::uint64_t m_left = 0; // of this chunk
    std::size_t m_line = 0;
    std::size_t m_trailers = 0;
    int m_digits = 0;
};

} // namespace portolan::http
