// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/redact.h"
#include "core/store/reader.h"
#include "core/store/recordwriter.h"
#include "core/store/removal.h"
#include "core/store/rolluptable.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace portolan::store {

/// Brings what can still be read of a damaged database into the one that took its place: the rollups, then
/// requests from the newest on, around pages that cannot be read. The damaged file stays as it is. The
/// writer's.
class Salvage
{
public:
    explicit Salvage(std::filesystem::path damaged);

    /// What keys had used of their limits; nothing when it cannot be read.
    [[nodiscard]] trace::KeptUse keyUse();

    /// Writes the next few requests, inside a transaction of the caller's, who calls keep() when it is
    /// committed.
    Result<> step(RecordWriter &records, RollupTable &rollups, Removal &removal, const Redactor &redactor);
    void keep();
    [[nodiscard]] bool isDone() const noexcept { return m_isDone; }
    [[nodiscard]] std::uint64_t requests() const noexcept { return m_requests; } ///< brought over so far

private:
    void open();
    [[nodiscard]] RollupSums readRollups();
    [[nodiscard]] std::vector<trace::Record> readSome();
    void stepOverDamage();

    const std::filesystem::path m_damaged;
    std::unique_ptr<Reader> m_reader;
    RollupSums m_rollups;      ///< read and not yet written
    bool m_hasLooked = false;  ///< for rollups
    bool m_hasRollups = false; ///< the old sums were readable: requests must not be counted again
    RequestId m_before;        ///< requests from here on are done
    std::int64_t m_gap_us;     ///< of the next step over damage
    int m_limit;               ///< requests of the next step
    std::uint64_t m_requests = 0;
    std::uint64_t m_written = 0; ///< by the last step
    RequestId m_last{};          ///< of the last step
    bool m_isDone = false;
};

} // namespace portolan::store
