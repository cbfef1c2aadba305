// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/keylimits.h"
#include "core/store/rows.h"

#include <map>
#include <string>
#include <string_view>

namespace portolan::control {

// What the audit log keeps of a thing, as JSON: everything that can be changed of it, and never a credential,
// a token or the hash of one.

[[nodiscard]] std::string auditJson(const store::AccountRow &row);
[[nodiscard]] std::string auditJson(const store::VirtualKeyRow &row, std::string_view account_slug);
[[nodiscard]] std::string auditJson(const store::ClientKeyRow &row);
/// Without its text, which its versions keep.
[[nodiscard]] std::string auditJson(const store::ConfigRow &row);
[[nodiscard]] std::string auditJson(const store::ModelChoiceRow &row);
/// What a key has used of its budget.
[[nodiscard]] std::string auditJson(const admission::KeyUse &use);
/// Of settings, by name.
[[nodiscard]] std::string auditJson(const std::map<std::string, std::string> &values);

} // namespace portolan::control
