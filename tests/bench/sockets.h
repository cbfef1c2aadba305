// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace portolan::bench {

/// A file descriptor that closes itself.
class Descriptor
{
public:
    Descriptor() = default;
    explicit Descriptor(int fd) noexcept
        : m_fd(fd)
    { }
    Descriptor(Descriptor &&other) noexcept;
    Descriptor &operator=(Descriptor &&other) noexcept;
    ~Descriptor();

    [[nodiscard]] int get() const noexcept { return m_fd; }
    [[nodiscard]] explicit operator bool() const noexcept { return m_fd >= 0; }

private:
    int m_fd = -1;
};

/// CLOCK_MONOTONIC in nanoseconds: the same clock in every process of this machine.
[[nodiscard]] std::uint64_t nowNs() noexcept;

/// Wall clock in microseconds since 1970.
[[nodiscard]] std::uint64_t wallUs() noexcept;

/// A non-blocking listener on 127.0.0.1. Ends the program with a sentence when it cannot.
[[nodiscard]] Descriptor listenOn(std::uint16_t port);

/// A non-blocking connection to 127.0.0.1 with TCP_NODELAY, connected; empty when refused.
[[nodiscard]] Descriptor connectTo(std::uint16_t port);

/// Sends as much as the socket takes and removes it from `text`. False: the peer is gone.
[[nodiscard]] bool sendSome(int fd, std::string_view &text);

/// The whole of `text` as a number, or the program ends with a sentence that names `what`.
[[nodiscard]] std::uint64_t numberOf(std::string_view text, std::string_view what);

[[noreturn]] void quit(const std::string &sentence);

} // namespace portolan::bench
