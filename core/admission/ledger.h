// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/admission/keylimits.h"
#include "core/base/ids.h"
#include "core/base/money.h"
#include "core/base/result.h"
#include "core/trace/charge.h"

#include <atomic>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace portolan::admission {

/// A key that limits hang on.
struct Party {
    trace::Charge::Party kind = trace::Charge::Party::ClientKey;
    std::int64_t id = 0;

    static Party of(ClientKeyId key) noexcept { return {trace::Charge::Party::ClientKey, key.value}; }
    static Party of(VirtualKeyId key) noexcept { return {trace::Charge::Party::VirtualKey, key.value}; }
    friend bool operator==(const Party &, const Party &) = default;
};

/// One moment on both clocks: budgets follow the calendar, sliding windows a clock that nobody sets.
struct Instant {
    std::int64_t wall_us = 0;   ///< since 1970
    std::int64_t steady_us = 0; ///< since some beginning; counts on while the computer sleeps

    [[nodiscard]] static Instant now() noexcept;
};

/// The most that a request is expected to take (estimate.h).
struct Estimate {
    std::int64_t tokens = 0; ///< input and output
    NanoUsd cost{};
    /// The request does not say how long its answer may be: a guess never asks for more than the whole limit,
    /// which would shut the request out for ever.
    bool guessed = false;
};

/// What a request took. Nothing: nobody knows, and the estimate stands.
struct Actual {
    std::optional<std::int64_t> tokens{};
    std::optional<NanoUsd> cost{};

    static Actual nothing() noexcept
    {
        return {.tokens = 0, .cost = NanoUsd{}};
    } ///< it never reached a provider
};

/// For x-ratelimit-limit-*, -remaining-*, -reset-*: of the key's limits of that unit the one with the least
/// room.
struct Headroom {
    std::int64_t limit = 0;
    std::int64_t remaining = 0;
    std::int64_t reset_us = 0; ///< how long until nothing of it is used, if nothing more comes
};

struct Standing {
    std::optional<Headroom> requests{};
    std::optional<Headroom> tokens{};
};

/// Why a key lets a request not pass.
struct Refusal {
    enum class Limit : std::uint8_t { Budget, Requests, Tokens, Concurrency };
    Limit hit = Limit::Budget;
    /// "limits.budget", "limits.requests", "limits.tokens", "limits.concurrency". `retryable`: waiting helps.
    Error error{};
    std::int64_t limit = 0; ///< in the unit of what was hit; a budget's with its extra
    std::int64_t used = 0;  ///< likewise, with what is reserved
    std::int64_t asked = 0;
    /// How long until there is room; 0: not known, or never. Of a budget: when it starts anew.
    std::int64_t retry_after_us = 0;
    std::int64_t resets_us = 0; ///< of a budget: when it starts anew, since 1970; 0: never
    Standing standing{};
};

class PartyBook;

/// The place of one running request in a key's limits. What it reserved is given back when it goes away
/// unsettled, as for a request that never reached a provider. Belongs to one thread at a time, may be settled
/// on another one than it was made on, and may outlive the key and the ledger.
class Reservation
{
public:
    Reservation() noexcept = default; ///< of a key without limits: holds nothing
    Reservation(Reservation &&other) noexcept;
    Reservation &operator=(Reservation &&other) noexcept;
    ~Reservation();

    /// The request is over and this is what it took, also when that is more than was reserved. Adds what the
    /// store has to keep to the record's charges. Only the first call counts. A budget's cost goes to the
    /// period in which the request was let in, tokens to the sliding windows that end now.
    void settle(const Actual &actual, Instant now, std::vector<trace::Charge> &charges);
    /// What would be charged if nobody ever told how the request ended, for Store::noteRunning; nothing when
    /// the key keeps no account.
    [[nodiscard]] std::optional<trace::Charge> pending() const;
    [[nodiscard]] bool isOpen() const noexcept { return m_book != nullptr; }
    [[nodiscard]] const Standing &standing() const noexcept { return m_standing; } ///< when it was let in

private:
    friend class PartyBook;
    std::shared_ptr<PartyBook> m_book{}; ///< null: nothing is held
    Estimate m_estimate{};               ///< as it was reserved in the budget
    std::int64_t m_window_tokens = 0;    ///< as it was reserved in the token windows
    std::int32_t m_day = 0;              ///< of the budget's period
    unsigned m_edition = 0;
    bool m_in_budget = false;
    std::int64_t m_asked_us = 0; ///< wall clock
    Standing m_standing{};
};

/// What all requests have taken from the limits of all keys. Exact under concurrency: whoever is let in has
/// its estimate reserved in the same step in which it was compared, so the sum of what is spent and reserved
/// never passes a limit but by what requests took beyond their estimates. Shared by all I/O threads and the
/// window; never blocks for longer than a few hundred nanoseconds. Reading clocks is the caller's part.
class Ledger
{
public:
    Ledger();
    ~Ledger();
    Ledger(const Ledger &) = delete;
    Ledger &operator=(const Ledger &) = delete;

    /// What the store has kept of an earlier run (store::Reader::keyUse). Once, before any limits are set.
    void restore(trace::KeptUse kept);

    /// Takes effect with the next request. What was used stays used; a lowered limit holds at once. Where the
    /// budget gets another kind of period, the charges move what was spent from the old one into it: for
    /// Changes::addCharge.
    std::vector<trace::Charge> setLimits(Party party, const KeyLimits &limits, Instant now);
    /// Forgets the key. Requests that run go on, and settle to nobody's account.
    void remove(Party party);

    /// Everything is looked at before anything is taken. A request is one unit of the request limits from
    /// here on, however it ends.
    [[nodiscard]] std::expected<Reservation, Refusal> reserve(Party party, const Estimate &estimate,
                                                              Instant now);

    /// Nothing when the key is not here.
    [[nodiscard]] std::optional<KeyUse> use(Party party, Instant now) const;
    /// Spend, extra and windows to zero; what runs stays reserved. The charge is for Changes::resetKey.
    std::optional<trace::Charge> reset(Party party, Instant now);
    /// Raises the budget's limit until its period ends. The charge is for Changes::addCharge.
    std::optional<trace::Charge> allowMore(Party party, std::int64_t amount, Instant now);

private:
    struct HashOfParty {
        std::size_t operator()(const Party &party) const noexcept
        {
            return std::hash<std::int64_t>{}(party.id * 4 + std::int64_t(party.kind));
        }
    };
    [[nodiscard]] std::shared_ptr<PartyBook> find(Party party) const;
    std::shared_ptr<PartyBook> findOrMake(Party party);

    std::atomic<bool> m_empty{true};   // no key has limits: nothing to look up
    mutable std::shared_mutex m_mutex; // guards m_books, not what they hold
    std::unordered_map<Party, std::shared_ptr<PartyBook>, HashOfParty> m_books;
};

} // namespace portolan::admission
