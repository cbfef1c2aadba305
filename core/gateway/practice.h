// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/http/upstream.h"

#include <memory>

namespace portolan::gateway {

/// The practice provider as a way out that leads nowhere: speaks OpenAI's chat (with tool calls), embeddings,
/// transcriptions and model list API, counts tokens, and misbehaves by model name (PracticeModel). In the
/// process, so that everything can be tried offline and without money.
std::unique_ptr<http::UpstreamTransport> makePracticeTransport(http::asio::io_context &context);

} // namespace portolan::gateway
