// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/jsonwriter.h"
#include "core/control/types.h"

namespace portolan::admin {

// Keys as Portkey's control plane shows them; never a credential or a token.

/// A virtual key in its old form, which has the credential's end and the account's settings.
void writeVirtualKey(JsonWriter &json, const control::VirtualKey &key, const control::Account &account);
/// The same as a provider of the Model Catalog.
void writeProvider(JsonWriter &json, const control::VirtualKey &key);
void writeApiKey(JsonWriter &json, const control::ClientKeyInfo &key);

} // namespace portolan::admin
