// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/simulation.h"

#include "app/commandline.h"
#include "app/output.h"
#include "app/textfile.h"
#include "core/base/jsonreader.h"
#include "core/base/jsonvalue.h"
#include "core/control/commands.h"
#include "core/routing/parse.h"
#include "core/routing/simulate.h"

#include <map>
#include <optional>
#include <string>

namespace portolan::app {

using namespace Qt::StringLiterals;

namespace {

using Metadata = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view kPath = "/v1/chat/completions";

Result<Metadata> metadataOf(const QStringList &entries)
{
    Metadata metadata;
    for (const QString &entry : entries) {
        const auto equals = entry.indexOf(u'=');
        if (equals < 1)
            return fail({.origin = Origin::Client,
                         .code = "command.usage",
                         .message = "Write metadata as --metadata NAME=VALUE, e.g. --metadata env=prod."});
        metadata.insert_or_assign(entry.left(equals).toStdString(), entry.mid(equals + 1).toStdString());
    }
    return metadata;
}

Result<JsonDocument> requestOf(const QString &file)
{
    if (file.isEmpty())
        return JsonDocument::parse("{}");
    auto text = readTextFile(file);
    if (!text)
        return fail(std::move(text).error());
    auto document = JsonDocument::parse(*std::move(text));
    if (!document)
        return fail({.origin = Origin::Client,
                     .code = "command.usage",
                     .message = "The request is no JSON: " + document.error().message});
    return document;
}

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

QJsonArray toJson(const std::vector<routing::SimulatedSkip> &skipped)
{
    QJsonArray list;
    for (const auto &skip : skipped) {
        list.append(QJsonObject{{u"pointer"_s, text(skip.pointer)},
                                {u"label"_s, text(skip.label)},
                                {u"reason"_s, text(skip.reason)}});
    }
    return list;
}

QJsonObject toJson(const routing::Simulation &simulation)
{
    QJsonArray steps;
    for (const auto &step : simulation.steps) {
        steps.append(QJsonObject{
            {u"number"_s, step.number},
            {u"pointer"_s, text(step.pointer)},
            {u"label"_s, text(step.label)},
            {u"retry"_s, step.retry},
            {u"delay_ms"_s, qint64(step.delay_ms)},
            {u"last"_s, step.last},
            {u"status"_s, step.outcome.status},
            {u"why"_s, text(step.why)},
            {u"skipped"_s, toJson(step.skipped)},
            {u"sentence"_s, text(step.sentence)},
        });
    }
    return {{u"steps"_s, steps},
            {u"skipped"_s, toJson(simulation.skipped)},
            {u"status"_s, simulation.status},
            {u"retry_count"_s, simulation.retry_count},
            {u"end"_s, text(simulation.end)}};
}

} // namespace

Result<int> simulateConfig(const SimulationOptions &options, Voice voice)
{
    auto config_text = readTextFile(options.file);
    if (!config_text)
        return fail(std::move(config_text).error());
    const auto reading = routing::parseConfig(*config_text);
    if (!reading.config) {
        printProblems(options.file, control::toJson(reading.problems, *config_text), voice);
        return kExitFailed;
    }
    const auto metadata = metadataOf(options.metadata);
    if (!metadata)
        return fail(metadata.error());
    const auto request = requestOf(options.request);
    if (!request)
        return fail(request.error());
    const auto assumptions = routing::Assumptions::parse(options.assumptions.toStdString(), *reading.config);
    if (!assumptions)
        return fail(assumptions.error());

    const routing::Facts facts{
        .params = JsonValue(*request),
        .pathname = kPath,
        .metadata = [&metadata](std::string_view name) -> std::optional<std::string_view> {
            const auto found = metadata->find(name);
            return found == metadata->end() ? std::nullopt : std::optional<std::string_view>(found->second);
        },
        .header = [](std::string_view) { return std::optional<std::string_view>(); },
    };
    printSimulation(toJson(routing::simulate(*reading.config, facts, *assumptions, options.seed)), voice);
    return kExitDone;
}

} // namespace portolan::app
