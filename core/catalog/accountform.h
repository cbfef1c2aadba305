// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/catalog/catalog.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace portolan::catalog {

/// What an account is told besides its credential, by the names of AccountField.
using AccountSettings = std::map<std::string, std::string, std::less<>>;

/// How an account can prove who it is.
enum class CredentialForm : std::uint8_t {
    None,           ///< a server that asks for nothing
    Key,            ///< one line: an API key or a bearer token
    AwsKeys,        ///< access key id, secret access key and perhaps a session token
    AwsProfile,     ///< the name of a profile in ~/.aws; nothing is stored
    ServiceAccount, ///< Google's key file
};

/// One setting of an account: a part of the address, or something that its calls carry.
struct AccountField {
    enum class Check : std::uint8_t {
        Label, ///< letters, digits and '-': one label of a host name
        Host,  ///< labels with dots between them
        Word,  ///< threat-model E5's alphabet
        Url,   ///< https, or http to this computer
    };

    std::string_view name{}; ///< as in the URL template, in the stored settings and in --setting
    std::string_view label{};
    std::string_view example{};
    std::string_view note{}; ///< one sentence, where the name does not say it all
    Check check = Check::Word;
    bool required = true;

    friend bool operator==(const AccountField &, const AccountField &) = default;
};

/// What the form of a new account asks for.
struct AccountForm {
    std::string unavailable{};                 ///< why this build cannot call the provider; empty: it can
    std::vector<AccountField> fields{};        ///< in the order to ask for them
    std::vector<CredentialForm> credentials{}; ///< the usual one first
    bool needs_address = false;                ///< the provider has no address of its own

    [[nodiscard]] bool takes(CredentialForm form) const;
    [[nodiscard]] const AccountField *field(std::string_view name) const;
};

[[nodiscard]] AccountForm accountForm(const Provider &provider);

/// What is wrong with a value; empty: nothing. An empty value is wrong only where one is required.
[[nodiscard]] std::string faultOf(const AccountField &field, std::string_view value);

/// The first thing that keeps these settings from being an account's: a name the provider does not know, a
/// value that cannot be, a required one that is missing. "account.unknown_setting", "account.bad_setting"
/// (`where` is the field's name), "account.missing_setting". Parts of the address are not asked for when the
/// owner gave an address without them.
[[nodiscard]] Result<> checkSettings(const Provider &provider, const AccountSettings &settings,
                                     std::string_view own_address);

/// The provider's address with its parts still to fill in, as far as it depends on the settings: Azure's two
/// APIs and Vertex's multi-regions have different ones.
[[nodiscard]] std::string urlTemplate(const Provider &provider, const AccountSettings &settings);

/// The template with each {name} replaced by its setting; a text without parts is returned as it is. Values
/// are checked, so no host or path can be smuggled in (threat-model E5). "account.missing_setting",
/// "account.bad_setting".
[[nodiscard]] Result<std::string> filledUrl(std::string_view url_template, const AccountSettings &settings);

/// The address in effect: the owner's own, else the provider's, with its parts filled in; a part that has no
/// setting yet stays as it is named.
[[nodiscard]] std::string addressOf(const Provider &provider, const AccountSettings &settings,
                                    std::string_view own_address);

/// Everything that an account's credential is sent to: its address, and for Google whoever gives the tokens.
/// Where this changes, the credential has to be given again (threat-model E3). Not a URL.
[[nodiscard]] std::string destinationOf(const Provider &provider, const AccountSettings &settings,
                                        std::string_view own_address);

} // namespace portolan::catalog
