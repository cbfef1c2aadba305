// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/routes.h"

namespace portolan::admin {

/// The audit log (gateway-protocol 1.10), newest first. What this gateway has no notion of is null.
void listAuditLogs(const Call &call);

} // namespace portolan::admin
