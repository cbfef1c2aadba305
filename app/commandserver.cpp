// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandserver.h"

#include "core/control/commands.h"

#include <utility>

namespace portolan::app {

Result<std::unique_ptr<control::ControlServer>> serveCommands(control::Control &control)
{
    auto server = control::ControlServer::listen(control.dataDirectory().toStdString());
    if (!server)
        return server;
    (*server)->onCommand([&control](control::Command command, control::Responder responder) {
        control::runCommand(control, command, [responder](Result<control::CommandResult> result) {
            if (result)
                responder.result(result->value, result->secret);
            else
                responder.refuse(result.error());
        });
    });
    return server;
}

} // namespace portolan::app
