// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/answer.h"
#include "core/control/types.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace portolan::admin {

// Answers about configs. Portkey documents `data` around the members, its Node SDK declares them at the top
// (gateway-protocol 1.8, portkey-ai 3.1): both are there. A config's id is its slug, which every call takes.

[[nodiscard]] std::string configsJson(std::span<const control::ConfigInfo> page, std::size_t total);
[[nodiscard]] std::string configJson(const control::ConfigInfo &config,
                                     const control::ConfigVersion &version);
/// Without texts.
[[nodiscard]] std::string versionsJson(const control::ConfigInfo &config,
                                       std::span<const control::ConfigVersion> page, std::size_t total);

enum class Saved { Created, Updated };
/// With the warnings about `text`, if there are some.
[[nodiscard]] std::string savedJson(const control::ConfigSave &save, std::string_view text, Saved how);

/// 400 with all problems, as Portkey words them and with their places.
void refuseProblems(const Answer &answer, std::string_view text, const routing::Problems &problems);

} // namespace portolan::admin
