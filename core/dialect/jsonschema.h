// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/rawjson.h"

/// JSON schemas with what a provider insists on put in, everything else left as the client wrote it.
namespace portolan::dialect {

/// A tool's schema: that of no parameters when empty, with "type":"object" when it says no type.
[[nodiscard]] RawJson objectSchema(const RawJson &schema);

/// With "additionalProperties":false in every object of the schema that does not say what else it may have
/// (mapping.md 11).
[[nodiscard]] RawJson closedSchema(const RawJson &schema);

} // namespace portolan::dialect
