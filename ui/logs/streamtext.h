// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>
#include <string_view>
#include <vector>

namespace portolan::ui {

/// One event of a recorded stream.
struct StreamEvent {
    QString name{}; ///< of the event field; empty for most providers
    std::string data{};
};

/// A recorded server-sent stream, taken apart for reading.
struct StreamText {
    std::vector<StreamEvent> events{};
    std::string text{};      ///< what the model wrote, put together again
    bool unfinished = false; ///< bytes of an event that never ended were left
};

/// Reads the deltas of chat and text completions, Responses, Anthropic messages and Gemini; events it does
/// not know add nothing to `text`. For a worker thread: parses every event.
[[nodiscard]] StreamText readStream(std::string_view body);

} // namespace portolan::ui
