// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/configjson.h"

#include "core/base/jsonreader.h"
#include "core/base/jsonwriter.h"
#include "core/control/configtext.h"

#include <algorithm>

namespace portolan::admin {

namespace {

using control::ConfigInfo;
using control::ConfigVersion;

std::string time(const QDateTime &at)
{
    return at.toUTC().toString(Qt::ISODateWithMs).toStdString();
}

std::string versionId(const ConfigInfo &config, int version)
{
    return config.slug.toStdString() + '@' + std::to_string(version);
}

void writeMembers(JsonWriter &json, const ConfigInfo &config)
{
    const auto slug = config.slug.toStdString();
    json.member("id", slug).member("slug", slug).member("name", config.name.toStdString());
    json.member("is_default", 0).member("status", config.archived ? "archived" : "active");
    json.member("version_id", versionId(config, config.version)).member("version", config.version);
    json.member("created_at", time(config.created)).member("last_updated_at", time(config.updated));
    if (!config.broken.isEmpty())
        json.member("broken", config.broken.toStdString());
    json.key("used_by").array();
    for (const auto &key : config.usedBy)
        json.string(key.toStdString());
    json.end().member("object", "config");
}

void writeMembers(JsonWriter &json, const ConfigInfo &config, const ConfigVersion &version)
{
    json.member("version_id", versionId(config, version.version)).member("version", version.version);
    json.member("note", version.note.toStdString()).member("updated_by", version.author.toStdString());
    json.member("created_at", time(version.saved)).member("object", "config_version");
}

void writeProblems(JsonWriter &json, std::string_view text, const routing::Problems &problems)
{
    json.array();
    for (const auto &problem : problems) {
        const auto place = control::placeOf(text, problem.range.offset);
        json.object()
            .member("severity", problem.severity == routing::Severity::Error ? "error" : "warning")
            .member("code", problem.code)
            .member("pointer", problem.pointer)
            .member("line", place.line)
            .member("column", place.column)
            .member("message", problem.message)
            .end();
    }
    json.end();
}

/// "path: targets,0, message: ...", as Portkey words it (gateway-protocol 5.1).
std::string portkeyWords(const routing::Problem &problem)
{
    auto path = problem.pointer.empty() ? std::string() : problem.pointer.substr(1);
    std::ranges::replace(path, '/', ',');
    return "path: " + path + ", message: " + problem.message;
}

} // namespace

std::string configsJson(std::span<const ConfigInfo> page, std::size_t total)
{
    std::string body;
    JsonWriter json(body);
    json.object().member("success", true).member("object", "list").member("total", total);
    json.key("data").array();
    for (const auto &config : page) {
        json.object();
        writeMembers(json, config);
        json.end();
    }
    json.end().end();
    return body;
}

std::string configJson(const ConfigInfo &config, const ConfigVersion &version)
{
    auto shown = config;
    shown.version = version.version;
    std::string members;
    JsonWriter inner(members);
    inner.object();
    writeMembers(inner, shown);
    inner.member("updated_by", version.author.toStdString()).member("note", version.note.toStdString());
    inner.member("format", "json").key("config");
    // A text that a fault of the disk has broken is shown as the string that it is.
    if (validateJson(version.text))
        inner.raw(version.text);
    else
        inner.string(version.text);
    inner.end();

    std::string body;
    JsonWriter json(body);
    json.object().member("success", true).key("data").raw(members).end();
    // The same members once more, at the top.
    body.insert(body.size() - 1, "," + members.substr(1, members.size() - 2));
    return body;
}

std::string versionsJson(const ConfigInfo &config, std::span<const ConfigVersion> page, std::size_t total)
{
    std::string body;
    JsonWriter json(body);
    json.object().member("success", true).member("object", "list").member("total", total);
    json.key("data").array();
    for (const auto &version : page) {
        json.object();
        writeMembers(json, config, version);
        json.end();
    }
    json.end().end();
    return body;
}

std::string savedJson(const control::ConfigSave &save, std::string_view text, Saved how)
{
    const auto write = [&](JsonWriter &json) {
        const auto slug = save.config.slug.toStdString();
        if (how == Saved::Created)
            json.member("id", slug).member("slug", slug);
        json.member("version_id", versionId(save.config, save.config.version)).member("object", "config");
    };
    std::string body;
    JsonWriter json(body);
    json.object().member("success", true).key("data").object();
    write(json);
    json.end();
    write(json);
    if (!save.problems.empty()) {
        json.key("warnings");
        writeProblems(json, text, save.problems);
    }
    json.end();
    return body;
}

void refuseProblems(const Answer &answer, std::string_view text, const routing::Problems &problems)
{
    std::string more = ",\"errors\":";
    JsonWriter errors(more);
    errors.array();
    const routing::Problem *first = nullptr;
    for (const auto &problem : problems) {
        if (problem.severity != routing::Severity::Error)
            continue;
        first = first ? first : &problem;
        errors.string(portkeyWords(problem));
    }
    errors.end();
    more += ",\"problems\":";
    JsonWriter list(more);
    writeProblems(list, text, problems);
    answer.refuse(400, first ? first->code : "config.invalid",
                  first ? "Invalid config passed. " + first->message : "Invalid config passed.", more);
}

} // namespace portolan::admin
