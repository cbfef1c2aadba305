// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/routes.h"

namespace portolan::admin {

// Virtual keys in Portkey's two forms. The old one makes and removes the account with its first key; the new
// one, a provider, belongs to an integration, which is an account here.

void createVirtualKey(const Call &call);
void listVirtualKeys(const Call &call);
void showVirtualKey(const Call &call);
void updateVirtualKey(const Call &call);
void removeVirtualKey(const Call &call);

void createProvider(const Call &call);
void listProviders(const Call &call);
void showProvider(const Call &call);
void updateProvider(const Call &call);
void removeProvider(const Call &call);

} // namespace portolan::admin
