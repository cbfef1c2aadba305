// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"

#include "core/control/answers.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace portolan::control {

namespace {

using admission::Instant;
using admission::Party;
using Charges = std::vector<trace::Charge>;

template <typename Key>
const Key *keyOf(const std::vector<Key> &keys, decltype(Key::id) id)
{
    const auto found = std::ranges::find(keys, id, &Key::id);
    return found == keys.end() ? nullptr : &*found;
}

/// Tells the ledger what has changed since `known`; what that moves from one kind of period to another.
template <typename Key, typename Known>
Charges apply(admission::Ledger &ledger, const std::vector<Key> &keys, Known &known, Instant now)
{
    Charges moved;
    const auto set = [&](decltype(Key::id) id, const admission::KeyLimits &limits) {
        std::ranges::move(ledger.setLimits(Party::of(id), limits, now), std::back_inserter(moved));
    };
    Known limited;
    for (const Key &key : keys) {
        if (key.limits.empty())
            continue;
        if (const auto before = known.find(key.id); before == known.end() || before->second != key.limits)
            set(key.id, key.limits);
        limited.emplace(key.id, key.limits);
    }
    for (const auto &[id, limits] : known) {
        if (limited.contains(id))
            continue;
        if (keyOf(keys, id))
            set(id, {});
        else
            ledger.remove(Party::of(id));
    }
    known = std::move(limited);
    return moved;
}

} // namespace

void ControlImpl::applyLimits(const std::vector<VirtualKey> &keys)
{
    keepCharges(apply(m_ledger, keys, m_virtual_key_limits, Instant::now()));
}

void ControlImpl::applyLimits(const std::vector<ClientKeyInfo> &keys)
{
    keepCharges(apply(m_ledger, keys, m_client_key_limits, Instant::now()));
}

void ControlImpl::keepCharges(std::vector<trace::Charge> charges)
{
    if (charges.empty())
        return;
    m_store->change(
        [charges = std::move(charges)](store::Changes &changes) -> Result<> {
            for (const auto &charge : charges) {
                if (auto kept = changes.addCharge(charge); !kept)
                    return kept;
            }
            return {};
        },
        [](const Result<> &) {});
}

template <typename Key>
void ControlImpl::changeUse(const std::vector<Key> &keys, decltype(Key::id) id, const ChangeOfUse &change,
                            const KeepCharge &keep, Reply<> reply)
{
    const auto *key = keyOf(keys, id);
    Result<> refusal;
    if (!key)
        refusal = refused("key.unknown", tr("This key is not there any more."));
    else if (key->limits.empty())
        refusal = refused("key.no_limits", tr("This key has no limits."));
    if (!refusal) {
        post([reply, refusal = std::move(refusal)] { reply(refusal); });
        return;
    }
    const auto charge = change(Party::of(id));
    refreshKeyUse();
    if (!charge) {
        post([reply] { reply({}); });
        return;
    }
    m_store->change([keep, charge = *charge](store::Changes &changes) { return keep(changes, charge); },
                    [this, reply](Result<> done) { post([reply, done = std::move(done)] { reply(done); }); });
}

namespace {

Result<> resetKey(store::Changes &changes, const trace::Charge &charge)
{
    return changes.resetKey(charge);
}

Result<> addCharge(store::Changes &changes, const trace::Charge &charge)
{
    return changes.addCharge(charge);
}

} // namespace

void ControlImpl::resetUse(VirtualKeyId id, Reply<> reply)
{
    changeUse(
        m_virtual_keys, id, [this](Party party) { return m_ledger.reset(party, Instant::now()); }, resetKey,
        std::move(reply));
}

void ControlImpl::resetUse(ClientKeyId id, Reply<> reply)
{
    changeUse(
        m_client_keys, id, [this](Party party) { return m_ledger.reset(party, Instant::now()); }, resetKey,
        std::move(reply));
}

void ControlImpl::allowMore(VirtualKeyId id, std::int64_t amount, Reply<> reply)
{
    changeUse(
        m_virtual_keys, id,
        [this, amount](Party party) { return m_ledger.allowMore(party, amount, Instant::now()); }, addCharge,
        std::move(reply));
}

void ControlImpl::allowMore(ClientKeyId id, std::int64_t amount, Reply<> reply)
{
    changeUse(
        m_client_keys, id,
        [this, amount](Party party) { return m_ledger.allowMore(party, amount, Instant::now()); }, addCharge,
        std::move(reply));
}

} // namespace portolan::control
