// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/controlimpl.h"

#include "core/control/answers.h"
#include "core/control/auditjson.h"
#include "core/control/configtext.h"
#include "core/control/keysettings.h"
#include "core/gateway/recorder.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMostConfigs = 1'000;

ConfigVersion describe(store::ConfigVersionRow row)
{
    ConfigVersion version;
    version.version = row.version;
    version.note = QString::fromStdString(row.note);
    version.author = QString::fromStdString(row.author);
    version.saved = fromUs(row.saved_us);
    version.text = std::move(row.text);
    return version;
}

} // namespace

const ConfigInfo *configNamed(const Control &control, const QString &slug_or_name)
{
    const auto &configs = control.configs();
    if (const auto found = std::ranges::find(configs, slug_or_name, &ConfigInfo::slug);
        found != configs.end())
        return &*found;
    if (std::ranges::count(configs, slug_or_name, &ConfigInfo::name) != 1)
        return nullptr;
    return &*std::ranges::find(configs, slug_or_name, &ConfigInfo::name);
}

const StoredConfig *ControlImpl::storedConfigOf(ConfigId id) const
{
    const auto found
        = std::ranges::find_if(m_stored.configs, [id](const auto &config) { return config->row.id == id; });
    return found == m_stored.configs.end() ? nullptr : found->get();
}

ConfigInfo ControlImpl::infoOf(const StoredConfig &config) const
{
    ConfigInfo info;
    info.id = config.row.id;
    info.slug = QString::fromStdString(config.row.slug);
    info.name = QString::fromStdString(config.row.name);
    info.version = config.row.current.version;
    info.archived = config.row.archived;
    info.created = fromUs(config.row.created_us);
    info.updated = fromUs(config.row.updated_us);
    info.broken = QString::fromStdString(config.broken);
    for (const auto &key : m_client_keys) {
        if (key.defaultConfig == info.slug)
            info.usedBy.append(key.name);
    }
    return info;
}

void ControlImpl::refreshConfigs()
{
    std::vector<ConfigInfo> configs;
    for (const auto &config : m_stored.configs)
        configs.push_back(infoOf(*config));
    std::ranges::sort(configs, [](const ConfigInfo &a, const ConfigInfo &b) {
        const int order = a.name.compare(b.name, Qt::CaseInsensitive);
        return order != 0 ? order < 0 : a.id < b.id;
    });
    if (configs == m_configs)
        return;
    m_configs = std::move(configs);
    emit configsChanged();
}

void ControlImpl::takeConfig(std::shared_ptr<const StoredConfig> config)
{
    const auto found = std::ranges::find_if(
        m_stored.configs, [&](const auto &known) { return known->row.id == config->row.id; });
    if (found == m_stored.configs.end())
        m_stored.configs.push_back(std::move(config));
    else
        *found = std::move(config);
    refreshConfigs();
    refreshVirtualKeys();
    refreshProblems();
}

routing::Installation ControlImpl::installation() const
{
    routing::Installation installation{.providers = knownProviders(*m_catalog),
                                       .most_attempts = m_settings.mostAttempts};
    installation.slugs.push_back({.slug = std::string(gateway::kPracticeSlug)});
    for (const auto &key : m_stored.virtual_keys) {
        const auto account = std::ranges::find(m_stored.accounts, key.account, &store::AccountRow::id);
        const bool enabled = account != m_stored.accounts.end() && account->enabled && key.enabled;
        installation.slugs.push_back(
            {.slug = key.slug, .account = std::to_string(key.account.value), .enabled = enabled});
    }
    return installation;
}

void ControlImpl::readText(std::string text, std::function<void(routing::Reading)> then)
{
    m_reading.post([this, text = std::move(text), redactor = m_snapshot->redactor,
                    installation = installation(), then = std::move(then)] {
        auto reading = readConfigText(text, *redactor, installation, routing::Keeping::Saved);
        post([then, reading = std::move(reading)] { then(reading); });
    });
}

void ControlImpl::createConfig(NewConfig config, Reply<ConfigSave> reply)
{
    auto name = configName(config.name.toStdString());
    if (!name) {
        post([reply, error = std::move(name).error()] { reply(fail(error)); });
        return;
    }
    if (m_stored.configs.size() >= kMostConfigs) {
        post(
            [reply] { reply(refused("config.too_many", tr("Remove a config first: 1,000 are the most."))); });
        return;
    }
    auto row = std::make_shared<store::ConfigRow>();
    row->name = *std::move(name);
    const auto isTaken = [&](const auto &known) { return known->row.slug == row->slug; };
    do
        row->slug = makeConfigSlug(row->name);
    while (std::ranges::any_of(m_stored.configs, isTaken));
    row->current.version = 1;
    row->current.text = std::move(config.text);
    row->current.note = config.note.toStdString();
    row->current.author = config.author.toStdString();
    readText(row->current.text, asNow([this, row, reply](const routing::Reading &reading) {
                 if (!reading.config)
                     return reply(ConfigSave{.problems = reading.problems});
                 row->created_us = row->updated_us = row->current.saved_us = gateway::wallClockUs();
                 change(
                     {.action = "create",
                      .resource = "config",
                      .name = row->slug,
                      .after = [row] { return auditJson(*row); }},
                     [row](store::Changes &changes) -> Result<> {
                         auto id = changes.insertConfig(*row);
                         if (!id)
                             return fail(std::move(id).error());
                         row->id = *id;
                         return {};
                     },
                     [this, row, config = reading.config] { takeConfig(storedConfig(*row, config)); },
                     [this, row, problems = reading.problems, reply](Result<> done) {
                         if (!done)
                             return reply(fail(std::move(done).error()));
                         const auto *stored = storedConfigOf(row->id);
                         reply(ConfigSave{.saved = true,
                                          .changed = true,
                                          .config = stored ? infoOf(*stored) : ConfigInfo(),
                                          .problems = problems});
                     });
             }));
}

void ControlImpl::editConfig(ConfigId id, ConfigEdit edit, Reply<ConfigSave> reply)
{
    if (edit.name) {
        auto name = configName(edit.name->toStdString());
        if (!name) {
            post([reply, error = std::move(name).error()] { reply(fail(error)); });
            return;
        }
        edit.name = QString::fromStdString(*name);
    }
    if (!edit.text) {
        post(asNow([this, id, edit = std::move(edit), reply] { commitEdit(id, edit, {}, reply); }));
        return;
    }
    readText(*edit.text, asNow([this, id, edit, reply](const routing::Reading &reading) {
        if (reading.config)
            return commitEdit(id, edit, reading, reply);
        const auto *stored = storedConfigOf(id);
        reply(ConfigSave{.config = stored ? infoOf(*stored) : ConfigInfo(), .problems = reading.problems});
    }));
}

void ControlImpl::commitEdit(ConfigId id, ConfigEdit edit, routing::Reading reading, Reply<ConfigSave> reply)
{
    const auto *before = storedConfigOf(id);
    if (!before)
        return reply(refused("config.unknown", tr("This config is not there any more.")));
    struct Job {
        ConfigId id{};
        store::ConfigChange change{};
        store::ConfigVersionRow version{};
        routing::Reading reading{};
        bool changed = false;

        [[nodiscard]] bool renames() const { return change.name || change.archived; }
    };
    auto job = std::make_shared<Job>();
    job->id = job->change.id = id;
    job->change.updated_us = job->version.saved_us = gateway::wallClockUs();
    if (edit.name)
        job->change.name = edit.name->toStdString();
    job->change.archived = edit.archived;
    job->version.text = std::move(edit.text).value_or(std::string());
    job->version.note = edit.note.toStdString();
    job->version.author = edit.author.toStdString();
    job->reading = std::move(reading);
    const auto after = [job, row = before->row]() mutable {
        row.name = job->change.name.value_or(row.name);
        row.archived = job->change.archived.value_or(row.archived);
        if (job->version.version > 0)
            row.current.version = job->version.version;
        return auditJson(row);
    };
    change(
        {.action = "update",
         .resource = "config",
         .name = before->row.slug,
         .before = auditJson(before->row),
         .after = after},
        [job](store::Changes &changes) -> Result<> {
            if (job->reading.config) {
                auto version = changes.saveConfigVersion(job->id, job->version);
                if (!version)
                    return fail(std::move(version).error());
                job->version.version = *version;
            }
            return job->renames() ? changes.updateConfig(job->change) : Result<>();
        },
        // Other edits may have been committed since this one was asked for; they arrive here in that order.
        [this, job] {
            const auto *known = storedConfigOf(job->id);
            if (!known)
                return;
            auto row = known->row;
            row.name = job->change.name.value_or(row.name);
            row.archived = job->change.archived.value_or(row.archived);
            job->changed = job->reading.config && job->version.version != row.current.version;
            if (job->changed)
                row.current = job->version;
            if (job->changed || job->renames())
                row.updated_us = job->change.updated_us;
            takeConfig(job->changed       ? storedConfig(std::move(row), job->reading.config)
                           : known->saved ? storedConfig(std::move(row), known->saved->config)
                                          : storedConfig(std::move(row)));
        },
        [this, job, reply](Result<> done) {
            if (!done)
                return reply(fail(std::move(done).error()));
            const auto *stored = storedConfigOf(job->id);
            reply(ConfigSave{.saved = true,
                             .changed = job->changed,
                             .config = stored ? infoOf(*stored) : ConfigInfo(),
                             .problems = job->reading.problems});
        });
}

void ControlImpl::restoreConfig(ConfigId id, int version, QString author, Reply<ConfigSave> reply)
{
    configVersion(id, version, asNow([this, id, version, author, reply](Result<ConfigVersion> found) {
                      if (!found)
                          return reply(fail(std::move(found).error()));
                      editConfig(id,
                                 {.text = std::move(found->text),
                                  .note = tr("Version %1 again").arg(version),
                                  .author = author},
                                 reply);
                  }));
}

void ControlImpl::removeConfig(ConfigId id, Reply<> reply)
{
    const auto *known = storedConfigOf(id);
    if (!known) {
        post([reply] { reply(refused("config.unknown", tr("This config is not there any more."))); });
        return;
    }
    change(
        {.action = "delete", .resource = "config", .name = known->row.slug, .before = auditJson(known->row)},
        [id](store::Changes &changes) { return changes.removeConfig(id); },
        [this, id] {
            std::erase_if(m_stored.configs, [id](const auto &config) { return config->row.id == id; });
            refreshConfigs();
            refreshVirtualKeys();
            refreshProblems();
        },
        std::move(reply));
}

void ControlImpl::configVersions(ConfigId id, Reply<std::vector<ConfigVersion>> reply)
{
    read(
        [this, id, reply](store::Reader &reader) {
            auto rows = reader.configVersions(id);
            post([reply, rows = std::move(rows)] {
                if (!rows)
                    return reply(fail(rows.error()));
                if (rows->empty())
                    return reply(refused("config.unknown", tr("This config is not there any more.")));
                std::vector<ConfigVersion> versions;
                for (const auto &row : *rows)
                    versions.push_back(describe(row));
                reply(std::move(versions));
            });
        },
        [reply](Error error) { reply(fail(std::move(error))); });
}

void ControlImpl::configVersion(ConfigId id, int version, Reply<ConfigVersion> reply)
{
    if (const auto *stored = storedConfigOf(id);
        stored && (version == 0 || version == stored->row.current.version)) {
        post([reply, row = stored->row.current] { reply(describe(row)); });
        return;
    }
    read(
        [this, id, version, reply](store::Reader &reader) {
            auto row = reader.configVersion(id, version);
            post([reply, version, row = std::move(row)] {
                if (!row)
                    return reply(fail(row.error()));
                if (!*row)
                    return reply(
                        refused("config.unknown_version", tr("This config has no version %1.").arg(version)));
                reply(describe(**row));
            });
        },
        [reply](Error error) { reply(fail(std::move(error))); });
}

} // namespace portolan::control
