// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/configcommands.h"

#include "core/control/answers.h"
#include "core/control/configtext.h"

#include <QJsonArray>

#include <utility>

namespace portolan::control {

using namespace Qt::StringLiterals;

namespace {

const QString kAuthor = u"command line"_s;

QString time(const QDateTime &at)
{
    return at.toUTC().toString(Qt::ISODateWithMs);
}

QJsonObject toJson(const ConfigInfo &config)
{
    return {
        {u"slug"_s, config.slug},
        {u"name"_s, config.name},
        {u"version"_s, config.version},
        {u"archived"_s, config.archived},
        {u"broken"_s, config.broken},
        {u"used_by"_s, QJsonArray::fromStringList(config.usedBy)},
        {u"created"_s, time(config.created)},
        {u"updated"_s, time(config.updated)},
    };
}

QJsonObject toJson(const ConfigVersion &version)
{
    return {
        {u"version"_s, version.version},
        {u"note"_s, version.note},
        {u"author"_s, version.author},
        {u"saved"_s, time(version.saved)},
    };
}

const ConfigInfo *namedConfig(const Control &control, const Command &command, const Answer &answer)
{
    const auto slug = command.arguments.value(u"slug").toString();
    const auto *config = configNamed(control, slug);
    if (!config)
        answer(refused("config.unknown",
                       u"There is no config %1. portolan-gateway config list shows them."_s.arg(slug)));
    return config;
}

std::string textOf(const Command &command)
{
    return command.arguments.value(u"text").toString().toStdString();
}

Reply<ConfigSave> outcome(const Answer &answer, std::string text)
{
    return [answer, text = std::move(text)](Result<ConfigSave> save) {
        if (!save)
            return answer(fail(std::move(save).error()));
        QJsonObject value{{u"saved"_s, save->saved},
                          {u"changed"_s, save->changed},
                          {u"problems"_s, control::toJson(save->problems, text)}};
        if (save->saved)
            value.insert(u"config"_s, toJson(save->config));
        answer(valueOf(std::move(value)));
    };
}

} // namespace

QJsonArray toJson(const routing::Problems &problems, std::string_view text)
{
    QJsonArray list;
    for (const auto &problem : problems) {
        const auto place = placeOf(text, problem.range.offset);
        list.append(QJsonObject{
            {u"severity"_s, problem.severity == routing::Severity::Error ? u"error"_s : u"warning"_s},
            {u"line"_s, qint64(place.line)},
            {u"column"_s, qint64(place.column)},
            {u"pointer"_s, QString::fromStdString(problem.pointer)},
            {u"code"_s, QString::fromStdString(problem.code)},
            {u"message"_s, QString::fromStdString(problem.message)},
        });
    }
    return list;
}

void configList(Control &control, const Command &, const Answer &answer)
{
    QJsonArray configs;
    for (const auto &config : control.configs())
        configs.append(toJson(config));
    answer(valueOf({{u"configs"_s, configs}}));
}

void configAdd(Control &control, const Command &command, const Answer &answer)
{
    const auto name = command.arguments.value(u"name").toString();
    if (name.isEmpty())
        return answer(usage(u"Name the config with --name."_s));
    control.createConfig({.name = name,
                          .text = textOf(command),
                          .note = command.arguments.value(u"note").toString(),
                          .author = kAuthor},
                         outcome(answer, textOf(command)));
}

void configShow(Control &control, const Command &command, const Answer &answer)
{
    const auto *config = namedConfig(control, command, answer);
    if (!config)
        return;
    control.configVersion(config->id, command.arguments.value(u"version").toInt(),
                          [answer, shown = toJson(*config)](Result<ConfigVersion> found) {
                              if (!found)
                                  return answer(fail(std::move(found).error()));
                              auto value = toJson(*found);
                              value.insert(u"config"_s, shown);
                              value.insert(u"text"_s, QString::fromStdString(found->text));
                              answer(valueOf(std::move(value)));
                          });
}

void configSave(Control &control, const Command &command, const Answer &answer)
{
    if (const auto *config = namedConfig(control, command, answer))
        control.editConfig(
            config->id,
            {.text = textOf(command), .note = command.arguments.value(u"note").toString(), .author = kAuthor},
            outcome(answer, textOf(command)));
}

void configRename(Control &control, const Command &command, const Answer &answer)
{
    if (const auto *config = namedConfig(control, command, answer))
        control.editConfig(config->id,
                           {.name = command.arguments.value(u"name").toString(), .author = kAuthor},
                           outcome(answer, {}));
}

void configVersions(Control &control, const Command &command, const Answer &answer)
{
    const auto *config = namedConfig(control, command, answer);
    if (!config)
        return;
    control.configVersions(config->id, [answer](Result<std::vector<ConfigVersion>> found) {
        if (!found)
            return answer(fail(std::move(found).error()));
        QJsonArray versions;
        for (const auto &version : *found)
            versions.append(toJson(version));
        answer(valueOf({{u"versions"_s, versions}}));
    });
}

void configRestore(Control &control, const Command &command, const Answer &answer)
{
    const int version = command.arguments.value(u"version").toInt();
    if (version < 1)
        return answer(usage(u"Write the version as a number, e.g. 3."_s));
    if (const auto *config = namedConfig(control, command, answer))
        control.restoreConfig(config->id, version, kAuthor, outcome(answer, {}));
}

void configRemove(Control &control, const Command &command, const Answer &answer)
{
    if (const auto *config = namedConfig(control, command, answer))
        control.removeConfig(config->id, done(answer));
}

} // namespace portolan::control
