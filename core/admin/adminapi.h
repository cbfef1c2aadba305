// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/answer.h"
#include "core/admin/request.h"
#include "core/control/control.h"
#include "core/control/worker.h"

namespace portolan::admin {

/// Portkey's admin API (gateway-protocol 1.8) over the façade: the calls of routes(). Bodies are read and
/// long answers written on a thread of its own, everything between them happens on the façade's. The gateway
/// has checked that the caller may administer at all; which calls it may make is checked here.
class AdminApi final : public gateway::AdminCalls
{
public:
    explicit AdminApi(control::Control &control); ///< which outlives it
    void answer(gateway::AdminCall call, Reply reply) override;
    void end() override;

private:
    void run(const SharedRequest &request, const Answer &answer);

    control::Control &m_control;
    OpenAnswers m_open;
    control::Worker m_worker;
};

} // namespace portolan::admin
