// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/admin/accountbody.h"

#include "core/admin/parts.h"
#include "core/catalog/accountform.h"

#include <algorithm>
#include <array>
#include <utility>

namespace portolan::admin {

namespace {

using control::Control;

struct Name {
    std::string_view portkey;
    std::string_view ours;
};

/// Settings by Portkey's names (gateway-protocol 1.8, 2.3); each provider's form says which of ours it takes.
constexpr std::array kSettings{
    Name{"apiVersion", "api_version"},           Name{"azure_api_version", "api_version"},
    Name{"api_version", "api_version"},          Name{"resourceName", "resource"},
    Name{"azure_resource_name", "resource"},     Name{"resource_name", "resource"},
    Name{"deploymentName", "deployment"},        Name{"azure_deployment_name", "deployment"},
    Name{"deployment_id", "deployment"},         Name{"aws_region", "region"},
    Name{"vertex_region", "location"},           Name{"vertex_project_id", "project"},
    Name{"workers_ai_account_id", "account_id"}, Name{"snowflake_account", "account"},
};

constexpr std::string_view kHost = "custom_host";
constexpr std::string_view kAccessKey = "aws_access_key_id";
constexpr std::string_view kSecretKey = "aws_secret_access_key";
constexpr std::string_view kSessionToken = "aws_session_token";
constexpr std::string_view kServiceAccount = "vertex_service_account_json";

/// Members that only choose among forms which the other members tell apart.
constexpr std::array<std::string_view, 4> kChoices{"aws_auth_type", "vertex_auth_type", "azure_auth_mode",
                                                   "auth_type"};

bool isSecret(std::string_view name)
{
    return name == kAccessKey || name == kSecretKey || name == kSessionToken || name == kServiceAccount;
}

SharedSecret lines(std::initializer_list<SharedSecret> parts)
{
    std::string text;
    for (const auto &part : parts) {
        if (part)
            text.append(text.empty() ? "" : "\n").append(part->view());
    }
    return std::make_shared<const SecretBytes>(SecretBytes::take(text));
}

SharedSecret credentialOf(const JsonValue &body, const JsonValue &parts)
{
    if (const auto access_key = secretOf(parts, kAccessKey))
        return lines({access_key, secretOf(parts, kSecretKey), secretOf(parts, kSessionToken)});
    if (const JsonValue file = parts[kServiceAccount]; file.isObject())
        return std::make_shared<const SecretBytes>(SecretBytes::copy(file.raw()));
    if (auto file = secretOf(parts, kServiceAccount))
        return file;
    return secretOf(body, "key");
}

Result<> put(AccountParts &parts, const catalog::AccountForm &form, const std::string &name,
             const JsonValue &value)
{
    if (isSecret(name) || std::ranges::find(kChoices, name) != kChoices.end())
        return {};
    const auto string = value.string();
    if (!string)
        return bad('"' + name + "\" must be a string.");
    if (name == kHost) {
        parts.baseUrl = text(*string);
        return {};
    }
    const auto known = std::ranges::find(kSettings, name, &Name::portkey);
    const auto ours = known == kSettings.end() ? name : std::string(known->ours);
    if (!form.field(ours))
        return bad("Accounts of this provider have no \"" + name + "\".");
    parts.settings.insert(text(ours), text(*string));
    return {};
}

} // namespace

Result<AccountParts> accountPartsFrom(const Control &control, const QString &provider, const JsonValue &body)
{
    const auto catalog = control.catalog();
    const auto *known = catalog->provider(provider.toStdString());
    if (!known)
        return bad("There is no provider \"" + provider.toStdString() + "\".");
    const auto form = catalog::accountForm(*known);
    const JsonValue configurations = body["configurations"];
    AccountParts parts;
    for (const JsonValue member : configurations.members()) {
        if (auto done = member ? put(parts, form, member.key(), member) : Result<>(); !done)
            return fail(std::move(done).error());
    }
    for (const Name &name : kSettings) {
        if (const JsonValue value = body[name.portkey]) {
            if (auto done = put(parts, form, std::string(name.portkey), value); !done)
                return fail(std::move(done).error());
        }
    }
    parts.credential = credentialOf(body, configurations);
    return parts;
}

Result<control::NewAccount> accountFrom(const Control &control, const JsonValue &body,
                                        std::string_view provider_member)
{
    auto name = stringOf(body, "name");
    auto slug = stringOf(body, "slug");
    auto provider = stringOf(body, provider_member);
    if (!name || !slug || !provider)
        return fail(!name ? name.error() : !slug ? slug.error() : provider.error());
    if (name->value_or("").empty())
        return bad("Give it a \"name\".");
    if (provider->value_or("").empty())
        return bad("Give the provider's id in \"" + std::string(provider_member) + "\".");
    auto parts = accountPartsFrom(control, text(**provider), body);
    if (!parts)
        return fail(std::move(parts).error());
    return control::NewAccount{.provider = text(**provider),
                               .slug = slug->value_or("").empty() ? control.proposeSlug(text(**name))
                                                                  : text(**slug),
                               .name = text(**name),
                               .baseUrl = std::move(parts->baseUrl),
                               .credential = std::move(parts->credential),
                               .settings = std::move(parts->settings)};
}

} // namespace portolan::admin
