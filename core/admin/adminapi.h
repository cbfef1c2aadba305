// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admin/answer.h"
#include "core/admin/request.h"
#include "core/control/control.h"
#include "core/control/worker.h"

namespace portolan::admin {

/// Portkey's admin API (gateway-protocol 1.8) over the façade: /v1/configs, /v1/logs/:id. Bodies are read and
/// long answers written on a thread of its own, everything between them happens on the façade's. The gateway
/// has checked the caller's scope before.
class AdminApi final : public gateway::AdminCalls
{
public:
    explicit AdminApi(control::Control &control); ///< which outlives it
    void answer(gateway::AdminCall call, Reply reply) override;
    void end() override;

private:
    void run(const SharedRequest &request, const Answer &answer);
    void showLog(const SharedRequest &request, const Answer &answer);

    control::Control &m_control;
    OpenAnswers m_open;
    control::Worker m_worker;
};

} // namespace portolan::admin
