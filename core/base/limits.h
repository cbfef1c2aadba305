// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace portolan {

/// Every bound on what a client or a provider may send or make us wait for, in one place. Defaults are those
/// of threat-model D and reliability "Timeouts"; each is a setting.
struct Limits {
    std::size_t request_line_bytes = 8 * 1024;
    std::size_t head_bytes = 64 * 1024;
    std::size_t head_lines = 100;
    std::size_t body_bytes = 32 * 1024 * 1024;
    std::size_t multipart_bytes = 100 * 1024 * 1024;
    std::size_t chunk_line_bytes = 4 * 1024;
    std::size_t client_connections = 4096;
    std::size_t held_body_bytes
        = 256 * 1024 * 1024; ///< all request bodies held in memory at once; beyond it 413
    std::size_t output_buffer_bytes = 256 * 1024; ///< per connection, then back-pressure

    std::chrono::milliseconds client_head{10'000};
    std::chrono::milliseconds client_body{60'000};
    std::size_t client_body_min_rate = 1024; ///< bytes per second, judged over 10 s
    std::chrono::milliseconds client_idle{60'000};
    std::chrono::milliseconds client_write_stall{30'000};
    std::chrono::milliseconds drain{10'000};

    std::chrono::milliseconds connect{5'000}; ///< DNS, connect and TLS
    std::chrono::milliseconds first_byte{300'000};
    std::chrono::milliseconds stream_idle{120'000};
    std::chrono::milliseconds request_total{3'600'000};
    std::chrono::milliseconds pool_idle{50'000};
    std::chrono::milliseconds pool_lifetime{600'000};
    std::chrono::milliseconds keep_alive_comment{
        15'000}; ///< silence on a stream before we send a ": " comment

    std::size_t reply_head_bytes = 64 * 1024;
    std::size_t reply_head_lines = 100;
    std::size_t reply_interim = 8; ///< 1xx answers before the real one
    std::size_t reply_json_bytes = 64 * 1024 * 1024;
    std::size_t sse_event_bytes = 4 * 1024 * 1024;
    std::size_t pool_per_host = 256; ///< idle connections kept per host and thread
};

} // namespace portolan
