// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/gateway/circuits.h"
#include "core/gateway/policy.h"
#include "core/routing/walk.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace portolan::gateway {

/// What routing hears of the world while one request is on its way: real dice, the breakers of this process,
/// and the catalog's context windows. On one I/O thread.
class Surroundings : public routing::Surroundings
{
public:
    /// `prompt_bytes`: size of what the model is to read; 0: unknown. `model`: of the request.
    Surroundings(const Snapshot &snapshot, Circuits &circuits, const Policy &policy, std::size_t prompt_bytes,
                 std::string_view model);

    double dice() override;
    bool isOpen(const routing::Node &target) override;
    bool enter(const routing::Node &target) override;
    std::optional<std::size_t> remembered(const routing::Node &balance, std::string_view identity) override;
    void remember(const routing::Node &balance, std::string_view identity, std::size_t index) override;
    std::string misfit(const routing::Node &target) override;

    Surroundings(const Surroundings &) = delete;
    Surroundings &operator=(const Surroundings &) = delete;
    /// A call that ended without a word about its target gives its trial back.
    ~Surroundings() override;
    /// Tells the target's breaker how a call ended; true when that opened it. A target that was called
    /// although its breaker was open, because all were, has no say: a trial is somebody else's.
    bool noteOutcome(const routing::Node &target, const routing::Outcome &outcome);

private:
    const Snapshot &m_snapshot;
    Circuits &m_circuits;
    const Policy &m_policy;
    const std::size_t m_prompt_bytes;
    const std::string_view m_model;
    const routing::Node *m_entered = nullptr; // the target that was entered last
    bool m_owes_outcome = false;              // its breaker has not heard how the call ended
    std::vector<std::pair<const routing::Node *, std::string>> m_misfits{}; // asked more than once
};

} // namespace portolan::gateway
