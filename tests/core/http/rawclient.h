// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace portolan::test {

/// A client that sends exactly the bytes it is told to, over a blocking socket to 127.0.0.1. Reads give up
/// after 10 s.
class RawClient
{
public:
    /// `receive_buffer` bytes of the kernel's; 0 leaves it to itself, which takes megabytes.
    explicit RawClient(std::uint16_t port, int receive_buffer = 0);
    ~RawClient();
    RawClient(const RawClient &) = delete;
    RawClient &operator=(const RawClient &) = delete;

    bool send(std::string_view bytes);
    /// One answer with Content-Length, or one that is chunked (as on the wire); empty when the server closed.
    std::string readAnswer(bool with_body = true);
    std::string readHead();
    std::string readToEnd();
    /// At least `size` bytes, unless the server closes before.
    std::string read(std::size_t size);
    /// True when the server closes within that time without sending more.
    bool closesWithin(std::chrono::milliseconds time);
    void shutdownSend();
    void close();
    void reset(); ///< closes with RST

private:
    bool fill();

    int m_descriptor = -1;
    std::string m_buffer;
};

[[nodiscard]] int statusOf(std::string_view answer);
[[nodiscard]] std::string bodyOf(std::string_view answer);

} // namespace portolan::test
