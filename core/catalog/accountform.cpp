// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalog/accountform.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace portolan::catalog {

namespace {

constexpr std::size_t kLongestValue = 128;
constexpr std::size_t kLongestUrl = 512;

using Check = AccountField::Check;

constexpr AccountField kRegion{
    .name = "region", .label = "Region", .example = "us-east-1", .check = Check::Label};
constexpr AccountField kProfile{.name = "profile",
                                .label = "Profile",
                                .example = "default",
                                .note = "Of ~/.aws/credentials; it is read anew every five minutes.",
                                .required = false};
constexpr AccountField kDeployment{.name = "deployment",
                                   .label = "Deployment",
                                   .example = "gpt-4o-prod",
                                   .note = "Only for the classic API; without one the model's name is "
                                           "the deployment's.",
                                   .required = false};
constexpr AccountField kApiVersion{.name = "api_version",
                                   .label = "API version",
                                   .example = "2024-10-21",
                                   .note = "Only for the classic API, which has one for each deployment.",
                                   .required = false};
constexpr AccountField kProject{.name = "project",
                                .label = "Project",
                                .example = "my-project-123",
                                .note = "Empty: the one that the service account's file names.",
                                .required = false};
constexpr AccountField kLocation{.name = "location",
                                 .label = "Region",
                                 .example = "us-central1",
                                 .note = "Or global, us, eu.",
                                 .check = Check::Label};
constexpr AccountField kTokenUri{.name = "token_uri",
                                 .label = "Token address",
                                 .example = "https://oauth2.googleapis.com/token",
                                 .note = "Empty: the one that the service account's file names.",
                                 .check = Check::Url,
                                 .required = false};

/// Parts of addresses; what is not here is asked for by its own name.
constexpr auto kAddressParts = std::to_array<AccountField>({
    kRegion,
    {.name = "resource", .label = "Resource", .example = "my-resource", .check = Check::Label},
    {.name = "host",
     .label = "Host",
     .example = "dbc-12345678-abcd.cloud.databricks.com",
     .check = Check::Host},
    {.name = "account", .label = "Account", .example = "myorg-account123", .check = Check::Host},
    {.name = "account_id", .label = "Account ID", .example = "0123456789abcdef0123456789abcdef"},
    {.name = "gateway", .label = "Gateway", .example = "my-gateway"},
    {.name = "tenant", .label = "Tenant", .example = "0a1b2c3d"},
    {.name = "model", .label = "Deployment", .example = "my-deployment"},
});

bool isLetterOrDigit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool hasOnly(std::string_view value, std::string_view besides)
{
    return std::ranges::all_of(
        value, [besides](char c) { return isLetterOrDigit(c) || besides.find(c) != besides.npos; });
}

bool isUrl(std::string_view value)
{
    const bool local = value.starts_with("http://127.0.0.1:") || value.starts_with("http://localhost:")
        || value.starts_with("http://[::1]:");
    return (local || value.starts_with("https://")) && value.size() <= kLongestUrl
        && hasOnly(value.substr(value.find("//")), "._-:/[]~%");
}

bool fits(Check check, std::string_view value)
{
    if (check == Check::Url)
        return isUrl(value);
    if (value.empty() || value.size() > kLongestValue)
        return false;
    switch (check) {
    case Check::Label: return hasOnly(value, "-") && isLetterOrDigit(value.front());
    case Check::Host:
        return hasOnly(value, ".-") && isLetterOrDigit(value.front()) && isLetterOrDigit(value.back())
            && value.find("..") == value.npos;
    case Check::Word: return hasOnly(value, "._:@-") && value.find_first_not_of('.') != value.npos;
    case Check::Url: break;
    }
    return false;
}

AccountField addressPart(std::string_view name)
{
    const auto known = std::ranges::find(kAddressParts, name, &AccountField::name);
    return known == kAddressParts.end() ? AccountField{.name = name, .label = name, .check = Check::Label}
                                        : *known;
}

/// Calls `each` with the name of every {part}; stops when it answers false.
template <typename Each>
void forEachPart(std::string_view text, Each each)
{
    for (auto open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
        const auto close = text.find('}', open);
        if (close == text.npos || !each(text.substr(open + 1, close - open - 1)))
            return;
    }
}

bool isCallable(std::string_view family)
{
    constexpr auto kFamilies = std::to_array<std::string_view>(
        {"openai", "azure-openai", "anthropic", "gemini", "vertex", "bedrock", "cohere"});
    return std::ranges::find(kFamilies, family) != kFamilies.end();
}

std::vector<CredentialForm> credentialForms(const Provider &provider)
{
    if (provider.auth.scheme == "aws-sigv4")
        return {CredentialForm::AwsKeys, CredentialForm::AwsProfile, CredentialForm::Key};
    if (provider.auth.scheme == "google-oauth")
        return {CredentialForm::ServiceAccount};
    if (provider.kind == ProviderKind::Local)
        return {CredentialForm::None, CredentialForm::Key};
    if (provider.auth.scheme == "none")
        return {CredentialForm::None};
    return {CredentialForm::Key};
}

std::unexpected<Error> unfit(std::string code, std::string_view where, std::string message)
{
    return fail({.origin = Origin::Config,
                 .code = std::move(code),
                 .message = std::move(message),
                 .where = std::string(where)});
}

std::string_view valueOf(const AccountSettings &settings, std::string_view name)
{
    const auto found = settings.find(name);
    return found == settings.end() ? std::string_view() : std::string_view(found->second);
}

std::unexpected<Error> missing(const AccountField &field)
{
    return unfit("account.missing_setting", field.name,
                 field.example.empty()
                     ? fmt::format("Give the account's setting \"{}\".", field.name)
                     : fmt::format("Give the account's setting \"{}\", e.g. {}.", field.name, field.example));
}

Result<> checkNames(const Provider &provider, const AccountForm &form, const AccountSettings &settings)
{
    for (const auto &[name, value] : settings) {
        const auto *field = form.field(name);
        if (!field) {
            std::string names;
            for (const AccountField &known : form.fields)
                names.append(names.empty() ? "" : ", ").append(known.name);
            return unfit("account.unknown_setting", name,
                         names.empty()
                             ? fmt::format("{} takes no settings.", provider.name)
                             : fmt::format("{} has no such setting; it takes {}.", provider.name, names));
        }
        if (auto fault = faultOf(*field, value); !fault.empty() && !value.empty())
            return unfit("account.bad_setting", name, std::move(fault));
    }
    return {};
}

Result<> checkAzure(const AccountSettings &settings)
{
    const auto version = valueOf(settings, "api_version");
    const bool classic = !valueOf(settings, "deployment").empty();
    if (classic && version.empty())
        return unfit("account.missing_setting", "api_version",
                     "A deployment of the classic API needs its version: give api_version, e.g. 2024-10-21.");
    if (!classic && !version.empty() && isLetterOrDigit(version.front()) && version.front() <= '9')
        return unfit("account.missing_setting", "deployment",
                     "A dated api_version belongs to the classic API: name the deployment too, or leave "
                     "both empty.");
    return {};
}

} // namespace

bool AccountForm::takes(CredentialForm form) const
{
    return std::ranges::find(credentials, form) != credentials.end();
}

const AccountField *AccountForm::field(std::string_view name) const
{
    const auto found = std::ranges::find(fields, name, &AccountField::name);
    return found == fields.end() ? nullptr : &*found;
}

AccountForm accountForm(const Provider &provider)
{
    AccountForm form;
    if (!isCallable(provider.family)) {
        form.unavailable
            = fmt::format("Prices only: this version knows what {} costs and cannot call it.", provider.name);
        return form;
    }
    form.credentials = credentialForms(provider);
    form.needs_address = provider.base_url.empty();
    if (provider.family == "vertex") {
        form.fields = {kLocation, kProject, kTokenUri};
        return form;
    }
    forEachPart(provider.base_url, [&form](std::string_view name) {
        if (!form.field(name))
            form.fields.push_back(addressPart(name));
        return true;
    });
    if (provider.family == "bedrock")
        form.fields.push_back(kProfile);
    if (provider.family == "azure-openai") {
        form.fields.push_back(kDeployment);
        form.fields.push_back(kApiVersion);
    }
    return form;
}

std::string faultOf(const AccountField &field, std::string_view value)
{
    if (value.empty())
        return field.required ? fmt::format("{} is missing.", field.label) : std::string();
    if (fits(field.check, value))
        return {};
    switch (field.check) {
    case Check::Label: return fmt::format("{} has letters, digits and '-' only.", field.label);
    case Check::Host:
        return fmt::format("{} has letters, digits, '-' and single dots only, no https:// and no path.",
                           field.label);
    case Check::Word:
        return fmt::format("{} has up to 128 letters, digits and '.', '_', ':', '@', '-'.", field.label);
    case Check::Url:
        return fmt::format("{} begins with https:// (http:// only for this computer) and has no query.",
                           field.label);
    }
    return {};
}

Result<> checkSettings(const Provider &provider, const AccountSettings &settings,
                       std::string_view own_address)
{
    const AccountForm form = accountForm(provider);
    if (auto known = checkNames(provider, form, settings); !known)
        return known;
    for (const AccountField &field : form.fields) {
        // A region signs the calls, a location stands in their paths: an address of one's own has neither.
        const bool in_address_alone = provider.family != "bedrock" && provider.family != "vertex";
        const bool asked = own_address.empty() || !in_address_alone
            || own_address.find(fmt::format("{{{}}}", field.name)) != own_address.npos;
        if (field.required && asked && valueOf(settings, field.name).empty())
            return missing(field);
    }
    return provider.family == "azure-openai" ? checkAzure(settings) : Result<>();
}

std::string urlTemplate(const Provider &provider, const AccountSettings &settings)
{
    const auto other = [&](std::string_view name) {
        const auto found
            = std::ranges::find(provider.other_urls, name, [](const auto &pair) { return pair.first; });
        return std::string(found == provider.other_urls.end() ? provider.base_url : found->second);
    };
    if (provider.family == "azure-openai" && valueOf(settings, "deployment").empty())
        return other("v1");
    if (provider.family == "vertex") {
        const auto location = valueOf(settings, "location");
        if (location == "global")
            return other("global");
        // The multi-regions have hosts of their own (gemini.md 12).
        if (location == "us" || location == "eu")
            return fmt::format("https://aiplatform.{}.rep.googleapis.com/v1/projects/{{project}}/locations/"
                               "{{location}}",
                               location);
    }
    return std::string(provider.base_url);
}

Result<std::string> filledUrl(std::string_view url_template, const AccountSettings &settings)
{
    std::string url;
    const auto authority_end
        = url_template.find('/', std::min(url_template.find("//"), url_template.size()) + 2);
    std::size_t done = 0;
    Result<> outcome;
    forEachPart(url_template, [&](std::string_view name) {
        const auto at = static_cast<std::size_t>(name.data() - url_template.data()) - 1;
        AccountField field = name == kLocation.name ? kLocation
            : name == kProject.name                 ? kProject
                                                    : addressPart(name);
        // Whatever a part is called: a host has no ':' and no '@' from a setting.
        if (at < authority_end && field.check == Check::Word)
            field.check = Check::Label;
        const auto value = valueOf(settings, name);
        if (value.empty())
            outcome = missing(field);
        else if (!fits(field.check, value))
            outcome = unfit("account.bad_setting", name, faultOf(field, value));
        if (!outcome)
            return false;
        url.append(url_template.substr(done, at - done)).append(value);
        done = at + name.size() + 2;
        return true;
    });
    if (!outcome)
        return fail(std::move(outcome).error());
    return url.append(url_template.substr(done));
}

std::string addressOf(const Provider &provider, const AccountSettings &settings, std::string_view own_address)
{
    auto address = own_address.empty() ? urlTemplate(provider, settings) : std::string(own_address);
    auto filled = filledUrl(address, settings);
    return filled ? *std::move(filled) : address;
}

std::string destinationOf(const Provider &provider, const AccountSettings &settings,
                          std::string_view own_address)
{
    return addressOf(provider, settings, own_address)
        .append(1, '\n')
        .append(valueOf(settings, kTokenUri.name));
}

} // namespace portolan::catalog
