// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/routes.h"

#include <string_view>

namespace portolan::admin {

/// resources/openapi.json, as it was when this was built.
[[nodiscard]] std::string_view openApi();

void showOpenApi(const Call &call);

} // namespace portolan::admin
