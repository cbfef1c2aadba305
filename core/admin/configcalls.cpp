// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/configcalls.h"

#include "core/admin/configjson.h"
#include "core/admin/parts.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace portolan::admin {

namespace {

/// The config as it was written: an object, or, as some clients send it, a string that holds one.
Result<std::optional<std::string>> configOf(const JsonValue &body)
{
    const JsonValue config = body["config"];
    if (!config)
        return std::nullopt;
    if (config.isObject())
        return std::string(config.raw());
    if (auto string = config.string())
        return string;
    return bad("\"config\" must be an object.");
}

Result<control::NewConfig> newConfig(const Request &request)
{
    const JsonValue body = request.json();
    auto name = stringOf(body, "name");
    auto config = configOf(body);
    auto note = stringOf(body, "note");
    if (!name || !config || !note)
        return fail(!name ? name.error() : !config ? config.error() : note.error());
    if (!*name)
        return bad("Give the config a \"name\".");
    if (!*config)
        return bad("Send the config itself in \"config\".");
    // The Node SDK spells isDefault is_default.
    for (const std::string_view spelling : {"isDefault", "is_default"}) {
        if (body[spelling].integer().value_or(0) != 0 || body[spelling].boolean().value_or(false))
            return bad("No config is the default of everything here: make it the default of a client key.");
    }
    return control::NewConfig{.name = text(**name),
                              .text = *std::move(*config),
                              .note = text(note->value_or("")),
                              .author = text(request.call.key_name)};
}

Result<control::ConfigEdit> edit(const Request &request)
{
    const JsonValue body = request.json();
    auto name = stringOf(body, "name");
    auto config = configOf(body);
    auto note = stringOf(body, "note");
    auto status = stringOf(body, "status");
    if (!name || !config || !note || !status)
        return fail(!name ? name.error() : !config ? config.error() : !note ? note.error() : status.error());
    control::ConfigEdit change{
        .text = *std::move(config), .note = text(note->value_or("")), .author = text(request.call.key_name)};
    if (*name)
        change.name = text(**name);
    if (*status && **status != "active" && **status != "archived")
        return bad("The status of a config is \"active\" or \"archived\".");
    if (*status)
        change.archived = **status == "archived";
    return change;
}

/// The config that the path names; answers by itself when there is none.
const control::ConfigInfo *namedConfig(const Call &call)
{
    const auto &configs = call.control.configs();
    const auto found = std::ranges::find(configs, text(call.names.front()), &control::ConfigInfo::slug);
    if (found != configs.end())
        return &*found;
    call.answer.refuse(404, "config.unknown", "There is no config with this slug.");
    return nullptr;
}

} // namespace

control::Reply<control::ConfigSave> whenSaved(Answer answer, std::string sent, Saved how)
{
    return
        [answer = std::move(answer), sent = std::move(sent), how](const Result<control::ConfigSave> &save) {
            if (!save)
                answer.refuse(save.error());
            else if (!save->saved)
                refuseProblems(answer, sent, save->problems);
            else
                answer.send(savedJson(*save, sent, how));
        };
}

void createConfig(const Call &call)
{
    auto config = newConfig(*call.request);
    if (!config)
        return call.answer.refuse(config.error());
    const auto sent = config->text;
    call.control.createConfig(*std::move(config), whenSaved(call.answer, sent, Saved::Created));
}

void listConfigs(const Call &call)
{
    const auto &configs = call.control.configs();
    const auto page = pageOf(call.request->call.query, configs.size());
    if (!page)
        return refusePage(call.answer);
    call.answer.send(configsJson(std::span(configs).subspan(page->first, page->count), configs.size()));
}

void showConfig(const Call &call)
{
    const auto *config = namedConfig(call);
    if (!config)
        return;
    const auto version = queryNumber(call.request->call.query, "version", 0);
    if (!version || *version > std::size_t(std::numeric_limits<int>::max()))
        return call.answer.refuse(400, "admin.bad_value", "Write the version as a number.");
    call.control.configVersion(
        config->id, int(*version),
        [answer = call.answer, config = *config](Result<control::ConfigVersion> found) {
            if (found)
                answer.send(configJson(config, *found));
            else
                answer.refuse(found.error());
        });
}

void updateConfig(const Call &call)
{
    const auto *config = namedConfig(call);
    if (!config)
        return;
    auto change = edit(*call.request);
    if (!change)
        return call.answer.refuse(change.error());
    const auto sent = change->text.value_or("");
    call.control.editConfig(config->id, *std::move(change), whenSaved(call.answer, sent, Saved::Updated));
}

void removeConfig(const Call &call)
{
    if (const auto *config = namedConfig(call))
        call.control.removeConfig(config->id, doneWith(call.answer));
}

void listConfigVersions(const Call &call)
{
    const auto *config = namedConfig(call);
    if (!config)
        return;
    call.control.configVersions(
        config->id,
        [answer = call.answer, config = *config,
         request = call.request](Result<std::vector<control::ConfigVersion>> found) {
            if (!found)
                return answer.refuse(found.error());
            const auto page = pageOf(request->call.query, found->size());
            if (!page)
                return refusePage(answer);
            answer.send(
                versionsJson(config, std::span(*found).subspan(page->first, page->count), found->size()));
        });
}

} // namespace portolan::admin
