// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/serve.h"

#include "app/commandserver.h"
#include "app/process.h"
#include "app/wiring.h"
#include "core/base/text.h"

#include <QCoreApplication>

#include <cstdio>
#include <string>

namespace portolan::app {

namespace {

using control::GatewayStatus;

void print(std::FILE *to, const std::string &line)
{
    std::fputs((line + '\n').c_str(), to);
    std::fflush(to);
}

void announce(control::Control &control, Voice voice)
{
    const auto url = control.gateway().baseUrl.toStdString();
    const auto token = control.takeFirstToken();
    if (voice == Voice::Json) {
        print(stdout, R"({"event":"listening","url":)" + jsonQuoted(url) + '}');
        return;
    }
    print(stdout, "Portolan listens on " + url);
    if (control.gateway().openOnLoopback)
        print(stdout, "Open on loopback: programs on this computer need no client key.");
    if (token) {
        // The one moment the first key can be seen.
        const auto key = std::string(token->view());
        print(stdout, "Client key (shown this once): " + key);
        print(stdout,
              "Try it:\n  curl " + url + "/chat/completions -H 'Authorization: Bearer " + key
                  + "' -H 'Content-Type: application/json' \\\n    -d "
                    "'{\"model\":\"@practice/echo\",\"messages\":"
                    "[{\"role\":\"user\",\"content\":\"Hello\"}]}'");
    } else if (!control.clientKeys().empty()) {
        print(stdout,
              "Client key \"" + control.clientKeys().front().name.toStdString() + "\" ends in "
                  + control.clientKeys().front().lastFour.toStdString()
                  + "; make another with: portolan-gateway key create --name NAME");
    }
}

} // namespace

int serve(control::Control &control, Voice voice)
{
    const auto server = serveCommands(control);
    if (!server) {
        print(stderr, forTerminal(server.error().message));
        return 1;
    }
    wire(control);
    TerminationSignals terminations;
    bool announced = false;
    bool ending = false;
    QObject::connect(&terminations, &TerminationSignals::arrived, &control, [&] {
        ending = true;
        if (control.gateway().state == GatewayStatus::State::Running)
            control.stopGateway();
        else if (control.gateway().state != GatewayStatus::State::Draining)
            QCoreApplication::quit();
    });
    QObject::connect(&control, &control::Control::gatewayChanged, &control, [&] {
        const auto &gateway = control.gateway();
        if (gateway.state == GatewayStatus::State::Running && ending) {
            control.stopGateway();
        } else if (gateway.state == GatewayStatus::State::Running && !announced) {
            announced = true;
            announce(control, voice);
        } else if (gateway.state == GatewayStatus::State::Failed) {
            print(stderr, forTerminal(gateway.reason.toStdString()));
            QCoreApplication::exit(1);
        } else if (gateway.state == GatewayStatus::State::Stopped && ending) {
            QCoreApplication::quit();
        }
    });
    control.startGateway();
    return QCoreApplication::exec();
}

} // namespace portolan::app
