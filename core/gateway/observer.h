// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/trace/record.h"

namespace portolan::gateway {

/// Hears of requests while they run: what the live list, the health of accounts and the counters are fed
/// from. Called on the I/O threads, so it must return at once and never block; one object serves all threads.
class Observer
{
public:
    virtual ~Observer() = default;

    virtual void started(const trace::Record &record)
        = 0; ///< model and key are known, no attempt was made yet
    virtual void changed(const trace::Record &record) = 0;  ///< e.g. the first token came
    virtual void finished(const trace::Record &record) = 0; ///< before it goes to the store
    virtual void attemptEnded(const trace::Attempt &attempt) = 0;
    /// A call with a missing or wrong key that gets no row of its own, because guessing must stay cheap
    /// (threat-model B6): it is counted instead.
    virtual void refusedUnrecorded() = 0;
};

} // namespace portolan::gateway
