// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/batchsums.h"
#include "core/store/connection.h"
#include "core/store/inbox.h"
#include "core/store/opening.h"
#include "core/store/recordwriter.h"
#include "core/store/removal.h"
#include "core/store/salvage.h"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>

namespace portolan::store {

/// The one that writes and checkpoints (threat-model I1): takes batches from the inbox, commits each in one
/// transaction with its rollups, runs changes, and between batches removes what retention wants gone. What
/// the disk refuses is kept and tried again until it goes (reliability R12, R13). Lives on one thread, from
/// open() to run()'s end.
class Writer
{
public:
    Writer(std::filesystem::path directory, Inbox &inbox, std::shared_ptr<std::atomic<int>> generation);
    ~Writer();

    Result<> open();
    /// Returns after Inbox::stop(), when all is written or the disk still refuses it after a grace of two
    /// seconds.
    void run();

private:
    using Clock = Inbox::Clock;

    struct Tables; // all that hangs on one connection

    Result<> openFile();
    Result<> openAgain(); ///< when a replacement failed before
    void replaceDamaged();
    void use(Opened opened);
    Result<> salvageSome();
    void write(Inbox::Work &work);
    Result<> writeBatch(const Inbox::Items &items, const Inbox::Running &running);
    Result<> writeOneByOne(Inbox::Items &items, const Inbox::Running &running);
    Result<> recordInterrupted();
    void run(Inbox::Job &job);
    Result<> change(const std::function<Result<>(Changes &)> &job);
    void maintain();
    void saveCopy();
    void copyAfterChange();
    void checkpoint(Clock::time_point now);
    void settle(const Result<> &outcome);
    [[nodiscard]] Clock::time_point nextWake() const;

    const std::filesystem::path m_directory;
    Inbox &m_inbox;
    const std::shared_ptr<std::atomic<int>> m_generation;
    std::unique_ptr<Tables> m_tables;
    std::unique_ptr<Salvage> m_salvage; ///< while a damaged file is being read
    Retention m_retention;
    SharedRedactor m_redactor;
    BatchSums m_dropped;              ///< figures of records that were dropped, not written yet
    Result<> m_outcome;               ///< of the last try to write
    Clock::time_point m_not_before{}; ///< when a failed batch is tried again
    std::chrono::milliseconds m_pause{0};
    Clock::time_point m_last_write{};
    Clock::time_point m_copied{}; ///< the last time that a change was
    Clock::time_point m_copy_due
        = Clock::time_point::max(); ///< when the copy of keys and settings is made or tried again
    Clock::time_point m_checkpoint_not_before{};
    Clock::time_point m_replaced{};
};

} // namespace portolan::store
