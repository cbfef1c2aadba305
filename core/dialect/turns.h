// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/conversation.h"

#include <vector>

/// The conversation as Anthropic and Bedrock want it (mapping.md 1 and 4): system text apart, user and
/// assistant in turns, results of tools before everything else of their turn.
namespace portolan::dialect {

struct Turn {
    bool assistant = false;
    std::vector<const Part *> parts{}; ///< never empty

    friend bool operator==(const Turn &, const Turn &) = default;
};

/// Views the parts of a Request, which must outlive it.
struct Turns {
    std::vector<const Part *> system{}; ///< of system and developer messages, wherever they stand, in order
    std::vector<Turn> list{};           ///< never two of one role in a row; may begin with the assistant
};

/// Neither API takes an empty text, so such parts are left out, and messages that have nothing else.
/// Reasoning goes to the front of an assistant's message, except where the message came from one of the APIs
/// whose order is part of what a signature covers.
[[nodiscard]] Turns turnsOf(const Request &request);

/// True when the loop of tools that still runs (back to the last turn of the user without a result) has a
/// turn with a call but without reasoning that can be replayed: such a provider would refuse to think on
/// (anthropic.md 6).
[[nodiscard]] bool lacksReasoning(const Turns &turns);
/// Reasoning with a signature, or redacted.
[[nodiscard]] bool isReplayable(const ReasoningPart &reasoning) noexcept;

} // namespace portolan::dialect
