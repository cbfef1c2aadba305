// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

/// Bedrock's model ids: plain, behind a profile's "us." or "global.", or ARNs (bedrock.md 2).
namespace portolan::dialect::bedrock {

/// "/model/{id}/{action}" with the id as one percent-encoded segment. The error is the configuration's: an id
/// that can't be a segment of a path.
Result<std::string> modelPath(std::string_view model, std::string_view action);

/// The region that an ARN names: it decides the host. Empty for everything else.
[[nodiscard]] std::string_view regionOf(std::string_view model) noexcept;

/// "anthropic", "amazon", "meta", "cohere" and so on; empty where the id does not say (application profiles,
/// imported and provisioned models).
[[nodiscard]] std::string_view vendorOf(std::string_view model) noexcept;
/// The id without what stands before it: "cohere.embed-v4:0" of "us.cohere.embed-v4:0" and of its ARN.
[[nodiscard]] std::string_view plainModel(std::string_view model) noexcept;

} // namespace portolan::dialect::bedrock
