// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/logs/rows.h"

#include <map>
#include <random>

namespace portolan::test {

/// What the feed reports of a gateway that takes `perBatch` requests every 100 ms: each begins, changes and
/// ends in batches of its own, one to ten batches long, so that changes come in no order; one in fifty fails.
/// The same every time.
class LiveLoad
{
public:
    explicit LiveLoad(int per_batch, std::int64_t first_id = 1)
        : m_per_batch(per_batch)
        , m_next_id(first_id)
    { }

    control::LiveBatch next()
    {
        using Kind = control::LiveEvent::Kind;
        control::LiveBatch batch;
        for (int i = 0; i < m_per_batch; ++i) {
            const std::int64_t id = m_next_id++;
            batch.push_back(event(Kind::Started, id));
            const int length = 1 + int(m_dice() % 10);
            m_due[m_batch + (length + 1) / 2].push_back(event(Kind::Changed, id));
            control::LiveEvent end = event(Kind::Finished, id);
            if (id % 50 == 0) {
                end.row.outcome = trace::Outcome::Error;
                end.row.status = 503;
                end.row.attempt_marks = "x";
                end.row.error_message = "The server is overloaded, please try again later.";
            }
            m_due[m_batch + length].push_back(std::move(end));
        }
        if (const auto due = m_due.extract(m_batch)) {
            for (control::LiveEvent &each : due.mapped())
                batch.push_back(std::move(each));
        }
        ++m_batch;
        return batch;
    }

    [[nodiscard]] std::int64_t lastId() const { return m_next_id - 1; }

private:
    const int m_per_batch;
    std::int64_t m_next_id;
    int m_batch = 0;
    std::map<int, control::LiveBatch> m_due;
    std::mt19937 m_dice{7};
};

} // namespace portolan::test
