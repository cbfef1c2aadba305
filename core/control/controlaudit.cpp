// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/answers.h"
#include "core/control/controlimpl.h"
#include "core/gateway/recorder.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portolan::control {

namespace {

constexpr std::array kActorKinds{
    std::pair{Actor::Kind::Program, "program"},
    std::pair{Actor::Kind::Window, "window"},
    std::pair{Actor::Kind::CommandLine, "command line"},
    std::pair{Actor::Kind::AdminKey, "admin key"},
};

Actor::Kind kindOf(const std::string &word)
{
    const auto found
        = std::ranges::find_if(kActorKinds, [&](const auto &entry) { return word == entry.second; });
    return found == kActorKinds.end() ? Actor::Kind::Program : found->first;
}

AuditEntry entryOf(store::AuditRow row)
{
    AuditEntry entry;
    entry.id = row.id;
    entry.at = fromUs(row.at_us);
    entry.actor = {.kind = kindOf(row.actor_kind), .name = QString::fromStdString(row.actor)};
    entry.action = QString::fromStdString(row.action);
    entry.resource = QString::fromStdString(row.resource);
    entry.name = QString::fromStdString(row.name);
    entry.before = std::move(row.before);
    entry.after = std::move(row.after);
    return entry;
}

Result<AuditPage> readPage(store::Reader &reader, const store::AuditFilter &filter)
{
    auto rows = reader.audit(filter);
    if (!rows)
        return fail(std::move(rows).error());
    const auto total = reader.auditCount(filter);
    if (!total)
        return fail(total.error());
    AuditPage page{.total = *total};
    for (auto &row : *rows)
        page.entries.push_back(entryOf(std::move(row)));
    return page;
}

} // namespace

QString wordOf(Actor::Kind kind)
{
    return QString::fromLatin1(
        std::ranges::find(kActorKinds, kind, &std::pair<Actor::Kind, const char *>::first)->second);
}

void ControlImpl::change(Audit audit, std::function<Result<>(store::Changes &)> job,
                         std::function<void()> apply, Reply<> reply)
{
    auto acts = actor();
    if (acts.kind == Actor::Kind::Program && m_options.hasWindow)
        acts.kind = Actor::Kind::Window;
    store::AuditRow row{.actor_kind = wordOf(acts.kind).toStdString(),
                        .actor = acts.name.toStdString(),
                        .action = std::move(audit.action),
                        .resource = std::move(audit.resource),
                        .name = std::move(audit.name),
                        .before = std::move(audit.before)};
    change(
        [row = std::move(row), after = std::move(audit.after), redactor = m_snapshot->redactor,
         job = std::move(job)](store::Changes &changes) mutable -> Result<> {
            if (auto done = job(changes); !done)
                return done;
            if (after)
                row.after = after();
            if (row.action == "update" && row.before == row.after)
                return {};
            row.at_us = gateway::wallClockUs();
            // Somebody may have put a credential into a note.
            redactor->redactInPlace(row.before);
            redactor->redactInPlace(row.after);
            redactor->redactInPlace(row.name);
            return changes.addAudit(row);
        },
        std::move(apply), std::move(reply));
}

void ControlImpl::auditLog(AuditQuery query, Reply<AuditPage> reply)
{
    constexpr int kMostEntries = 10'000;
    const store::AuditFilter filter{.actor = query.actor.toStdString(),
                                    .resource = query.resource.toStdString(),
                                    .action = query.action.toStdString(),
                                    .from_us = query.fromUs,
                                    .to_us = query.toUs,
                                    .before = query.before,
                                    .skip = std::max(query.skip, 0),
                                    .limit = std::clamp(query.limit, 0, kMostEntries)};
    read(
        [this, filter, reply](store::Reader &reader) {
            auto page = readPage(reader, filter);
            post([reply, page = std::move(page)] { reply(page); });
        },
        [reply](Error error) { reply(fail(std::move(error))); });
}

} // namespace portolan::control
