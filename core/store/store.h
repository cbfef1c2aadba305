// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/redact.h"
#include "core/base/result.h"
#include "core/store/rows.h"
#include "core/trace/record.h"
#include "core/trace/requestrow.h"
#include "core/trace/rollup.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace portolan::store {

struct Retention {
    int rows_days = 90;
    int bodies_days = 30;
    std::uint64_t bodies_bytes = 2ULL << 30; ///< compressed, on disk
};

struct StoreOptions {
    std::filesystem::path directory{}; ///< 0700; holds portolan.db and what was set aside
    Retention retention{};
    std::size_t queue_bytes = 64U << 20;
    std::size_t queue_records = 50'000;
    std::chrono::milliseconds commit_every{40}; ///< group commit; a SIGKILL loses at most this and one batch
};

/// What the person must be able to see (reliability, last section).
struct StoreHealth {
    enum class State : std::uint8_t { Ok, Busy, DiskFull, Failing, ReadOnly };
    State state = State::Ok;
    std::string reason{};          ///< words, empty when Ok
    std::uint64_t written = 0;     ///< records
    std::uint64_t bodies_shed = 0; ///< bodies dropped because the queue was full or the disk failed
    std::uint64_t rows_dropped = 0;
    std::uint64_t queued = 0; ///< records waiting now
    std::uint64_t queued_bytes = 0;
    std::uint64_t wal_bytes = 0;
    std::string set_aside{};    ///< path of a damaged file that was replaced; empty: none
    std::uint64_t salvaged = 0; ///< requests that were brought over from it so far
};

/// A page of the list, newest first, by keyset: pass the last row's id to go on.
struct PageQuery {
    RequestId before{};       ///< 0: from the newest
    std::int64_t from_us = 0; ///< 0: no bound
    std::int64_t to_us = 0;
    bool errors_only = false;
    int limit = 200;
};

/// Everything known of one request.
struct RequestDetail {
    trace::Record record{};      ///< bodies unpacked, when they are kept
    bool bodies_expired = false; ///< were stored, removed by retention
};

/// Reads; each object has its own read-only connection and belongs to the thread that opened it. Never on the
/// UI thread.
class Reader
{
public:
    virtual ~Reader() = default;
    virtual Result<std::vector<trace::RequestRow>> page(const PageQuery &query) = 0;
    virtual Result<std::optional<RequestDetail>> request(RequestId id) = 0;
    /// Rollups of a time range in buckets of `step_s` (60, 3600 or 86400), oldest first; empty buckets are
    /// left out.
    virtual Result<std::vector<trace::Rollup>> rollups(std::int64_t from_s, std::int64_t to_s, int step_s)
        = 0;
    virtual Result<std::vector<AccountRow>> accounts() = 0;
    virtual Result<std::vector<AccountModelsRow>> accountModels() = 0;
    virtual Result<std::vector<ModelChoiceRow>> modelChoices() = 0; ///< by account and model
    virtual Result<std::vector<VirtualKeyRow>> virtualKeys() = 0;
    virtual Result<std::vector<ClientKeyRow>> clientKeys() = 0;
    virtual Result<std::vector<ConfigRow>> configs() = 0; ///< each with its current version
    /// Newest first, without their texts.
    virtual Result<std::vector<ConfigVersionRow>> configVersions(ConfigId config) = 0;
    virtual Result<std::optional<ConfigVersionRow>> configVersion(ConfigId config, int version) = 0;
    virtual Result<std::map<std::string, std::string>> settings() = 0;
    virtual Result<std::vector<AuditRow>> audit(const AuditFilter &filter) = 0; ///< newest first
    /// However many there are; `before`, `skip` and `limit` do not count.
    virtual Result<std::int64_t> auditCount(const AuditFilter &filter) = 0;
    virtual Result<std::uint64_t> requestCount() = 0; ///< from rollups: instant
    /// What keys have used of their limits: for admission::Ledger::restore, before the first request.
    virtual Result<trace::KeptUse> keyUse() = 0;
};

inline constexpr int kMostConfigVersions = 1'000; ///< of each config
inline constexpr int kMostAuditRows = 100'000;

/// The changes that the writer thread makes, inside a transaction of its own. Valid only during a change.
class Changes
{
public:
    virtual ~Changes() = default;
    virtual Result<AccountId> insertAccount(const AccountRow &row)
        = 0; ///< and its virtual key with the same slug
    virtual Result<> updateAccount(const AccountRow &row) = 0;
    virtual Result<> removeAccount(AccountId id) = 0; ///< and its virtual keys, models and choices
    /// Takes the place of what was listed before. Not part of the configuration's copy: it can be asked for
    /// again.
    virtual Result<> setAccountModels(const AccountModelsRow &row) = 0;
    virtual Result<> removeAccountModels(AccountId id) = 0;
    /// Takes the place of what was said of that model before.
    virtual Result<> setModelChoice(const ModelChoiceRow &row) = 0;
    virtual Result<> removeModelChoice(AccountId account, const std::string &model) = 0;
    virtual Result<VirtualKeyId> insertVirtualKey(const VirtualKeyRow &row) = 0;
    /// "store.first_virtual_key" when that of an account's own slug would go to another account.
    virtual Result<> updateVirtualKey(const VirtualKeyRow &row) = 0;
    virtual Result<> removeVirtualKey(VirtualKeyId id) = 0; ///< likewise, or away
    /// "store.no_such_config" when its default config is not there.
    virtual Result<ClientKeyId> insertClientKey(const ClientKeyRow &row) = 0;
    virtual Result<> updateClientKey(const ClientKeyRow &row) = 0; ///< likewise
    virtual Result<> removeClientKey(ClientKeyId id) = 0;
    virtual Result<ConfigId> insertConfig(const ConfigRow &row) = 0; ///< with its first version
    virtual Result<> updateConfig(const ConfigChange &change) = 0;
    /// Makes `row` the current version and gives its number; that of the current one when it has the same
    /// text. The newest kMostConfigVersions are kept.
    virtual Result<int> saveConfigVersion(ConfigId config, const ConfigVersionRow &row) = 0;
    /// With its versions. "store.config_in_use" while it is a client key's default.
    virtual Result<> removeConfig(ConfigId id) = 0;
    virtual Result<> setSetting(const std::string &name, const std::string &value) = 0;
    virtual Result<> removeSetting(const std::string &name) = 0;
    /// Beside the change that it tells of. The newest kMostAuditRows are kept.
    virtual Result<> addAudit(const AuditRow &row) = 0;
    /// Removed requests are gone for readers with the commit; their bytes leave the files soon after. Rollups
    /// stay.
    virtual Result<> removeRequests(const std::vector<RequestId> &ids) = 0;
    virtual Result<> removeAllRequests() = 0;
    /// Adds to what a key has spent: of Ledger::setLimits and Ledger::allowMore.
    virtual Result<> addCharge(const trace::Charge &charge) = 0;
    /// The same of Ledger::reset, which also empties the key's sliding windows.
    virtual Result<> resetKey(const trace::Charge &charge) = 0;
};

/// The SQLite store: one writer thread that alone writes and checkpoints (threat-model I1), and Readers. A
/// damaged file is set aside and replaced, at open or when the damage is met: accounts, keys, configs and
/// settings come back from a copy kept beside it, requests as far as they can be read, while the store is at
/// work (health() counts them; those left at the end of the program stay in the file). A file newer than this
/// program is refused with "store.newer_schema". While the disk refuses to write, records wait in the queue;
/// what has to give way is counted, and its numbers stay in the rollups. A request that is in flight when the
/// program dies leaves no row, unless it was noted (noteRunning).
class Store
{
public:
    /// Opens, migrates and starts the writer. "store.locked" when another process has the directory.
    static Result<std::unique_ptr<Store>> open(StoreOptions options);

    virtual ~Store() = default; ///< writes what is queued, truncates the WAL, ends the thread

    /// Hands over a finished request. False when the queue is full: wait a little and call again (at most 100
    /// ms), then appendShedding(). The record is taken only when true is returned. Any thread; never blocks.
    virtual bool tryAppend(trace::Record &record) = 0;
    /// The queue is half full: a request that can wait a little should do so before it appends, because a
    /// disk that stands still for a moment would fill the rest. Any thread; never blocks.
    [[nodiscard]] virtual bool isPressed() const noexcept = 0;
    /// Takes the record whatever the queue holds: sheds the oldest bodies first, then this one's; the row is
    /// kept.
    virtual void appendShedding(trace::Record record) = 0;

    /// A request that runs on the account of a key, with what it has reserved as its charges. Should the
    /// program die before the request's record is appended, the next start has it as of unknown outcome, and
    /// what it reserved counts as spent. A second note takes the place of the first. Nothing is written of a
    /// request that is over within some 20 ms. Any thread; never blocks.
    virtual void noteRunning(trace::Record record) = 0;

    /// Runs a change on the writer thread and reports when it is committed (on the writer thread). Any
    /// thread.
    virtual void change(std::function<Result<>(Changes &)> job, std::function<void(Result<>)> done) = 0;
    /// change() and wait; for start-up and command lines, never on the UI thread or an I/O thread.
    virtual Result<> changeAndWait(std::function<Result<>(Changes &)> job) = 0;

    [[nodiscard]] virtual Result<std::unique_ptr<Reader>> openReader() const = 0;
    [[nodiscard]] virtual StoreHealth health() const = 0; ///< any thread
    /// Secrets to mask in every text that is written from now on. Any thread.
    virtual void setRedactor(SharedRedactor redactor) = 0;
    virtual void setRetention(Retention retention) = 0;
    /// Returns when everything appended before has been committed (or failed). For tests and quitting.
    virtual void flush() = 0;
    [[nodiscard]] virtual std::filesystem::path directory() const = 0;

protected:
    Store() = default;
};

} // namespace portolan::store
