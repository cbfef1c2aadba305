// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/configcalls.h"

#include "core/admin/configjson.h"
#include "core/gateway/modellist.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

namespace portolan::admin {

namespace {

constexpr std::string_view kConfigs = "/v1/configs";
constexpr std::string_view kVersions = "/versions";

std::unexpected<Error> bad(std::string message)
{
    return fail({.origin = Origin::Client, .code = "admin.bad_value", .message = std::move(message)});
}

QString text(const std::string &utf8)
{
    return QString::fromStdString(utf8);
}

/// A string of the body; nothing when it is absent or null.
Result<std::optional<std::string>> stringOf(const JsonValue &body, std::string_view name)
{
    const JsonValue value = body[name];
    if (!value)
        return std::nullopt;
    auto string = value.string();
    if (!string)
        return bad('"' + std::string(name) + "\" must be a string.");
    return string;
}

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

/// A number of the query; `otherwise` when it is absent.
std::optional<std::size_t> queryNumber(const std::string &query, std::string_view name, std::size_t otherwise)
{
    const auto text = gateway::queryValue(query, name);
    if (!text)
        return otherwise;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc() || end != text->data() + text->size())
        return std::nullopt;
    return number;
}

struct Page {
    std::size_t first = 0;
    std::size_t count = 0;
};

/// `current_page` counts from 0; without `page_size` all is one page.
std::optional<Page> pageOf(const std::string &query, std::size_t total)
{
    const auto page = queryNumber(query, "current_page", 0);
    const auto size = queryNumber(query, "page_size", std::numeric_limits<std::size_t>::max());
    if (!page || !size || *size == 0)
        return std::nullopt;
    if (*page > total / *size)
        return Page{};
    const auto first = *page * *size;
    return Page{.first = first, .count = std::min(*size, total - first)};
}

void refusePage(const Answer &answer)
{
    answer.refuse(400, "admin.bad_value", "current_page counts from 0, and page_size is 1 or more.");
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

void create(control::Control &control, const SharedRequest &request, const Answer &answer)
{
    auto config = newConfig(*request);
    if (!config)
        return answer.refuse(config.error());
    const auto sent = config->text;
    control.createConfig(*std::move(config), [answer, sent](Result<control::ConfigSave> save) {
        if (!save)
            answer.refuse(save.error());
        else if (!save->saved)
            refuseProblems(answer, sent, save->problems);
        else
            answer.send(savedJson(*save, sent, Saved::Created));
    });
}

void list(control::Control &control, const SharedRequest &request, const Answer &answer)
{
    const auto &configs = control.configs();
    const auto page = pageOf(request->call.query, configs.size());
    if (!page)
        return refusePage(answer);
    answer.send(configsJson(std::span(configs).subspan(page->first, page->count), configs.size()));
}

void show(control::Control &control, const control::ConfigInfo &config, const SharedRequest &request,
          const Answer &answer)
{
    const auto version = queryNumber(request->call.query, "version", 0);
    if (!version || *version > std::size_t(std::numeric_limits<int>::max()))
        return answer.refuse(400, "admin.bad_value", "Write the version as a number.");
    control.configVersion(config.id, int(*version), [answer, config](Result<control::ConfigVersion> found) {
        if (found)
            answer.send(configJson(config, *found));
        else
            answer.refuse(found.error());
    });
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

void update(control::Control &control, const control::ConfigInfo &config, const SharedRequest &request,
            const Answer &answer)
{
    auto change = edit(*request);
    if (!change)
        return answer.refuse(change.error());
    const auto sent = change->text.value_or("");
    control.editConfig(config.id, *std::move(change), [answer, sent](Result<control::ConfigSave> save) {
        if (!save)
            answer.refuse(save.error());
        else if (!save->saved)
            refuseProblems(answer, sent, save->problems);
        else
            answer.send(savedJson(*save, sent, Saved::Updated));
    });
}

void remove(control::Control &control, const control::ConfigInfo &config, const Answer &answer)
{
    control.removeConfig(config.id, [answer](Result<> removed) {
        if (removed)
            answer.send(R"({"success":true,"data":{}})");
        else
            answer.refuse(removed.error());
    });
}

void versions(control::Control &control, const control::ConfigInfo &config, const SharedRequest &request,
              const Answer &answer)
{
    control.configVersions(
        config.id, [answer, config, request](Result<std::vector<control::ConfigVersion>> found) {
            if (!found)
                return answer.refuse(found.error());
            const auto page = pageOf(request->call.query, found->size());
            if (!page)
                return refusePage(answer);
            answer.send(
                versionsJson(config, std::span(*found).subspan(page->first, page->count), found->size()));
        });
}

} // namespace

bool runConfigCall(control::Control &control, const SharedRequest &request, const Answer &answer)
{
    std::string_view path = request->call.path;
    if (!path.starts_with(kConfigs))
        return false;
    path.remove_prefix(kConfigs.size());
    const auto method = request->call.method;
    if (path.empty()) {
        if (method == http::Method::Post)
            create(control, request, answer);
        else if (method == http::Method::Get)
            list(control, request, answer);
        return method == http::Method::Post || method == http::Method::Get;
    }
    path.remove_prefix(1);
    const bool asks_versions = path.ends_with(kVersions);
    if (asks_versions)
        path.remove_suffix(kVersions.size());
    const bool known = asks_versions
        ? method == http::Method::Get
        : method == http::Method::Get || method == http::Method::Put || method == http::Method::Delete;
    if (!known || path.find('/') != std::string_view::npos)
        return false;

    const auto slug = QString::fromUtf8(path.data(), qsizetype(path.size()));
    const auto &configs = control.configs();
    const auto found = std::ranges::find(configs, slug, &control::ConfigInfo::slug);
    if (found == configs.end())
        answer.refuse(404, "config.unknown", "There is no config with this slug.");
    else if (asks_versions)
        versions(control, *found, request, answer);
    else if (method == http::Method::Get)
        show(control, *found, request, answer);
    else if (method == http::Method::Put)
        update(control, *found, request, answer);
    else
        remove(control, *found, answer);
    return true;
}

} // namespace portolan::admin
