// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"

#include "core/control/answers.h"
#include "core/control/auditjson.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace portolan::control {

namespace {

using admission::Instant;
using admission::KeyUse;
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

const char *resourceOf(const VirtualKey &)
{
    return "virtual key";
}

const char *resourceOf(const ClientKeyInfo &)
{
    return "client key";
}

std::string nameOf(const VirtualKey &key)
{
    return key.slug.toStdString();
}

std::string nameOf(const ClientKeyInfo &key)
{
    return key.name.toStdString();
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
void ControlImpl::changeUse(const std::vector<Key> &keys, decltype(Key::id) id, const ChangeOfUse &make,
                            const KeepCharge &keep, const char *action, Reply<> reply)
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
    const auto use
        = [&] { return auditJson(m_ledger.use(Party::of(id), Instant::now()).value_or(KeyUse())); };
    Audit audit{.action = action, .resource = resourceOf(*key), .name = nameOf(*key), .before = use()};
    const auto charge = make(Party::of(id));
    audit.after = [after = use()] { return after; };
    refreshKeyUse();
    change(
        std::move(audit),
        [keep, charge](store::Changes &changes) { return charge ? keep(changes, *charge) : Result<>(); },
        [] {}, std::move(reply));
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
        "reset", std::move(reply));
}

void ControlImpl::resetUse(ClientKeyId id, Reply<> reply)
{
    changeUse(
        m_client_keys, id, [this](Party party) { return m_ledger.reset(party, Instant::now()); }, resetKey,
        "reset", std::move(reply));
}

void ControlImpl::allowMore(VirtualKeyId id, std::int64_t amount, Reply<> reply)
{
    changeUse(
        m_virtual_keys, id,
        [this, amount](Party party) { return m_ledger.allowMore(party, amount, Instant::now()); }, addCharge,
        "allow more", std::move(reply));
}

void ControlImpl::allowMore(ClientKeyId id, std::int64_t amount, Reply<> reply)
{
    changeUse(
        m_client_keys, id,
        [this, amount](Party party) { return m_ledger.allowMore(party, amount, Instant::now()); }, addCharge,
        "allow more", std::move(reply));
}

} // namespace portolan::control
