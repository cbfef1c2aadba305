// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/routing/secrets.h"

#include "core/base/text.h"
#include "core/routing/configreader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace portolan::routing {

namespace {

/// Keys of configs whose values are credentials whatever they look like (gateway-protocol 2.3), and header
/// lines that carry some; rising, in the one form that keyForm() gives.
constexpr auto kSecretKeys = std::to_array<std::string_view>({
    "apikey",
    "authorization",
    "awsaccesskeyid",
    "awssecretaccesskey",
    "awssessiontoken",
    "azureadtoken",
    "azureentraclientsecret",
    "clientsecret",
    "oraclekeypassphrase",
    "oracleprivatekey",
    "password",
    "privatekey",
    "proxyauthorization",
    "secretaccesskey",
    "vertexserviceaccountjson",
    "xapikey",
    "xgoogapikey",
    "xportkeyapikey",
});
static_assert(std::ranges::is_sorted(kSecretKeys));

/// "api_key", "apiKey" and "API-Key" are one key.
std::string keyForm(std::string_view name)
{
    std::string form;
    for (const char c : name) {
        if (c != '_' && c != '-')
            form += loweredAscii(c);
    }
    return form;
}

class Search
{
public:
    Search(const Redactor &redactor, Severity severity)
        : m_redactor(redactor)
        , m_severity(severity)
        , m_found(ConfigLimits{})
    { }

    void in(const Place &at)
    {
        for (const Place &element : at.elements())
            in(element);
        for (const Place &member : at.members()) {
            const std::string name = member.value.key();
            const bool says_something = member && !member.value.equals("") && !member.value.isBool();
            if (says_something && std::ranges::binary_search(kSecretKeys, keyForm(name)))
                report(member, fmt::format("\"{}\" is a credential in clear text", name));
            else
                in(member);
        }
        if (const auto text = at.value.string(); text && m_redactor.finds(*text))
            report(at, "This looks like a credential in clear text");
    }
    Problems take() { return m_found.takeProblems(); }

private:
    void report(const Place &at, std::string what)
    {
        std::string message
            = std::move(what) + ": keep it in an account and name its virtual key, \"provider\": \"@slug\".";
        if (m_severity == Severity::Error)
            m_found.error(at, "config.secret", std::move(message));
        else
            m_found.warn(at, "config.secret", std::move(message));
    }

    const Redactor &m_redactor;
    const Severity m_severity;
    ConfigReader m_found;
};

} // namespace

Problems findSecrets(const JsonDocument &document, const Redactor &redactor, Severity severity)
{
    Search search(redactor, severity);
    search.in({JsonValue(document), ""});
    return search.take();
}

} // namespace portolan::routing
