// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/routes.h"

namespace portolan::admin {

void createConfig(const Call &call);
void listConfigs(const Call &call);
void showConfig(const Call &call);
void updateConfig(const Call &call);
void removeConfig(const Call &call);
void listConfigVersions(const Call &call);

} // namespace portolan::admin
