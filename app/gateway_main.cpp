// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commandline.h"
#include "app/process.h"

#include <QCoreApplication>

int main(int argc, char *argv[])
{
    portolan::app::harden(portolan::app::Hardening::Headless);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("portolan"));
    QCoreApplication::setApplicationVersion(QStringLiteral(PORTOLAN_VERSION));
    return portolan::app::runCommandLine(QCoreApplication::arguments());
}
