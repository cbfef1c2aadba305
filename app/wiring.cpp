// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/wiring.h"

#include "core/admin/adminapi.h"

#include <memory>

namespace portolan::app {

void wire(control::Control &control)
{
    control.serveAdmin(std::make_shared<admin::AdminApi>(control));
}

} // namespace portolan::app
