// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonreader.h"
#include "core/base/redact.h"
#include "core/routing/problem.h"

namespace portolan::routing {

/// Credentials in the text of a config, also of one that cannot run: by the name of their key, else by their
/// look or because the redactor knows them. In the order of the text; "config.secret". No message holds one.
[[nodiscard]] Problems findSecrets(const JsonDocument &document, const Redactor &redactor, Severity severity);

} // namespace portolan::routing
