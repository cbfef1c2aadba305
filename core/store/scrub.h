// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/redact.h"
#include "core/trace/record.h"

namespace portolan::store {

/// The last gate before the disk (threat-model C5, H1). Takes out what the record's capture level does not
/// allow: at Off every header, metadata, body and free text that may quote one, at Metadata the bodies, at
/// Errors the bodies of requests that went well or were given up by the client. Then masks secrets in every
/// text that is left.
void scrub(trace::Record &record, const Redactor &redactor);

} // namespace portolan::store
