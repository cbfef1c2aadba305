// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <memory>

class QSocketNotifier;

namespace portolan::app {

/// Core dumps off and files private to this user, before anything else happens (threat-model C4, C7).
/// Headless also keeps debuggers of the same user out (PR_SET_DUMPABLE; architecture 9.23).
enum class Hardening { Window, Headless };
void harden(Hardening hardening);

/// SIGTERM, SIGINT and SIGHUP as a signal of Qt's event loop.
class TerminationSignals : public QObject
{
    Q_OBJECT

public:
    explicit TerminationSignals(QObject *parent = nullptr);
    ~TerminationSignals() override;

signals:
    void arrived();

private:
    std::unique_ptr<QSocketNotifier> m_notifier;
    int m_descriptor = -1;
};

} // namespace portolan::app
