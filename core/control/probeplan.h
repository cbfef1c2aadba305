// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/catalog/catalog.h"
#include "core/gateway/snapshot.h"
#include "core/http/upstream.h"
#include "core/store/rows.h"

#include <string>
#include <string_view>
#include <vector>

namespace portolan::control {

/// The cheapest call that shows whether an account works: its model list, which is free; Google's count of
/// tokens on Vertex, which has no list and is free too; else one token of chat.
struct ProbePlan {
    http::Endpoint endpoint{};
    http::Method method = http::Method::Get;
    std::string target{}; ///< path and query
    std::string body{};   ///< JSON; empty for GET

    /// "GET https://api.openai.com/v1/models"
    [[nodiscard]] std::string line() const;
};

[[nodiscard]] ProbePlan planProbe(const gateway::Target &target, const catalog::Catalog &catalog);

/// The ids in an answer that lists models, in OpenAI's, Anthropic's, Google's, Cohere's or Bedrock's form, as
/// a call names them; nothing when it lists none. Foreign bytes: what is no plausible id is left out.
[[nodiscard]] std::optional<std::vector<store::ListedModel>> modelsIn(std::string body);

} // namespace portolan::control
