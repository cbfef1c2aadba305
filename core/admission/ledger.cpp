// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admission/ledger.h"

#include "core/admission/partybook.h"

#include <chrono>
#include <mutex>
#include <utility>

#include <time.h>

namespace portolan::admission {

Instant Instant::now() noexcept
{
    using namespace std::chrono;
    const auto wall = duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
#ifdef CLOCK_BOOTTIME
    // The usual steady clock stands still while a laptop sleeps, and an hour's limit would last a night.
    timespec now{};
    if (clock_gettime(CLOCK_BOOTTIME, &now) == 0)
        return {.wall_us = wall, .steady_us = now.tv_sec * 1'000'000 + now.tv_nsec / 1'000};
#endif
    return {.wall_us = wall,
            .steady_us = duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count()};
}

Reservation::Reservation(Reservation &&other) noexcept = default;

Reservation &Reservation::operator=(Reservation &&other) noexcept
{
    if (this != &other) {
        if (const auto book = std::exchange(m_book, nullptr))
            book->release(*this);
        m_book = std::move(other.m_book);
        m_estimate = other.m_estimate;
        m_window_tokens = other.m_window_tokens;
        m_day = other.m_day;
        m_edition = other.m_edition;
        m_in_budget = other.m_in_budget;
        m_asked_us = other.m_asked_us;
        m_standing = other.m_standing;
    }
    return *this;
}

Reservation::~Reservation()
{
    if (m_book)
        m_book->release(*this);
}

void Reservation::settle(const Actual &actual, Instant now, std::vector<trace::Charge> &charges)
{
    if (const auto book = std::exchange(m_book, nullptr))
        book->settle(*this, actual, now, charges);
}

std::optional<trace::Charge> Reservation::pending() const
{
    return m_book ? m_book->pending(*this) : std::nullopt;
}

Ledger::Ledger() = default;
Ledger::~Ledger() = default;

std::shared_ptr<PartyBook> Ledger::find(Party party) const
{
    const std::shared_lock lock(m_mutex);
    const auto found = m_books.find(party);
    return found == m_books.end() ? nullptr : found->second;
}

std::shared_ptr<PartyBook> Ledger::findOrMake(Party party)
{
    const std::unique_lock lock(m_mutex);
    auto &place = m_books[party];
    if (!place)
        place = std::make_shared<PartyBook>(party);
    m_empty.store(false, std::memory_order_release);
    return place;
}

void Ledger::restore(trace::KeptUse kept)
{
    std::unordered_map<Party, trace::KeptUse, HashOfParty> byParty;
    for (auto &charge : kept.charges)
        byParty[{charge.party, charge.key}].charges.push_back(std::move(charge));
    for (const auto &use : kept.windows)
        byParty[{use.party, use.key}].windows.push_back(use);
    for (auto &[party, own] : byParty)
        findOrMake(party)->restore(std::move(own));
}

std::vector<trace::Charge> Ledger::setLimits(Party party, const KeyLimits &limits, Instant now)
{
    auto book = find(party);
    if (!book && limits.empty())
        return {};
    if (!book)
        book = findOrMake(party);
    return book->setLimits(limits, now);
}

void Ledger::remove(Party party)
{
    const std::unique_lock lock(m_mutex);
    m_books.erase(party);
}

std::expected<Reservation, Refusal> Ledger::reserve(Party party, const Estimate &estimate, Instant now)
{
    if (m_empty.load(std::memory_order_acquire))
        return Reservation{};
    const auto book = find(party);
    return book ? book->reserve(estimate, now) : Reservation{};
}

std::optional<KeyUse> Ledger::use(Party party, Instant now) const
{
    const auto book = find(party);
    return book ? std::optional(book->use(now)) : std::nullopt;
}

std::optional<trace::Charge> Ledger::reset(Party party, Instant now)
{
    const auto book = find(party);
    return book ? book->reset(now) : std::nullopt;
}

std::optional<trace::Charge> Ledger::allowMore(Party party, std::int64_t amount, Instant now)
{
    const auto book = find(party);
    return book ? book->allowMore(amount, now) : std::nullopt;
}

} // namespace portolan::admission
