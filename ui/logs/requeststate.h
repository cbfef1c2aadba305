// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/requestrow.h"

#include <QString>

#include <vector>

namespace portolan::ui {

/// A line of the list: what the core says of the request, and whether it still runs.
struct RequestEntry {
    trace::RequestRow row{};
    bool active = false;

    friend bool operator==(const RequestEntry &, const RequestEntry &) = default;
};

/// What a request is shown as: decides colour and icon. The word may be finer (stateWord).
enum class RequestState { Queued, Active, Ok, Rescued, Error, Cancelled, Cached };

[[nodiscard]] RequestState stateOf(const RequestEntry &entry);

/// The word beside the icon: "ok", "rescued", "timed out", "refused", "cut off", "unknown", ...
[[nodiscard]] QString stateWord(const RequestEntry &entry);
/// "200 ok", "503 error", "active".
[[nodiscard]] QString statusText(const RequestEntry &entry);

/// One per attempt, in order. Running stands at the end of an active request's marks, Cancelled at the end of
/// one whose client left: that attempt did not fail.
enum class AttemptMark { Ok, Failed, Skipped, Running, Cancelled };
[[nodiscard]] std::vector<AttemptMark> attemptMarks(const RequestEntry &entry);
/// "2 failed, 1 ok": for those who do not see the marks.
[[nodiscard]] QString attemptWords(const RequestEntry &entry);

/// "@openai/gpt-4o" of the account that answered; empty when none did (yet).
[[nodiscard]] QString servedBy(const RequestEntry &entry);
} // namespace portolan::ui
