// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/routes.h"

namespace portolan::admin {

// Client keys as Portkey's API keys. Nobody gives a key more scopes than the own one has, nor gets the token
// of a key that has more.

void createApiKey(const Call &call);
void listApiKeys(const Call &call);
void showApiKey(const Call &call);
void updateApiKey(const Call &call);
void removeApiKey(const Call &call);
void rotateApiKey(const Call &call);

} // namespace portolan::admin
