// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonvalue.h"
#include "core/base/result.h"
#include "core/control/control.h"

#include <string_view>

namespace portolan::admin {

/// What an account's credential and settings are called in a body: at the top, as old virtual keys have them,
/// or in "configurations", as integrations do.
struct AccountParts {
    QString baseUrl{}; ///< "custom_host"
    QMap<QString, QString> settings{};
    SharedSecret credential{}; ///< null: none given
};

/// The parts in the words of the provider's own form (catalog::accountForm). "admin.bad_value" for one that
/// this provider has not.
[[nodiscard]] Result<AccountParts> accountPartsFrom(const control::Control &control, const QString &provider,
                                                    const JsonValue &body);

/// A new account from a body with "name", "slug", the provider's id under `provider_member`, and its parts.
[[nodiscard]] Result<control::NewAccount> accountFrom(const control::Control &control, const JsonValue &body,
                                                      std::string_view provider_member);

} // namespace portolan::admin
