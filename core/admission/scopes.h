// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace portolan::admission {

// Scopes are words: two of ours, "use" for what programs need and "admin" for everything, and those of
// Portkey's control plane (gateway-protocol 1.8), "configs.read", of which each allows one kind of call.

/// "use", "admin", or two words of lower-case letters and '_' with a dot between them.
[[nodiscard]] bool isScope(std::string_view scope) noexcept;

/// Whether a key with these scopes may do what needs `needed`, one of Portkey's. "use" stands for
/// completions.write and models.list.
[[nodiscard]] bool grants(std::span<const std::string> scopes, std::string_view needed) noexcept;

/// Whether any of these scopes is for the admin API.
[[nodiscard]] bool administers(std::span<const std::string> scopes) noexcept;

} // namespace portolan::admission
