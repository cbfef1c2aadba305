// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/connection.h"
#include "core/store/store.h"

#include <atomic>
#include <filesystem>
#include <memory>

namespace portolan::store {

/// Counts how often the writer has replaced the file: a reader of the one before opens the new one.
using Generation = std::shared_ptr<const std::atomic<int>>;

class SqlReader final : public Reader
{
public:
    static Result<std::unique_ptr<Reader>> open(std::filesystem::path file, Generation generation);

    Result<std::vector<trace::RequestRow>> page(const PageQuery &query) override;
    Result<std::optional<RequestDetail>> request(RequestId id) override;
    Result<std::vector<trace::Rollup>> rollups(std::int64_t from_s, std::int64_t to_s, int step_s) override;
    Result<std::vector<AccountRow>> accounts() override;
    Result<std::vector<AccountModelsRow>> accountModels() override;
    Result<std::vector<ModelChoiceRow>> modelChoices() override;
    Result<std::vector<VirtualKeyRow>> virtualKeys() override;
    Result<std::vector<ClientKeyRow>> clientKeys() override;
    Result<std::vector<ConfigRow>> configs() override;
    Result<std::vector<ConfigVersionRow>> configVersions(ConfigId config) override;
    Result<std::optional<ConfigVersionRow>> configVersion(ConfigId config, int version) override;
    Result<std::map<std::string, std::string>> settings() override;
    Result<std::vector<AuditRow>> audit(const AuditFilter &filter) override;
    Result<std::int64_t> auditCount(const AuditFilter &filter) override;
    Result<std::uint64_t> requestCount() override;
    Result<trace::KeptUse> keyUse() override;

private:
    SqlReader(std::filesystem::path file, Generation generation);
    /// The connection to the present file.
    Result<QSqlDatabase> database();
    Result<> readAttempts(const QSqlDatabase &database, trace::Record &record) const;
    Result<> readBodies(const QSqlDatabase &database, RequestDetail &detail, std::int64_t stored) const;

    const std::filesystem::path m_file;
    const Generation m_generation;
    int m_seen = -1;
    std::unique_ptr<Connection> m_connection;
};

} // namespace portolan::store
