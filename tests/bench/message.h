// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace portolan::bench {

/// Finds the end of one HTTP/1.1 message (request or answer) in a stream of bytes, with a length or chunked,
/// from peers that are trusted. What it does not keep costs nothing: bodies are counted and passed on in
/// pieces.
class Message
{
public:
    /// Reads up to the end of the message and returns how many bytes were its own. Pieces of the body go to
    /// `onBody`.
    template <typename OnBody>
    std::size_t feed(std::string_view bytes, OnBody &&onBody)
    {
        const auto size = bytes.size();
        while (!bytes.empty() && m_state != State::Done) {
            if (m_state == State::Length || m_state == State::ChunkData) {
                const auto piece
                    = bytes.substr(0, std::size_t(std::min<std::uint64_t>(m_left, bytes.size())));
                onBody(piece);
                bytes.remove_prefix(piece.size());
                m_left -= piece.size();
                if (m_left == 0)
                    m_state = m_state == State::Length ? State::Done : State::ChunkEnd;
            } else {
                bytes.remove_prefix(takeLine(bytes));
            }
        }
        return size - bytes.size();
    }

    [[nodiscard]] bool isDone() const noexcept { return m_state == State::Done; }
    [[nodiscard]] bool hasHead() const noexcept { return m_state != State::Head; }
    [[nodiscard]] int status() const noexcept { return m_status; } ///< of an answer; 0 in a request
    [[nodiscard]] bool closes() const noexcept { return m_closes; }
    void reset();

private:
    enum class State : std::uint8_t { Head, Length, ChunkSize, ChunkData, ChunkEnd, Trailer, Done };

    std::size_t takeLine(std::string_view bytes);
    void onLine(std::string_view line);
    void onHeadLine(std::string_view line);
    void onHeadEnd();

    State m_state = State::Head;
    bool m_chunked = false;
    bool m_closes = false;
    bool m_first = true;
    int m_status = 0;
    std::uint64_t m_length = 0;
    std::uint64_t m_left = 0;
    std::string m_line{}; // a line that came in parts
};

} // namespace portolan::bench
