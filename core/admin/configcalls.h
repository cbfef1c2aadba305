// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/answer.h"
#include "core/admin/request.h"
#include "core/control/control.h"

namespace portolan::admin {

/// GET and POST /v1/configs, GET, PUT and DELETE /v1/configs/:slug, GET /v1/configs/:slug/versions. False
/// when it is none of them. On the façade's thread.
bool runConfigCall(control::Control &control, const SharedRequest &request, const Answer &answer);

} // namespace portolan::admin
