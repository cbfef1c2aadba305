// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"

#include "core/control/answers.h"

#include <algorithm>
#include <utility>

namespace portolan::control {

namespace {

using admission::Instant;
using admission::Party;

template <typename Key>
const Key *keyOf(const std::vector<Key> &keys, decltype(Key::id) id)
{
    const auto found = std::ranges::find(keys, id, &Key::id);
    return found == keys.end() ? nullptr : &*found;
}

/// Tells the ledger what has changed since `known`.
template <typename Key, typename Known>
void apply(admission::Ledger &ledger, const std::vector<Key> &keys, Known &known, Instant now)
{
    Known limited;
    for (const Key &key : keys) {
        if (key.limits.empty())
            continue;
        if (const auto before = known.find(key.id); before == known.end() || before->second != key.limits)
            ledger.setLimits(Party::of(key.id), key.limits, now);
        limited.emplace(key.id, key.limits);
    }
    for (const auto &[id, limits] : known) {
        if (!limited.contains(id))
            keyOf(keys, id) ? void(ledger.setLimits(Party::of(id), {}, now)) : ledger.remove(Party::of(id));
    }
    known = std::move(limited);
}

} // namespace

void ControlImpl::applyLimits(const std::vector<VirtualKey> &keys)
{
    apply(m_ledger, keys, m_virtual_key_limits, Instant::now());
}

void ControlImpl::applyLimits(const std::vector<ClientKeyInfo> &keys)
{
    apply(m_ledger, keys, m_client_key_limits, Instant::now());
}

template <typename Key>
void ControlImpl::changeUse(const std::vector<Key> &keys, decltype(Key::id) id,
                            std::function<void(Party)> change, Reply<> reply)
{
    const auto *key = keyOf(keys, id);
    Result<> changed;
    if (!key)
        changed = refused("key.unknown", tr("This key is not there any more."));
    else if (!key->limits.budget)
        changed = refused("key.no_budget", tr("This key has no budget."));
    else
        change(Party::of(id));
    refreshKeyUse();
    post([reply, changed = std::move(changed)] { reply(changed); });
}

void ControlImpl::resetUse(VirtualKeyId id, Reply<> reply)
{
    changeUse(
        m_virtual_keys, id, [this](Party party) { m_ledger.reset(party, Instant::now()); }, std::move(reply));
}

void ControlImpl::resetUse(ClientKeyId id, Reply<> reply)
{
    changeUse(
        m_client_keys, id, [this](Party party) { m_ledger.reset(party, Instant::now()); }, std::move(reply));
}

void ControlImpl::allowMore(VirtualKeyId id, std::int64_t amount, Reply<> reply)
{
    changeUse(
        m_virtual_keys, id,
        [this, amount](Party party) { m_ledger.allowMore(party, amount, Instant::now()); }, std::move(reply));
}

void ControlImpl::allowMore(ClientKeyId id, std::int64_t amount, Reply<> reply)
{
    changeUse(
        m_client_keys, id, [this, amount](Party party) { m_ledger.allowMore(party, amount, Instant::now()); },
        std::move(reply));
}

} // namespace portolan::control
