// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/routes.h"

namespace portolan::admin {

// Provider accounts as Portkey's integrations, and what their owner says of their models.

void createIntegration(const Call &call);
void listIntegrations(const Call &call);
void showIntegration(const Call &call);
void updateIntegration(const Call &call);
void removeIntegration(const Call &call);

void listIntegrationModels(const Call &call);
void updateIntegrationModels(const Call &call);
void removeIntegrationModels(const Call &call);

} // namespace portolan::admin
