// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/base/result.h"
#include "core/control/probeplan.h"
#include "core/gateway/snapshot.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace portolan::control {

/// What a test call to a provider came to.
struct Probe {
    int status = 0;                                          ///< 0: no answer
    int ms = -1;                                             ///< to the whole answer
    std::optional<std::vector<store::ListedModel>> models{}; ///< nothing: the answer lists none
    bool understood = false;                                 ///< the answer is JSON, as an API's is
    std::string sent{};  ///< "GET https://api.openai.com/v1/models"; empty: nothing could be sent
    std::string error{}; ///< the provider's words or ours; empty when it went well
};

/// Makes the cheapest possible call to a provider (probeplan.h) on a thread of its own, over the same
/// transport as real calls: same TLS checks, same address rules. Not recorded, not paid for.
class Prober
{
public:
    explicit Prober(std::string ca_file);
    ~Prober(); ///< ends what is running

    /// Calls from now on go through these proxies.
    void follow(std::shared_ptr<const http::ProxyRules> rules);
    /// Calls `done` on the prober's thread.
    void probe(gateway::SharedTarget target, ProbePlan plan, SharedRedactor redactor,
               std::function<void(Probe)> done);
    /// One small chat request to @practice/echo through our own listener, as any client would send it. The id
    /// is that of its record.
    void testRequest(std::string address, std::uint16_t port, SharedSecret token,
                     std::function<void(Result<RequestId>)> done);

private:
    struct Thread;
    std::unique_ptr<Thread> m_thread;
};

} // namespace portolan::control
