// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/salvage.h"

#include "core/store/scrub.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <utility>

namespace portolan::store {

namespace {

constexpr int kMostAtOnce = 50;
constexpr std::int64_t kFirstGapUs = 1'000;

std::int64_t wallClockUs()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

} // namespace

Salvage::Salvage(std::filesystem::path damaged)
    : m_damaged(std::move(damaged))
    , m_before{wallClockUs()} // a damaged page can hold any number
    , m_gap_us(kFirstGapUs)
    , m_limit(kMostAtOnce)
{ }

trace::KeptUse Salvage::keyUse()
{
    open();
    return m_reader ? m_reader->keyUse().value_or(trace::KeptUse()) : trace::KeptUse();
}

Result<> Salvage::step(RecordWriter &records, RollupTable &rollups, Removal &removal,
                       const Redactor &redactor)
{
    if (!m_reader)
        open();
    if (m_reader && !m_hasLooked)
        m_rollups = readRollups();
    auto sums = m_rollups;
    m_written = 0;
    m_last = m_before;
    for (auto &record : m_reader ? readSome() : std::vector<trace::Record>()) {
        scrub(record, redactor);
        const auto done = records.write(record);
        if (!done && !isRecordAtFault(done.error()))
            return done;
        if (!done)
            continue;
        ++m_written;
        sums.addModels(record);
        if (!m_hasRollups)
            sums.addTotals(record);
    }
    if (auto done = removal.addBodyBytes(records.takeBodyBytes()); !done)
        return done;
    return rollups.add(sums);
}

void Salvage::keep()
{
    m_rollups.clear();
    m_requests += std::exchange(m_written, 0);
    m_before = m_last;
    if (m_before.value <= 0)
        m_isDone = true;
    if (m_isDone)
        m_reader.reset();
}

void Salvage::open()
{
    auto reader = SqlReader::open(m_damaged, std::make_shared<const std::atomic<int>>(0));
    if (!reader) {
        m_isDone = true;
        return;
    }
    m_reader = std::move(*reader);
}

RollupSums Salvage::readRollups()
{
    m_hasLooked = true;
    RollupSums sums;
    for (const int step : {kMinute, kHour, kDay}) {
        const auto buckets = m_reader->rollups(0, std::numeric_limits<std::int64_t>::max(), step);
        if (!buckets)
            return {};
        for (const auto &bucket : *buckets)
            sums.addTotals(step, bucket);
    }
    m_hasRollups = true;
    return sums;
}

std::vector<trace::Record> Salvage::readSome()
{
    const auto page = m_reader->page({.before = m_before, .limit = m_limit});
    if (!page) {
        stepOverDamage();
        return {};
    }
    m_limit = std::min(m_limit * 2, kMostAtOnce);
    m_gap_us = kFirstGapUs;
    std::vector<trace::Record> records;
    for (const auto &row : *page) {
        if (auto detail = m_reader->request(row.id); detail && *detail)
            records.push_back(std::move((*detail)->record));
    }
    m_last = page->empty() ? RequestId() : page->back().id;
    return records;
}

// First one by one up to the damage, then over it in growing strides.
void Salvage::stepOverDamage()
{
    if (m_limit > 1) {
        m_limit = 1;
        return;
    }
    m_last.value = m_before.value - m_gap_us;
    m_gap_us *= 2;
}

} // namespace portolan::store
