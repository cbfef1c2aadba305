// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/connection.h"
#include "core/store/removal.h"
#include "core/store/store.h"

namespace portolan::store {

/// Changes on the writer's connection, inside the transaction that the writer has begun for one job.
class SqlChanges final : public Changes
{
public:
    SqlChanges(const Connection &connection, Removal &removal);

    Result<AccountId> insertAccount(const AccountRow &row) override;
    Result<> updateAccount(const AccountRow &row) override;
    Result<> removeAccount(AccountId id) override;
    Result<> setAccountModels(const AccountModelsRow &row) override;
    Result<> removeAccountModels(AccountId id) override;
    Result<> setModelChoice(const ModelChoiceRow &row) override;
    Result<> removeModelChoice(AccountId account, const std::string &model) override;
    Result<VirtualKeyId> insertVirtualKey(const VirtualKeyRow &row) override;
    Result<> updateVirtualKey(const VirtualKeyRow &row) override;
    Result<> removeVirtualKey(VirtualKeyId id) override;
    Result<ClientKeyId> insertClientKey(const ClientKeyRow &row) override;
    Result<> updateClientKey(const ClientKeyRow &row) override;
    Result<> removeClientKey(ClientKeyId id) override;
    Result<ConfigId> insertConfig(const ConfigRow &row) override;
    Result<> updateConfig(const ConfigChange &change) override;
    Result<int> saveConfigVersion(ConfigId config, const ConfigVersionRow &row) override;
    Result<> removeConfig(ConfigId id) override;
    Result<> setSetting(const std::string &name, const std::string &value) override;
    Result<> removeSetting(const std::string &name) override;
    Result<> addAudit(const AuditRow &row) override;
    Result<> removeRequests(const std::vector<RequestId> &ids) override;
    Result<> removeAllRequests() override;
    Result<> addCharge(const trace::Charge &charge) override;
    Result<> resetKey(const trace::Charge &charge) override;

    /// Accounts, keys, configs or settings were changed: their copy is out of date.
    [[nodiscard]] bool hasChangedConfiguration() const noexcept { return m_changed; }

private:
    Result<> checkSlugIsFree(const std::string &slug, AccountId account, VirtualKeyId key);
    Result<> checkIsNotFirst(VirtualKeyId id);
    Result<> checkDefaultConfig(const ClientKeyRow &row);
    Result<> checkIsUnused(ConfigId id);
    /// Of keys whose ids are in a set: SQL of ours, with one parameter.
    Result<> forgetUse(trace::Charge::Party party, const QString &keys, std::int64_t parameter);
    Result<> insertVersion(ConfigId config, const ConfigVersionRow &row);

    const Connection &m_connection;
    Removal &m_removal;
    bool m_changed = false;
};

} // namespace portolan::store
