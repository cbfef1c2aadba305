// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/base/secretbytes.h"
#include "core/catalog/accountform.h"

#include <string>
#include <string_view>
#include <vector>

namespace portolan::control {

/// What a person gives as an account's credential, made into what is sealed: without the blanks and line
/// breaks that pasting brings; AWS keys as their two or three lines; the JSON file of a service account as
/// the lines of gateway::ServiceAccount. Null for none. "account.bad_credential",
/// "account.bad_service_account".
[[nodiscard]] Result<SharedSecret> readCredential(const catalog::Provider &provider,
                                                  const catalog::AccountSettings &settings,
                                                  const SharedSecret &given);

/// The end of the part that names the credential (AWS's access key id, Google's key id), or of the whole.
[[nodiscard]] std::string shownOf(const catalog::Provider &provider, std::string_view credential);

/// The same in words for whoever is about to save it: a service account is known by its name.
[[nodiscard]] std::string describedAs(const catalog::Provider &provider, std::string_view credential);

/// The parts of a stored credential that must be masked wherever they turn up.
[[nodiscard]] std::vector<SharedSecret> secretParts(const SharedSecret &credential);

} // namespace portolan::control
