// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/credentialinput.h"

#include "core/base/redact.h"
#include "core/control/answers.h"
#include "core/gateway/secretjson.h"
#include "core/gateway/serviceaccountkey.h"
#include "core/gateway/signing.h"
#include "core/http/fields.h"

#include <QCoreApplication>

#include <algorithm>

namespace portolan::control {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("portolan::control", text);
}

std::string_view withoutBlanks(std::string_view text)
{
    const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
    text.remove_prefix(begin);
    return text.substr(0, text.find_last_not_of(" \t\r\n") + 1);
}

SharedSecret kept(std::string_view text)
{
    return std::make_shared<const SecretBytes>(SecretBytes::copy(text));
}

/// One line as it is; several lose the blanks around each.
Result<SharedSecret> readAwsKeys(std::string_view text)
{
    gateway::WipedText lines(text.size());
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        // What is appended is never longer than what it was made from.
        if ((lines.size() > 0 && !lines.append("\n")) || !lines.append(withoutBlanks(line)))
            break;
    }
    if (!gateway::awsKeys(lines.view()))
        return refused("account.bad_credential",
                       tr("Give the access key id, the secret access key and, if there is one, the session "
                          "token, each on a line of its own."));
    return kept(lines.view());
}

std::string_view firstLine(std::string_view text)
{
    return text.substr(0, text.find('\n'));
}

} // namespace

Result<SharedSecret> readCredential(const catalog::Provider &provider,
                                    const catalog::AccountSettings &settings, const SharedSecret &given)
{
    const auto text = given ? withoutBlanks(given->view()) : std::string_view();
    if (text.empty())
        return SharedSecret{};
    if (settings.contains("profile"))
        return refused("account.two_credentials",
                       tr("Give a profile or keys, not both: a profile's keys are read from its file."));
    if (provider.auth.scheme == "google-oauth") {
        const auto own = settings.find("token_uri");
        return gateway::readServiceAccountFile(
            text, own == settings.end() ? std::string_view() : std::string_view(own->second));
    }
    if (provider.auth.scheme == "aws-sigv4" && text.find('\n') != text.npos)
        return readAwsKeys(text);
    if (provider.auth.scheme == "aws-sigv4" && (text.starts_with("AKIA") || text.starts_with("ASIA")))
        return refused("account.bad_credential",
                       tr("This is an access key id alone. Give the secret access key on the next line."));
    if (!http::isFieldValue(text))
        return refused("account.bad_credential",
                       tr("The credential has line breaks or control characters in it. Copy it again."));
    return kept(text);
}

std::string shownOf(const catalog::Provider &provider, std::string_view credential)
{
    if (provider.auth.scheme == "google-oauth") {
        const auto account = gateway::serviceAccount(credential);
        return account ? lastFour(account->private_key_id) : lastFour(credential);
    }
    return lastFour(firstLine(credential));
}

std::string describedAs(const catalog::Provider &provider, std::string_view credential)
{
    auto shown = shownOf(provider, credential);
    const auto account = gateway::serviceAccount(credential);
    return account ? std::string(account->client_email).append(", key ").append(shown) : shown;
}

std::vector<SharedSecret> secretParts(const SharedSecret &credential)
{
    const auto text = credential->view();
    if (const auto account = gateway::serviceAccount(text))
        return {kept(account->private_key)};
    const auto keys = gateway::awsKeys(text);
    if (!keys)
        return {credential};
    std::vector<SharedSecret> parts{kept(keys->secret_access_key)};
    if (!keys->session_token.empty())
        parts.push_back(kept(keys->session_token));
    return parts;
}

} // namespace portolan::control
