// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::gateway {

/// What a practice model does, read from its name. Parameters follow the name after a '-': "slow-2000ms",
/// "rate-limited-3s", "flaky-30%", "server-error-503", "cut-stream-5", "echo-120" (tokens a second).
struct PracticeModel {
    enum class Kind : std::uint8_t {
        Echo,        ///< says what it was asked; with tools it calls the first one
        Slow,        ///< waits before the first byte
        Flaky,       ///< fails with 500 in that many of a hundred calls, evenly spread
        RateLimited, ///< 429 with Retry-After
        ServerError, ///< that status
        Hang,        ///< never answers
        CutStream,   ///< breaks off after that many words
        BadJson,     ///< 200 with a body that is no JSON
        Embed,
        Transcribe,
    };

    Kind kind = Kind::Echo;
    std::chrono::milliseconds delay{}; ///< Slow
    int percent = 50;                  ///< Flaky
    int retry_after_s = 1;             ///< RateLimited
    int status = 500;                  ///< ServerError
    int words = 5;                     ///< CutStream
    int tokens_per_second = 0;         ///< Echo; 0: as fast as it is read

    static std::optional<PracticeModel> parse(std::string_view name);
};

/// One line of the practice provider's model list.
struct PracticeEntry {
    std::string_view id;
    std::string_view does;
    std::string_view mode; ///< "chat", "embedding", "audio"
};

[[nodiscard]] const std::vector<PracticeEntry> &practiceEntries();

} // namespace portolan::gateway
