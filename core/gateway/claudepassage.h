// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/dialect/usagereader.h"
#include "core/gateway/translation.h"
#include "core/gateway/wholecalls.h"

#include <memory>
#include <string>
#include <vector>

/// The Messages API to Claude on Bedrock (InvokeModel) and on Vertex (rawPredict): the body is the client's
/// own but for what those clouds want elsewhere, the answer Claude's own (anthropic.md 12).
namespace portolan::gateway {

/// The lines of a client's head that matter here.
struct ClaudeHead {
    std::vector<std::string> betas{}; ///< of anthropic-beta, one by one
    std::string version{};            ///< anthropic-version; empty: the client sent none
};
[[nodiscard]] ClaudeHead claudeHead(const http::Fields &fields);

/// The attempt of one request; `replies` must outlive it. The error is the client's (400).
[[nodiscard]] Result<std::unique_ptr<Translation>> claudePassage(std::string body, dialect::Target target,
                                                                 const ClaudeHead &head,
                                                                 dialect::ReplyReader &replies);

/// A count of tokens. A cloud that will not count (a model or profile it cannot count for, a right that the
/// account lacks) costs the client nothing: then the answer is our estimate, and a note says so.
[[nodiscard]] Result<std::unique_ptr<WholeCalls>> claudeCount(std::string body, dialect::Target target,
                                                              const ClaudeHead &head);

} // namespace portolan::gateway
